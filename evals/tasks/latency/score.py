"""Quantiles of what was measured, in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evals.ground import Ground
from evals.tasks.measured import quantile
from evals.vocabulary import Output, Sample, Score, failed

_SHARES = {"p50 ms": 0.5, "p95 ms": 0.95, "p99 ms": 0.99}
_MARKS = {"card": "card p95 ms", "token": "first words p95 ms"}


def score(_sample: Sample, output: Output, _ground: Ground) -> list[Score]:
    """Of whole answers p50, p95 and p99; of each step and mark p95; errors, tokens, joules."""
    return list(_scores(output.value))


def _scores(value: dict[str, Any]) -> Iterator[Score]:
    ms, errors = value["ms"], value["errors"]
    if not ms:
        yield failed("p95 ms", errors[0] if errors else "there was no answer in time")
        return
    told = f"{len(ms)} answers"
    for name, share in _SHARES.items():
        yield _of(name, ms, share, told)
    yield Score("errors", len(errors) / (len(ms) + len(errors)), "; ".join(errors[:1]))
    for event, name in _MARKS.items():
        if found := value["marks"].get(event):
            yield _of(name, found, 0.95, f"{len(found)} of {told}")
    for step, found in value["steps"].items():
        yield _of(f"step {step}", found, 0.95, f"p95 of {len(found)} times")
    if tokens := [count for count in value["tokens"] if count]:
        yield Score("tokens", sum(tokens) / len(tokens), f"in each of {len(tokens)} answers")
    if "joules" in value:
        yield Score("joules", value["joules"] / len(ms), "of the whole machine, each answer")


def _of(measure: str, values: Sequence[float], share: float, told: str) -> Score:
    return Score(measure, round(quantile(values, share), 2), told)
