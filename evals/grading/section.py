"""What the report says about grades: who graded, what they said, how far they agree, and where not.

A pure function of the run's folder, so two reports of the same files are the
same bytes; nothing in it decides whether the assistant may go live.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from evals.errors import EvalError
from evals.grading import labelled
from evals.grading.agreement import agreement
from evals.grading.grades import FOLDER, Book, books
from evals.grading.items import Item, holds, items_of
from evals.grading.words import SCALE, Grade, Key, Reason, Verdict
from evals.running.folder import RunFolder
from evals.running.intervals import interval
from evals.vocabulary import State

_MOST_DISAGREEMENTS = 40
_LONGEST = 2000
_DIGITS = 4

Row = Mapping[str, Any]
Grades = Mapping[Key, Grade]


def section(folder: RunFolder, rows: Sequence[Row]) -> dict[str, Any] | None:
    """``grading`` of report.json; None where nobody graded. ``rows`` are those of scores.jsonl."""
    if not (folder.path / FOLDER).is_dir():
        return None
    found = list(books(folder.path))
    subjects = sorted({grade.key[0] for book in found for grade in book.done})
    known = {item.key: item for each in subjects for item in _items(folder, each)}
    holding = {book.grader: _holding(book, known) for book in found}
    suite = _suite(rows)
    return {
        "graders": [_grader(book, holding[book.grader], known) for book in found],
        "pairs": [
            {"a": a.grader, "b": b.grader, **between(holding[a.grader], holding[b.grader])}
            for a, b in combinations(found, 2)
            if not (a.is_model and b.is_model)
        ],
        "with_suite": [
            row for book in found for row in _with_suite(book.grader, holding[book.grader], suite)
        ],
        "disagreements": list(_disagreements(found, holding, suite, known))[:_MOST_DISAGREEMENTS],
        "labelled": labelled.section(folder.path),
        "bad_lines": [
            {"where": line.where.removeprefix(f"{folder.path}/"), "why": line.why}
            for book in found
            for line in book.bad
        ],
    }


def between(ours: Grades, theirs: Grades) -> dict[str, Any]:
    """Agreement on what both judged; what either could not judge is counted apart."""
    both = [key for key in ours if key in theirs]
    steps = [
        (SCALE.index(a), SCALE.index(b))
        for a, b in ((ours[key].verdict, theirs[key].verdict) for key in both)
        if a in SCALE and b in SCALE
    ]
    a, b = [each[0] for each in steps], [each[1] for each in steps]
    return {"left_out": len(both) - len(steps), **agreement(a, b, len(SCALE))}


def counts(grades: Iterable[Grade]) -> dict[str, Any]:
    """How many of each verdict and reason, and how readable they were found."""
    found = list(grades)
    verdicts = Counter(grade.verdict for grade in found)
    reasons = Counter(reason for grade in found for reason in grade.reasons)
    return {
        "n": sum(verdicts[verdict] for verdict in Verdict),
        "skipped": sum(grade.skipped for grade in found),
        "errors": sum(grade.state is State.ERROR for grade in found),
        "verdicts": {verdict.value: verdicts[verdict] for verdict in Verdict},
        "reasons": {reason.value: reasons[reason] for reason in Reason},
        "readability": _mean(grade.readability for grade in found),
        "tone": _mean(grade.tone for grade in found),
    }


def _items(folder: RunFolder, subject: str) -> list[Item]:
    try:
        return items_of(folder, subject)
    except EvalError:  # its answers are gone: grades of them are outdated
        return []


def _holding(book: Book, known: Mapping[Key, Item]) -> dict[Key, Grade]:
    """The latest grades whose question and answer are still the same."""
    return {
        key: grade
        for key, grade in book.latest().items()
        if key in known and holds(grade, known[key])
    }


def _grader(book: Book, grades: Grades, known: Mapping[Key, Item]) -> dict[str, Any]:
    latest = book.latest()
    return {
        "name": book.grader,
        "kind": "model" if book.is_model else "person",
        **counts(grades.values()),
        "outdated": len(latest) - len(grades),
        "kinds": dict(sorted(Counter(known[key].sample.kind for key in grades).items())),
        "model": sorted({grade.model for grade in grades.values() if grade.model}),
        "prompt": sorted({grade.prompt for grade in grades.values() if grade.prompt}),
        "error_list": [
            {"subject": key[0], "dataset": key[1], "sample": key[2], "why": grade.comment}
            for key, grade in sorted(grades.items())
            if grade.state is State.ERROR
        ],
    }


def _mean(values: Iterable[int | None]) -> dict[str, Any]:
    given = [float(value) for value in values if value is not None]
    mean, low, high = interval(given, [1.0] * len(given))
    told = {"mean": mean, "low": low, "high": high}
    return {"n": len(given)} | {
        key: round(value, _DIGITS) if given else None for key, value in told.items()
    }


# --- beside the suite's own scores ------------------------------------------------------------


def _suite(rows: Sequence[Row]) -> dict[str, dict[Key, Verdict]]:
    """By task: what the suite's own scores of a sample amount to, on the scale of the graders.

    Where a task tells whole, partial and wrong apart, those; elsewhere all
    measures that are rates of something good: right when all are 1, wrong when
    all are 0. Of a conversation every scored turn counts.
    """
    values: dict[str, dict[Key, dict[str, list[float]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for row in rows:
        if row["state"] == "scored":
            key = (row["subject"], row["dataset"], row["sample"])
            values[row["task"]][key][row["measure"]].append(row["value"])
    return {
        task: {
            key: verdict
            for key, found in keys.items()
            if (verdict := _verdict(task, found)) is not None
        }
        for task, keys in values.items()
        if task in _JUDGING
    }


#: Tasks whose question is the same as a grader's: was this a good answer?
_JUDGING = {
    "answers": (),
    "routing": ("right status",),
    "refusals": ("refused", "not over-refused"),
    "premises": (),
    "follow_ups": ("right turn",),
}


def _verdict(task: str, found: Mapping[str, Sequence[float]]) -> Verdict | None:
    if "whole" in found:
        if any(found.get("wrong", ())):
            return Verdict.WRONG
        return Verdict.RIGHT if all(found["whole"]) else Verdict.PARTIAL
    values = [value for measure in _JUDGING[task] for value in found.get(measure, ())]
    if not values:
        return None
    if all(value == 1 for value in values):
        return Verdict.RIGHT
    return Verdict.PARTIAL if any(values) else Verdict.WRONG


def _with_suite(
    grader: str, grades: Grades, suite: Mapping[str, Mapping[Key, Verdict]]
) -> Iterator[dict[str, Any]]:
    for task, verdicts in suite.items():
        steps = [
            (SCALE.index(grade.verdict), SCALE.index(verdicts[key]))
            for key, grade in grades.items()
            if key in verdicts and grade.verdict in SCALE
        ]
        if steps:
            ours, theirs = [a for a, _ in steps], [b for _, b in steps]
            yield {"grader": grader, "task": task, **agreement(ours, theirs, len(SCALE))}


def _disagreements(
    found: Sequence[Book],
    holding: Mapping[str, Grades],
    suite: Mapping[str, Mapping[Key, Verdict]],
    known: Mapping[Key, Item],
) -> Iterator[dict[str, Any]]:
    """Answers on which not all say the same; people among themselves first, farthest first."""
    told = []
    for key, item in known.items():
        of = {b.grader: grade for b in found if (grade := holding[b.grader].get(key))}
        people = [g.verdict for b in found if not b.is_model and (g := of.get(b.grader))]
        models = [g.verdict for b in found if b.is_model and (g := of.get(b.grader))]
        scores = {task: verdicts[key] for task, verdicts in suite.items() if key in verdicts}
        spread = (_apart(people), _apart([*people, *scores.values()]), _apart([*people, *models]))
        if people and any(spread):
            told.append((tuple(-each for each in spread), key, item, of, scores))
    for _, key, item, of, scores in sorted(told, key=lambda each: each[:2]):
        yield {
            "subject": key[0],
            "dataset": key[1],
            "sample": key[2],
            "question": " ⏎ ".join(turn.text for turn in item.sample.turns),
            "answer": item.answers[-1].text[:_LONGEST],
            "suite": {task: verdict.value for task, verdict in scores.items()},
            "grades": {
                name: {
                    "verdict": grade.verdict.value if grade.verdict else "",
                    "reasons": [reason.value for reason in grade.reasons],
                    "comment": grade.comment,
                }
                for name, grade in of.items()
            },
        }


def _apart(verdicts: Iterable[Verdict | None]) -> int:
    steps = [SCALE.index(verdict) for verdict in verdicts if verdict in SCALE]
    return max(steps) - min(steps) if steps else 0
