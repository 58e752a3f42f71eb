"""Commands as they are typed in chats: ``/trogiup``, "trợ giúp", "TRO GIUP"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.tables import table
from knowledge_base.vietnamese import fold

#: No command has a longer name, in characters as typed.
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Command:
    """``words`` to be read in place of what was typed, or the sentence ``say``."""

    name: str
    words: str = ""
    say: str = ""


def command_in(text: str) -> Command | None:
    """The command that a message is, if it is one.

    A command with a slash may have words after it; without a slash it is the whole message.
    """
    typed = text.strip()
    slashed = typed.startswith(("/", "／"))
    head, _, rest = typed[1:].partition(" ") if slashed else (typed, "", "")
    row = _named(head.partition("@")[0])  # in groups Telegram writes /nguon@name_of_bot
    if row is None and slashed:
        row, rest = _named(typed[1:]), ""
    if row is None:
        return None
    name, found = row
    if found.get("slash") and not slashed:
        return None
    if rest.strip() and "with" in found:
        return Command(name, words=found["with"] + rest.strip())
    return Command(name, words=found.get("means", ""), say=found.get("say", ""))


def command_names() -> tuple[str, ...]:
    """The names of all commands, as menus of doors list them."""
    return tuple(table("commands"))


def _named(typed: str) -> tuple[str, Mapping[str, Any]] | None:
    if not typed or len(typed) > _LONGEST:
        return None
    return _rows().get("".join(c for c in fold(typed) if c.isalnum()))


@cache
def _rows() -> dict[str, tuple[str, Mapping[str, Any]]]:
    return {
        known: (name, row)
        for name, row in table("commands").items()
        for known in (name, *row.get("also", ()))
    }
