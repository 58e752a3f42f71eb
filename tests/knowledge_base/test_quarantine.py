"""What could not be read is kept with its reason, until it is read; what is gone is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge_base.home import Home
from knowledge_base.ingest import Target, ingest_files
from knowledge_base.ingest_report import Report
from knowledge_base.quarantine import Quarantine, Quarantined
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

SETTINGS = KnowledgeSettings(embedder="none", bundled_corpus=False)
PROSE = "Người dân nộp hồ sơ tại bộ phận một cửa và nhận kết quả theo giấy hẹn đã ghi rõ ngày."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "huong-dan"
    folder.mkdir()
    (folder / "a.md").write_text(f"# Nộp hồ sơ\n\n{PROSE}")
    (folder / "b.md").write_text(f"# Nhận kết quả\n\n{PROSE}")
    (folder / "c.pdf").write_bytes(b"\x00\x01\x02")
    return folder


def take(home: Home, *paths: Path, labels: tuple[str, ...] | None = None) -> Report:
    return ingest_files(list(paths), Target(home, labels), SETTINGS)


def aside(home: Home, store: str = "public") -> list[Quarantined]:
    return Quarantine(Record(home.record(store))).files()


def test_kept_until_it_is_read(home: Home, folder: Path) -> None:
    report = take(home, folder)
    (failure,) = report.failed
    (found,) = aside(home)
    assert found.path == str(folder / "c.pdf")
    assert (found.code, found.reason) == (failure.code, failure.reason)
    assert (found.collection, found.labels, len(found.sha256)) == ("huong-dan", ("public",), 64)
    assert found.seen_at
    (folder / "c.pdf").write_text(f"# Lệ phí\n\n{PROSE}")
    (folder / "c.pdf").rename(folder / "c.md")
    take(home, folder)
    assert aside(home) == []


def test_a_labelled_file_is_put_aside_in_its_own_store(home: Home, folder: Path) -> None:
    take(home, folder / "c.pdf", labels=("noi-bo",))
    assert not home.record().exists()
    assert [q.labels for q in aside(home, "restricted")] == [("noi-bo",)]


def test_a_file_that_was_readable_before_keeps_what_was_read(home: Home, folder: Path) -> None:
    take(home, folder)
    (folder / "a.md").write_bytes(b"\x00\x01\x02")
    report = take(home, folder)
    reason = next(f.reason for f in report.failed if f.path.endswith("a.md"))
    assert "lần trước vẫn được dùng" in reason
    assert Record(home.record()).document("file:huong-dan/a.md") is not None


def test_lines_of_a_corpus_are_put_aside_one_by_one(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "kho" / "corpus.jsonl"
    path.parent.mkdir()
    good = {"_id": "d1", "title": "Tên", "text": "Một."}
    path.write_text("\n".join([json.dumps(good), "{hỏng", json.dumps(good)]))
    take(home, path)
    assert [(q.path, q.code) for q in aside(home)] == [
        (f"{path}:2", "damaged"),
        (f"{path}:3", "duplicate"),
    ]
    assert {q.file for q in aside(home)} == {path}
    take(home, path)
    assert len(aside(home)) == 2
    path.write_text(json.dumps(good))
    take(home, path)
    assert aside(home) == []


def test_a_file_that_is_gone_is_said_and_stays(home: Home, folder: Path) -> None:
    take(home, folder)
    (folder / "b.md").unlink()
    (folder / "c.pdf").unlink()
    report = take(home, folder)
    assert [(gone.path, gone.documents) for gone in report.gone] == [
        (str(folder / "b.md"), ("file:huong-dan/b.md",))
    ]
    assert Record(home.record()).document("file:huong-dan/b.md") is not None
    assert aside(home) == []  # nothing is left to read


def test_lines_that_are_gone_from_a_corpus_are_said(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "kho" / "corpus.jsonl"
    path.parent.mkdir()
    lines = [json.dumps({"_id": f"d{n}", "title": "", "text": f"Điều {n}."}) for n in range(5)]
    path.write_text("\n".join(lines))
    assert take(home, path).gone == []
    path.write_text("\n".join(lines[:3]))
    (gone,) = take(home, path).gone
    assert gone.documents == ("beir:kho/d3", "beir:kho/d4")
    assert Record(home.record()).count() == 5


def test_names_that_begin_alike_are_not_below_each_other(home: Home) -> None:
    record = Record(home.record())
    quarantine = Quarantine(record)
    paths = ["/a/x", "/a/x/y.pdf", "/a/x:3", "/a/xy", "/a/x-1.pdf"]
    quarantine.put([Quarantined(path, "", "damaged", "hỏng", "c", ("public",)) for path in paths])
    assert [q.path for q in quarantine.files("/a/x/")] == ["/a/x", "/a/x/y.pdf", "/a/x:3"]
    assert quarantine.forget("/a/x") == 3
    assert quarantine.counts() == {"damaged": 2}
