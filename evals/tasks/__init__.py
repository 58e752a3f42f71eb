"""What is evaluated, in the order of the report. One folder a task, see `evals.tasks.task`."""

from __future__ import annotations

from collections.abc import Sequence

from evals.errors import UnknownName
from evals.tasks.task import Task, read

NAMES = (
    "answers",
    "routing",
    "citations",
    "numbers",
    "dates",
    "safety",
    "leaks",
    "access",
    "refusals",
    "premises",
    "follow_ups",
    "dialogue",
    "profiles",
    "parity",
    "channels",
    "retrieval",
    "understanding",
    "slots",
    "law",
    "civil_servant",
    "legal_support",
    "plain",
    "conflicts",
    "drafting",
    "figures",
    "judgments",
    "uploads",
    "latency",
    "memory",
    "load",
    "mutants",
)


def every() -> list[Task]:
    """All tasks."""
    return [read(name) for name in NAMES]


def named(names: Sequence[str]) -> list[Task]:
    """The tasks of these names, in the order of the report; ``all`` (or nothing) is every one.

    ``fast`` are those that every commit is checked with. Raises `UnknownName`.
    """
    wanted = set(names) or {"all"}
    unknown = wanted - {"all", "fast", *NAMES}
    if unknown:
        raise UnknownName(
            f"There is no task {', '.join(sorted(unknown))}. There are: all, fast, "
            f"{', '.join(NAMES)}."
        )
    tasks = every()
    if "all" in wanted:
        return tasks
    return [t for t in tasks if t.name in wanted or ("fast" in wanted and t.card.fast)]
