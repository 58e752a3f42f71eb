"""Reviewed sentences of a conversation, from replies.vi.yml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.config import Contacts
from assistant.journeys.keeping import KEPT_DAYS
from assistant.replies import Replies
from assistant.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, the buttons below it, and how the turn counts."""

    text: str
    choices: tuple[str, ...]
    status: Status


@cache
def known_replies() -> frozenset[str]:
    """All sentences there are."""
    return frozenset(_file())


def reasons() -> tuple[str, ...]:
    """The reasons for which an answer may be found wanting, as the buttons say them."""
    return tuple(_file()["feedback_bad"]["choices"])


@cache
def _file() -> dict[str, Any]:
    path = Path(__file__).parent / "replies.vi.yml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


class DialogueReplies:
    """The sentences of one installation; ``days`` is how long a conversation is kept,
    ``desk_days`` how long a ticket is once it is closed."""

    def __init__(self, contacts: Contacts, replies: Replies, *, days: int, desk_days: int) -> None:
        self._replies = replies
        self._blanks = {
            "human": replies.human,
            "hotline": contacts.hotline,
            "portal": contacts.portal,
            "days": days,
            "desk_days": desk_days,
            "list_days": KEPT_DAYS,
        }

    def __call__(self, name: str) -> Said:
        """The sentence ``name``. Raises KeyError where there is none."""
        row = _file()[name]
        status = Status(row.get("status", Status.SMALL_TALK))
        if "as" in row:  # the assistant has this sentence already
            return Said(self._replies.status(Status(row["as"])), (), status)
        choices = tuple(row.get("choices", ()))
        return Said(row["text"].format(**self._blanks), choices, status)
