"""A fault that was found in a paper: where, what is wrong, and how it is put right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.drafting.sheet import Line


class Level(StrEnum):
    """An error breaks a rule; a note is for a person to look at, and fails nothing."""

    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Words:
    """Put ``after`` for ``before`` in one line; the first, or at ``start`` of its text."""

    before: str
    after: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Make a line look as its part of the table does."""

    part: str


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Give the page the paper, margins and page number of the table."""


Change = Words | Look | PageSetup


@dataclass(frozen=True, slots=True)
class Fault:
    """``code`` is for sorting ("spelling"); ``says`` and ``fix`` are Vietnamese.

    ``change`` is there where a program may put it right without asking anybody.
    """

    code: str
    level: Level
    place: str
    words: str
    says: str
    fix: str = ""
    line: Line | None = None
    change: Change | None = None


def at_line(
    line: Line, code: str, says: str, fix: str = "", *,
    words: str = "", change: Change | None = None, level: Level = Level.ERROR,
) -> Fault:  # fmt: skip
    """A fault of one line."""
    shown = words or (line.text if len(line.text) <= 60 else f"{line.text[:57]}…")
    return Fault(code, level, line.place, shown, says, fix, line, change)


def of_whole(
    code: str, says: str, fix: str = "", *,
    change: Change | None = None, level: Level = Level.ERROR,
) -> Fault:  # fmt: skip
    """A fault of the document, not of one line."""
    return Fault(code, level, "toàn văn bản", "", says, fix, None, change)
