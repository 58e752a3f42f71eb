"""What speaks against a procedure: an act nobody spoke of, a question about strange things."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.vocabulary import Status

STAMP = "1.013092"


@pytest.mark.parametrize(
    "text",
    [
        "đăng kiểm xe con định kỳ hết bao nhiêu",
        "Phí đăng kiểm lần đầu xe ô tô mới mua là mấy tiền?",
    ],
)
def test_an_inspection_is_no_new_copy_of_a_lost_stamp(ask: Any, text: str) -> None:
    answer = ask(text)
    assert answer.card is None or answer.card.code != STAMP


@pytest.mark.parametrize(
    "text", ["rách tem đăng kiểm ô tô thì xin lại ở đâu", "mất giấy đăng kiểm"]
)
def test_a_lost_stamp_is(ask: Any, text: str) -> None:
    answer = ask(text)
    assert answer.card is not None
    assert answer.card.code == STAMP


@pytest.mark.parametrize(
    "text",
    ["đăng ký kết hôn cho hai con chim cánh cụt ở đâu", "cấp căn cước cho robot ngoài hành tinh"],
)
def test_a_short_question_about_strange_things_is_not_answered(ask: Any, text: str) -> None:
    assert ask(text).status is not Status.ANSWERED


@pytest.mark.parametrize("text", ["cái đó nộp ở đâu", "cái này mấy ngày thì xong vậy"])
def test_what_points_at_nothing_is_asked_back(ask: Any, text: str) -> None:
    assert ask(text).status is Status.CLARIFY
