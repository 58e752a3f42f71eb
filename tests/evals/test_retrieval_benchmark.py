"""The retrieval benchmark over a small corpus: sets, ways, tables, and the same as search."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.benchmarks.noises import NOISES, noised
from evals.benchmarks.sets import TestSet as Queries
from evals.benchmarks.textbook import Textbook
from evals.noise import strip
from troly import app

CORPUS = [
    {"_id": "a", "title": "Đăng ký thường trú", "text": "Hồ sơ đăng ký thường trú gồm tờ khai."},
    {"_id": "b", "title": "Đăng ký tạm trú", "text": "Người dân đăng ký tạm trú tại công an xã."},
    {"_id": "c", "title": "Cấp hộ chiếu", "text": "Hộ chiếu phổ thông cấp cho công dân."},
    {"_id": "d", "title": "Giấy phép xây dựng", "text": "Nhà ở riêng lẻ cần giấy phép. " * 60},
]
QUERIES = [
    {"_id": "q1", "text": "đăng ký tạm trú ở đâu", "kind": "full"},
    {"_id": "q2", "text": "hộ chiếu phổ thông", "kind": "short"},
    {"_id": "q3", "text": "giấy phép xây nhà ở", "kind": "short"},
    {"_id": "q4", "text": "không có đáp án", "kind": "short"},
]
GOLD = [("q1", "b", 1), ("q2", "c", 1), ("q3", "d", 1), ("q4", "a", 0)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set in BEIR form."""
    made = tmp_path_factory.mktemp("sets") / "small"
    made.mkdir()
    for name, rows in (("corpus", CORPUS), ("queries", QUERIES)):
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (made / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    lines = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in GOLD)]
    (made / "qrels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


def bench(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["bench", "retrieval", *arguments])


def test_queries_without_an_answer_are_left_out(folder: Path) -> None:
    read = Queries.read(folder)
    assert list(read.queries) == ["q1", "q2", "q3"]
    assert read.gold["q1"] == {"b"}
    assert read.kinds["q2"] == "short"
    assert len(read.limited(2).queries) == 2
    assert read.limited(2) == read.limited(2)


def test_textbook_bm25_finds_words_and_knows_no_diacritics(folder: Path, tmp_path: Path) -> None:
    texts = list(Queries.read(folder).texts())
    plain = Textbook.build(texts)
    assert plain.ranking("cấp hộ chiếu", 10)[0] == "c"
    assert plain.ranking("cap ho chieu", 10) == []
    assert plain.ranking("", 10) == []
    folded = Textbook.build(texts, strip)
    assert folded.ranking("cap ho chieu", 10)[0] == "c"
    folded.save(tmp_path / "kept.npz")
    opened = Textbook.open(tmp_path / "kept.npz", strip)
    assert opened.scores("cap ho chieu").tolist() == folded.scores("cap ho chieu").tolist()


def test_bm25_is_that_of_the_textbook() -> None:
    """One word, by hand: idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / mean))."""
    found = Textbook.build([("a", "xin xin"), ("b", "chào")]).scores("xin")
    idf = 0.6931471805599453  # ln(1 + (2 - 1 + 0.5) / (1 + 0.5))
    length, mean = 3, 2.0  # "xin", "xin", "xin xin"; and "chào"
    assert found[0] == pytest.approx(idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * length / mean)))
    assert found[1] == 0


def test_noise_is_the_same_each_time() -> None:
    text = "Thủ tục đăng ký thường trú cần những giấy tờ gì"
    made = {name: noised(text, name) for name in NOISES}
    assert made["none"] == text
    assert made == {name: noised(text, name) for name in NOISES}
    assert made["bare"] == "Thu tuc dang ky thuong tru can nhung giay to gi"


def test_the_tables_have_every_way_and_noise(folder: Path, work: Path) -> None:
    done = bench(str(folder), "--work", str(work), "--no-vectors", "--noise", "none,bare,telex")
    assert done.exit_code == 0, done.output
    table = done.stdout
    assert "| small (4 documents, 3 queries) | as typed | BM25 | 1.000 (1.00–1.00)" in table
    for part in ("Telex keys", "**troly without vectors**", "### By kind", "peak RSS"):
        assert part in table
    assert "LangChain" not in table  # it is nothing without vectors


def test_json_says_all_of_it(folder: Path, work: Path) -> None:
    done = bench(
        str(folder), "--work", str(work), "--no-vectors", "--no-speed", "--json", "--ways",
        "bm25,words",
    )  # fmt: skip
    report = json.loads(done.stdout)
    (small,) = report["sets"]
    assert small["figures"]["none"]["words"]["hit@1"] == {"mean": 1.0, "low": 1.0, "high": 1.0}
    assert small["against"]["none"][0] == "bm25"
    assert small["kinds"]["short"][0] == 2
    assert small["parity"]["bm25"] == 0
    assert report["ran_on"]["cores"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--ways", "magic", "."), "cách tìm magic"),
        (("--noise", "magic", "."), "kiểu gõ magic"),
        (("--sets", "magic", "--data", "."), "bộ câu hỏi magic"),
        (("--sets", "portal"), "--data"),
        ((), "--data"),
    ],
)
def test_wrong_names_are_told(arguments: tuple[str, ...], told: str) -> None:
    assert told in str(bench(*arguments).exception)


def test_sets_that_are_not_there_are_passed_over(tmp_path: Path) -> None:
    nothing = bench("--data", str(tmp_path), "--work", str(tmp_path / "w"), "--sets", "portal")
    assert nothing.exit_code == 1
    assert "portal: bỏ qua" in nothing.stderr


def test_ways_that_need_vectors(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("langchain_text_splitters")
    ways = "dense,dense-read,rrf,zscore,chain,troly"
    done = bench(
        str(folder), "--work", str(tmp_path), "--ways", ways, "--noise", "none", "--no-speed",
        "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    (small,) = json.loads(done.stdout)["sets"]
    figures = small["figures"]["none"]
    assert list(figures) == ways.split(",")
    assert all(each["hit@3"]["mean"] == 1 for each in figures.values())


def test_search_of_an_ingested_set_gives_the_same_run(folder: Path, work: Path) -> None:
    """``troly ingest`` and ``troly search --format trec`` rank as the benchmark's row does."""
    from evals.benchmarks.ways import Place, Ways, embedder_of, today
    from knowledge_base.settings import KnowledgeSettings

    (work / "config.yml").write_text("knowledge_base: {embedder: none}\n", encoding="utf-8")
    general = ["--home", str(work / "home"), "--config", str(work / "config.yml")]
    for command in (
        ["ingest", "--format", "beir", str(folder / "corpus.jsonl")],
        ["search", "--queries", str(folder / "queries.jsonl"), "--format", "trec", "-k", "100"],
    ):
        done = CliRunner().invoke(app, [*general, *command])
        assert done.exit_code == 0, done.output
    run: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        query, _, document, *_ = line.split()
        run.setdefault(query, []).append(document)
    assert bench(str(folder), "--work", str(work), "--no-vectors", "--no-speed").exit_code == 0
    settings = KnowledgeSettings(embedder="none", threads=2, bundled_corpus=False)
    ways = Ways(Place(work, "small"), settings, embedder_of(settings), today())
    for key, text in Queries.read(folder).queries.items():
        assert ways.way("words")(text) == run[key]
    ways.close()
