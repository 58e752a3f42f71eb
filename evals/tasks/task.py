"""A task: a folder with ``task.yml`` and ``score.py``, and more only where it needs more.

========== ==========================================================================
task.yml   title, the question it answers, goals; which subjects and samples it takes
score.py   ``score(sample, output, ground)`` → scores; optional ``score_pair(pairs, ground)``
samples.py ``samples(sources)`` → samples, where they are made rather than read from a set
generate.py ``generate(sample, subject)`` → JSON, where it is not a conversation
========== ==========================================================================

Sets choose their tasks in ``dataset.yml``, so a new set needs no code, and a
new task is a new folder whose name stands in `evals.tasks.NAMES`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import EvalError
from evals.ground import Ground
from evals.samples import Dataset
from evals.subjects.port import Setting, Subject
from evals.vocabulary import Goal, Output, Sample, Score, Words

FOLDER = Path(__file__).parent

Pairs = Sequence[tuple[Sample, Output]]


class TaskCard(BaseModel):
    """``task.yml``.

    ``headline`` is the measure that stands for the task on the scoreboard.
    ``subjects``: which kinds of subject are asked ("own": troly by its doors,
    "baseline": what others would build; or a subject's name, where only that one can tell).
    ``fast``: how many samples the quick run of every commit takes; 0 leaves
    the task out. ``measured``: its figures depend on the machine (times,
    memory), so two runs differ. ``lower_is_better``: measures that are rates of
    something bad (or times); they are shown, and never list a worst sample.
    ``units``: of measures that are no shares of one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: Words
    asks: Words
    headline: str
    measures: dict[str, Words] = {}
    subjects: tuple[str, ...] = ("own",)
    goals: tuple[Goal, ...] = ()
    fast: int = 0
    measured: bool = False
    needs_data: bool = False
    lower_is_better: tuple[str, ...] = ()
    units: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where samples may come from: the sets of this run, the optional folder of public sets."""

    sets: Sequence[Dataset]
    data: Path | None
    setting: Setting
    seed: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def skip(self, what: str, why: str) -> None:
        """Say that a part of a task's samples is left out; the report tells it."""
        self.skipped.append((what, why))

    def named(self, name: str) -> tuple[Sample, ...]:
        """The samples of one set, or none."""
        return next((each.samples for each in self.sets if each.name == name), ())

    def of_task(self, task: str) -> list[Dataset]:
        """The sets that choose this task."""
        return [each for each in self.sets if task in each.card.tasks]


@dataclass(frozen=True)
class Task:
    """One task, read from its folder."""

    name: str
    card: TaskCard

    def takes(self, subject: str, role: str) -> bool:
        """Whether a subject of this name and role is asked."""
        return not {subject, role}.isdisjoint(self.card.subjects)

    @cached_property
    def _score(self) -> ModuleType:
        return importlib.import_module(f"evals.tasks.{self.name}.score")

    @property
    def score(self) -> Callable[[Sample, Output, Ground], list[Score]]:
        found: Callable[[Sample, Output, Ground], list[Score]] = self._score.score
        return found

    @property
    def score_pair(self) -> Callable[[Pairs, Ground], list[Score]] | None:
        """Scores of samples that share a ``pair``, where the task judges them together."""
        found: Callable[[Pairs, Ground], list[Score]] | None = getattr(
            self._score, "score_pair", None
        )
        return found

    @property
    def samples(self) -> Callable[[Sources], Sequence[Sample]] | None:
        """Makes the samples, where they are not those of sets."""
        found: Callable[[Sources], Sequence[Sample]] | None = self._part("samples")
        return found

    @property
    def generate(self) -> Callable[[Sample, Subject, Setting], Any] | None:
        """Asks the subject, where that is not a conversation."""
        found: Callable[[Sample, Subject, Setting], Any] | None = self._part("generate")
        return found

    def _part(self, name: str) -> Any:
        module = f"evals.tasks.{self.name}.{name}"
        return getattr(importlib.import_module(module), name) if find_spec(module) else None


def read(name: str) -> Task:
    """The task in the folder of this name. Raises `EvalError` where it is not whole."""
    file = FOLDER / name / "task.yml"
    try:
        return Task(name, TaskCard.model_validate(yaml.safe_load(file.read_text("utf-8"))))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise EvalError(f"{file} is no task: {error}") from error
