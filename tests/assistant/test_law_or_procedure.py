"""Who answers: a law, a procedure, or nobody, where words of several are said."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.vocabulary import Status


def test_a_law_that_says_it_surely_answers_before_the_nearest_procedure(ask: Any) -> None:
    answer = ask("Bao nhiêu tuổi thì phải đăng ký nghĩa vụ quân sự lần đầu?")
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].document_id == "law:78/2015/QH13"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Lệ phí làm giấy thông hành đi Trung Quốc bao nhiêu?", "1.003133"),
        ("Thôi quốc tịch Việt Nam để nhập quốc tịch Đức cần giấy tờ gì?", "2.002036"),
    ],
)
def test_a_procedure_that_crosses_the_border_may_name_another_state(
    ask: Any, text: str, code: str
) -> None:
    answer = ask(text)
    assert answer.card is not None
    assert answer.card.code == code


@pytest.mark.parametrize(
    "text",
    [
        "Đăng ký kết hôn ở Trung Quốc theo luật Trung Quốc cần gì?",
        "Xin nhập quốc tịch Đức mất bao lâu?",
        "Đổi bằng lái ở Thái Lan hết bao nhiêu tiền?",
    ],
)
def test_what_another_state_does_is_not_answered(ask: Any, text: str) -> None:
    assert ask(text).status in (Status.NO_SOURCE, Status.OUT_OF_SCOPE)
