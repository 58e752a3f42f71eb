"""The record: documents, every version of their texts, and vectors by text.

One SQLite file: what `Record.put` has returned survives a power cut. Many
processes may read while one writes. The index is made from here and can always
be made again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from knowledge_base.database import Database
from knowledge_base.documents import Document, Passage, ProcedureCard
from knowledge_base.errors import RecordBusy, RecordTooNew, StorageFull
from knowledge_base.passages import passages_of
from knowledge_base.purging import TO_PURGE
from knowledge_base.rows import (
    COLUMNS,
    card_from_json,
    card_to_json,
    fingerprint,
    from_row,
    number_key,
    relation_rows,
    to_row,
)
from knowledge_base.schema import SCHEMA_VERSION, as_before, bring_up_to_date, store_keys

Change = Literal["added", "changed", "unchanged"]

_INDEXES_REMEMBERED = 20


class Record(Database):
    """The record in one file; safe to share between threads.

    Raises `RecordTooNew`, and what `Database` raises.
    """

    def __init__(self, path: Path, *, busy_seconds: float = 30.0) -> None:
        super().__init__(path, busy_seconds=busy_seconds)
        self._prepare()

    # --- writing --------------------------------------------------------------------------

    def put(self, document: Document, card: ProcedureCard | None = None) -> Change:
        """Store a document (and its card); committed when this returns.

        A withdrawn document comes back only when something in it has changed.
        """
        return self.put_many([(document, card)])[0]

    def put_many(
        self, documents: Iterable[tuple[Document, ProcedureCard | None]], *, revive: bool = True
    ) -> list[Change]:
        """Store documents in one transaction: all of them, or none.

        Without ``revive`` what was withdrawn stays so, though it has changed.
        """
        with self.transaction() as db:
            changes = [self._put(db, document, card, revive) for document, card in documents]
            if any(change != "unchanged" for change in changes):
                db.execute("DELETE FROM facts WHERE key = 'corpus_version'")
        return changes

    def withdraw(self, *document_ids: str, reason: str = "") -> int:
        """Take documents out of search at once; their texts stay for old citations."""
        return self._mark(document_ids, "withdrawn", _now(), reason)

    def restore(self, *document_ids: str) -> int:
        """Bring back what was withdrawn, as it was."""
        return self._mark(document_ids, "restored", "", "")

    def _mark(self, ids: Iterable[str], kind: str, withdrawn_at: str, reason: str) -> int:
        """Mark all of them in one transaction; returns how many were not so before."""
        done = 0
        with self.transaction() as db:
            for document_id in ids:
                row = db.execute("SELECT * FROM documents WHERE id = ?", (document_id,)).fetchone()
                if row is None or bool(row["withdrawn_at"]) == bool(withdrawn_at):
                    continue
                db.execute(
                    "UPDATE documents SET withdrawn_at = ? WHERE id = ?",
                    (withdrawn_at, document_id),
                )
                to_sha = "" if withdrawn_at else row["sha256"]
                self._log(db, row, kind, to_sha=to_sha, reason=reason)
                done += 1
            if done:
                db.execute("DELETE FROM facts WHERE key = 'corpus_version'")
        return done

    def remove(self, document_ids: Iterable[str], *, with_texts: bool = False) -> int:
        """Forget documents; ``with_texts`` also every version no other document has.

        What was made of these texts goes with the next index (`knowledge_base.purging`).
        """
        removed = 0
        with self.transaction() as db:
            for document_id in document_ids:
                row = db.execute("SELECT * FROM documents WHERE id = ?", (document_id,)).fetchone()
                if row is not None:
                    removed += 1
                    self._log(db, row, "removed")
                    db.execute("DELETE FROM documents WHERE id = ?", (document_id,))
                    db.execute("DELETE FROM relations WHERE document_id = ?", (document_id,))
                if with_texts:
                    db.execute("REPLACE INTO facts VALUES (?, '')", (TO_PURGE,))
                    db.execute(
                        "DELETE FROM versions WHERE sha256 IN"
                        " (SELECT sha256 FROM history WHERE id = ?) AND sha256 NOT IN"
                        " (SELECT sha256 FROM history WHERE id <> ?)",
                        (document_id, document_id),
                    )
                    db.execute("DELETE FROM history WHERE id = ?", (document_id,))
                    # That it is gone stays known; what it said and was called does not.
                    db.execute(
                        "UPDATE changes SET before = '', from_sha = '', to_sha = ''"
                        " WHERE document_id = ?",
                        (document_id,),
                    )
            if removed:
                db.execute("DELETE FROM facts WHERE key = 'corpus_version'")
        if with_texts:
            self.overwrite_deleted()
        return removed

    # --- reading --------------------------------------------------------------------------

    def document(self, document_id: str) -> Document | None:
        """The current version, or None when it is unknown or withdrawn."""
        row = self.one(f"{_SELECT} WHERE d.id = ? AND d.withdrawn_at = ''", document_id)
        return from_row(row, row["text"]) if row else None

    def version(self, sha256: str) -> str | None:
        """The text with this hash, current or not: what an old citation points into."""
        row = self.one("SELECT text FROM versions WHERE sha256 = ?", sha256)
        return str(row["text"]) if row else None

    def labels_of(self, sha256: str) -> list[tuple[str, ...]]:
        """The labels of each document that has or had this text."""
        query = (
            "SELECT DISTINCT d.labels FROM history AS h JOIN documents AS d ON d.id = h.id"
            " WHERE h.sha256 = ?"
        )
        return [tuple(json.loads(row["labels"])) for row in self.rows(query, sha256)]

    def documents(self) -> Iterator[Document]:
        """Current documents by id."""
        for row in self.rows(f"{_SELECT} WHERE d.withdrawn_at = '' ORDER BY d.id"):
            yield from_row(row, row["text"])

    def passages(self) -> Iterator[Passage]:
        """Passages of current documents, by document id and place."""
        for document in self.documents():
            yield from passages_of(document)

    def card(self, code: str) -> ProcedureCard | None:
        """The current card of a procedure: our own, else the portal's."""
        row = self.one(
            "SELECT card FROM documents WHERE id IN (?, ?) AND withdrawn_at = '' AND card <> ''"
            " ORDER BY id DESC LIMIT 1",
            f"procedure:{code}",
            f"portal:{code}",
        )
        return card_from_json(row["card"]) if row else None

    def cards(self) -> Iterator[ProcedureCard]:
        """All current cards by code, each code once, as `card` gives it."""
        query = (
            "SELECT card FROM documents AS d WHERE withdrawn_at = '' AND card <> '' AND NOT"
            " (id LIKE 'portal:%' AND EXISTS (SELECT 1 FROM documents AS own WHERE own.id ="
            " 'procedure:' || substr(d.id, 8) AND own.withdrawn_at = '' AND own.card <> ''))"
            " ORDER BY substr(id, instr(id, ':') + 1)"
        )
        for row in self.rows(query):
            yield card_from_json(row["card"])

    def numbered(self, key: str) -> list[str]:
        """Ids of current documents whose number has this key (``30/2020/nd-cp``)."""
        query = "SELECT id FROM documents WHERE number_key = ? AND withdrawn_at = '' ORDER BY id"
        return [row["id"] for row in self.rows(query, key)] if key else []

    def headings(self, kinds: Iterable[str]) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        """``(id, title, number, other names)`` of current documents, without their texts."""
        wanted = list(kinds)
        query = (
            "SELECT id, title, number, other_names FROM documents WHERE withdrawn_at = ''"  # noqa: S608
            f" AND kind IN ({','.join('?' * len(wanted))}) ORDER BY id"
        )
        for row in self.rows(query, *wanted):
            yield row["id"], row["title"], row["number"], tuple(json.loads(row["other_names"]))

    def ids(self, collection: str | None = None) -> list[str]:
        """Ids of current documents, of one collection if given."""
        where = "" if collection is None else " AND collection = ?"
        query = f"SELECT id FROM documents WHERE withdrawn_at = ''{where} ORDER BY id"  # noqa: S608
        return [
            row["id"] for row in self.rows(query, *([] if collection is None else [collection]))
        ]

    def collections(self) -> list[str]:
        """The collections that have current documents."""
        query = "SELECT DISTINCT collection FROM documents WHERE withdrawn_at = '' ORDER BY 1"
        return [row["collection"] for row in self.rows(query)]

    def count(self) -> int:
        """How many documents are current."""
        row = self.one("SELECT count(*) AS n FROM documents WHERE withdrawn_at = ''")
        return int(row["n"]) if row else 0

    def corpus_version(self) -> str:
        """A hash (16 hex digits) of everything that can be found now.

        It is kept until the next change, so that asking again is cheap.
        """
        known = self.fact("corpus_version")
        if known:
            return known
        try:
            with self.transaction() as db:
                version = self._digest()
                db.execute("REPLACE INTO facts VALUES ('corpus_version', ?)", (version,))
                self._remember(db, version)
        except (RecordBusy, StorageFull):
            return self._digest()
        return version

    @staticmethod
    def _remember(db: sqlite3.Connection, version: str) -> None:
        """Note which changes a corpus version has seen, so that an index of it knows its gaps."""
        db.execute(
            "REPLACE INTO facts SELECT ?, coalesce(max(seq), 0) || ' ' || ? FROM changes",
            (f"seq {version}", datetime.now(UTC).isoformat()),
        )
        db.execute(
            "DELETE FROM facts WHERE key LIKE 'seq %' AND key NOT IN (SELECT key FROM facts WHERE"
            " key LIKE 'seq %' ORDER BY substr(value, instr(value, ' ')) DESC LIMIT ?)",
            (_INDEXES_REMEMBERED,),
        )

    def changes_unseen(self, version: str) -> tuple[int, int | None]:
        """The last change, and the last one that corpus ``version`` has seen (None: not known)."""
        row = self.one(
            "SELECT (SELECT coalesce(max(seq), 0) FROM changes) AS last,"
            " (SELECT CAST(value AS INTEGER) FROM facts WHERE key = ?) AS seen",
            f"seq {version}",
        )
        return (row["last"], row["seen"]) if row else (0, None)

    def changed_since(self, seq: int) -> frozenset[str]:
        """Documents that search may have known and that are not as they were at ``seq``.

        What was only withdrawn and brought back is as it was.
        """
        query = (
            "SELECT document_id, kind, max(seq), sum(kind NOT IN ('withdrawn', 'restored')) AS more"
            " FROM changes WHERE seq > ? GROUP BY document_id HAVING more > 0 OR kind = 'withdrawn'"
        )  # ``kind`` is that of the last change: SQLite takes it from the row of the max
        return frozenset(row["document_id"] for row in self.rows(query, seq))

    def _digest(self) -> str:
        digest = hashlib.sha256()
        query = "SELECT id, fingerprint FROM documents WHERE withdrawn_at = '' ORDER BY id"
        for row in self.rows(query):
            digest.update(f"{row['id']}\0{row['fingerprint']}\n".encode())
        return digest.hexdigest()[:16]

    # --- files already read, vectors already computed, small facts --------------------------

    def file(self, path: str) -> tuple[str, str, int] | None:
        """``(sha256 of the bytes, how it was read, documents)`` when last ingested."""
        row = self.one("SELECT sha256, how, documents FROM files WHERE path = ?", path)
        return (row["sha256"], row["how"], row["documents"]) if row else None

    def remember_file(self, path: str, sha256: str, how: str, documents: int) -> None:
        with self.transaction() as db:
            db.execute("REPLACE INTO files VALUES (?, ?, ?, ?)", (path, sha256, how, documents))

    def forget_file(self, path: str) -> None:
        with self.transaction() as db:
            db.execute("DELETE FROM files WHERE path = ?", (path,))

    def files_below(self, folder: str) -> list[str]:
        """Paths of files read before: below a folder, or the file itself."""
        folder = folder.rstrip("/")
        query = "SELECT path FROM files WHERE path = ? OR (path > ? AND path < ?) ORDER BY path"
        return [row["path"] for row in self.rows(query, folder, f"{folder}/", f"{folder}0")]

    def other_files(self, path: str, collection: str) -> int:
        """How many other files were read into a collection."""
        row = self.one(
            "SELECT count(*) AS n FROM files WHERE path <> ? AND instr(how, ?) > 0",
            path,
            f" {collection} ",
        )
        return int(row["n"]) if row else 0

    def documents_of_file(self, path: str) -> list[str]:
        """Ids of the current documents that came from this file as a whole."""
        query = (
            "SELECT id FROM facts JOIN documents ON key = 'file ' || id"
            " WHERE value = ? AND withdrawn_at = ''"
        )
        return [row["id"] for row in self.rows(query, path)]

    def get_vectors(self, model: str, text_shas: Sequence[str]) -> dict[str, bytes]:
        """Vectors (float16, little-endian) by hash of the embedded text, where known."""
        found: dict[str, bytes] = {}
        for at in range(0, len(text_shas), 500):
            some = text_shas[at : at + 500]
            marks = ",".join("?" * len(some))
            query = (
                f"SELECT text_sha, vector FROM vectors WHERE model = ? AND text_sha IN ({marks})"  # noqa: S608
            )
            found.update((row["text_sha"], row["vector"]) for row in self.rows(query, model, *some))
        return found

    def put_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors, in one transaction; a build that is killed resumes after them."""
        rows = [(model, text_sha, vector) for text_sha, vector in vectors.items()]
        with self.transaction() as db:
            db.executemany("REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def fact(self, key: str) -> str | None:
        row = self.one("SELECT value FROM facts WHERE key = ?", key)
        return str(row["value"]) if row else None

    def set_fact(self, key: str, value: str) -> None:
        with self.transaction() as db:
            db.execute("REPLACE INTO facts VALUES (?, ?)", (key, value))

    # --- inside ---------------------------------------------------------------------------

    def _put(
        self, db: sqlite3.Connection, document: Document, card: ProcedureCard | None, revive: bool
    ) -> Change:
        row = to_row(document)
        card_json = card_to_json(card) if card else ""
        print_ = fingerprint(row, card_json)
        known = db.execute("SELECT * FROM documents WHERE id = ?", (document.id,)).fetchone()
        if known and known["fingerprint"] == print_:
            return "unchanged"
        now = _now()
        withdrawn = known["withdrawn_at"] if known and not revive else ""
        if known:
            self._log(db, known, "changed", to_sha=document.sha256)
        db.execute("INSERT OR IGNORE INTO versions VALUES (?, ?)", (document.sha256, document.text))
        db.execute("INSERT INTO history VALUES (?, ?, ?)", (document.id, document.sha256, now))
        db.execute(_PUT, (*row, card_json, print_, now, withdrawn))
        key = number_key(document.number)
        if known or key or document.relations:
            store_keys(db, document.id, key, relation_rows(document.number, document.relations))
        return "changed" if known else "added"

    @staticmethod
    def _log(
        db: sqlite3.Connection, row: sqlite3.Row, kind: str, *, to_sha: str = "", reason: str = ""
    ) -> None:
        before = as_before(row) if kind == "changed" else ""
        db.execute(
            "INSERT INTO changes (document_id, kind, from_sha, to_sha, at, reason, before)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row["id"], kind, row["sha256"], to_sha, _now(), reason, before),
        )

    def _prepare(self) -> None:
        found = self.one("PRAGMA user_version")
        version = found[0] if found else 0
        if version > SCHEMA_VERSION:
            raise RecordTooNew(
                f"Kho {self.path} do một bản troly mới hơn tạo (lược đồ {version}, bản này đọc "
                f"được {SCHEMA_VERSION}). Hãy cập nhật troly, hoặc chọn thư mục khác với --home."
            )
        if version < SCHEMA_VERSION:
            with self.transaction() as db:  # another process may have done it meanwhile
                bring_up_to_date(db)


_SELECT = "SELECT d.*, v.text AS text FROM documents AS d JOIN versions AS v ON v.sha256 = d.sha256"
_PUT = (
    f"REPLACE INTO documents ({', '.join(COLUMNS)}, card, fingerprint, put_at, withdrawn_at)"  # noqa: S608
    f" VALUES ({', '.join('?' * (len(COLUMNS) + 4))})"
)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
