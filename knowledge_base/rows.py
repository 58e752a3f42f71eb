"""Documents as rows of the record, and back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from knowledge_base.documents import Document, DocumentKind, ProcedureCard, Relation, Section

if TYPE_CHECKING:
    from pydantic import TypeAdapter

#: Columns of ``documents`` that come from a `Document`, in order.
COLUMNS = (
    "id",
    "source_id",
    "kind",
    "title",
    "sha256",
    "number",
    "other_names",
    "url",
    "labels",
    "collection",
    "effective_from",
    "effective_to",
    "sections",
    "relations",
    "meta",
)


def to_row(document: Document) -> tuple[str, ...]:
    """The values of `COLUMNS`; the text itself is in ``versions``."""
    return (
        document.id,
        document.source_id,
        document.kind.value,
        document.title,
        document.sha256,
        document.number,
        _json(document.other_names) if document.other_names else "[]",
        document.url,
        _json(document.labels),
        document.collection,
        _day(document.effective_from),
        _day(document.effective_to),
        _json([_section(s) for s in document.sections]) if document.sections else "[]",
        _json([_relation(r) for r in document.relations]) if document.relations else "[]",
        _json(document.meta) if document.meta else "{}",
    )


def from_row(row: sqlite3.Row, text: str) -> Document:
    """The document of a row and its text."""
    return Document(
        id=row["id"],
        source_id=row["source_id"],
        kind=DocumentKind(row["kind"]),
        title=row["title"],
        text=text,
        sha256=row["sha256"],
        number=row["number"],
        other_names=tuple(json.loads(row["other_names"])),
        url=row["url"],
        labels=tuple(json.loads(row["labels"])),
        collection=row["collection"],
        effective_from=_date(row["effective_from"]),
        effective_to=_date(row["effective_to"]),
        sections=sections_from_json(row["sections"]),
        relations=relations_from_json(row["relations"]),
        meta=json.loads(row["meta"]),
    )


def sections_from_json(text: str) -> tuple[Section, ...]:
    """Sections of a row."""
    return tuple(
        Section(tuple(path), start, end, slot, _date(since), _date(until))
        for path, start, end, slot, since, until in json.loads(text)
    )


def relations_from_json(text: str) -> tuple[Relation, ...]:
    """Relations of a row; those stored before articles were known have four parts."""
    return tuple(
        Relation(kind, target, note, _date(since), *articles)
        for kind, target, note, since, *articles in json.loads(text)
    )


def relation_rows(number: str, relations: Iterable[Relation]) -> list[tuple[str, ...]]:
    """Rows of the table ``relations`` of one document, without its id."""
    if not relations:
        return []
    key = number_key(number)
    return [
        (key, r.article, r.kind, number_key(r.target), r.target_article, _day(r.since), r.note)
        for r in relations
    ]


def number_key(number: str) -> str:
    """The key of a document number, ``30/2020/nd-cp``; empty without a number."""
    from knowledge_base.law.keys import document_key
    from knowledge_base.vietnamese import fold

    # A number of an unknown kind is at least equal to itself.
    return document_key(number) or fold("".join(number.split()))


def fingerprint(row: tuple[str, ...], card: str) -> str:
    """What changes when anything of a document changes: SHA-256 of all its columns."""
    return hashlib.sha256("\0".join((*row, card)).encode()).hexdigest()


def card_to_json(card: ProcedureCard) -> str:
    return _cards().dump_json(card).decode()


def card_from_json(text: str) -> ProcedureCard:
    return _cards().validate_json(text)


@cache
def _cards() -> TypeAdapter[ProcedureCard]:
    from pydantic import TypeAdapter

    return TypeAdapter(ProcedureCard)


def _section(s: Section) -> list[Any]:
    return [s.path, s.start, s.end, s.slot, _day(s.effective_from), _day(s.effective_to)]


def _relation(r: Relation) -> list[Any]:
    plain = [r.kind, r.target, r.note, _day(r.since)]
    # As before where there is nothing new to say, so that nothing counts as changed.
    return [*plain, r.article, r.target_article] if r.article or r.target_article else plain


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _date(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
