"""The record: versions, withdrawal, a full disk and a broken file."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.card_text import document_of_card
from knowledge_base.corpus_files import procedures
from knowledge_base.documents import Document, DocumentKind, Relation, Section
from knowledge_base.errors import RecordCorrupt, RecordError, RecordTooNew, StorageFull
from knowledge_base.store import Record


def document(name: str, text: str) -> Document:
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Document(f"file:t/{name}", name, DocumentKind.OTHER, name, text, sha, collection="t")


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "public" / "record.sqlite")


def test_a_document_comes_back_as_it_was(record: Record) -> None:
    given = replace(
        document("a", "Điều 1\nNội dung."),
        number="30/2020/NĐ-CP",
        other_names=("nghị định 30",),
        labels=("public", "noi-bo"),
        effective_from=date(2020, 3, 5),
        sections=(Section(("Chương I", "Điều 1"), 7, 16, "", date(2020, 3, 5), None),),
        relations=(Relation("replaces", "110/2004/NĐ-CP", "toàn bộ", date(2020, 3, 5)),),
        meta={"issuer": "Chính phủ"},
    )
    assert record.put(given) == "added"
    assert record.document(given.id) == given
    assert record.put(given) == "unchanged"


def test_cards_are_kept_beside_their_documents(record: Record) -> None:
    cards = sorted(procedures(), key=lambda card: card.code)
    record.put_many((document_of_card(card), card) for card in cards)
    assert list(record.cards()) == cards
    assert record.card(cards[0].code) == cards[0]
    assert record.card("9.999999") is None


def test_a_changed_document_is_a_new_version_and_the_old_text_stays(record: Record) -> None:
    old, new = document("a", "phí 100 đồng"), document("a", "phí 200 đồng")
    record.put(old)
    before = record.corpus_version()
    assert record.put(new) == "changed"
    assert record.corpus_version() != before
    assert record.version(old.sha256) == "phí 100 đồng"
    assert [d.text for d in record.documents()] == ["phí 200 đồng"]


def test_a_withdrawn_document_stays_withdrawn_until_it_changes(record: Record) -> None:
    a = document("a", "một")
    record.put(a)
    version = record.corpus_version()
    assert record.withdraw(a.id)
    assert not record.withdraw(a.id)
    assert record.document(a.id) is None
    assert list(record.passages()) == []
    assert record.corpus_version() != version
    assert record.put(a) == "unchanged"
    assert record.count() == 0
    assert record.put(document("a", "hai")) == "changed"
    assert record.count() == 1


def test_the_corpus_version_does_not_depend_on_the_order(tmp_path: Path) -> None:
    one, two = Record(tmp_path / "1.sqlite"), Record(tmp_path / "2.sqlite")
    documents = [document(name, name) for name in "abc"]
    one.put_many((d, None) for d in documents)
    two.put_many((d, None) for d in reversed(documents))
    assert one.corpus_version() == two.corpus_version()


def test_forgetting_with_texts_spares_texts_that_others_share(record: Record) -> None:
    shared, own = document("a", "chung"), document("b", "chung")
    record.put_many([(document("a", "riêng"), None), (shared, None), (own, None)])
    assert record.remove([shared.id], with_texts=True) == 1
    assert record.version(document("a", "riêng").sha256) is None
    assert record.version(own.sha256) == "chung"


def test_all_or_nothing(record: Record) -> None:
    def failing() -> object:
        yield document("a", "một"), None
        raise RuntimeError

    with pytest.raises(RuntimeError):
        record.put_many(failing())  # type: ignore[arg-type]
    assert record.count() == 0


def test_vectors_by_text(record: Record) -> None:
    record.put_vectors("m", {f"{n:04}": bytes([n % 256]) * 4 for n in range(1200)})
    found = record.get_vectors("m", [f"{n:04}" for n in range(1, 1300)])
    assert len(found) == 1199
    assert found["0258"] == b"\2" * 4
    assert record.get_vectors("another", ["0001"]) == {}


def test_threads_read_while_one_writes(record: Record) -> None:
    record.put(document("a", "một"))
    seen: list[int] = []

    def read() -> None:
        seen.extend(record.count() for _ in range(50))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(20):
        record.put(document(f"b{n}", f"văn bản {n}"))
    for thread in threads:
        thread.join()
    assert len(seen) == 200
    assert record.count() == 21


def test_a_full_disk_is_said_and_loses_nothing(record: Record) -> None:
    record.put(document("a", "giữ lại"))
    pages = record._db.execute("PRAGMA page_count").fetchone()[0]
    record._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageFull, match=r"Đĩa đã đầy.*xoá bớt tệp"):
        record.put(document("b", "x" * 100_000))
    record._db.execute("PRAGMA max_page_count = 1000000")
    assert record.ids() == ["file:t/a"]
    assert record.put(document("b", "x" * 100_000)) == "added"


def test_a_write_that_the_system_refuses_is_said_too(tmp_path: Path) -> None:
    code = f"""
import resource, hashlib
from pathlib import Path
from knowledge_base.documents import Document, DocumentKind
from knowledge_base.errors import StorageFull
from knowledge_base.store import Record
record = Record(Path({str(tmp_path / "r.sqlite")!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
text = "x" * 1_000_000
try:
    record.put(Document("a", "a", DocumentKind.OTHER, "a", text, "s"))
except StorageFull:
    assert record.count() == 0
    print("full")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "full\n", done.stderr
    assert Record(tmp_path / "r.sqlite").count() == 0


def test_files_that_are_no_record(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.sqlite"
    garbage.write_bytes(b"not a database at all" * 400)
    with pytest.raises(RecordCorrupt, match="chuyển tệp sang chỗ khác"):
        Record(garbage)
    later = tmp_path / "later.sqlite"
    with sqlite3.connect(later) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(RecordTooNew, match="cập nhật troly"):
        Record(later)
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError):
        Record(tmp_path / "file" / "record.sqlite")


def test_kill_9_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from knowledge_base.documents import Document, DocumentKind
from knowledge_base.store import Record
record = Record(Path({str(tmp_path / "r.sqlite")!r}))
n = 0
while True:
    record.put(Document(f"d{{n}}", "", DocumentKind.OTHER, "", f"text {{n}}", f"sha{{n}}"))
    print(n, flush=True)
    n += 1
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    acknowledged = [child.stdout.readline() for _ in range(30)]
    child.kill()
    child.wait()
    record = Record(tmp_path / "r.sqlite")
    assert record.count() >= len(acknowledged) == 30
    assert record.document("d29") is not None
