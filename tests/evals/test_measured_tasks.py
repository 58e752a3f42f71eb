"""Times and megabytes: what is counted, what is left out, and that it ends by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Config
from assistant.language_model.settings import ModelSettings
from evals.errors import MissingData, SubjectError
from evals.ground import Ground
from evals.subjects.in_process import open_plain
from evals.subjects.port import Reply, Setting
from evals.tasks import named
from evals.tasks.latency.generate import generate as latency
from evals.tasks.latency.score import score as score_latency
from evals.tasks.load.score import score as score_load
from evals.tasks.measured import joules, made, quantile, questions
from evals.tasks.memory import generate as memory
from evals.tasks.memory.score import score as score_memory
from evals.tasks.task import Sources
from evals.vocabulary import Output, Score, State
from knowledge_base.home import Home

GROUND = Ground({}, "")


class Timed:
    """Answers after as many milliseconds as the question says; fails for a word."""

    name = "timed"

    def __init__(self) -> None:
        self.usage = {"tokens": 12}
        self.asked: list[str] = []

    def describe(self) -> dict[str, Any]:
        return {}

    def converse(self, messages: Sequence[str], as_of: date | None) -> list[Reply]:
        self.asked += messages
        if not messages[0].isdigit():
            raise SubjectError("no such number")
        ms = float(messages[0])
        answer = {"status": "answered", "text": "", "ai_generated": True}
        return [Reply(answer, ms, {"look": ms / 2}, {"card": ms / 4, "final": ms})]

    def source(self, document_id: str, sha256: str) -> str | None:
        return None

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def setting(bundled_home: Home, tmp_path: Path) -> Setting:
    return Setting(bundled_home, Config(model=ModelSettings(kind="none")), tmp_path / "work")


def by_measure(scores: Sequence[Score]) -> dict[str, Score]:
    return {score.measure: score for score in scores}


def test_quantiles_are_of_the_nearest_rank() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [quantile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert quantile([7.0], 0.95) == 7.0


def test_latency_counts_each_question_once_and_not_the_first_try(setting: Setting) -> None:
    subject = Timed()
    given = {"questions": ["100", "200", "vỡ", "300"], "seconds": 60.0}
    sample = made("latency", "all", given)
    value = latency(sample, subject, setting)
    assert subject.asked == ["100", "100", "200", "vỡ", "300"]
    found = by_measure(score_latency(sample, Output(value=value), GROUND))
    assert found["p50 ms"].value == 200
    assert found["p95 ms"].value == found["p99 ms"].value == 300
    assert found["errors"].value == 0.25
    assert found["errors"].explanation == "no such number"
    assert found["card p95 ms"].value == 75
    assert found["step look"].value == 150
    assert found["tokens"].value == 12
    assert "first words p95 ms" not in found


def test_latency_of_who_never_answers_is_an_error(setting: Setting) -> None:
    value = {"ms": [], "errors": ["gone"], "tokens": [], "steps": {}, "marks": {}}
    sample = made("latency", "all", {})
    (only,) = score_latency(sample, Output(value=value), GROUND)
    assert only.state is State.ERROR
    assert only.explanation == "gone"


def test_latency_ends_when_its_time_is_over(setting: Setting) -> None:
    subject = Timed()
    latency(made("latency", "all", {"questions": ["1"] * 9, "seconds": 0.0}), subject, setting)
    assert len(subject.asked) <= 2


@pytest.mark.slow
def test_memory_is_that_of_a_fresh_process(setting: Setting) -> None:
    subject = open_plain(setting)
    given = {"questions": ["Làm hộ chiếu hết bao nhiêu tiền?"], "seconds": 60.0}
    with_vectors = made("memory", "as-configured", {**given, "embedder": None})
    by_words = made("memory", "words-alone", {**given, "embedder": "none"})
    found: dict[str, Score] = {}
    for sample in (with_vectors, by_words):
        value = memory.generate(sample, subject, setting)
        assert value is not None
        assert value["answers"] == 1
        found |= by_measure(score_memory(sample, Output(value=value), GROUND))
    subject.close()
    assert (found["resident MB"].value or 0) > (found["resident MB by words"].value or 0) > 20
    assert (found["peak MB"].value or 0) >= (found["resident MB"].value or 0)
    assert "model MB" not in found  # no model was configured


def test_memory_by_words_is_a_setting_of_troly_alone(setting: Setting) -> None:
    sample = made("memory", "words-alone", {"questions": ["a"], "seconds": 1.0, "embedder": "none"})
    assert memory.generate(sample, Timed(), setting) is None
    (only,) = score_memory(sample, Output(value=None), GROUND)
    assert only.state is State.UNSCORED


def test_a_process_that_cannot_be_measured_says_why(setting: Setting) -> None:
    sample = made("memory", "as-configured", {"questions": [], "seconds": 1.0, "embedder": None})
    with pytest.raises(SubjectError, match=r"ended with code 1 and said: .*no subject timed"):
        memory.generate(sample, Timed(), setting)


def test_load_weighs_errors_by_what_was_asked() -> None:
    phases = {
        "steady": {"ms": [1.0, 2.0, 3.0], "errors": []},
        "burst": {"ms": [], "errors": ["bận"]},
    }
    scores = score_load(made("load", "all", {}), Output(value=phases), GROUND)
    errors = [score for score in scores if score.measure == "errors"]
    assert [(each.value, each.weight) for each in errors] == [(0.0, 3), (1.0, 1)]
    assert "bận" in errors[1].explanation
    assert {score.measure for score in scores} == {"errors", "steady p50 ms", "steady p95 ms"}


def test_energy_is_left_out_where_it_cannot_be_read(tmp_path: Path) -> None:
    assert joules(tmp_path) is None
    for name, counted in (("intel-rapl:0", 2_500_000), ("intel-rapl:0:0", 1_000_000)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "energy_uj").write_text(f"{counted}\n")
    assert joules(tmp_path) == 2.5


def test_measured_tasks_need_questions_and_are_not_of_the_quick_run(setting: Setting) -> None:
    with pytest.raises(MissingData):
        questions(Sources((), None, setting), 10)
    for task in named(["latency", "memory", "load"]):
        assert task.card.measured
        assert task.card.fast == 0
        assert task.card.headline in task.card.lower_is_better
