"""The tables of the record, and how a record of an earlier version gets them.

::

    documents    one row a document: its current version, or what was withdrawn
    versions     every text that ever was current, by hash
    history      which document had which text, since when
    relations    the edges of documents.relations, to be asked from both ends
    changes      what happened to a document that search may have known; the order is ``seq``
    quarantine   files that could not be read, and why
    files        files that were read: their bytes, and how
    vectors      embeddings by hash of the text
    facts        small things by name
"""

from __future__ import annotations

import json
import sqlite3

from knowledge_base.rows import number_key, relation_rows, relations_from_json

SCHEMA_VERSION = 3

_FIRST = """
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

_SECOND = """
ALTER TABLE documents ADD COLUMN number_key TEXT NOT NULL DEFAULT '';
CREATE INDEX documents_by_number ON documents (number_key) WHERE number_key <> '';
CREATE TABLE relations (
    document_id TEXT NOT NULL, source_key TEXT NOT NULL, source_article TEXT NOT NULL,
    kind TEXT NOT NULL, target_key TEXT NOT NULL, target_article TEXT NOT NULL,
    since TEXT NOT NULL, note TEXT NOT NULL);
CREATE INDEX relations_by_document ON relations (document_id);
CREATE INDEX relations_by_source ON relations (source_key);
CREATE INDEX relations_by_target ON relations (target_key);
CREATE TABLE quarantine (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL,
    collection TEXT NOT NULL, labels TEXT NOT NULL, seen_at TEXT NOT NULL);
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL, kind TEXT NOT NULL,
    from_sha TEXT NOT NULL, to_sha TEXT NOT NULL, at TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '', before TEXT NOT NULL DEFAULT '');
CREATE INDEX changes_by_document ON changes (document_id);
"""

_THIRD = "ALTER TABLE quarantine ADD COLUMN name TEXT NOT NULL DEFAULT ''"


def bring_up_to_date(db: sqlite3.Connection) -> None:
    """Make what is missing. For a transaction: all of it is done, or nothing."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version < 1:
        _run(db, _FIRST)
    if version < 2:
        _run(db, _SECOND)
        _number_everything(db)
        # The index that serves was built from exactly this.
        known = db.execute("SELECT value FROM facts WHERE key = 'corpus_version'").fetchone()
        if known:
            db.execute("REPLACE INTO facts VALUES (?, '0 ')", (f"seq {known[0]}",))
    if version < 3:
        _run(db, _THIRD)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _run(db: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";\n"):
        db.execute(statement)


def _number_everything(db: sqlite3.Connection) -> None:
    query = "SELECT id, number, relations FROM documents WHERE number <> '' OR relations <> '[]'"
    for row in db.execute(query).fetchall():
        relations = relations_from_json(row["relations"])
        store_keys(
            db, row["id"], number_key(row["number"]), relation_rows(row["number"], relations)
        )


def store_keys(
    db: sqlite3.Connection, document_id: str, key: str, relations: list[tuple[str, ...]]
) -> None:
    """Write what a document can be found by: its number's key, and its edges."""
    db.execute("UPDATE documents SET number_key = ? WHERE id = ?", (key, document_id))
    db.execute("DELETE FROM relations WHERE document_id = ?", (document_id,))
    db.executemany(
        "INSERT INTO relations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(document_id, *row) for row in relations],
    )


def as_before(row: sqlite3.Row) -> str:
    """What is kept of a version that is left, beside its text: enough to compare with."""
    kept = ("title", "number", "effective_from", "effective_to", "sections", "card", "put_at")
    return json.dumps({name: row[name] for name in kept}, ensure_ascii=False)
