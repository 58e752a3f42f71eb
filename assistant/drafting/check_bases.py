"""The bases of a paper, asked of the record on the paper's own day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assistant.drafting.bases import Bases, Standing
from assistant.drafting.faults import Fault, Level, Words, at_line
from assistant.drafting.parts import Parts
from assistant.drafting.sheet import Sheet
from knowledge_base.law.dates import day_of

_ERRORS = (Standing.ENDED, Standing.NOT_YET, Standing.WRONG)


def check_bases(sheet: Sheet, parts: Parts, bases: Bases, today: date) -> Iterator[Fault]:
    """Bases that do not hold, or that the record knows otherwise; those it lacks as notes."""
    del sheet
    on = issued_on(parts) or today
    for line in parts.lines.get("basis", ()):
        for basis in bases.of(line.text, on):
            if basis.standing is Standing.HOLDS:
                continue
            level = Level.ERROR if basis.standing in _ERRORS else Level.NOTE
            change = Words(basis.words, basis.fix) if basis.fix and level is Level.ERROR else None
            yield at_line(
                line, "basis", basis.says, basis.fix, words=basis.words, level=level, change=change
            )


def issued_on(parts: Parts) -> date | None:
    """The day that the paper bears, None while it has none."""
    line = parts.first("place_date")
    return day_of(line.text) if line is not None else None
