"""`rasa test` over held-out sentences: what is made for Rasa, and when its report is a failure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from assistant.dialogue.runtime import trials
from assistant.dialogue.runtime.places import Places
from assistant.dialogue.runtime.training import Trained
from evals.benchmarks.intents_served import ENTITIES, entity_f1


def _row(f1: float, support: int) -> dict[str, float]:
    return {"precision": f1, "recall": f1, "f1-score": f1, "support": support}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    held_out = tmp_path / "held_out.yml"
    held_out.write_text('greet: [Chào]\nask_fee: ["Lệ phí?", "Giá?"]\n', encoding="utf-8")
    project = tmp_path / "project"
    (project / "data").mkdir(parents=True)
    (project / "domain.yml").write_text("version: '3.1'\n", encoding="utf-8")
    made = Places(tmp_path / "home", project=project, held_out=held_out)
    made.make()
    return made


def _run(places: Places, report: dict[str, object], patch: pytest.MonkeyPatch) -> list[list[str]]:
    """Stand in for Rasa: it writes this report."""
    calls: list[list[str]] = []

    def run(words: list[str], **_: object) -> None:
        calls.append(words)
        if "--out" in words:
            out = Path(words[words.index("--out") + 1])
            out.mkdir(parents=True)
            (out / "intent_report.json").write_text(json.dumps(report), encoding="utf-8")

    patch.setattr(trials, "run", run)
    return calls


def _tried(places: Places) -> dict[str, trials.Trial]:
    model = Trained(places.models / "m.tar.gz", fresh=False)
    return {each.name: each for each in trials.run_trials(places, model)}


def test_a_fallback_is_a_miss_and_no_intent(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = {"greet": _row(1.0, 1), "ask_fee": _row(0.9, 2), "nlu_fallback": _row(0.0, 0)}
    report |= {"macro avg": _row(0.6, 3), "weighted avg": _row(0.9, 3)}
    calls = _run(places, {**report, "accuracy": 0.9}, monkeypatch)
    tried = _tried(places)
    assert tried["rasa test nlu"].passed
    assert "F1 0.950" in tried["rasa test nlu"].summary
    assert "3 câu, 2 ý định" in tried["rasa test nlu"].summary
    files = [Path(words[words.index("--nlu") + 1]) for words in calls if "--nlu" in words]
    made = [yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"] for file in files]
    assert made[0][1] == {"intent": "ask_fee", "examples": "- Lệ phí?\n- Giá?\n"}
    assert made[1][1]["examples"].casefold() == "- le phi?\n- gia?\n"


def test_below_the_floor_is_a_failure(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    _run(places, {"greet": _row(0.9, 1), "ask_fee": _row(0.9, 2)}, monkeypatch)
    tried = _tried(places)
    assert not tried["rasa test nlu"].passed
    assert "0.92" in tried["rasa test nlu"].summary
    assert tried["rasa test nlu, không dấu"].passed


def test_no_report_is_a_failure(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    _run(places, {}, monkeypatch)
    assert not _tried(places)["rasa test nlu"].passed


def test_named_things_are_found() -> None:
    assert ENTITIES.is_file()
    assert entity_f1() >= 0.9
