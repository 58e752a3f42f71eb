"""Records read as one, as far as a caller may see what is in them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Hashable, Iterator
from typing import Any, TypeVar

from knowledge_base.documents import Document
from knowledge_base.scope import Scope
from knowledge_base.store import Record

T = TypeVar("T")


class Shelves:
    """The public record, and the restricted one for who may open it.

    Without a ``scope`` everything is seen: that is for who runs the machine. ``only``
    are the ids of documents that a profile may look in, where it keeps to a part.
    What is hidden is looked up once, so an object lives as long as one request.
    """

    def __init__(
        self,
        *records: Record,
        scope: Scope | None = None,
        only: frozenset[str] | None = None,
    ) -> None:
        self.records = records
        self._scope = scope
        self._only = only
        self._hidden: dict[int, frozenset[str]] = {}
        self._kept: dict[Hashable, Any] = {}

    def rows(self, query: str, *values: str | int) -> Iterator[sqlite3.Row]:
        """Rows of all records. A query names what it reads as ``id`` or ``document_id``."""
        for record in self.records:
            hidden = self._hidden_in(record)
            for row in record.rows(query, *values):
                if (not hidden and self._only is None) or self._sees(_id(row), hidden):
                    yield row

    def one(self, query: str, *values: str | int) -> sqlite3.Row | None:
        """The first row that may be seen."""
        return next(self.rows(query, *values), None)

    def document(self, document_id: str) -> Document | None:
        """The current version of a document that may be seen."""
        for record in self.records:
            if self._sees(document_id, self._hidden_in(record)):
                found = record.document(document_id)
                if found is not None:
                    return found
        return None

    def numbered(self, key: str) -> list[str]:
        """Ids of documents with this key."""
        return [
            document_id
            for record in self.records
            for document_id in record.numbered(key)
            if self._sees(document_id, self._hidden_in(record))
        ]

    def keys(self) -> list[str]:
        """Keys of all documents, in order."""
        query = (
            "SELECT DISTINCT number_key FROM documents"
            " WHERE number_key <> '' AND withdrawn_at = '' ORDER BY 1"
        )
        found: set[str] = set()
        for record in self.records:
            keys = [row["number_key"] for row in record.rows(query)]
            hides = bool(self._hidden_in(record)) or self._only is not None
            found.update(key for key in keys if not hides or self.numbered(key))
        return sorted(found)

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, made once for each key."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def _sees(self, document_id: str, hidden: frozenset[str]) -> bool:
        return document_id not in hidden and (self._only is None or document_id in self._only)

    def _hidden_in(self, record: Record) -> frozenset[str]:
        known = self._hidden.get(id(record))
        if known is None:
            known = frozenset()
            if self._scope is not None:
                query = "SELECT id, labels FROM documents WHERE labels <> '[\"public\"]'"
                known = frozenset(
                    row["id"]
                    for row in record.rows(query)
                    if not self._scope.may_see(tuple(json.loads(row["labels"])))
                )
            self._hidden[id(record)] = known
        return known


def _id(row: sqlite3.Row) -> str:
    names = row.keys()
    return str(row["document_id"] if "document_id" in names else row["id"])
