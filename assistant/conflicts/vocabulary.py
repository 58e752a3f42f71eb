"""The nouns of a comparison: two sides, what they say differently, and why that may be right."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from assistant.conflicts.verdicts import ConflictKind, Difference
from knowledge_base.documents import Document


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a document as a whole. ``rank``: 1 is the highest, 0 not known."""

    document_id: str
    number: str
    title: str
    kind: str
    issuer: str
    rank: int
    rank_name: str
    issued_on: date | None
    effective_from: date | None
    effective_to: date | None
    sha256: str
    source: str = ""  # the file or id that was named

    @property
    def name(self) -> str:
        """ "Nghị định 30/2020/NĐ-CP", or the title, or the file."""
        if self.number:
            return f"{self.kind} {self.number}".strip()
        return self.title or self.source


@dataclass(frozen=True, slots=True)
class Quote:
    """``text[start:end]`` of the document with this hash; ``mark`` is what differs, inside it."""

    document_id: str
    number: str
    title: str
    path: tuple[str, ...]
    quote: str
    start: int
    end: int
    sha256: str
    quote_sha256: str
    mark: tuple[int, int]
    rank: int
    rank_name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Two provisions that say one thing differently, for an officer to confirm.

    ``cause`` is why the difference may be right ("" where none was found);
    findings with a cause are told apart and are no alarms.
    """

    kind: ConflictKind
    a: Quote
    b: Quote
    said_a: str
    said_b: str
    alike: float
    confidence: float
    cause: str = ""
    note: str = ""
    opinion: str = ""  # of a language model, where one was asked: it decides nothing


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents compared on a day. ``remarks`` are sentences about the whole."""

    a: Standing
    b: Standing
    on: date
    findings: tuple[Finding, ...]
    explained: tuple[Finding, ...]
    provisions: tuple[int, int]
    pairs: int
    remarks: tuple[str, ...] = ()


def quote_of(
    document: Document, start: int, end: int, path: tuple[str, ...], mark: tuple[int, int],
    standing: Standing,
) -> Quote:  # fmt: skip
    """The quote ``document.text[start:end]``, cut from the text as citations are."""
    quote = document.text[start:end]
    return Quote(
        document.id, standing.number, standing.title, path, quote, start, end, document.sha256,
        hashlib.sha256(quote.encode()).hexdigest(), (start + mark[0], start + mark[1]),
        standing.rank, standing.rank_name,
    )  # fmt: skip


def said(difference: Difference) -> tuple[str, str]:
    """The differing words of both sides."""
    return difference.said_a, difference.said_b
