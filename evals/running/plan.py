"""Which subject is asked which samples for which tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.errors import EvalError, MissingData, UnknownName
from evals.samples import BadLine, Dataset, bundled_sets, chosen, content_hash, load
from evals.tasks.task import Sources, Task
from evals.vocabulary import Sample


@dataclass(frozen=True, slots=True)
class Group:
    """Samples that are asked together and kept in one file, and the tasks that score them.

    ``own``: the task that made the samples or asks in its own way; such a
    group is that task's alone.
    """

    name: str
    samples: tuple[Sample, ...]
    tasks: tuple[Task, ...]
    own: bool = False

    def takes(self, subject: str, role: str) -> bool:
        """Whether any of the tasks wants a subject of this name and role asked."""
        return any(task.takes(subject, role) for task in self.tasks)

    @property
    def hash(self) -> str:
        return content_hash(self.samples)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run asks, what of its sets cannot be read, and what is skipped and why."""

    groups: tuple[Group, ...]
    bad: tuple[BadLine, ...]
    skipped: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the samples is taken: a half (or "all"), how many of a group (0: all), quickly."""

    split: str = "all"
    limit: int = 0
    fast: bool = False

    def of(self, samples: Sequence[Sample], tasks: Sequence[Task]) -> tuple[Sample, ...]:
        limits = [self.limit] if self.limit else []
        if self.fast:
            limits.append(max(task.card.fast for task in tasks))
        return tuple(chosen(samples, self.split, min(limits, default=0)))


def sets_of(given: Sequence[Path]) -> tuple[list[Dataset], list[BadLine]]:
    """The sets that come with the program and those given; what of them is no set.

    A set that cannot be read costs itself, not the run. A path that is not
    there is a slip of the command line and raises `UnknownName`.
    """
    missing = [str(path) for path in given if not path.exists()]
    if missing:
        raise UnknownName(f"There is no dataset at {', '.join(missing)}.")
    sets: dict[str, Dataset] = {}
    bad: list[BadLine] = []
    for path in [*bundled_sets(), *given]:
        try:
            found = load(path)
        except EvalError as error:
            bad.append(BadLine(str(path), str(error)))
            continue
        if found.name in sets:
            bad.append(BadLine(str(path), f"another set is called {found.name}, too"))
        else:
            sets[found.name] = found
    return list(sets.values()), bad


def plan(
    tasks: Sequence[Task], sources: Sources, choice: Choice, bad: Sequence[BadLine] = ()
) -> Plan:
    """Group the samples of ``tasks``; a set that several tasks score is asked once."""
    groups: list[Group] = []
    skipped: list[tuple[str, str]] = []
    for dataset in sources.sets:
        scoring = tuple(t for t in tasks if t.name in dataset.card.tasks and t.samples is None)
        for own, part in _apart(scoring):
            samples = choice.of(dataset.samples, part)
            name = f"{part[0].name}.{dataset.name}" if own else dataset.name
            if samples:
                groups.append(Group(name, samples, part, own))
    for task in tasks:
        if task.samples is not None:
            try:
                made = task.samples(sources)
            except MissingData as error:
                skipped.append((task.name, str(error)))
                continue
            samples = choice.of(made, (task,))
            if samples:
                groups.append(Group(task.name, samples, (task,), own=True))
    lines = [line for dataset in sources.sets for line in dataset.bad]
    return Plan(tuple(groups), (*bad, *lines), (*skipped, *sources.skipped))


def _apart(tasks: tuple[Task, ...]) -> Iterator[tuple[bool, tuple[Task, ...]]]:
    """Those that share the answers to a conversation, and each that asks in its own way."""
    shared = tuple(task for task in tasks if task.generate is None)
    if shared:
        yield False, shared
    for task in tasks:
        if task.generate is not None:
            yield True, (task,)
