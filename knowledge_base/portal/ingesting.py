"""Portal records into the record: cards with their documents, many in one transaction.

The catalogue of April 2025 only has names: it fills gaps and never takes the
place of a record of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge_base.documents import Document, ProcedureCard
from knowledge_base.errors import QuarantineReason
from knowledge_base.portal.cards import document_of
from knowledge_base.portal.files import Found
from knowledge_base.portal.records import Schema
from knowledge_base.rows import card_from_json
from knowledge_base.store import Change, Record

#: Part of how a file was read: raise it when the same record gives another card.
PARSER = "portal-2"


@dataclass(slots=True)
class Taken:
    """What a batch holds: what is to be stored, what is skipped, what is wrong."""

    stored: list[tuple[Document, ProcedureCard]]
    older: int  # records of the catalogue that a current one outdoes
    bad: list[tuple[int, str, QuarantineReason]]  # number, problem, and its kind


def taken(
    batch: Sequence[Found],
    record: Record,
    seen: dict[str, str],
    *,
    collection: str,
    labels: tuple[str, ...],
) -> Taken:
    """The documents of a batch.

    ``seen`` holds the cards this file had before, by their codes, and gets more:
    the same once more is nothing new, another under the same code is set aside.
    """
    found = Taken([], 0, [])
    for one in batch:
        if one.problem:
            found.bad.append((one.number, one.problem, QuarantineReason.DAMAGED))
            continue
        card = card_from_json(one.card)
        schema = Schema(one.schema)
        if seen.get(card.code) == one.card:
            continue
        if card.code in seen:
            problem = f"trùng mã thủ tục {card.code} mà nội dung khác; bản đứng trước được dùng"
            found.bad.append((one.number, problem, QuarantineReason.DUPLICATE))
            continue
        seen[card.code] = one.card
        if schema is Schema.CATALOGUE and _current(record, card.code):
            found.older += 1
            continue
        document = document_of(card, schema, collection=collection, labels=labels)
        found.stored.append((document, card))
    return found


class Waiting:
    """Cards that were read and are not stored yet: many single files, one transaction.

    Files are noted as read after their cards are stored, so that what is
    interrupted is read again.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._cards: list[tuple[Document, ProcedureCard, str]] = []
        self._files: list[tuple[str, str, str, int]] = []

    def add(self, cards: Iterable[tuple[Document, ProcedureCard]], path: str) -> None:
        """Let the cards of a file wait."""
        self._cards += [(document, card, path) for document, card in cards]

    def read(self, path: str, sha256: str, how: str, count: int) -> None:
        """Say that a file was read to its end."""
        self._files.append((path, sha256, how, count))

    def stored(self, *, at_least: int = 0) -> list[Change]:
        """Store what waits, if it is as much as that; returns what became of the documents."""
        cards, files = self._cards, self._files
        if len(cards) < at_least or not (cards or files):
            return []
        self._cards, self._files = [], []
        changes = self._record.put_many((document, card) for document, card, _ in cards)
        with self._record.transaction() as db:
            db.executemany("REPLACE INTO files VALUES (?, ?, ?, ?)", files)
            db.executemany(
                "REPLACE INTO facts VALUES (?, ?)",
                [(f"file {document.id}", path) for document, _, path in cards],
            )
        return changes


def _current(record: Record, code: str) -> bool:
    """Whether the record has this procedure from a source of today."""
    if record.document(f"procedure:{code}") is not None:
        return True
    imported = record.document(f"portal:{code}")
    return imported is not None and imported.meta.get("schema") != Schema.CATALOGUE.value
