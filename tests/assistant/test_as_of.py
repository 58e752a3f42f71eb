"""The day a question is about, and what an answer says when that day is not today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from assistant import as_of
from assistant.answering import Assistant
from assistant.as_of import day_asked, today
from assistant.vocabulary import Status

NOW = date(2026, 8, 1)


@pytest.fixture(autouse=True)
def _on_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_of, "today", lambda: NOW)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ngày 15/3/2024 làm hộ chiếu nộp ở đâu?", date(2024, 3, 15)),
        ("trước 1/7/2025 nộp ở đâu?", date(2025, 6, 30)),
        ("trước ngày 01/07/2025 nộp ở đâu?", date(2025, 6, 30)),
        ("truoc 1/7/2025 nop o dau", date(2025, 6, 30)),
        ("tháng 3/2025 lệ phí bao nhiêu?", date(2025, 3, 1)),
        ("tháng 3 năm 2025 lệ phí bao nhiêu?", date(2025, 3, 1)),
        ("năm 2024 lệ phí bao nhiêu?", date(2024, 12, 31)),  # a past year: its last day
        ("nam 2024 le phi bao nhieu", date(2024, 12, 31)),
        ("năm 2026 lệ phí bao nhiêu?", NOW),  # this year: today
        ("năm 2030 lệ phí bao nhiêu?", date(2030, 1, 1)),  # a year to come: its first day
        ("how much was it in 2023?", date(2023, 12, 31)),
        ("trước năm 2021 thì sao?", date(2020, 12, 31)),
        ("ngày 9 tháng 5 năm 2025 nộp ở đâu?", date(2025, 5, 9)),
        ("ngay 9 thang 5 nam 2025 nop o dau", date(2025, 5, 9)),
        ("mùng 9 tháng 5, 2025 nộp ở đâu?", date(2025, 5, 9)),
        ("trước tháng 7/2025 thì huyện có làm không?", date(2025, 6, 30)),
    ],
)
def test_days_that_are_asked_about(text: str, day: date) -> None:
    assert day_asked(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "Làm hộ chiếu hết bao nhiêu tiền?",
        "con tôi sinh ngày 5/6/2020, làm khai sinh ở đâu?",
        "con sinh năm 2019 cần giấy tờ gì",
        "Nghị định 30 năm 2020 quy định gì?",
        "Luật Đất đai năm 2024 có gì mới?",
        "căn cước cấp ngày 01/02/2021 còn dùng được không",
        "ngày 45/13/2024",
        "sinh ngày 9 tháng 5 năm 2020, làm khai sinh ở đâu?",
        "30/2020/NĐ-CP",
        "",
    ],
)
def test_days_that_only_describe(text: str) -> None:
    assert day_asked(text) is None


def test_today_is_that_of_viet_nam() -> None:
    assert abs((today() - date.today()).days) <= 1  # noqa: DTZ011


# --- answers ----------------------------------------------------------------------------------


def test_the_day_of_the_words_goes_before_that_of_the_option(ask: Any) -> None:
    """The option is the day it is asked on; who names a day in the question means that one."""
    answer = ask("năm 2024 đăng ký kết hôn nộp ở đâu?", as_of=date(2025, 1, 15))
    assert answer.as_of == date(2024, 12, 31)
    same_year = ask("năm 2025 đăng ký kết hôn nộp ở đâu?", as_of=date(2025, 1, 15))
    assert same_year.as_of == date(2025, 1, 15)


def test_the_day_of_the_words(ask: Any) -> None:
    answer = ask("Trước 1/7/2025 đăng ký kết hôn nộp ở đâu?", as_of=None)
    assert answer.as_of == date(2025, 6, 30)
    assert "Thông tin tính đến ngày 30/06/2025." in answer.text


def test_before_the_reform_the_answer_says_that_districts_still_were(ask: Any) -> None:
    before = ask("Đăng ký kết hôn nộp ở đâu?", as_of=date(2025, 6, 30))
    after = ask("Đăng ký kết hôn nộp ở đâu?", as_of=date(2025, 7, 1))
    notice = "Trước ngày 01/7/2025 còn cấp huyện"
    assert notice in before.text
    assert notice not in after.text
    assert before.notices


def test_a_card_says_when_it_was_compared_if_asked_about_an_earlier_day(
    ask: Any, assistant: Assistant
) -> None:
    card = assistant.procedures.card("1.000894")
    assert card is not None
    checked = card.source_of("all").checked_on
    assert checked is not None
    question = "Đăng ký kết hôn nộp ở đâu?"
    earlier = ask(question, as_of=checked - timedelta(days=1))
    assert f"đối chiếu ngày {checked:%d/%m/%Y}" in "".join(earlier.notices)
    assert ask(question, as_of=checked).notices == ()


def test_a_law_is_not_used_before_it_is_in_force(ask: Any) -> None:
    question = "Theo luật trí tuệ nhân tạo thì có mấy mức rủi ro?"
    assert ask(question, as_of=date(2026, 8, 1)).status is Status.ANSWERED
    assert ask(question, as_of=date(2024, 1, 1)).status is Status.SOURCE_EXPIRED


@pytest.mark.parametrize(
    ("number", "day"),
    [("134/2025/QH15", date(2024, 1, 1)), ("42/2022/NĐ-CP", date(2026, 10, 1))],
    ids=["not yet", "no more"],
)
def test_a_law_asked_by_number_is_shown_with_a_warning(ask: Any, number: str, day: date) -> None:
    answer = ask(f"{number} quy định gì?", as_of=day)
    assert answer.status is Status.ANSWERED
    assert f"không có hiệu lực vào ngày {day:%d/%m/%Y}" in answer.text
    assert all(c.effective_from for c in answer.citations)
