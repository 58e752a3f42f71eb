"""The task of contradictions: a finding in the right place counts, one of a clean pair does not."""

from __future__ import annotations

from typing import Any

import pytest

from evals.ground import Ground
from evals.samples import sample_of
from evals.tasks import named
from evals.tasks.conflicts.score import score
from evals.vocabulary import Output, Score

A, B = "Thời hạn là 10 ngày.", "Thời hạn là 20 ngày."


def _finding(start: int, end: int, quote: str) -> dict[str, Any]:
    side = {"start": start, "end": end, "quote": quote, "said": "10 ngày"}
    return {"kind": "deadline", "a": side, "b": {**side, "quote": B[start:end]}}


def _scored(kind: str, place: str, *findings: dict[str, Any]) -> dict[str, Score]:
    row = {
        "_id": "x",
        "kind": kind,
        "given": {"a": A, "b": B},
        "target": {"expected": {"conflict": "clean" not in kind, "place": place}},
    }
    made = Output(value={"findings": list(findings)})
    return {s.measure: s for s in score(sample_of(row, "conflicts"), made, Ground({}, {}))}


@pytest.mark.parametrize(
    ("kind", "place", "findings", "expected"),
    [
        ("written deadline", "", 1, {"found": 1.0, "right": 1.0, "quoted": 1.0}),
        ("written deadline", "", 0, {"found": 0.0}),
        ("written clean", "", 1, {"look-alike alarm": 1.0, "right": 0.0, "quoted": 1.0}),
        ("seeded clean", "", 0, {"false alarm": 0.0}),
        ("seeded unit", "hạn là", 1, {"found seeded": 1.0, "right seeded": 1.0, "quoted": 1.0}),
        ("seeded unit", "nowhere", 1, {"found seeded": 0.0, "right seeded": 0.0, "quoted": 1.0}),
    ],
)
def test_what_counts(kind: str, place: str, findings: int, expected: dict[str, float]) -> None:
    found = _scored(kind, place, *[_finding(0, len(A), A)] * findings)
    assert {name: s.value for name, s in found.items()} == expected


def test_an_altered_quote_is_seen() -> None:
    assert _scored("written clean", "", _finding(0, 4, "Thoi"))["quoted"].value == 0.0


def test_the_samples_are_of_both_halves() -> None:
    (task,) = named(["conflicts"])
    assert task.samples is not None
    found = task.samples(None)  # type: ignore[arg-type]
    assert {s.split for s in found} == {"dev", "test"}
    assert len({s.id for s in found}) == len(found)
    assert sum("clean" in s.kind for s in found) > 100
