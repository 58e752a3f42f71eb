"""Check a document that somebody wrote: the list of what is looked at, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from assistant.drafting.bases import Bases
from assistant.drafting.check_bases import check_bases
from assistant.drafting.check_figures import check_amounts, check_days, check_numbering
from assistant.drafting.check_page import check_page
from assistant.drafting.check_parts import check_parts
from assistant.drafting.check_words import check_capitals, check_spelling
from assistant.drafting.faults import Fault
from assistant.drafting.parts import Parts, parts_of
from assistant.drafting.sheet import Sheet

Check = Callable[[Sheet, Parts], Iterator[Fault]]


def checks(bases: Bases | None, today: date) -> Sequence[Check]:
    """What is looked at. Without ``bases`` nothing is said of them."""

    def basis(sheet: Sheet, parts: Parts) -> Iterator[Fault]:
        yield from check_bases(sheet, parts, bases, today) if bases else ()

    return (
        check_page,
        check_parts,
        check_numbering,
        basis,
        check_amounts,
        check_days,
        check_capitals,
        check_spelling,
    )


def faults_of(sheet: Sheet, bases: Bases | None, today: date) -> tuple[Fault, ...]:
    """Every fault of a document: those of the whole first, then line by line."""
    parts = parts_of(sheet)
    found = [fault for check in checks(bases, today) for fault in check(sheet, parts)]
    found.sort(key=lambda fault: fault.line.number if fault.line else 0)
    return tuple(dict.fromkeys(found))
