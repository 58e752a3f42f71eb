"""The task of figures: every respect of a figure counts, and so does what is not there."""

from __future__ import annotations

from typing import Any

import pytest

from evals.ground import Ground
from evals.samples import sample_of
from evals.tasks import named
from evals.tasks.figures.files import bytes_of
from evals.tasks.figures.samples import SET, document
from evals.tasks.figures.score import score
from evals.vocabulary import Output

FACTS = [
    "Tỷ lệ hộ nghèo | Huế | năm 2024 | 5.2 | % | level",
    "? Số hộ | - | * | 12 | hộ | level",
]


def _figure(value: str, **changed: Any) -> dict[str, Any]:
    made = {
        "indicator": "Tỷ lệ hộ nghèo của thành phố", "value": value, "unit": "%", "kind": "level",
        "scope": {"name": "Huế"}, "period": {"label": "năm 2024"},
    }  # fmt: skip
    return {**made, **changed}


def _scored(*figures: dict[str, Any]) -> dict[str, float | None]:
    row = {
        "_id": "x", "kind": "document", "given": {"files": [], "ask": ""},
        "target": {"expected": {"facts": FACTS}},
    }  # fmt: skip
    made = Output(value={"figures": list(figures), "answer": None})
    return {s.measure: s.value for s in score(sample_of(row, "figures"), made, Ground({}, {}))}


def test_a_figure_is_right_in_every_respect_or_not_at_all() -> None:
    assert _scored(_figure("5.2")) == {"found": 1.0, "right": 1.0, "wrong value": 0.0}
    assert _scored(_figure("5.2", period={"label": "năm 2023"}))["right"] == 0.0
    assert _scored(_figure("5.2", scope=None))["found"] == 0.0
    assert _scored(_figure("7.7"))["wrong value"] == 1.0
    assert _scored() == {"found": 0.0}


@pytest.mark.parametrize(
    ("expected", "values", "measure", "right"),
    [
        ({"values": ["5.2"]}, ["5.2"], "answers", 1.0),
        ({"values": ["5.2"], "not": ["6"]}, ["5.2", "6"], "answers", 0.0),
        ({"values": ["5.2"]}, [], "answers", 0.0),
        ({"none": True}, [], "refused", 1.0),
        ({"none": True}, ["5.2"], "refused", 0.0),
    ],
)
def test_answers(expected: dict[str, Any], values: list[str], measure: str, right: float) -> None:
    row = {
        "_id": "x", "kind": "question", "given": {"files": [], "ask": "?"},
        "target": {"expected": expected},
    }  # fmt: skip
    points = [{"figures": [_figure(value)]} for value in values]
    finding = {"points": points, "calculations": [], "stated": []}
    answer = {"findings": [finding] if values else [], "calculations": [], "notes": []}
    made = Output(value={"figures": [], "answer": answer})
    (found,) = score(sample_of(row, "figures"), made, Ground({}, {}))
    assert (found.measure, found.value) == (measure, right)


def test_the_set_has_both_halves_and_its_files_can_be_made() -> None:
    (task,) = named(["figures"])
    assert task.samples is not None
    found = task.samples(None)  # type: ignore[arg-type]
    assert {one.split for one in found} == {"dev", "test"}
    assert len({one.id for one in found}) == len(found)
    for one in found:
        for name in one.given["files"]:
            assert len(bytes_of(document(one.split, name))) > 100
    assert (SET / "README.md").exists()
