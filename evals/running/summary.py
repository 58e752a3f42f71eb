"""From scores to what an evaluator reads: means, intervals, goals, blockers, the worst samples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.running.intervals import interval, paired, share
from evals.tasks.task import Task
from evals.vocabulary import Goal

SCHEMA = 1
OURS = "troly"
_WORST_A_TASK = 12
_DIGITS = 4

Row = Mapping[str, Any]


def summary(
    run: Mapping[str, Any],
    tasks: Sequence[Task],
    rows: Sequence[Row],
    examples: Mapping[tuple[str, str, str], Mapping[str, Any]],
    bad_lines: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """What report.json says; nothing in it differs between two equal runs.

    ``examples``: question, answer, expected and evidence by (subject, set, sample).
    """
    by_task: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_task[row["task"]].append(row)
    told = [_task(task, by_task[task.name]) for task in tasks if by_task[task.name]]
    goals = [
        _goal(task, goal, by_task[task.name])
        for task in tasks
        for goal in task.card.goals
        if any(goal.dataset in ("", row["dataset"]) for row in by_task[task.name])
    ]
    blockers = [
        {**_brief(row), **_example(row, examples)}
        for row in rows
        if row["blocker"] and row["state"] == "scored" and row["value"] < 1
        and is_own(row["subject"], run)
    ]  # fmt: skip
    blockers += [_missed(goal) for goal in goals if goal["blocks"] and goal["met"] == "no"]
    errors = [_brief(row) for row in rows if row["state"] == "error"]
    return {
        "schema": SCHEMA,
        "run": dict(run),
        "verdict": {
            "may_go_live": not blockers and not any(is_own(e["subject"], run) for e in errors),
            "blockers": len(blockers),
            "goals_met": sum(goal["met"] == "yes" for goal in goals),
            "goals": len(goals),
            "errors": len(errors) + len(bad_lines),
        },
        "blockers": blockers,
        "errors": errors,
        "bad_lines": list(bad_lines),
        "goals": goals,
        "beside": beside(tasks, by_task, run),
        "tasks": told,
        "worst": worst(tasks, by_task, examples, run),
    }


def is_own(subject: str, run: Mapping[str, Any]) -> bool:
    """Whether this subject is troly by one of its doors: only that can go live."""
    return bool(run["subjects"].get(subject, {}).get("role") == "own")


def _task(task: Task, rows: Sequence[Row]) -> dict[str, Any]:
    subjects: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        subjects[row["subject"]][row["measure"]].append(row)
    return {
        "name": task.name,
        "title": task.card.title.model_dump(),
        "asks": task.card.asks.model_dump(),
        "headline": task.card.headline,
        "measured": task.card.measured,
        "units": task.card.units,
        "lower_is_better": list(task.card.lower_is_better),
        "measure_titles": {name: words.model_dump() for name, words in task.card.measures.items()},
        "subjects": {
            subject: {
                measure: {
                    "all": figures(found),
                    "split": _by("split", found),
                    "kind": _by("kind", found),
                    "dataset": _by("dataset", found),
                }
                for measure, found in measures.items()
            }
            for subject, measures in subjects.items()
        },
    }


def figures(rows: Iterable[Row]) -> dict[str, Any]:
    """Mean and interval of what was scored, and how much was not."""
    found = list(rows)
    scored = [row for row in found if row["state"] == "scored"]
    values, weights = [r["value"] for r in scored], [r["weight"] for r in scored]
    of_shares = all(0 <= value <= 1 for value in values)
    mean, low, high = (share if of_shares else interval)(values, weights)
    return {
        "mean": round(mean, _DIGITS) if scored else None,
        "low": round(low, _DIGITS) if scored else None,
        "high": round(high, _DIGITS) if scored else None,
        "n": len(scored),
        "unscored": sum(row["state"] == "unscored" for row in found),
        "errors": sum(row["state"] == "error" for row in found),
    }


def _by(key: str, rows: Sequence[Row]) -> dict[str, Any]:
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[row[key]].append(row)
    return {name: figures(part) for name, part in sorted(parts.items()) if name}


def _goal(task: Task, goal: Goal, rows: Sequence[Row]) -> dict[str, Any]:
    """Met, not met, or not sure: the interval reaches across the goal.

    Judged on the half nobody looked at while working, where there is one.
    """
    of_goal = [
        row
        for row in rows
        if row["measure"] == goal.measure
        and row["subject"] == goal.subject
        and goal.dataset in ("", row["dataset"])
        and goal.kind in ("", row["kind"])
    ]
    unseen = [row for row in of_goal if row["split"] == "test"]
    found = figures(unseen or of_goal)
    mean = found["mean"]
    return {
        "task": task.name,
        "measure": goal.measure,
        "subject": goal.subject,
        "dataset": goal.dataset,
        "kind": goal.kind,
        "blocks": goal.blocks,
        "at_least": goal.at_least,
        "at_most": goal.at_most,
        "split": "test" if unseen else "all",
        **found,
        "met": "unknown" if mean is None else "yes" if goal.met(mean) else "no",
        "certain": mean is not None and goal.met(found["low"]) == goal.met(found["high"]),
    }


def _missed(goal: Mapping[str, Any]) -> dict[str, Any]:
    """A goal that blocks, as a blocker: it is of all samples, and of none alone."""
    bound = f"≥ {goal['at_least']}" if goal["at_most"] is None else f"≤ {goal['at_most']}"
    row = {key: goal[key] for key in ("task", "subject", "dataset", "kind", "split", "measure")}
    return {**row, "sample": "", "value": goal["mean"], "why": f"{bound}, n = {goal['n']}"}


def beside(
    tasks: Sequence[Task], by_task: Mapping[str, Sequence[Row]], run: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """troly and each baseline on the same samples, with the interval of the difference."""
    found = []
    others = [name for name, about in run["subjects"].items() if about["role"] == "baseline"]
    for task in tasks:
        for measure, mine in _scored_values(by_task[task.name], OURS).items():
            for other in others:
                theirs = _scored_values(by_task[task.name], other).get(measure, {})
                shared = [at for at in mine if at in theirs]
                if not shared:
                    continue
                weights = [mine[at][1] for at in shared]
                difference, low, high = paired(
                    [mine[at][0] for at in shared], [theirs[at][0] for at in shared], weights
                )
                means = (
                    interval([side[at][0] for at in shared], weights)[0] for side in (mine, theirs)
                )
                row = dict(zip(("ours", "theirs"), means, strict=True))
                row |= {"difference": difference, "low": low, "high": high}
                found.append(
                    {"task": task.name, "measure": measure, "subject": other, "n": len(shared)}
                    | {key: round(value, _DIGITS) for key, value in row.items()}
                )
    return found


def _scored_values(
    rows: Sequence[Row], subject: str
) -> dict[str, dict[tuple[str, str, int], tuple[float, float]]]:
    """``(value, weight)`` by measure and by set, sample and turn."""
    found: dict[str, dict[tuple[str, str, int], tuple[float, float]]] = defaultdict(dict)
    for row in rows:
        if row["subject"] == subject and row["state"] == "scored":
            part = found[row["measure"]]
            at = 0
            while (row["dataset"], row["sample"], at) in part:
                at += 1
            part[row["dataset"], row["sample"], at] = (row["value"], row["weight"])
    return found


def worst(
    tasks: Sequence[Task],
    by_task: Mapping[str, Sequence[Row]],
    examples: Mapping[tuple[str, str, str], Mapping[str, Any]],
    run: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Samples on which troly itself did worst: blockers first, then the lowest, spread over kinds.

    Of the half kept for reporting only ids and figures would help nobody, so
    both halves are shown; who works on the program reads the dev half alone.
    """
    found = []
    for task in tasks:
        if task.card.measured:  # milliseconds and megabytes, not samples done well or badly
            continue
        rows = [
            row
            for row in by_task[task.name]
            if row["state"] == "scored"
            and row["value"] < 1
            and row["measure"] not in task.card.lower_is_better
            and is_own(row["subject"], run)
        ]
        lowest: dict[tuple[str, str, str], Row] = {}
        for row in rows:
            at = (row["subject"], row["dataset"], row["sample"])
            if at not in lowest or _badness(row) < _badness(lowest[at]):
                lowest[at] = row
        ordered = sorted(lowest.values(), key=_badness)
        found += [
            {**_brief(row), **_example(row, examples)} for row in _spread(ordered)[:_WORST_A_TASK]
        ]
    return found


def _badness(row: Row) -> tuple[bool, float, str, str]:
    return (not row["blocker"], row["value"], row["subject"], row["sample"])


def _spread(rows: Sequence[Row]) -> list[Row]:
    """Round robin over kinds, so that one weak kind does not fill the table."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row["kind"]].append(row)
    blockers = [row for row in rows if row["blocker"]]
    rest = []
    for turn in range(max(map(len, kinds.values()), default=0)):
        rest += [part[turn] for part in kinds.values() if len(part) > turn]
    return blockers + [row for row in rest if not row["blocker"]]


def _brief(row: Row) -> dict[str, Any]:
    keys = ("task", "subject", "dataset", "sample", "kind", "split", "measure", "value", "why")
    return {key: row[key] for key in keys}


def _example(
    row: Row, examples: Mapping[tuple[str, str, str], Mapping[str, Any]]
) -> dict[str, Any]:
    return dict(examples.get((row["subject"], row["dataset"], row["sample"]), {}))
