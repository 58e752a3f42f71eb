"""The record: documents, every version of their texts, and vectors by text.

One SQLite file in WAL mode with ``synchronous=FULL``: what `Record.put` has
returned survives a power cut. Many processes may read while one writes. The
index is made from here and can always be made again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from knowledge_base.documents import Document, Passage, ProcedureCard
from knowledge_base.errors import (
    RecordBusy,
    RecordCorrupt,
    RecordError,
    RecordTooNew,
    StorageFull,
)
from knowledge_base.passages import passages_of
from knowledge_base.rows import COLUMNS, card_from_json, card_to_json, fingerprint, from_row, to_row

SCHEMA_VERSION = 1

Change = Literal["added", "changed", "unchanged"]

_SCHEMA = """
CREATE TABLE versions (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE documents (
    id TEXT PRIMARY KEY, source_id TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
    sha256 TEXT NOT NULL, number TEXT NOT NULL, other_names TEXT NOT NULL, url TEXT NOT NULL,
    labels TEXT NOT NULL, collection TEXT NOT NULL, effective_from TEXT NOT NULL,
    effective_to TEXT NOT NULL, sections TEXT NOT NULL, relations TEXT NOT NULL,
    meta TEXT NOT NULL, card TEXT NOT NULL, fingerprint TEXT NOT NULL,
    put_at TEXT NOT NULL, withdrawn_at TEXT NOT NULL DEFAULT '');
CREATE INDEX documents_by_collection ON documents (collection);
CREATE TABLE history (id TEXT NOT NULL, sha256 TEXT NOT NULL, put_at TEXT NOT NULL);
CREATE INDEX history_by_id ON history (id);
CREATE TABLE files (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, how TEXT NOT NULL, documents INTEGER NOT NULL);
CREATE TABLE vectors (
    model TEXT NOT NULL, text_sha TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (model, text_sha)) WITHOUT ROWID;
CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Record:
    """The record in one file; safe to share between threads (a connection each).

    Raises `RecordCorrupt`, `RecordTooNew`, `RecordBusy` and `StorageFull`.
    """

    def __init__(self, path: Path, *, busy_seconds: float = 30.0) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._local = threading.local()
        with _clear_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with _clear_errors(path):
            self._prepare()

    # --- writing --------------------------------------------------------------------------

    def put(self, document: Document, card: ProcedureCard | None = None) -> Change:
        """Store a document (and its card); committed when this returns.

        A withdrawn document comes back only when something in it has changed.
        """
        return self.put_many([(document, card)])[0]

    def put_many(self, documents: Iterable[tuple[Document, ProcedureCard | None]]) -> list[Change]:
        """Store documents in one transaction: all of them, or none."""
        with self._transaction() as db:
            changes = [self._put(db, document, card) for document, card in documents]
            if any(change != "unchanged" for change in changes):
                db.execute("DELETE FROM facts WHERE key = 'corpus_version'")
        return changes

    def withdraw(self, document_id: str) -> bool:
        """Take a document out of search at once; its texts stay for old citations."""
        with self._transaction() as db:
            now = _now()
            done = db.execute(
                "UPDATE documents SET withdrawn_at = ? WHERE id = ? AND withdrawn_at = ''",
                (now, document_id),
            ).rowcount
            db.execute("DELETE FROM facts WHERE key = 'corpus_version'")
        return done > 0

    def remove(self, document_ids: Iterable[str], *, with_texts: bool = False) -> int:
        """Forget documents; ``with_texts`` also every version no other document has."""
        removed = 0
        with self._transaction() as db:
            for document_id in document_ids:
                removed += db.execute("DELETE FROM documents WHERE id = ?", (document_id,)).rowcount
                if with_texts:
                    db.execute(
                        "DELETE FROM versions WHERE sha256 IN"
                        " (SELECT sha256 FROM history WHERE id = ?) AND sha256 NOT IN"
                        " (SELECT sha256 FROM history WHERE id <> ?)",
                        (document_id, document_id),
                    )
                    db.execute("DELETE FROM history WHERE id = ?", (document_id,))
            if removed:
                db.execute("DELETE FROM facts WHERE key = 'corpus_version'")
        return removed

    # --- reading --------------------------------------------------------------------------

    def document(self, document_id: str) -> Document | None:
        """The current version, or None when it is unknown or withdrawn."""
        row = self._one(f"{_SELECT} WHERE d.id = ? AND d.withdrawn_at = ''", document_id)
        return from_row(row, row["text"]) if row else None

    def version(self, sha256: str) -> str | None:
        """The text with this hash, current or not: what an old citation points into."""
        row = self._one("SELECT text FROM versions WHERE sha256 = ?", sha256)
        return str(row["text"]) if row else None

    def documents(self) -> Iterator[Document]:
        """Current documents by id."""
        for row in self._rows(f"{_SELECT} WHERE d.withdrawn_at = '' ORDER BY d.id"):
            yield from_row(row, row["text"])

    def passages(self) -> Iterator[Passage]:
        """Passages of current documents, by document id and place."""
        for document in self.documents():
            yield from passages_of(document)

    def card(self, code: str) -> ProcedureCard | None:
        """The current card of a procedure."""
        row = self._one(
            "SELECT card FROM documents WHERE id = ? AND withdrawn_at = '' AND card <> ''",
            f"procedure:{code}",
        )
        return card_from_json(row["card"]) if row else None

    def cards(self) -> Iterator[ProcedureCard]:
        """All current cards by code."""
        query = "SELECT card FROM documents WHERE withdrawn_at = '' AND card <> '' ORDER BY id"
        for row in self._rows(query):
            yield card_from_json(row["card"])

    def headings(self, kinds: Iterable[str]) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        """``(id, title, number, other names)`` of current documents, without their texts."""
        wanted = list(kinds)
        query = (
            "SELECT id, title, number, other_names FROM documents WHERE withdrawn_at = ''"  # noqa: S608
            f" AND kind IN ({','.join('?' * len(wanted))}) ORDER BY id"
        )
        for row in self._rows(query, *wanted):
            yield row["id"], row["title"], row["number"], tuple(json.loads(row["other_names"]))

    def ids(self, collection: str | None = None) -> list[str]:
        """Ids of current documents, of one collection if given."""
        where = "" if collection is None else " AND collection = ?"
        query = f"SELECT id FROM documents WHERE withdrawn_at = ''{where} ORDER BY id"  # noqa: S608
        return [
            row["id"] for row in self._rows(query, *([] if collection is None else [collection]))
        ]

    def collections(self) -> list[str]:
        """The collections that have current documents."""
        query = "SELECT DISTINCT collection FROM documents WHERE withdrawn_at = '' ORDER BY 1"
        return [row["collection"] for row in self._rows(query)]

    def count(self) -> int:
        """How many documents are current."""
        row = self._one("SELECT count(*) AS n FROM documents WHERE withdrawn_at = ''")
        return int(row["n"]) if row else 0

    def corpus_version(self) -> str:
        """A hash (16 hex digits) of everything that can be found now.

        It is kept until the next change, so that asking again is cheap.
        """
        known = self.fact("corpus_version")
        if known:
            return known
        try:
            with self._transaction() as db:
                version = self._digest()
                db.execute("REPLACE INTO facts VALUES ('corpus_version', ?)", (version,))
        except (RecordBusy, StorageFull):
            return self._digest()
        return version

    def _digest(self) -> str:
        digest = hashlib.sha256()
        query = "SELECT id, fingerprint FROM documents WHERE withdrawn_at = '' ORDER BY id"
        for row in self._rows(query):
            digest.update(f"{row['id']}\0{row['fingerprint']}\n".encode())
        return digest.hexdigest()[:16]

    # --- files already read, vectors already computed, small facts --------------------------

    def file(self, path: str) -> tuple[str, str, int] | None:
        """``(sha256 of the bytes, how it was read, documents)`` when last ingested."""
        row = self._one("SELECT sha256, how, documents FROM files WHERE path = ?", path)
        return (row["sha256"], row["how"], row["documents"]) if row else None

    def remember_file(self, path: str, sha256: str, how: str, documents: int) -> None:
        with self._transaction() as db:
            db.execute("REPLACE INTO files VALUES (?, ?, ?, ?)", (path, sha256, how, documents))

    def forget_file(self, path: str) -> None:
        with self._transaction() as db:
            db.execute("DELETE FROM files WHERE path = ?", (path,))

    def get_vectors(self, model: str, text_shas: Sequence[str]) -> dict[str, bytes]:
        """Vectors (float16, little-endian) by hash of the embedded text, where known."""
        found: dict[str, bytes] = {}
        for at in range(0, len(text_shas), 500):
            some = text_shas[at : at + 500]
            marks = ",".join("?" * len(some))
            query = (
                f"SELECT text_sha, vector FROM vectors WHERE model = ? AND text_sha IN ({marks})"  # noqa: S608
            )
            found.update(
                (row["text_sha"], row["vector"]) for row in self._rows(query, model, *some)
            )
        return found

    def put_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors, in one transaction; a build that is killed resumes after them."""
        rows = [(model, text_sha, vector) for text_sha, vector in vectors.items()]
        with self._transaction() as db:
            db.executemany("REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def fact(self, key: str) -> str | None:
        row = self._one("SELECT value FROM facts WHERE key = ?", key)
        return str(row["value"]) if row else None

    def set_fact(self, key: str, value: str) -> None:
        with self._transaction() as db:
            db.execute("REPLACE INTO facts VALUES (?, ?)", (key, value))

    def close(self) -> None:
        """Close this thread's connection; others close with their threads."""
        db = getattr(self._local, "db", None)
        if db is not None:
            db.close()
            self._local.db = None

    # --- inside ---------------------------------------------------------------------------

    def _put(
        self, db: sqlite3.Connection, document: Document, card: ProcedureCard | None
    ) -> Change:
        row = to_row(document)
        card_json = card_to_json(card) if card else ""
        print_ = fingerprint(row, card_json)
        known = db.execute(
            "SELECT fingerprint FROM documents WHERE id = ?", (document.id,)
        ).fetchone()
        if known and known["fingerprint"] == print_:
            return "unchanged"
        now = _now()
        db.execute("INSERT OR IGNORE INTO versions VALUES (?, ?)", (document.sha256, document.text))
        db.execute("INSERT INTO history VALUES (?, ?, ?)", (document.id, document.sha256, now))
        db.execute(_PUT, (*row, card_json, print_, now))
        return "changed" if known else "added"

    def _prepare(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise RecordTooNew(
                f"{self.path} was written by a later version of troly (schema {version}, "
                f"this one knows {SCHEMA_VERSION}). Update troly, or choose another --home."
            )
        if version == SCHEMA_VERSION:
            return
        with self._transaction() as db:
            # Another process may have made the tables while we waited for the lock.
            if db.execute("PRAGMA user_version").fetchone()[0] == 0:
                for statement in _SCHEMA.split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @property
    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = sqlite3.connect(self.path, timeout=self._busy_seconds, isolation_level=None)
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA cache_size = -32000")  # 32 MB, of which little is used
            self._local.db = db
        return db

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _clear_errors(self.path):
            db = self._db
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # a full disk may have rolled back already
                    db.execute("ROLLBACK")
                raise

    def _one(self, query: str, *values: str) -> sqlite3.Row | None:
        with _clear_errors(self.path):
            row: sqlite3.Row | None = self._db.execute(query, values).fetchone()
            return row

    def _rows(self, query: str, *values: str) -> Iterator[sqlite3.Row]:
        with _clear_errors(self.path):
            yield from self._db.execute(query, values)


_SELECT = "SELECT d.*, v.text AS text FROM documents AS d JOIN versions AS v ON v.sha256 = d.sha256"
_PUT = (
    f"REPLACE INTO documents ({', '.join(COLUMNS)}, card, fingerprint, put_at)"  # noqa: S608
    f" VALUES ({', '.join('?' * (len(COLUMNS) + 3))})"
)

_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    """SQLite's errors in words that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None) or 0
        if code in _FULL:
            raise StorageFull(
                f"No room left to write {path}. Free some space and run the command again; "
                "what was stored before is safe."
            ) from error
        if code & 0xFF in _BROKEN:
            raise RecordCorrupt(
                f"{path} is damaged or not a record of troly ({error}). Move it away (keep it), "
                "run troly again and re-ingest your files; the bundled corpus comes back by itself."
            ) from error
        if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise RecordBusy(
                f"Another troly process keeps {path} busy. Wait for it to finish, then try again."
            ) from error
        raise RecordError(
            f"{path} cannot be used ({error}). Check that the folder exists and is writable."
        ) from error
    except OSError as error:
        raise RecordError(f"{path} cannot be opened: {error.strerror or error}.") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
