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


@dataclass(frozen=True, slots=True)
class Trial:
    """One check; ``summary`` is one line for a person."""

    name: str
    passed: bool
    summary: str


def run_trials(places: Places, model: Trained) -> Iterator[Trial]:
    """Each as it ends. Stories and sentences are read from the project's ``tests/``.

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
        domain = ["--domain", str(places.project / "domain.yml")]
        options += [*domain, "--out", str(out)]
        yield _trial(places, "rasa test nlu", ["test", "nlu", *options], _sentences(out))


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


def _sentences(out: Path) -> Callable[[], str]:
    def report() -> str:
        told = _read(out / "intent_report.json").get("macro avg", {})
        share, count = told.get("f1-score"), told.get("support")
        return f"F1 {share:.3f} trên {count} câu" if isinstance(share, float) else ""

    return report


def _read(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
