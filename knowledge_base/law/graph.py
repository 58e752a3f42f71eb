"""The graph of legal documents, asked from the record: who is there, who did what to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from knowledge_base.law.keys import Resolution, document_key, resolve
from knowledge_base.law.shelves import Shelves
from knowledge_base.law.validity import Event
from knowledge_base.rows import number_key
from knowledge_base.store import Record
from knowledge_base.vietnamese import fold

#: What a relation is called from its other end.
REVERSED = {
    "amends": "amended_by",
    "replaces": "replaced_by",
    "repeals": "repealed_by",
    "guides": "guided_by",
    "corrects": "corrected_by",
    "suspends": "suspended_by",
    "based_on": "basis_of",
}
_WITH_THE_DOCUMENT = ("amends", "guides", "corrects")
_BACK = {other: kind for kind, other in REVERSED.items()}


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation as it is stored: ``source`` and ``target`` are numbers as they are written."""

    document_id: str
    source: str
    source_article: str
    kind: str
    target: str
    target_article: str
    since: date | None
    note: str


class Graph:
    """Relations of current documents. Opens nothing: the record is the caller's."""

    def __init__(self, record: Record | Shelves) -> None:
        self._record = record if isinstance(record, Shelves) else Shelves(record)

    def keys(self) -> list[str]:
        """Keys of all documents that are there."""
        return self._record.keys()

    def written(self, key: str) -> str:
        """The number of a key as its document writes it; the key where no document has it."""
        query = "SELECT id, number FROM documents WHERE number_key = ? AND withdrawn_at = ''"
        row = self._record.one(query, key)
        return str(row["number"]) if row else key

    def resolve(self, text: str) -> Resolution:
        """What a number or a name stands for among the documents that are there."""
        keys = self.keys()
        found = resolve(text, keys)
        if found.state == "none" and not found.near:
            named = self._named(text)
            if named:
                return Resolution("found" if len(named) == 1 else "several", named)
        return found

    def _named(self, text: str) -> tuple[str, ...]:
        """Keys of laws by name: "luật hộ tịch", "Luật Cư trú 2020"."""
        asked = fold(" ".join(text.split()))
        year = next((word for word in asked.split() if word.isdigit() and len(word) == 4), "")
        name = " ".join(word for word in asked.split() if word != year and word != "nam")
        if len(name) < 6:
            return ()
        found: dict[str, bool] = {}
        query = (
            "SELECT id, title, number_key, other_names FROM documents WHERE kind = 'law'"
            " AND number_key <> '' AND withdrawn_at = '' ORDER BY id"
        )
        for row in self._record.rows(query):
            title = fold(row["title"])
            exact = title == name or f'"{name}"' in fold(row["other_names"])
            if (exact or name in title) and year in row["number_key"]:
                found[row["number_key"]] = found.get(row["number_key"], False) or exact
        exactly = tuple(key for key, exact in found.items() if exact)
        return exactly or tuple(found)[:8]

    def outgoing(self, key: str) -> list[Edge]:
        """What the document says of others, and of what others did to it."""
        return list(self._edges("r.source_key = ?", key))

    def incoming(self, key: str) -> list[Edge]:
        """What other documents say they do to this one."""
        return list(self._edges("r.target_key = ? AND r.source_key <> r.target_key", key))

    def ids(self, number: str) -> tuple[str, ...]:
        """Ids of documents of this number, however it is written."""
        query = "SELECT id FROM documents WHERE number_key = ? AND withdrawn_at = '' ORDER BY id"
        return tuple(str(row["id"]) for row in self._record.rows(query, number_key(number)))

    def ended_by(self, number: str) -> tuple[str, ...]:
        """Ids of documents that say they replace or repeal the whole one of this number."""
        edges = self.incoming(number_key(number))
        ended = (e for e in edges if e.kind in ("replaces", "repeals") and not e.target_article)
        return tuple(dict.fromkeys(edge.document_id for edge in ended))

    def events(self, key: str) -> list[tuple[str, Event]]:
        """What happened to a document: ``(article or "", event)``, each once, by day.

        An event of a codified article is in its text already
        (``Event.included``); one that only the changing text tells of is not
        known to be.
        """
        found: dict[tuple[str, str, str, date | None], Event] = {}

        def add(
            article: str, kind: str, by: str, by_article: str, edge: Edge, included: bool
        ) -> None:
            one = (article, kind, document_key(by) or by, edge.since)
            known = found.get(one)
            if known is None or (included and not known.included):
                found[one] = Event(
                    kind, by, by_article, edge.since, not article, edge.note, included
                )

        for edge in self.outgoing(key):
            if edge.kind in _BACK:
                codified = bool(edge.source_article) and edge.document_id.startswith("beir:")
                add(
                    edge.source_article, edge.kind, edge.target, edge.target_article, edge, codified
                )
        for edge in self.incoming(key):
            kind = REVERSED.get(edge.kind)
            if kind is not None:
                add(edge.target_article, kind, edge.source, edge.source_article, edge, False)
        return sorted(
            ((article, event) for (article, *_), event in found.items()),
            key=lambda pair: (pair[1].since or date.max, pair[0]),
        )

    def _edges(self, where: str, key: str) -> Iterator[Edge]:
        query = (
            "SELECT r.*, d.number AS number, d.effective_from AS began FROM relations AS r"  # noqa: S608
            f" JOIN documents AS d ON d.id = r.document_id WHERE {where} AND d.withdrawn_at = ''"
            " ORDER BY r.since, r.document_id"
        )
        names: dict[str, str] = {}
        for row in self._record.rows(query, key):
            target = row["target_key"]
            if target not in names:
                names[target] = self._target(row)
            # What ends another text needs a day of its own: that is not guessed.
            since = row["since"] or (row["began"] if row["kind"] in _WITH_THE_DOCUMENT else "")
            yield Edge(
                row["document_id"],
                row["number"],
                row["source_article"],
                row["kind"],
                names[target],
                row["target_article"],
                date.fromisoformat(since) if since else None,
                row["note"],
            )

    def _target(self, row: object) -> str:
        """The number of a target as it is written: by its document, or in the relation's own."""
        key = row["target_key"]  # type: ignore[index]
        written = self.written(key)
        if written != key:
            return written
        document = self._record.one(
            "SELECT id, relations FROM documents WHERE id = ?",
            row["document_id"],  # type: ignore[index]
        )
        if document:
            from knowledge_base.rows import relations_from_json

            for relation in relations_from_json(document["relations"]):
                if document_key(relation.target) == key:
                    return relation.target
        return str(key).upper()
