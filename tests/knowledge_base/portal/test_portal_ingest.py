"""Files of portal records are found by their content, stored once, and read again when changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from knowledge_base.home import Home
from knowledge_base.ingest import Report, Target, ingest_files
from knowledge_base.portal.files import is_portal
from knowledge_base.portal.rows import HEADER as ROWS
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record
from troly import app

from .portal_records import catalogue, ministry, portal

SETTINGS = KnowledgeSettings(embedder="none", bundled_corpus=False)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def write(path: Path, records: Sequence[object] | object, *, lines: bool = True) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if lines:
        assert isinstance(records, Sequence)
        texts = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
        path.write_text("\n".join(texts), encoding="utf-8")
    else:
        path.write_text(json.dumps(records, ensure_ascii=False, indent=2), encoding="utf-8")
    return path


def ingested(home: Home, *paths: Path, **target: Any) -> Report:
    return ingest_files(list(paths), Target(home, **target), SETTINGS)


def test_one_record_a_line(home: Home, tmp_path: Path) -> None:
    path = write(
        tmp_path / "thu-tuc.jsonl", [portal(), ministry(), "{hỏng}", portal(linh_vuc="Khác"), 7]
    )
    report = ingested(home, path)
    assert (report.added, report.unchanged) == (2, 0)
    assert [failure.path.rpartition(":")[2] for failure in report.failed] == ["3", "4", "5"]
    assert [failure.code for failure in report.failed] == ["damaged", "duplicate", "damaged"]
    record = Record(home.record())
    card = record.card("1.900001")
    document = record.document("portal:1.900001")
    assert card is not None
    assert document is not None
    assert (document.source_id, document.kind, document.collection) == (
        "1.900001",
        "procedure",
        "thu-tuc",
    )
    assert {card.code for card in record.cards()} == {"1.900001", "1.900002"}


def test_lists_single_objects_and_folders(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "cong"
    write(folder / "bo-thu" / "1.900001.json", portal(), lines=False)
    write(folder / "bo-thu" / "1.900004.json", [portal("1.900004")], lines=True)
    write(folder / "ds.json", [ministry(), catalogue()], lines=False)
    (folder / "khac.json").write_text('{"a": 1}')
    report = ingested(home, folder)
    assert report.added == 4
    assert [Path(failure.path).name for failure in report.failed] == ["khac.json"]
    assert Record(home.record()).count() == 4
    assert ingested(home, folder).unchanged == 4


def test_zstd(home: Home, tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    path = tmp_path / "thu-tuc.jsonl.zst"
    path.write_bytes(zstandard.ZstdCompressor().compress(json.dumps(portal()).encode()))
    assert is_portal(path)
    assert ingested(home, path).added == 1
    path.write_bytes(b"(\xb5/\xfd broken")
    assert not is_portal(path)


def test_a_beir_corpus_stays_one(home: Home, tmp_path: Path) -> None:
    line = {"_id": "1", "title": "x", "text": '"ma_thu_tuc": trong một văn bản thường'}
    path = write(tmp_path / "corpus.jsonl", [line])
    assert not is_portal(path)
    assert ingested(home, path).added == 1


def test_a_changed_record_is_changed_and_one_that_is_gone_is_told(
    home: Home, tmp_path: Path
) -> None:
    path = write(tmp_path / "thu-tuc.jsonl", [portal(), ministry()])
    ingested(home, path)
    dearer = f"{ROWS}Trực tiếp5 Ngày90,000 VNĐ"
    write(path, [portal(cach_thuc_thuc_hien=dearer)])
    report = ingested(home, path)
    assert (report.changed, report.added) == (1, 0)
    assert [gone.documents for gone in report.gone] == [("portal:1.900002",)]
    card = Record(home.record()).card("1.900001")
    assert card is not None
    assert card.channels[0].fees[0].amount == 90_000


def test_the_old_catalogue_never_takes_the_place_of_a_record_of_today(
    home: Home, tmp_path: Path
) -> None:
    old = write(tmp_path / "danh-muc.jsonl", [catalogue("1.900001"), catalogue()])
    new = write(tmp_path / "thu-tuc.jsonl", [portal()])
    assert ingested(home, old).added == 2
    assert ingested(home, new).changed == 1
    write(old, [catalogue("1.900001"), {**catalogue(), "ten": "Đăng ký ô ăn quan"}])
    report = ingested(home, old)
    assert (report.changed, report.unchanged) == (1, 1)
    card = Record(home.record()).card("1.900001")
    assert card is not None
    assert card.levels


def test_labels_decide_the_store(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path / "thu-tuc.jsonl", [portal()])
    ingested(home, path, labels=("noi-bo",))
    assert Record(home.record("restricted")).card("1.900001") is not None
    report = ingested(home, path)
    assert report.failed[0].reason.startswith("tài liệu này đã được nạp với nhãn hạn chế")


def test_what_was_not_stored_yet_is_read_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from knowledge_base.portal.ingesting import Waiting

    folder = tmp_path / "cong"
    for n in range(3):
        write(folder / f"{n}.json", portal(f"1.90001{n}"), lines=False)
    with monkeypatch.context() as patched:
        patched.setattr(Waiting, "stored", lambda *_, **__: [])
        ingested(home, folder)  # as if it had been killed before anything was stored
    assert Record(home.record()).count() == 0
    assert ingested(home, folder).added == 3


def test_the_commands_show_every_slot(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path / "thu-tuc.jsonl", [portal(), ministry()])
    ingested(home, path)
    config = tmp_path / "config.yml"
    config.write_text("knowledge_base: {embedder: none, bundled_corpus: false}\n")
    options = ["--home", str(home.path), "--config", str(config), "kb"]
    shown = CliRunner().invoke(app, [*options, "show", "1.900001", "--json"])
    found = json.loads(shown.stdout)
    assert found["document_id"] == "portal:1.900001"
    assert found["channels"][0]["fees"][0]["amount"] == 40_000
    assert found["unreadable"] == []
    text = CliRunner().invoke(app, [*options, "show", "1.900001"]).stdout
    assert "40.000 đồng/giấy phép" in text
    assert CliRunner().invoke(app, [*options, "show", "9.999999"]).exit_code == 1
    lines = CliRunner().invoke(app, [*options, "cards", "--collection", "thu-tuc"]).stdout
    assert [json.loads(line)["code"] for line in lines.splitlines()] == ["1.900001", "1.900002"]
    table = CliRunner().invoke(app, [*options, "cards", "--format", "table"]).stdout
    assert table.splitlines()[0].split("\t")[0] == "1.900001"


def test_the_same_record_twice_is_nothing_wrong(home: Home, tmp_path: Path) -> None:
    other = portal(ten_thu_tuc="Tên khác")
    report = ingested(home, write(tmp_path / "a.jsonl", [portal(), portal(), other]))
    assert (report.added, len(report.failed)) == (1, 1)
    assert "nội dung khác" in report.failed[0].reason


@pytest.mark.parametrize("suffix", [".json", ".ndjson", ".txt", ""])
def test_one_after_another_and_wrapped(home: Home, tmp_path: Path, suffix: str) -> None:
    first, second = (
        json.dumps(portal(code), ensure_ascii=False, indent=1) for code in ("1.900001", "1.900004")
    )
    path = tmp_path / f"lien-tiep{suffix}"
    path.write_text(first + "\n" + second + "\n{", encoding="utf-8")
    report = ingested(home, path)
    assert (report.added, len(report.failed)) == (2, 1)
    path.write_text(json.dumps({"tong": 1, "data": [portal("1.900007")]}), encoding="utf-8")
    assert ingested(home, path).added == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_byte_order_marks(home: Home, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(portal(), ensure_ascii=False) + "\r\n", encoding=encoding)
    assert ingested(home, path).added == 1


def test_values_of_another_type_are_read(home: Home, tmp_path: Path) -> None:
    odd = portal() | {
        "ma_thu_tuc": 1.90001,
        "trinh_tu_thuc_hien": ["Bước 1: Nộp hồ sơ", "Bước 2: Nhận kết quả"],
        "linh_vuc": None,
        "ten_thu_tuc": "Tên\x00 lạ\u200b\ud800",
    }
    assert ingested(home, write(tmp_path / "a.json", [json.dumps(odd)])).added == 1
    card = Record(home.record()).card("1.900010")
    assert card is not None
    assert card.steps == ("Bước 1: Nộp hồ sơ", "Bước 2: Nhận kết quả")
    assert card.name == "Tên lạ?"


def test_a_bad_file_of_one_record_is_one_failure(home: Home, tmp_path: Path) -> None:
    report = ingested(home, write(tmp_path / "a.json", [portal() | {"ma_thu_tuc": "1/0"}]))
    assert [failure.path for failure in report.failed] == [str(tmp_path / "a.json")]
    assert report.failed[0].reason.startswith("mã thủ tục sai")
