"""Check a document that somebody wrote: the list of what is looked at, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from assistant.drafting.bases import Bases
from assistant.drafting.check_bases import check_bases
from assistant.drafting.check_figures import check_amounts, check_days, check_numbering
from assistant.drafting.check_page import check_page
from assistant.drafting.check_parts import check_parts
from assistant.drafting.check_words import check_capitals, check_spelling
from assistant.drafting.faults import Fault, Level, of_whole
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


_FORM = "Đây là biểu mẫu để điền, không phải văn bản hành chính: không xét thể thức."
_FORM_FIX = "Biểu mẫu theo quy định của văn bản ban hành ra nó."
_FORM_HEAD = re.compile(
    r"(?:mẫu|biểu mẫu)\s+(?:số\s*)?[A-Z0-9][\w./-]*|(?:phiếu|tờ khai|đơn|giấy đề nghị|bản khai)\s",
    re.IGNORECASE,
)
_FORM_LINES = 15  # lines from the top in which a form says that it is one


def is_blank_form(sheet: Sheet, parts: Parts) -> bool:
    """Whether a file is a form for people to fill in: it says so, and has no number of its own."""
    if parts.first("number") or parts.title:
        return False
    return any(_FORM_HEAD.match(line.text.strip()) for line in sheet.lines[:_FORM_LINES])


def faults_of(sheet: Sheet, bases: Bases | None, today: date) -> tuple[Fault, ...]:
    """Every fault of a document: those of the whole first, then line by line."""
    parts = parts_of(sheet)
    looked = checks(bases, today)
    found: list[Fault] = []
    if is_blank_form(sheet, parts):
        found.append(of_whole("form", _FORM, _FORM_FIX, level=Level.NOTE))
        looked = (check_amounts, check_days, check_spelling)
    found += [fault for check in looked for fault in check(sheet, parts)]
    found.sort(key=lambda fault: fault.line.number if fault.line else 0)
    return tuple(dict.fromkeys(found))
