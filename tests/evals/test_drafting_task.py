"""The task of official papers: what is laid out wrong, filled in or missed lowers its measures."""

from __future__ import annotations

from typing import Any

import pytest

from evals.ground import Ground
from evals.tasks import named
from evals.tasks.drafting.generate import generate
from evals.tasks.drafting.score import score
from evals.vocabulary import Output, Sample

(TASK,) = named(["drafting"])
assert TASK.samples is not None
SAMPLES: list[Sample] = list(TASK.samples(None))  # type: ignore[arg-type]


def _first(kind: str) -> Sample:
    return next(s for s in SAMPLES if s.kind == kind and s.split == "dev")


def _scores(sample: Sample, made: Any) -> dict[str, float | None]:
    return {s.measure: s.value for s in score(sample, Output(value=made), Ground({}, {}))}


@pytest.mark.parametrize("kind", ["sentence", "refused", "amount", "paper", "fault"])
def test_what_the_program_makes_is_right(kind: str) -> None:
    sample = _first(kind)
    made = generate(sample, None, None)  # type: ignore[arg-type]
    found = _scores(sample, made)
    assert all(v == (0.0 if name == "false fault" else 1.0) for name, v in found.items())


@pytest.mark.parametrize(
    ("change", "value"),
    [("margins", {"top": 5, "bottom": 20, "left": 30, "right": 15}), ("font", "Arial"),
     ("paper", [216, 279]), ("lines", []), ("sizes", [9]), ("numbered", False)],
)  # fmt: skip
def test_what_is_laid_out_wrong_is_seen(change: str, value: object) -> None:
    sample = _first("paper")
    made = generate(sample, None, None)  # type: ignore[arg-type]
    assert _scores(sample, {**made, change: value})["laid out"] == 0.0


def test_what_nobody_said_must_not_be_filled_in() -> None:
    sample = _first("sentence")
    made = generate(sample, None, None)  # type: ignore[arg-type]
    assert _scores(sample, {**made, "missing": []})["left blank"] == 0.0
    assert _scores(_first("refused"), made)["refused"] == 0.0
