"""The words of answering: what comes in, what flows, what goes out."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from knowledge_base.documents import Hit, ProcedureCard
from knowledge_base.old_addresses import OldAddress
from knowledge_base.query import EVERYTHING, Filter
from knowledge_base.scope import Scope


class Status(StrEnum):
    """How a question ended. A closed list: each has a reviewed reply in replies.vi.yml."""

    ANSWERED = "answered"
    ANSWERED_PARTLY = "answered_partly"
    CLARIFY = "clarify"
    NO_SOURCE = "no_source"
    OUT_OF_SCOPE = "out_of_scope"
    SOURCES_CONFLICT = "sources_conflict"
    SOURCE_EXPIRED = "source_expired"
    NEEDS_PERSONAL_DATA = "needs_personal_data"
    REFUSED_EMPTY = "refused_empty"
    REFUSED_TOO_LONG = "refused_too_long"
    REFUSED_UNREADABLE = "refused_unreadable"
    REFUSED_LANGUAGE = "refused_language"
    REFUSED_UNSAFE = "refused_unsafe"
    REFUSED_OUTCOME = "refused_outcome"
    FAILED_SEARCH = "failed_search"
    FAILED_BUSY = "failed_busy"
    CRISIS = "crisis"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote that a machine can re-check.

    ``quote`` is exactly ``text[start:end]`` (code points) of the stored version
    of ``document_id`` whose text has the SHA-256 ``sha256``; ``quote_sha256`` is
    that of the quote alone. ``number`` is the [n] it has in the answer. ``ocr``:
    the text was read from pictures of pages, so letters and figures may be wrong.
    """

    document_id: str
    document_number: str
    title: str
    path: tuple[str, ...]
    quote: str
    start: int
    end: int
    sha256: str
    quote_sha256: str
    url: str
    effective_from: date | None = None
    effective_to: date | None = None
    number: int = 0
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class StepTrace:
    """One step and its wall-clock time in milliseconds."""

    step: str
    ms: float


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier exchange that a follow-up may refer to; ``choices``: what it offered to ask."""

    question: str
    answer: str
    status: Status
    card_code: str = ""
    document_id: str = ""
    slots: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: str, answer: Answer) -> Turn:
        """What a follow-up may need to know of an exchange."""
        return cls(
            question=question,
            answer=answer.text,
            status=answer.status,
            card_code=answer.card.code if answer.card else "",
            document_id=answer.citations[0].document_id if answer.citations else "",
            slots=answer.slots,
            choices=answer.suggestions,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked, and on whose behalf it is searched.

    ``as_of`` is the day the answer must hold for unless the words of the question
    name another; None means today in Viet Nam. Setting ``cancel`` from another
    thread stops a model that is being waited for; closing the events alone can
    only take hold between two of them. ``within`` is what this question is to be
    answered from, of what its profile sees.
    """

    text: str
    scope: Scope
    as_of: date | None = None
    profile: str = "citizen"
    history: tuple[Turn, ...] = ()
    use_model: bool = True
    cancel: threading.Event | None = field(default=None, compare=False, repr=False)
    within: Filter = EVERYTHING


@dataclass(frozen=True, slots=True)
class Answer:
    """The one thing a question ends in.

    ``means``: the code of the procedure that each of ``suggestions`` stands for, where
    they are cases.
    """

    id: str
    status: Status
    text: str
    citations: tuple[Citation, ...]
    card: ProcedureCard | None
    as_of: date
    ai_generated: bool
    model: str | None
    corpus_version: str
    suggestions: tuple[str, ...]
    trace: tuple[StepTrace, ...]
    slots: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    means: tuple[str, ...] = ()


class EventKind(StrEnum):
    """Events of an answer in the order they become true."""

    STATUS = "status"
    CARD = "card"
    TOKEN = "token"  # noqa: S105 - a piece of text
    SOURCES = "sources"
    SUGGESTIONS = "suggestions"
    FINAL = "final"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """One event.

    ``data`` is the `Answer` for ``card`` (the deterministic answer so far) and
    ``final``; a ``str`` for ``status`` (a sentence for the person waiting) and
    ``token`` (a piece of the model's wording); a tuple of `Citation` for
    ``sources``; a tuple of ``str`` for ``suggestions``; a ``str`` for ``error``.
    """

    kind: EventKind
    data: Any


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure claimed or stated: ``value`` of ``unit`` ("đồng", "ngày làm việc")."""

    value: float
    unit: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a question that may be the asking itself, after a story."""

    subject: tuple[str, ...]
    content: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the words of a question say before anything is searched.

    ``syllables`` are all canonical tokens; ``subject`` those left when the words
    that ask for a fee, a time or a place are taken away; ``content`` those left
    of them without function words and politeness.
    """

    syllables: tuple[str, ...]
    subject: tuple[str, ...]
    content: tuple[str, ...]
    clauses: tuple[Clause, ...]  # of a long question; a short one has none
    slots: tuple[str, ...]
    english: bool
    claims: tuple[Amount, ...] = ()  # figures put forward to be confirmed …
    offices: tuple[str, ...] = ()  # … and offices
    names_district: bool = False
    old_places: tuple[tuple[str, str], ...] = ()  # (former province, the one it is in now)
    old_units: tuple[OldAddress, ...] = ()  # wards and districts of before the reform
    document_numbers: tuple[str, ...] = ()
    procedure_codes: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    abroad: bool = False  # something is to be done, or was issued, in another state
    in_domain: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure (or document) that may be the one meant, and how sure that is (0..1)."""

    code: str
    score: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Beyond:
    """What all there is would say to a question that a profile answers from a part of it.

    ``found``: there is an answer, or procedures to choose from; ``inside``: the
    profile sees (some of) it. ``code`` is its procedure, ``fields`` what it is
    about, ``also`` the fields of what else was asked and is not seen. ``score``: 0..1.
    """

    found: bool
    inside: bool = False
    code: str = ""
    fields: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the deterministic answer and the span of a stored text that backs it."""

    slot: str
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Draft:
    """What the steps hand on. Each step returns a changed copy, or an `Ending`."""

    question: Question
    as_of: date
    id: str = field(default_factory=lambda: uuid.uuid4().hex)  # of the answer it becomes
    text: str = ""  # cleaned and masked; everything after ScreenQuestion reads only this
    spoken: str = ""  # the same with its diacritics, where it was typed without and was screened
    understanding: Understanding | None = None
    standalone: str = ""  # the question with what a follow-up leaves out put back
    kind: str = ""  # "procedure" | "document" | "place" | "matter"
    hits: tuple[Hit, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    named: tuple[Candidate, ...] = ()  # documents the words name; codes are stored ids
    beyond: Beyond | None = None  # of a profile that sees a part of what there is
    card: ProcedureCard | None = None
    slots: tuple[str, ...] = ()
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()  # a second procedure asked for; its slots
    lead: str = ""  # the first sentence: what is answered, or what was wrong in the question
    lines: tuple[Line, ...] = ()
    headings: tuple[tuple[str, str], ...] = ()  # (slot, what stands above its first line)
    missing: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    wording: str = ""  # the model's sentences, once verified
    model: str | None = None
    suggestions: tuple[str, ...] = ()
    verdicts: dict[str, Any] = field(default_factory=dict)

    @property
    def understood(self) -> Understanding:
        """The understanding; a step that needs it comes after UnderstandQuestion."""
        if self.understanding is None:
            raise RuntimeError("UnderstandQuestion has not run yet")
        return self.understanding


@dataclass(frozen=True, slots=True)
class Ending:
    """A step's decision that the question ends here, with this status and text."""

    draft: Draft
    status: Status
    text: str = ""
