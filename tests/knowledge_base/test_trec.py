"""``troly search`` as a benchmark calls it, and as a person does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from knowledge_base.search_commands import NOTHING_FOUND
from troly import app

CORPUS = [
    {"_id": "Luật A#1", "title": "Luật A - Điều 1", "text": "Quy định về đăng ký cư trú."},
    {"_id": "Luật A#2", "title": "Luật A - Điều 2", "text": "Quy định về hộ chiếu phổ thông."},
    {"_id": "b-3", "title": "Giấy phép", "text": "Cấp giấy phép lái xe cho người dân."},
    {"_id": "dài", "title": "Bài dài", "text": "Đoạn nói về giấy phép xây dựng nhà ở. " * 90},
]
QUERIES = [
    {"_id": "q1", "text": "đăng ký cư trú"},
    {"_id": "q2", "text": "giay phep lai xe"},
    {"_id": "q3", "text": "🙂"},
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the corpus in it, lexical only, and a file of queries beside it."""
    folder = tmp_path_factory.mktemp("trec")
    for name, rows in (("corpus.jsonl", CORPUS), ("queries.jsonl", QUERIES)):
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    (folder / "config.yml").write_text(
        "knowledge_base: {embedder: none, bundled_corpus: false}\n", encoding="utf-8"
    )
    done = run(folder, "ingest", str(folder / "corpus.jsonl"), "--format", "beir")
    assert done.exit_code == 0, done.output
    return folder


def run(place: Path, *arguments: str):  # type: ignore[no-untyped-def]
    options = ["--home", str(place / "home"), "--config", str(place / "config.yml")]
    return CliRunner().invoke(app, [*options, *arguments])


def test_a_run_is_one_line_a_document(place: Path) -> None:
    asked = str(place / "queries.jsonl")
    done = run(place, "search", "--queries", asked, "--format", "trec", "-k", "100")
    assert done.exit_code == 0, done.output
    # An id may hold blanks: it is what stands between the second field and the last three.
    rows = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    parsed = [(row[0], row[1], *row[2].rsplit(maxsplit=3)) for row in rows]
    assert [row[:3] for row in parsed if row[3] == "1"] == [
        ("q1", "Q0", "Luật A#1"),
        ("q2", "Q0", "b-3"),
    ]
    for query in ("q1", "q2"):
        own = [row for row in parsed if row[0] == query]
        assert [int(row[3]) for row in own] == list(range(1, len(own) + 1))
        scores = [float(row[4]) for row in own]
        assert scores == sorted(scores, reverse=True)
        assert len(set(scores)) == len(scores)
        assert len({row[2] for row in own}) == len(own)
        assert {row[5] for row in own} == {"troly"}


def test_json_has_what_a_citation_needs(place: Path) -> None:
    done = run(place, "search", "hộ chiếu phổ thông", "-k", "1", "--json")
    (hit,) = json.loads(done.stdout)
    assert hit["source_id"] == "Luật A#2"
    assert hit["text"] == "Quy định về hộ chiếu phổ thông."
    assert hit["end"] - hit["start"] == len(hit["text"])


def test_people_read_a_list_or_one_sentence(place: Path) -> None:
    assert "Giấy phép" in run(place, "search", "giấy phép lái xe").stdout
    nothing = run(place, "search", "thời tiết Paris")
    assert nothing.exit_code == 0
    assert nothing.stdout.strip() == NOTHING_FOUND


DECREE = """CHÍNH PHỦ

Số: {number}      Hà Nội, ngày 05 tháng 3 năm {year}

NGHỊ ĐỊNH
Quy định về nuôi chim bồ câu

Điều 1. Khai báo
Người nuôi chim bồ câu phải khai báo với Ủy ban nhân dân {extra}.

Điều 2. Hiệu lực thi hành
Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm {year}.{ends}
"""


def test_texts_that_another_text_ended_are_marked_and_last(tmp_path: Path) -> None:
    ends = " Nghị định này thay thế Nghị định số 7/2020/NĐ-CP."
    old = DECREE.format(number="07/2020/NĐ-CP", year=2020, extra="", ends="")
    new = DECREE.format(number="12/2025/NĐ-CP", year=2025, extra="xã nơi ở", ends=ends)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "nd7.txt").write_text(old, encoding="utf-8")
    (tmp_path / "docs" / "nd12.txt").write_text(new, encoding="utf-8")
    (tmp_path / "config.yml").write_text(
        "knowledge_base: {embedder: none, bundled_corpus: false}\n", encoding="utf-8"
    )
    assert run(tmp_path, "ingest", str(tmp_path / "docs")).exit_code == 0

    def found(query: str, day: str) -> list[tuple[str, str]]:
        done = run(tmp_path, "search", query, "--as-of", day, "--json")
        hits = [hit for hit in json.loads(done.stdout) if "Khai báo" in hit["path"][-1]]
        return [(hit["document_number"], hit["validity"]) for hit in hits]

    asked = "khai báo nuôi chim bồ câu với ủy ban nhân dân"
    assert found(asked, "2024-01-01") == [("07/2020/NĐ-CP", "in_force")]
    ended = ("07/2020/NĐ-CP", "not_in_force")
    assert found(asked, "2026-07-01") == [("12/2025/NĐ-CP", "in_force"), ended]
    shown = run(tmp_path, "search", asked, "--as-of", "2026-07-01").stdout
    assert "không còn hiệu lực: Được thay thế bởi" in " ".join(shown.split())
    # Who asks for it by number gets it first all the same.
    assert found("nghị định 7/2020/NĐ-CP khai báo", "2026-07-01")[0] == ended


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("search",), "--queries"),
        (("search", "  "), "trống"),
        (("search", "x", "--as-of", "hôm qua"), "2026-07-01"),
        (("search", "--queries", "không-có.jsonl"), "Không có tệp"),
    ],
)
def test_wrong_use_is_one_sentence(place: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(place, *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_bad_line_of_queries_is_named(place: Path, tmp_path: Path) -> None:
    bad = tmp_path / "q.jsonl"
    bad.write_text('{"_id": "1", "text": "x"}\n{"text": 3}\n', encoding="utf-8")
    done = run(place, "search", "--queries", str(bad), "--format", "trec")
    assert done.exit_code == 2
    assert "dòng 2" in done.stderr
