"""Lines of a corpus in BEIR form whose ``meta`` says which article of which law they are.

The text and the title stay as they are; number, days and relations come from
the source note ("Điều 5 Nghị định số …, có hiệu lực thi hành kể từ ngày …").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from knowledge_base.documents import Document
from knowledge_base.law.header import kind_of
from knowledge_base.law.keys import document_key
from knowledge_base.law.notes import SourceNote, read_note


def with_note(document: Document, meta: Mapping[str, str]) -> Document:
    """``document`` with what its meta says of its place in the law; as it is where it says nothing.

    Read are ``doc_number``, ``article``, ``effective_from`` (a day as
    2026-07-01) and ``source_note``. What the note says wins: it is the source
    the other fields were taken from.
    """
    note = read_note(meta.get("source_note", ""))
    number = number_of(note, meta.get("doc_number", ""))
    if not number:
        return replace(document, meta={**document.meta, **meta})
    article = note.article or meta.get("article", "")
    kind = note.kind or kind_of(document_key(number))
    facts = {"article": article, "document_type": kind}
    if note.unread:
        facts["note_unread"] = "1"
    return replace(
        document,
        number=number,
        effective_from=note.effective_from or _day(meta.get("effective_from", "")),
        effective_to=note.effective_to,
        relations=note.relations,
        meta={**document.meta, **meta, **{key: value for key, value in facts.items() if value}},
    )


def number_of(note: SourceNote, given: str) -> str:
    """The document number: the fuller of the note's and the given one ("…/TTLT-BQP-BNV" is cut)."""
    from_note, from_meta = document_key(note.number), document_key(given)
    if from_note and (not from_meta or from_note.startswith(from_meta)):
        return note.number
    return given


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
