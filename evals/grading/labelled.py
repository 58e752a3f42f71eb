"""The sample that a model grader is held against: answers with two readings by the set's author.

They come with the program, so a model that cannot judge is found out on any
machine before its first figure is believed. Both readings are of one hand:
grades by several people (``troly eval grade``) say more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.errors import EvalError
from evals.grading.agreement import agreement
from evals.grading.grades import FOLDER, read_book
from evals.grading.items import Item, by_key
from evals.grading.words import SCALE, Key, Reason, Verdict
from evals.samples import BUNDLED, load
from evals.vocabulary import AnswerRead, State

SET = "graded"


class Label(BaseModel):
    """One reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    readability: int | None = Field(default=None, ge=1, le=5)


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    answer: AnswerRead
    labels: tuple[Label, Label]


def folder_of(run: Path) -> Path:
    """Where a run keeps what models made of the labelled sample."""
    return run / FOLDER / SET


def read(path: Path = BUNDLED / SET) -> tuple[list[Item], dict[Key, tuple[Label, Label]]]:
    """The answers, and their two readings. Raises `EvalError` where the set is broken."""
    items, labels = [], {}
    found = load(path)
    if found.bad:
        raise EvalError(f"{found.bad[0].where}: {found.bad[0].why}")
    for sample in found.samples:
        try:
            given = _Given.model_validate(sample.given)
        except ValidationError as error:
            raise EvalError(f"{found.path / found.version.file}: {sample.id}: {error}") from error
        item = Item(SET, sample, (given.answer,))
        items.append(item)
        labels[item.key] = given.labels
    return items, labels


def section(run: Path) -> dict[str, Any] | None:
    """What the report says of it; None where no model was held against it in this run."""
    files = sorted(folder_of(run).glob("*.jsonl"))
    if not files:
        return None
    items, labels = read()
    known = by_key(items)
    return {
        "set": SET,
        "n": len(items),
        "readings": between_readings(labels.values()),
        "models": [
            {"model": path.stem, **_model(path, known, labels)} for path in files
        ],
    }  # fmt: skip


def between_readings(labels: Iterable[tuple[Label, Label]]) -> dict[str, Any]:
    """How far the two readings agree: more than that no grader can reach."""
    both = [
        [SCALE.index(label.verdict) for label in pair]
        for pair in labels
        if all(label.verdict in SCALE for label in pair)
    ]
    return agreement([a for a, _ in both], [b for _, b in both], len(SCALE))


def _model(
    path: Path, known: Mapping[Key, Item], labels: Mapping[Key, tuple[Label, Label]]
) -> dict[str, Any]:
    grades = {
        key: grade
        for key, grade in read_book(path).latest().items()
        if key in known
        and (grade.sample, grade.answer) == (known[key].sample.hash, known[key].hash)
    }
    readings = []
    for reading in (0, 1):
        steps = [
            (SCALE.index(grade.verdict), SCALE.index(labels[key][reading].verdict))
            for key, grade in grades.items()
            if grade.verdict in SCALE and labels[key][reading].verdict in SCALE
        ]
        found = agreement([a for a, _ in steps], [b for _, b in steps], len(SCALE))
        readings.append({"reading": f"reading {reading + 1}", **found})
    errors = sum(grade.state is State.ERROR for grade in grades.values())
    verdicts = {
        verdict.value: sum(grade.verdict is verdict for grade in grades.values())
        for verdict in Verdict
    }
    return {"errors": errors, "verdicts": verdicts, "readings": readings}
