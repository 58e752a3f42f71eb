"""Figures are read by their type, and one that stands nowhere, or is wrong, blocks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evals.tasks.numbers.figures import figures
from evals.tasks.numbers.score import score
from evals.vocabulary import AnswerRead, Score, State
from tests.evals.crafted import CLOSING, FEES, TIMES, answer, citation, ground, only, output, sample


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("phí 200.000 đồng", [("money", "200000")]),
        ("200k, 1,5 triệu, 60 nghin", [("money", "200000"), ("money", "1500000"),
                                       ("money", "60000")]),
        ("60,000 VND", [("money", "60000")]),
        ("8 ngày làm việc hoặc 8 ngày", [("period", "8 working_day"), ("period", "8 day")]),
        ("5 working days", [("period", "5 working_day")]),
        ("từ ngày 01/7/2025", [("date", "2025-07-01")]),
        ("ngày 1 tháng 7 năm 2025, 2025-07-02", [("date", "2025-07-01"), ("date", "2025-07-02")]),
        ("22 November 2026", [("date", "2026-11-22")]),
        ("Nghị định 05/2020/NĐ-CP", [("document", "5/2020/nđ-cp")]),
        ("giảm 50%", [("percent", "50")]),
        ("thủ tục 1.001456", [("code", "1.001456")]),
        ("gọi 1800 1096", [("phone", "18001096")]),
        ("mẫu CT01, 2 bản [3]", [("number", "1"), ("number", "2")]),
        ("https://example.vn/12/34.html", [("link", "https://example.vn/12/34.html")]),
    ],
)  # fmt: skip
def test_reading(text: str, found: list[tuple[str, str]]) -> None:
    assert [figure.key for figure in figures(text)] == found


def scored(given: AnswerRead, folder: Path, **row: Any) -> list[Score]:
    return score(sample(**row), output(given), ground(folder))


def test_figures_of_quotes_question_and_days_are_supported(tmp_path: Path) -> None:
    found = only(scored(answer(), tmp_path), "figures supported")
    assert found.value == 1.0
    told = answer(f"Với 3 người:\n- {FEES} [1]\nCó hiệu lực từ 01/01/2021.\n{CLOSING}")
    given = scored(told, tmp_path, text="Nhà tôi 3 người làm hộ chiếu hết bao nhiêu?")
    assert only(given, "figures supported").value == 1.0


@pytest.mark.parametrize(
    "line",
    [
        "Tổng cộng 600.000 đồng. [1]",
        "Thời hạn giải quyết: 8 ngày. [1]",
        "Hạn đến ngày 05/05/2031. [1]",
        "Giảm 30%. [1]",
        "Theo Nghị định 99/2031/NĐ-CP. [1]",
        "Gọi 1900 1234. [1]",
        "Nộp 7 bản. [1]",
    ],
)
def test_a_figure_that_stands_nowhere_blocks(tmp_path: Path, line: str) -> None:
    given = answer(f"- {FEES} [1]\n- {line}\n{CLOSING}", citation(FEES + "\n" + TIMES))
    assert only(scored(given, tmp_path), "figures supported").blocks


def test_a_claim_may_be_named_to_deny_it_and_not_to_affirm_it(tmp_path: Path) -> None:
    asked = "nghe nói hộ chiếu 5 trăm nghìn phải không"
    no = answer(f"Không đúng là 500.000 đồng.\n- {FEES} [1]\n{CLOSING}")
    assert only(scored(no, tmp_path, text=asked), "figures supported").value == 1.0
    yes = answer(f"Đúng là 500.000 đồng.\n- {FEES} [1]\n{CLOSING}")
    assert only(scored(yes, tmp_path, text=asked), "figures supported").blocks


def test_numbers_of_old_wards_are_not_asked_of_notices_but_money_is(tmp_path: Path) -> None:
    ward = "Phường 12, Quận 3 nay thuộc phường Nhiêu Lộc."
    told = answer(f"{ward}\n- {FEES} [1]\n{CLOSING}", notices=[ward])
    assert only(scored(told, tmp_path), "figures supported").value == 1.0
    dear = "Lưu ý: nộp thêm 70.000 đồng."
    told = answer(f"{dear}\n- {FEES} [1]\n{CLOSING}", notices=[dear])
    assert only(scored(told, tmp_path), "figures supported").blocks


def test_without_citations_there_is_nothing_to_stand_in(tmp_path: Path) -> None:
    bare = AnswerRead(status="answered", text="Lệ phí 200.000 đồng.")
    assert only(scored(bare, tmp_path), "figures supported").state is State.UNSCORED


TARGET: dict[str, Any] = {
    "documents": ["law:1/2020/QH14"],
    "facts": [{"type": "money", "value": 200000}],
    "allowed": {"money": [200000, 400000], "duration": ["8 working_day"]},
}


def test_right_figures(tmp_path: Path) -> None:
    assert only(scored(answer(), tmp_path, target=TARGET), "figures right").value == 1.0


@pytest.mark.parametrize("line", ["Lệ phí: 900.000 đồng. [1]", "Thời hạn: 8 ngày. [1]"])
def test_a_wrong_figure_of_the_right_source_blocks(tmp_path: Path, line: str) -> None:
    found = only(scored(answer(f"- {line}"), tmp_path, target=TARGET), "figures right")
    assert found.blocks
    assert "wrong" in found.explanation


def test_figures_of_a_wrong_source_are_another_matter(tmp_path: Path) -> None:
    target = {**TARGET, "documents": ["law:26/2023/QH15"]}
    scores = scored(answer("- Lệ phí: 900.000 đồng. [1]"), tmp_path, target=target)
    assert "figures right" not in {each.measure for each in scores}


def test_a_denied_claim_is_not_a_wrong_figure(tmp_path: Path) -> None:
    told = answer(f"Không đúng là 500.000 đồng.\n- {FEES} [1]")
    row = {"text": "hộ chiếu 500k phải không", "target": TARGET}
    assert only(scored(told, tmp_path, **row), "figures right").value == 1.0


def test_a_figure_of_another_day_blocks_unless_it_is_said_not_to_hold(tmp_path: Path) -> None:
    target = {"status": ["source_expired"], "absent": [{"type": "money", "value": 200000}]}
    assert only(scored(answer(), tmp_path, target=target), "figures right").blocks
    warned = answer(f"- {FEES} [1]\nLưu ý: nội dung này không có hiệu lực vào ngày đó.")
    found = only(scored(warned, tmp_path, target=target), "figures right")
    assert found.state is State.UNSCORED


def test_days_of_the_document_may_be_told(tmp_path: Path) -> None:
    trusted = ground(tmp_path, effective_to=date(2030, 12, 31))
    told = answer(f"- {FEES} [1]\nHết hiệu lực sau ngày 31/12/2030.\n{CLOSING}")
    assert only(score(sample(), output(told), trusted), "figures supported").value == 1.0
