"""What is withdrawn or changed is gone from a search that runs, before any index is rebuilt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

import pytest

from knowledge_base.documents import Document, DocumentKind
from knowledge_base.home import Home
from knowledge_base.index.swap import current
from knowledge_base.prepare import refresh_index
from knowledge_base.query import Query
from knowledge_base.scope import citizen
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

SETTINGS = KnowledgeSettings(embedder="none", bundled_corpus=False)


def document(name: str, text: str, **more: object) -> Document:
    sha = hashlib.sha256(text.encode()).hexdigest()
    given = {"collection": "t", **more}
    return Document(f"file:t/{name}", name, DocumentKind.OTHER, name, text, sha, **given)  # type: ignore[arg-type]


DOCUMENTS = [
    document("hộ chiếu", "Hồ sơ cấp hộ chiếu phổ thông nộp tại Công an cấp tỉnh."),
    document("khai sinh", "Trẻ em được đăng ký khai sinh tại Ủy ban nhân dân cấp xã."),
    document("lái xe", "Giấy phép lái xe hạng A1 do Cảnh sát giao thông cấp."),
]


@pytest.fixture
def record(home: Home) -> Record:
    record = Record(home.record())
    record.put_many((d, None) for d in DOCUMENTS)
    refresh_index(home, SETTINGS)
    return record


@pytest.fixture
def base(home: Home, record: Record) -> Iterator[KnowledgeBase]:
    base = KnowledgeBase(home, SETTINGS)
    yield base
    base.close()


def found(base: KnowledgeBase, text: str) -> list[str]:
    hits = base.search(Query(text), scope=citizen(), as_of=date(2026, 7, 1))
    return [hit.passage.document_id for hit in hits]


def test_withdrawn_at_once_and_back_at_once(
    home: Home, record: Record, base: KnowledgeBase
) -> None:
    served, version = current(home.index()), base.corpus_version
    assert "file:t/hộ chiếu" in found(base, "hộ chiếu phổ thông")
    record.withdraw("file:t/hộ chiếu", reason="sai")
    assert "file:t/hộ chiếu" not in found(base, "hộ chiếu phổ thông")
    assert "file:t/khai sinh" in found(base, "đăng ký khai sinh")
    assert base.document("file:t/hộ chiếu", citizen()) is None
    assert base.corpus_version.startswith(f"{version}-")  # whatever is cached by it is stale
    record.restore("file:t/hộ chiếu")
    refresh_index(home, SETTINGS)
    assert "file:t/hộ chiếu" in found(base, "hộ chiếu phổ thông")
    assert (current(home.index()), base.corpus_version) == (served, version)


def test_back_at_once_though_the_index_is_behind(record: Record, base: KnowledgeBase) -> None:
    record.put(document("lái xe", "Lời văn mới."))
    record.withdraw("file:t/hộ chiếu")
    assert "file:t/hộ chiếu" not in found(base, "hộ chiếu phổ thông")
    record.restore("file:t/hộ chiếu")
    assert "file:t/hộ chiếu" in found(base, "hộ chiếu phổ thông")
    assert "file:t/lái xe" not in found(base, "giấy phép lái xe")


def test_another_process_opens_the_old_index(home: Home, record: Record) -> None:
    record.withdraw("file:t/hộ chiếu")
    base = KnowledgeBase(home, SETTINGS)
    assert "file:t/hộ chiếu" not in found(base, "hộ chiếu phổ thông")
    assert record.corpus_version() != base.corpus_version
    assert "file:t/hộ chiếu" not in found(base, "hộ chiếu phổ thông")
    base.close()


def test_the_old_wording_of_a_changed_text_is_not_found(home: Home, record: Record) -> None:
    base = KnowledgeBase(home, SETTINGS)
    assert found(base, "giấy phép lái xe")
    record.put(document("lái xe", "Giấy phép lái xe hạng A do Công an cấp tỉnh cấp."))
    assert "file:t/lái xe" not in found(base, "giấy phép lái xe")
    refresh_index(home, SETTINGS)
    assert base.reload_if_changed()
    (hit, *_) = base.search(
        Query("giấy phép lái xe hạng A"), scope=citizen(), as_of=date(2026, 7, 1)
    )
    assert "Công an cấp tỉnh" in hit.passage.text
    base.close()


def test_new_labels_hide_a_text_at_once(record: Record, base: KnowledgeBase) -> None:
    assert found(base, "đăng ký khai sinh")
    record.put(document("khai sinh", DOCUMENTS[1].text, labels=("noi-bo",)))
    assert "file:t/khai sinh" not in found(base, "đăng ký khai sinh")


def test_a_removed_document_is_gone_at_once(record: Record, base: KnowledgeBase) -> None:
    assert found(base, "đăng ký khai sinh")
    record.remove(["file:t/khai sinh"], with_texts=True)
    assert "file:t/khai sinh" not in found(base, "đăng ký khai sinh")


def test_additions_change_nothing_until_they_are_indexed(
    record: Record, base: KnowledgeBase
) -> None:
    version = base.corpus_version
    record.put(document("thuế", "Khai thuế thu nhập cá nhân qua mạng."))
    assert base.corpus_version == version
    assert len(found(base, "đăng ký khai sinh")) == 1


def test_an_index_of_an_unknown_time_shows_nothing_that_is_gone(
    record: Record, base: KnowledgeBase
) -> None:
    with record.transaction() as db:
        db.execute("DELETE FROM facts WHERE key LIKE 'seq %'")
    record.withdraw("file:t/lái xe")
    assert "file:t/lái xe" not in found(base, "giấy phép lái xe")
    assert "file:t/khai sinh" in found(base, "đăng ký khai sinh")


def test_everything_may_be_withdrawn(home: Home, record: Record, base: KnowledgeBase) -> None:
    for given in DOCUMENTS:
        record.withdraw(given.id)
    assert found(base, "đăng ký khai sinh") == []
    refresh_index(home, SETTINGS)
    base.reload_if_changed()
    assert found(base, "đăng ký khai sinh") == []


def test_what_was_withdrawn_stays_so_over_an_update_of_the_program(record: Record) -> None:
    record.withdraw("file:t/lái xe")
    record.put_many([(document("lái xe", "Lời văn mới."), None)], revive=False)
    assert record.document("file:t/lái xe") is None
    record.put(document("lái xe", "Lời văn mới hơn."))
    assert record.document("file:t/lái xe") is not None
