"""What changed between two runs, sample by sample, and what of it is more than chance."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.errors import RunFolderError
from evals.running.folder import RunFolder
from evals.running.intervals import interval, paired
from evals.running.scoring import read_scores
from evals.tasks import every

Key = tuple[str, str, str]  # task, subject, measure
Place = tuple[str, str, int]  # set, sample, how many of it came before
Values = dict[Key, dict[Place, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Changed:
    """One sample whose value of a measure is another than before."""

    task: str
    subject: str
    measure: str
    dataset: str
    sample: str
    before: float | None
    after: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """One measure in both runs, on the samples they share.

    ``verdict``: ``worse`` or ``better`` where the 95 % interval of the paired
    difference lies on one side of zero, else ``same`` (nothing differs at all)
    or ``within chance``.
    """

    task: str
    subject: str
    measure: str
    n: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    verdict: str
    lost: int
    won: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs. ``only``: how many scores each run has that the other lacks."""

    rows: tuple[Row, ...]
    changed: tuple[Changed, ...]
    only: tuple[int, int]
    errors: tuple[int, int]
    blockers: tuple[tuple[str, ...], tuple[str, ...]]  # new ones, those that are gone

    @property
    def regressed(self) -> bool:
        """Whether something is worse beyond chance, or blocks that did not before."""
        worse = any(row.verdict == "worse" for row in self.rows)
        return worse or bool(self.blockers[0]) or self.errors[1] > self.errors[0]

    def json(self) -> dict[str, Any]:
        return {"regressed": self.regressed, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared of a run: a scored folder, or the baseline that was kept of one."""

    name: str
    values: Values
    errors: int
    blockers: frozenset[str]


def side(path: Path) -> Side:
    """A run's folder, or a file that `baseline` wrote. Raises `RunFolderError`."""
    if path.is_file():
        return _kept(path)
    folder = RunFolder(path)
    report = folder.report()  # says what to do where the folder is no scored run
    return Side(
        str(path),
        values(folder),
        int(report["verdict"]["errors"]),
        frozenset(
            " · ".join(each[key] for key in ("task", "subject", "sample", "measure"))
            for each in report["blockers"]
        ),
    )


def baseline(path: Path) -> dict[str, Any]:
    """What is kept of a run to compare later ones with: every scored value, by sample."""
    kept = side(path)
    scores: dict[str, dict[str, list[float]]] = {}
    for key, part in kept.values.items():
        scores[" · ".join(key)] = {
            " · ".join(map(str, place)): [row["value"], row["weight"]]
            for place, row in part.items()
        }
    run = RunFolder(path).run()
    about = {key: run[key] for key in ("version", "as_of", "groups")}
    return {
        "schema": 1,
        "run": about,
        "errors": kept.errors,
        "blockers": sorted(kept.blockers),
        "scores": scores,
    }


def _kept(path: Path) -> Side:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        found: Values = {}
        for name, part in data["scores"].items():
            task, subject, measure = name.split(" · ")
            rows = found.setdefault((task, subject, measure), {})
            for place, (value, weight) in part.items():
                dataset, sample, at = place.split(" · ")
                rows[dataset, sample, int(at)] = {"value": value, "weight": weight, "why": ""}
        return Side(str(path), found, int(data["errors"]), frozenset(data["blockers"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunFolderError(
            f"{path} is neither a run nor a baseline of one ({error}). "
            "Baselines are made with `troly eval baseline`."
        ) from error


def compare(before: Side, after: Side) -> Comparison:
    """Compare two scored runs. Raises `RunFolderError` where they share no sample."""
    old, new = before.values, after.values
    lower = {(task.name, measure) for task in every() for measure in task.card.lower_is_better}
    measured = {task.name for task in every() if task.card.measured}
    rows: list[Row] = []
    changed: list[Changed] = []
    for key in new:
        if key in old and key[0] not in measured:
            row, differing = _row(key, old[key], new[key], (key[0], key[2]) in lower)
            if row is not None:
                rows.append(row)
                changed += differing
    if not rows:
        raise RunFolderError(
            f"{before.name} and {after.name} share no scored sample: nothing can be compared."
        )
    alone = tuple(
        sum(place not in there.get(key, {}) for key, part in here.items() for place in part)
        for here, there in ((old, new), (new, old))
    )
    return Comparison(
        tuple(rows),
        tuple(changed),
        (alone[0], alone[1]),
        (before.errors, after.errors),
        (
            tuple(sorted(after.blockers - before.blockers)),
            tuple(sorted(before.blockers - after.blockers)),
        ),
    )


def values(folder: RunFolder) -> Values:
    """Scored rows by task, subject and measure, then by sample."""
    found: Values = {}
    for row in read_scores(folder):
        if row["state"] != "scored":
            continue
        part = found.setdefault((row["task"], row["subject"], row["measure"]), {})
        at = 0
        while (row["dataset"], row["sample"], at) in part:
            at += 1
        part[row["dataset"], row["sample"], at] = row
    return found


def _row(
    key: Key,
    old: Mapping[Place, Mapping[str, Any]],
    new: Mapping[Place, Mapping[str, Any]],
    lower_is_better: bool,
) -> tuple[Row | None, list[Changed]]:
    shared = [place for place in new if place in old]
    if not shared:
        return None, []
    was = [float(old[place]["value"]) for place in shared]
    now = [float(new[place]["value"]) for place in shared]
    # The weights of before: a fact that is no longer stated must not shrink what it counts.
    weights = [float(old[place]["weight"]) for place in shared]
    difference, low, high = paired(now, was, weights)
    sign = -1 if lower_is_better else 1
    differing = [
        Changed(*key, place[0], place[1], a, b, str(new[place]["why"]))
        for place, a, b in zip(shared, was, now, strict=True)
        if a != b
    ]
    row = Row(
        *key,
        len(shared),
        round(interval(was, weights)[0], 4),
        round(interval(now, weights)[0], 4),
        round(difference, 4),
        round(low, 4),
        round(high, 4),
        _verdict(differing, sign * low, sign * high),
        sum(sign * (b - a) < 0 for a, b in zip(was, now, strict=True)),
        sum(sign * (b - a) > 0 for a, b in zip(was, now, strict=True)),
    )
    return row, differing


def _verdict(differing: Sequence[Changed], one: float, other: float) -> str:
    low, high = min(one, other), max(one, other)
    if not differing:
        return "same"
    return "worse" if high < 0 else "better" if low > 0 else "within chance"


def told(comparison: Comparison, *, most: int = 20) -> Iterator[str]:
    """The comparison as Markdown lines: what differs first, then the samples."""
    heads = ["task", "measure", "subject", "n", "before", "after", "difference (95 %)"]
    heads += ["verdict", "lost", "won"]
    yield f"| {' | '.join(heads)} |"
    yield "|---|---|---|---:|---:|---:|---|---|---:|---:|"
    order = {"worse": 0, "better": 1, "within chance": 2, "same": 3}
    for row in sorted(comparison.rows, key=lambda r: order[r.verdict]):
        apart = f"{row.difference:+.3f} ({row.low:+.3f} … {row.high:+.3f})"
        yield (
            f"| {row.task} | {row.measure} | {row.subject} | {row.n} | {row.before:.3f} | "
            f"{row.after:.3f} | {apart} | {row.verdict} | {row.lost} | {row.won} |"
        )
    for what, found in zip(("new", "gone"), comparison.blockers, strict=True):
        for blocker in found:
            yield f"\nBlocker {what}: {blocker}"
    if comparison.changed:
        yield f"\nSamples that changed: {len(comparison.changed)}"
    for each in comparison.changed[:most]:
        yield (
            f"- {each.task} · {each.measure} · {each.subject} · {each.dataset}/{each.sample}: "
            f"{each.before:g} → {each.after:g} ({each.why})"
        )
    if len(comparison.changed) > most:
        yield f"- … and {len(comparison.changed) - most} more (--json has them all)"
    yield (
        f"\nOnly in the first: {comparison.only[0]} scores; only in the second: "
        f"{comparison.only[1]}. Errors: {comparison.errors[0]} → {comparison.errors[1]}."
    )


__all__ = ["Changed", "Comparison", "Row", "Side", "baseline", "compare", "side", "told"]
