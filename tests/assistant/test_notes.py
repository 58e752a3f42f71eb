"""Notes that change an answer are said with it: from when it is so, and what holds for a while."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.notes import tells
from assistant.steps.understand_question import understand
from assistant.vocabulary import Status

BEFORE = "Lưu ý: Từ 01/3/2025 nộp tại cơ quan công an, không còn nộp tại Sở Tư pháp."
WHILE = "Lưu ý: Từ 15/8/2026 đến 28/02/2027 lệ phí được giảm 50% khi nộp trực tuyến."


@pytest.mark.parametrize(
    ("note", "slots", "day", "belongs"),
    [
        (BEFORE, ("where",), date(2025, 1, 1), True),
        (BEFORE, ("where",), date(2026, 1, 1), False),
        (BEFORE, ("fees",), date(2025, 1, 1), False),
        (WHILE, ("fees",), date(2026, 9, 1), True),
        (WHILE, ("fees",), date(2027, 3, 1), False),
        ("Lưu ý: Nộp lệ phí khi nhận kết quả.", ("fees",), date(2026, 9, 1), False),
    ],
)
def test_which_notes(note: str, slots: tuple[str, ...], day: date, belongs: bool) -> None:
    assert tells(note, slots, understand("lệ phí", "lệ phí"), day) is belongs


def test_an_earlier_time_is_said(ask: Any) -> None:
    text = "Giấy chứng nhận an ninh trật tự mấy ngày có?"
    assert "5 ngày làm việc" in ask(text, as_of=date(2026, 2, 1)).text
    assert "5 ngày làm việc" not in ask(text, as_of=date(2026, 6, 1)).text


def test_a_document_called_by_name_answers_where_it_is_found_first(ask: Any) -> None:
    answer = ask("mức lương cơ sở bây giờ bao nhiêu", as_of=date(2026, 8, 1))
    assert answer.status is Status.ANSWERED
    assert "2.530.000" in answer.text
