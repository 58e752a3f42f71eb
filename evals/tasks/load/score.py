"""The share of errors over all phases, and how long answers took in each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evals.ground import Ground
from evals.tasks.measured import quantile
from evals.vocabulary import Output, Sample, Score


def score(_sample: Sample, output: Output, _ground: Ground) -> list[Score]:
    """Errors are counted by phase and weigh what was asked in it."""
    return list(_scores(output.value))


def _scores(phases: dict[str, dict[str, Any]]) -> Iterator[Score]:
    for name, phase in phases.items():
        ms, errors = phase["ms"], phase["errors"]
        count = len(ms) + len(errors)
        told = f"{name}: {len(errors)} of {count}" + (f", such as: {errors[0]}" if errors else "")
        yield Score("errors", len(errors) / max(1, count), told, weight=max(1, count))
        if ms:
            yield Score(f"{name} p50 ms", round(quantile(ms, 0.5), 1), f"{len(ms)} answers")
            yield Score(f"{name} p95 ms", round(quantile(ms, 0.95), 1), f"{len(ms)} answers")
