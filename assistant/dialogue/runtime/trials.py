"""Rasa's own checks of its project: the data is consistent, stories and sentences come out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.dialogue.runtime.places import Places
from assistant.dialogue.runtime.training import Trained, command, learnt, write_config
from assistant.language_model.installer import CommandFailed, run
from knowledge_base.vietnamese import fold

#: Least macro F1 of the held-out sentences, as written and typed without diacritics.
FLOORS = {"": 0.92, ", không dấu": 0.88}

#: What of Rasa's report is no intent.
_MEANS = frozenset({"accuracy", "macro avg", "weighted avg", "micro avg"})


@dataclass(frozen=True, slots=True)
class Trial:
    """One check; ``summary`` is one line for a person."""

    name: str
    passed: bool
    summary: str


def run_trials(places: Places, model: Trained) -> Iterator[Trial]:
    """Each as it ends. Stories and sentences are read from the project's ``tests/``.

    The held-out sentences are made into a file of Rasa's kind each time, so that there is no
    copy of them that grows old; they fail below `FLOORS`, the project's own on nothing but errors.
    What Rasa says goes to a log; its reports lie in ``work/results`` afterwards.
    """
    places.log("test").unlink(missing_ok=True)
    results = places.work / "results"
    shutil.rmtree(results, ignore_errors=True)
    config = ["--config", str(write_config(places))]
    yield _trial(places, "rasa data validate", ["data", "validate", *config, *learnt(places)])
    stories, sentences = _holding(places, "stories"), _holding(places, "nlu")
    common = ["--model", str(model.path)]
    if stories:
        out = results / "core"
        options = [*common, "--stories", str(_gathered(places, "core", stories)), "--no-plot"]
        options += ["--fail-on-prediction-errors", "--out", str(out)]
        yield _trial(places, "rasa test core", ["test", "core", *options], _stories(out))
    if sentences:
        out = results / "nlu"
        options = [*common, "--nlu", str(_gathered(places, "nlu", sentences)), "--no-plot"]
        yield _nlu(places, "rasa test nlu", options, out, floor=0.0)
    if places.held_out.is_file():
        for number, (how, floor) in enumerate(FLOORS.items()):
            out = results / f"held-out-{number}"
            file = _held_out(places, number, fold if how else str)
            options = [*common, "--nlu", str(file), "--no-plot"]
            yield _nlu(places, f"rasa test nlu{how}", options, out, floor)


def _nlu(places: Places, name: str, options: list[str], out: Path, floor: float) -> Trial:
    domain = ["--domain", str(places.project / "domain.yml")]
    trial = _trial(places, name, ["test", "nlu", *options, *domain, "--out", str(out)])
    if not trial.passed:
        return trial
    report = _read(out / "intent_report.json")
    # "nlu_fallback" is no intent that anybody has: to have it told is a miss of another one.
    named = [row for intent, row in report.items() if intent not in _MEANS]
    rows = [row for row in named if isinstance(row, dict) and row.get("support")]
    if not rows:
        return Trial(name, False, f"Không có {out / 'intent_report.json'}")
    count = sum(row["support"] for row in rows)
    right = sum(row["recall"] * row["support"] for row in rows) / count
    f1 = sum(row["f1-score"] for row in rows) / len(rows)
    summary = f"F1 {f1:.3f}, đúng {right:.3f} trên {count:.0f} câu, {len(rows)} ý định"
    if f1 < floor:
        return Trial(name, False, f"{summary}; F1 phải từ {floor:.2f}")
    return Trial(name, True, summary)


def _held_out(places: Places, number: int, typed: Callable[[str], str]) -> Path:
    """The held-out sentences (``intent: [sentence, …]``) as a file that Rasa reads."""
    listed = yaml.safe_load(places.held_out.read_text(encoding="utf-8"))
    nlu = [
        {"intent": intent, "examples": "".join(f"- {typed(text)}\n" for text in texts)}
        for intent, texts in listed.items()
    ]
    folder = places.work / f"tests-held-out-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    path = folder / "held_out.yml"
    text = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


def _trial(
    places: Places, name: str, words: list[str], report: Callable[[], str] = lambda: ""
) -> Trial:
    try:
        run(
            command(places, *words),
            what=name,
            env=places.environment(),
            log=places.log("test"),
            nice=5,
            cwd=places.work,
        )
    except CommandFailed as error:
        last = [line.strip() for line in error.tail if line.strip()][-1:]
        return Trial(name, False, " ".join(last)[:300])
    return Trial(name, True, report())


def _holding(places: Places, key: str) -> list[Path]:
    """Files of the tests that have something under ``key``."""
    found = []
    for path in sorted((places.project / "tests").glob("*.yml")):
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(read, dict) and read.get(key):
            found.append(path)
    return found


def _gathered(places: Places, name: str, files: list[Path]) -> Path:
    """A folder with these files alone: Rasa takes a folder, but no list."""
    folder = places.work / f"tests-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in files:
        shutil.copy(path, folder / path.name)
    return folder


def _stories(out: Path) -> Callable[[], str]:
    def report() -> str:
        read = _read(out / "story_report.json")
        told = read.get("conversation_accuracy", {})
        return f"{told.get('correct', '?')}/{told.get('total', '?')} hội thoại"

    return report


def _read(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
