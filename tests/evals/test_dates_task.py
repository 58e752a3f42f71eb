"""The same question on two days: what is right, what changes, what stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.tasks.dates.score import score, score_pair
from evals.vocabulary import AnswerRead, Output, Sample
from tests.evals.crafted import CLOSING, FEES, answer, ground, only, output, sample

NEW = {"status": ["answered"], "facts": [{"type": "money", "value": 200000}]}
OLD = {"status": ["source_expired"], "absent": [{"type": "money", "value": 200000}]}
EXPIRED = AnswerRead(status="source_expired", text="Nguồn tôi có chưa hiệu lực vào ngày đó.")


def side(target: dict[str, Any], **row: Any) -> Sample:
    return sample(pair="p", target=target, **row)


def pair(
    folder: Path, first: AnswerRead, second: AnswerRead, *, same: bool = False
) -> dict[str, float | None]:
    row: dict[str, Any] = {"tags": ["same"]} if same else {}
    targets = (NEW, NEW) if same else (OLD, NEW)
    members: list[tuple[Sample, Output]] = [
        (side(target, **row), output(given))
        for target, given in zip(targets, (first, second), strict=True)
    ]
    return {each.measure: each.value for each in score_pair(members, ground(folder))}


@pytest.mark.parametrize(
    ("target", "given", "right"),
    [
        (NEW, answer(), 1.0),
        (OLD, EXPIRED, 1.0),
        (NEW, EXPIRED, 0.0),
        (OLD, answer(), 0.0),
        ({**NEW, "facts": [{"type": "money", "value": 1}]}, answer(), 0.0),
        ({**NEW, "documents": ["law:26/2023/QH15"]}, answer(), 0.0),
        ({**NEW, "documents": ["law:1/2020/QH14"]}, answer(), 1.0),
    ],
)
def test_one_side(tmp_path: Path, target: Any, given: AnswerRead, right: float) -> None:
    found = only(score(side(target), output(given), ground(tmp_path)), "right on the day")
    assert found.value == right
    assert found.explanation


def test_what_is_told_not_to_hold_is_not_false(tmp_path: Path) -> None:
    target = {**OLD, "status": ["answered"]}
    warned = answer(f"- {FEES} [1]\nLưu ý: nội dung này không có hiệu lực vào ngày đó.")
    assert score(side(target), output(warned), ground(tmp_path))[0].value == 1.0
    assert score(side(target), output(answer()), ground(tmp_path))[0].value == 0.0


def test_the_law_changed(tmp_path: Path) -> None:
    assert pair(tmp_path, EXPIRED, answer()) == {"both days right": 1.0, "the answer changes": 1.0}


def test_an_answer_that_takes_no_notice_of_the_day_fails(tmp_path: Path) -> None:
    early = answer(f"- {FEES} [1]\nThông tin tính đến ngày 01/06/2020.", as_of="2020-06-01")
    late = answer(f"- {FEES} [1]\nThông tin tính đến ngày 22/11/2026.")
    assert pair(tmp_path, early, late) == {"both days right": 0.0, "the answer changes": 0.0}


def test_a_warning_is_a_change(tmp_path: Path) -> None:
    warned = answer(f"- {FEES} [1]\nTrước ngày 01/7/2025 cơ quan khi đó có thể khác.\n{CLOSING}")
    assert pair(tmp_path, warned, answer(f"- {FEES} [1]\n{CLOSING}"))["the answer changes"] == 1.0


def test_an_answer_that_tells_both_days_need_not_change(tmp_path: Path) -> None:
    members = [(side(NEW), output(answer())), (side(NEW), output(answer()))]
    found = only(score_pair(members, ground(tmp_path)), "the answer changes")
    assert found.value == 1.0


def test_the_law_stayed(tmp_path: Path) -> None:
    early = answer(f"- {FEES} [1]\nThông tin tính đến ngày 01/06/2020.", as_of="2020-06-01")
    right = {"both days right": 1.0, "the answer stays": 1.0}
    assert pair(tmp_path, early, answer(), same=True) == right
    other = answer("- Lệ phí: 200.000 đồng; nộp thêm 9.000 đồng. [1]")
    assert pair(tmp_path, other, answer(), same=True)["the answer stays"] == 0.0
    assert pair(tmp_path, EXPIRED, answer(), same=True)["the answer stays"] == 0.0


def test_a_law_that_answers_before_its_day_blocks(tmp_path: Path) -> None:
    early, later = side(OLD), side({**NEW, "documents": ["law:1/2020/QH14"]})

    def told(given: AnswerRead) -> float | None:
        pair = [(early, output(given)), (later, output(answer()))]
        found = only(score_pair(pair, ground(tmp_path)), "not ahead of its time")
        assert found.blocker
        return found.value

    assert told(answer()) == 0.0
    assert told(EXPIRED) == 1.0
