"""Conversations as people can read them (datasets/dialogue/), played against any dialogue."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.answering import Assistant
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.decision import Decision
from assistant.dialogue.memory import Memory
from assistant.dialogue.ports import Dialogue
from assistant.dialogue.state import Heard
from assistant.vocabulary import Answer, EventKind
from evals.errors import EvalError
from evals.samples import BUNDLED
from knowledge_base.scope import citizen

FOLDER = BUNDLED / "dialogue"
#: A day on which everything in the bundled corpus that is current is in force.
DAY = date(2026, 8, 1)


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Expected(_Closed):
    """What the assistant must do; what is left out may be anything."""

    kind: str = ""
    intent: str = ""
    procedure: str | None = Field(default=None, alias="thủ tục")
    status: str = Field(default="", alias="trạng thái")
    asks: str = Field(default="", alias="hỏi")
    journey: str = Field(default="", alias="việc")
    says: tuple[str, ...] = Field(default=(), alias="nêu")
    says_not: tuple[str, ...] = Field(default=(), alias="không nêu")
    choices: tuple[str, ...] = Field(default=(), alias="chọn")


class Line(_Closed):
    """One exchange: what the person says, or the button pressed; ``times`` in a row.

    ``message`` is the door's id of it: the same one twice is one message delivered
    twice. ``hours`` are those of silence before.
    """

    person: str = Field(default="", alias="người dân")
    press: str = Field(default="", alias="bấm")
    message: str = Field(default="", alias="tin")
    hours: float = Field(default=0.0, alias="sau giờ", ge=0)
    times: int = Field(default=1, alias="lần", ge=1, le=200)
    expected: Expected = Field(alias="trợ lý")

    @model_validator(mode="after")
    def _says_or_presses(self) -> Line:
        if bool(self.person) == bool(self.press):
            raise ValueError("a line has either 'người dân' or 'bấm'")
        return self


class Transcript(_Closed):
    """One conversation. ``kind`` is its file's name, ``split`` its folder's."""

    name: str = Field(alias="tên")
    lines: tuple[Line, ...] = Field(alias="lượt", min_length=1)
    kind: str = ""
    split: str = "dev"


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one message. ``found``: those of the expected words that stand in the answer.

    ``ms`` is how long the first final event took; ``reason`` why it was decided so.
    """

    said: str
    kind: str
    intent: str
    by: str
    asks: str
    journey: str
    status: str
    code: str
    choices: tuple[str, ...]
    found: tuple[str, ...]
    reason: str
    ms: float

    def json(self) -> dict[str, Any]:
        """Without what differs from one time to the next."""
        kept = asdict(self)
        return {name: kept[name] for name in kept if name not in ("ms", "reason")}


def transcripts(split: str = "all") -> list[Transcript]:
    """Those of a half, in the order of their files. Raises `EvalError`."""
    found: list[Transcript] = []
    for path in sorted(FOLDER.glob("*/*.yml")):
        half = path.parent.name
        if split not in ("all", half):
            continue
        try:
            rows = yaml.safe_load(path.read_text(encoding="utf-8"))
            found += [
                Transcript.model_validate({**row, "kind": path.stem, "split": half}) for row in rows
            ]
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, TypeError) as error:
            raise EvalError(f"{path} holds no transcripts: {error}") from error
    return found


class Player:
    """Plays transcripts against one dialogue, each as a conversation of its own."""

    def __init__(
        self, assistant: Assistant, dialogue: Dialogue, state: Path, record: Path | None = None
    ) -> None:
        """``state`` is a file of its own; life events need the ``record`` of a home."""
        self._later = 0.0
        self._decision: Decision | None = None
        memory = Memory(
            state,
            turns=assistant.config.limits.history_turns,
            days=assistant.config.receipts.days,
            clock=lambda: time.time() + self._later,
        )
        self.conversation = Conversation(
            assistant, dialogue, memory, decided=self._decided, **_others(assistant, state, record)
        )

    def play(self, transcript: Transcript, day: date | None = None) -> Iterator[Played]:
        """One exchange after the other."""
        name = f"{transcript.name} {secrets.token_hex(8)}"
        buttons: dict[str, str] = {}
        try:
            for line in transcript.lines:
                self._later += line.hours * 3600
                for _ in range(line.times):
                    yield self._told(line, name, buttons, day or DAY)
                    buttons |= {b.title: b.payload for b in self.conversation.buttons(name)}
        finally:
            self.conversation.forget(name)

    def _told(self, line: Line, name: str, buttons: Mapping[str, str], day: date) -> Played:
        self._decision = None
        heard = Heard(
            line.person, name, citizen(), payload=buttons.get(line.press, line.press),
            message=line.message, as_of=day, use_model=False,
        )  # fmt: skip
        started = time.perf_counter()
        answer: Answer = next(
            event.data for event in self.conversation.reply(heard) if event.kind is EventKind.FINAL
        )
        ms = (time.perf_counter() - started) * 1000
        decision: Decision | None = self._decision
        looked_for = (*line.expected.says, *line.expected.says_not)
        return Played(
            line.person or f"[{line.press}]",
            decision.kind.value if decision else "",
            decision.intent if decision else "",
            decision.by if decision else "",
            decision.asks if decision else "",
            decision.journey if decision else "",
            answer.status.value,
            answer.card.code if answer.card else "",
            answer.suggestions,
            tuple(words for words in looked_for if words in answer.text),
            decision.reason if decision else "",
            ms,
        )

    def _decided(self, decision: Decision) -> None:
        self._decision = decision


def wrong(expected: Expected, told: Mapping[str, Any]) -> Iterator[str]:
    """In what an exchange (`Played.json`) went another way than expected."""
    pairs = {
        "kind": (expected.kind, told["kind"]),
        "intent": (expected.intent, told["intent"]),
        "hỏi": (expected.asks, told["asks"]),
        "việc": (expected.journey, told["journey"]),
        "trạng thái": (expected.status, told["status"]),
    }
    yield from (f"{what}: {found} ≠ {e}" for what, (e, found) in pairs.items() if e and e != found)
    if expected.procedure is not None and expected.procedure != told["code"]:
        yield f"thủ tục: {told['code'] or '-'} ≠ {expected.procedure or '-'}"
    yield from (f"nêu: thiếu “{words}”" for words in expected.says if words not in told["found"])
    yield from (f"không nêu: có “{words}”" for words in expected.says_not if words in told["found"])
    yield from (f"chọn: thiếu “{c}”" for c in expected.choices if c not in told["choices"])


def expected_of(transcript: Transcript) -> list[Expected]:
    """What is expected of each exchange, one played several times as often."""
    return [line.expected for line in transcript.lines for _ in range(line.times)]


def _others(assistant: Assistant, state: Path, record: Path | None) -> dict[str, Any]:
    """Desk and journeys, as the doors have them."""
    from assistant.desk.for_conversations import DeskForConversations
    from assistant.desk.opening import open_desk

    desk = DeskForConversations(open_desk(state, assistant.config))
    others: dict[str, Any] = {"officers": desk, "feedback": desk}
    if record is not None:
        from assistant.journeys.for_conversations import JourneysInConversation
        from assistant.journeys.guide import Guide

        others["journeys"] = JourneysInConversation(Guide.over(record, state))
    return others
