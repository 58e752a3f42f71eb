"""The retrieval task: known answers at every index, and the same figures as the benchmark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.build import build_assistant
from assistant.config import Config
from evals.benchmarks.figures import f2
from evals.errors import EvalError
from evals.ground import Ground
from evals.samples import BUNDLED, load, sample_of
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting
from evals.tasks import named
from evals.tasks.retrieval.generate import bundled_ways, generate
from evals.tasks.retrieval.samples import samples
from evals.tasks.retrieval.score import score
from evals.tasks.task import Sources
from evals.vocabulary import Output, Sample
from knowledge_base.home import Home
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record
from tests.evals.test_loaders import packed
from tests.evals.test_retrieval_benchmark import CORPUS, GOLD, QUERIES
from troly import app

DAY = date(2026, 11, 22)
NOTHING = Ground({}, "")
INDEXES = ("bm25", "bm25-bare", "dense", "rrf", "zscore", "lexical", "words", "troly")


@pytest.fixture(scope="module")
def subject(bundled_home: Home) -> Iterator[InProcess]:
    opened = InProcess(build_assistant(bundled_home, Config()))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indexes")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one small set in the form of its publisher."""
    folder = tmp_path / "data" / "alqac_2022"
    packed(folder / "corpus.jsonl.zst", CORPUS)
    packed(folder / "queries.dev.jsonl.zst", [{k: q[k] for k in ("_id", "text")} for q in QUERIES])
    rows = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in GOLD)]
    (folder / "qrels.dev.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path / "data"


def setting(home: Home, work: Path) -> Setting:
    words = KnowledgeSettings(embedder="none")
    return Setting(home, Config().model_copy(update={"knowledge_base": words}), work)


@pytest.mark.parametrize("index", INDEXES)
def test_a_stored_title_finds_itself(subject: InProcess, work: Path, index: str) -> None:
    knowledge = subject.assistant.knowledge
    ways, _ = bundled_ways(knowledge, work)
    ways.as_of = DAY
    with closing(Record(knowledge.home.record())) as record:
        documents = list(record.documents())
    holders: dict[str, set[str]] = {}
    for document in documents:
        holders.setdefault(document.title.lower(), set()).add(document.source_id)
    lost = []
    for document in documents[::9]:
        ended = document.effective_to is not None and document.effective_to < DAY
        found = ways.way(index)(document.title)[:3]
        if not ended and not holders[document.title.lower()].intersection(found):
            lost.append(document.id)
    assert not lost


def test_the_citizens_questions_are_there_without_a_data_folder(bundled_home: Home) -> None:
    sources = Sources([load(BUNDLED / "citizens")], None, setting(bundled_home, Path("unused")))
    found = samples(sources)
    assert len(found) > 300
    assert {sample.split for sample in found} == {"dev", "test"}
    assert all(sample.target.expected for sample in found)
    assert [what for what, _ in sources.skipped] == ["retrieval: public sets"]


def test_a_citizens_question_is_ranked_at_every_stage(subject: InProcess, tmp_path: Path) -> None:
    row = {"_id": "c", "text": "làm hộ chiếu hết bao nhiêu", "target": {"expected": ["procedure:1.001456"]}}  # fmt: skip # noqa: E501
    sample = replace(sample_of(row, "citizens"), as_of=DAY)
    value = generate(sample, subject, setting(subject.assistant.knowledge.home, tmp_path))
    assert list(value["rankings"]) == ["bm25", "dense", "rrf", "words", "troly"]
    assert value == generate(sample, subject, setting(subject.assistant.knowledge.home, tmp_path))
    scores = {s.measure: s for s in score(sample, Output(value=value), NOTHING)}
    assert scores["hit@3 troly"].value == 1.0
    assert "found as number" in scores["hit@3 troly"].explanation
    measures = named(["retrieval"])[0].card.measures
    assert scores.keys() <= measures.keys()


def test_figures_are_those_of_the_benchmark(
    subject: InProcess, data: Path, tmp_path: Path, bundled_home: Home
) -> None:
    here = setting(bundled_home, tmp_path / "work")
    sources = Sources([], data, here)
    found = samples(sources)
    assert [sample.id for sample in found].count("alqac_2022:q1") == 1
    assert "retrieval: portal" in dict(sources.skipped)
    values: dict[str, list[float]] = {}
    for sample in found:
        output = Output(value=json.loads(json.dumps(generate(sample, subject, here))))
        for each in score(sample, output, NOTHING):
            assert each.value is not None
            values.setdefault(each.measure, []).append(each.value)
    done = CliRunner().invoke(
        app,
        ["bench", "retrieval", "--data", str(data), "--sets", "alqac_2022", "--work",
         str(tmp_path / "bench"), "--no-vectors", "--no-speed", "--json", "--noise", "none"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    (told,) = json.loads(done.stdout)["sets"]
    for stage in ("bm25", "words"):
        for name, figure in told["figures"]["none"][stage].items():
            assert mean(values[f"{name} {stage}"]) == pytest.approx(figure["mean"]), name
    assert not any(measure.endswith(" troly") for measure in values)


def test_f2_counts_recall_more() -> None:
    assert f2(["a", "b", "c"], frozenset("a")) == pytest.approx(5 / 7)
    assert f2(["a", "b", "c"], frozenset("abc")) == 1.0
    assert f2(["x", "y", "z", "a"], frozenset("a")) == 0.0
    assert f2([], frozenset("a")) == 0.0


@pytest.mark.parametrize("value", [None, {}, {"rankings": {}}, {"rankings": []}, "text"])
def test_no_ranking_is_an_error_and_no_zero(value: Any) -> None:
    sample = sample_of({"_id": "c", "text": "?", "target": {"expected": ["a"]}}, "citizens")
    (only,) = score(sample, Output(value=value), NOTHING)
    assert only.state.value == "error"


def test_only_the_assistant_in_this_process_can_be_seen_searching(bundled_home: Home) -> None:
    class Door:
        name = "http"

    sample: Sample = sample_of({"_id": "c", "text": "?"}, "citizens")
    with pytest.raises(EvalError, match="http"):
        generate(sample, Door(), setting(bundled_home, Path("unused")))  # type: ignore[arg-type]
