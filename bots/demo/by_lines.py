"""The same for programs: what a person does as a line of JSON, what they see as another.

In: ``{"says": "…"}``, ``{"presses": 1}`` or ``{"picture": true}``, with ``"person"`` (1)
where there are several, and ``"as_of"`` where it is not to be today. Out: first
``{"ready": …}``, then for each line ``shown`` (text and buttons of the messages),
``answers`` (docs/answer-json.md) and times in milliseconds; or ``error``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from assistant.presentation import answer_json
from bots.demo.exchange import exchange
from bots.demo.people import Citizen, Platform, UndeliveredError
from bots.demo.stage import Stage


def by_lines(
    stage: Stage, platform: Platform, lines: Iterable[str], say: Callable[[str], None]
) -> None:
    """Until there are no more lines."""
    say(json.dumps({"ready": platform.name, "address": stage.address}))
    for line in lines:
        if line.strip():
            say(json.dumps(_told(stage, platform, line), ensure_ascii=False))


def _told(stage: Stage, platform: Platform, line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        citizen = platform.citizen(int(asked.get("person", 1)))
        day = asked.get("as_of")
        stage.as_of = date.fromisoformat(day) if day else None
        act = _act(citizen, asked)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    try:
        came = exchange(stage, citizen, act)
    except (LookupError, TimeoutError, UndeliveredError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        "shown": [{"text": each.text, "buttons": list(each.buttons)} for each in came.messages],
        "answers": [answer_json(each) for each in came.answers],
        "first_sign_ms": came.first_sign,
        "first_message_ms": came.first_message,
        "last_message_ms": came.last_message,
    }


def _act(citizen: Citizen, asked: dict[str, Any]) -> Callable[[], None]:
    if asked.get("picture"):
        return citizen.sends_picture
    if "presses" in asked:
        number = int(asked["presses"])
        return lambda: citizen.presses(number)
    text = str(asked["says"])
    return lambda: citizen.says(text)
