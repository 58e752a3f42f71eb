"""A record of an earlier version is brought up to date in place; nothing is lost."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.documents import Document, DocumentKind, Relation
from knowledge_base.errors import StorageFull
from knowledge_base.rows import COLUMNS, fingerprint, to_row
from knowledge_base.schema import SCHEMA_VERSION
from knowledge_base.store import Record

# As the first released version wrote it.
FIRST = """
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
PRAGMA user_version = 1;
"""


def document(name: str, text: str, number: str = "") -> Document:
    sha = hashlib.sha256(text.encode()).hexdigest()
    relations = (Relation("replaces", "110/2004/NĐ-CP", "toàn bộ", date(2020, 3, 5)),)
    return Document(
        f"file:t/{name}", name, DocumentKind.LAW, name, text, sha, number=number,
        collection="t", relations=relations if number else (),
    )  # fmt: skip


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A record that the first version wrote, with two documents, a file and a vector."""
    path = tmp_path / "record.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(FIRST)
        marks = ",".join("?" * (len(COLUMNS) + 3))
        names = ", ".join(COLUMNS)
        for d in (document("a", "một", "30/2020/NĐ-CP"), document("b", "hai")):
            row = to_row(d)
            db.execute("INSERT INTO versions VALUES (?, ?)", (d.sha256, d.text))
            db.execute("INSERT INTO history VALUES (?, ?, '2026-01-01')", (d.id, d.sha256))
            db.execute(
                f"INSERT INTO documents ({names}, card, fingerprint, put_at) VALUES ({marks})",  # noqa: S608
                (*row, "", fingerprint(row, ""), "2026-01-01"),
            )
        db.execute("INSERT INTO files VALUES ('/a', 's', 'how', 1)")
        db.execute("INSERT INTO vectors VALUES ('m', 't', x'0102')")
        db.execute("INSERT INTO facts VALUES ('corpus_version', 'abc')")
    db.close()
    return path


def test_everything_is_there_afterwards(old: Path) -> None:
    record = Record(old)
    assert record.document("file:t/a") == document("a", "một", "30/2020/NĐ-CP")
    assert record.ids() == ["file:t/a", "file:t/b"]
    assert record.file("/a") == ("s", "how", 1)
    assert record.get_vectors("m", ["t"]) == {"t": b"\1\2"}
    assert record.corpus_version() == "abc"
    # The index that serves is known to have seen everything.
    assert record.changes_unseen("abc") == (0, 0)
    assert record.put(document("b", "hai")) == "unchanged"
    assert record.put(document("b", "ba")) == "changed"


def test_numbers_and_relations_can_be_asked_for(old: Path) -> None:
    record = Record(old)
    assert record.numbered("30/2020/nd-cp") == ["file:t/a"]
    (row,) = record.rows("SELECT * FROM relations WHERE target_key = '110/2004/nd-cp'")
    assert tuple(row) == (
        "file:t/a", "30/2020/nd-cp", "", "replaces", "110/2004/nd-cp", "", "2020-03-05", "toàn bộ",
    )  # fmt: skip


def test_a_full_disk_leaves_the_old_record(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("knowledge_base.schema._number_everything", full)
        with pytest.raises(StorageFull):
            Record(old)
    with sqlite3.connect(old) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM documents").fetchone() == (2,)
    assert Record(old).count() == 2


def test_many_open_an_old_record_at_once(old: Path) -> None:
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(Record(old).count())) for _ in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [2, 2, 2, 2]


def test_a_new_record_is_of_this_schema(tmp_path: Path) -> None:
    row = Record(tmp_path / "new.sqlite").one("PRAGMA user_version")
    assert row is not None
    assert row[0] == SCHEMA_VERSION


def test_relations_follow_their_document(tmp_path: Path) -> None:
    record = Record(tmp_path / "new.sqlite")
    record.put(document("a", "một", "30/2020/NĐ-CP"))
    record.put(document("a", "hai"))
    assert list(record.rows("SELECT * FROM relations")) == []
    assert record.numbered("30/2020/nd-cp") == []
    record.put(document("a", "ba", "30/2020/NĐ-CP"))
    record.remove(["file:t/a"])
    assert list(record.rows("SELECT * FROM relations")) == []


def test_relations_between_articles_come_back(tmp_path: Path) -> None:
    record = Record(tmp_path / "new.sqlite")
    relation = Relation("amends", "30/2020/NĐ-CP", "", None, "1", "5a")
    given = Document("x", "x", DocumentKind.LAW, "x", "x", "s", relations=(relation,))
    record.put(given)
    assert record.document("x") == given
