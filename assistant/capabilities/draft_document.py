"""Draft a document from a form: what is done, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.drafting.bases import Bases, Basis
from assistant.drafting.form import Form
from assistant.drafting.layout import to_docx
from assistant.drafting.paper import BLANK, Paper, compose


@dataclass(frozen=True, slots=True)
class Drafted:
    """A drafted document: the words, how its bases stand, and the ``.docx``."""

    paper: Paper
    bases: tuple[Basis, ...]
    data: bytes


def draft_document(form: Form, bases: Bases | None, today: date) -> Drafted:
    """The document of a form. Without ``bases`` nothing is said of what it rests on."""
    paper = compose(form)
    standing = look_up(paper, bases, today)
    return Drafted(paper, standing, to_docx(paper))


def look_up(paper: Paper, bases: Bases | None, today: date) -> tuple[Basis, ...]:
    """How each basis stands on the day of the paper, or today where it bears none."""
    if bases is None:
        return ()
    on = paper.issued_on or today
    return tuple(each for line in paper.bases if BLANK not in line for each in bases.of(line, on))
