"""What a question takes for granted is set right, whichever way it is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.replies import Replies
from assistant.steps.compose_card import correction
from assistant.vocabulary import Amount
from knowledge_base.documents import (
    Duration,
    Fee,
    FeeState,
    FilingChannel,
    How,
    ProcedureCard,
    TimeUnit,
)

LAW = "Từ ngày 01/7/2025 không còn cấp huyện"


def first_line(text: str) -> str:
    return text.splitlines()[0]


def test_a_wrong_fee(ask: Any) -> None:
    answer = ask("Lệ phí làm hộ chiếu 500k đúng không?")
    assert first_line(answer.text) == "Không đúng là 500.000 đồng."
    assert "200.000 đồng" in answer.text
    assert any("200.000 đồng" in citation.quote for citation in answer.citations)


def test_a_right_fee(ask: Any) -> None:
    answer = ask("Lệ phí làm hộ chiếu 200k đúng không?")
    assert first_line(answer.text) == "Đúng là 200.000 đồng."


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("8 ngày", "Không đúng là 8 ngày."),  # days are not working days
        ("8 ngày làm việc", "Đúng là 8 ngày làm việc."),
        ("3 ngày làm việc", "Không đúng là 3 ngày làm việc."),
    ],
)
def test_a_time(ask: Any, claim: str, verdict: str) -> None:
    answer = ask(f"Làm hộ chiếu mất {claim} đúng không?")
    assert first_line(answer.text) == verdict
    assert "8 ngày làm việc" in answer.text


def test_without_a_claim_nothing_is_corrected(ask: Any) -> None:
    text = ask("Làm hộ chiếu hết bao nhiêu tiền?").text
    assert "đúng là" not in text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Thủ tục 1.001456 nộp ở công an huyện đúng không?",
        "Đăng ký khai sinh nộp ở UBND huyện đúng không?",
        "Thủ tục 1.000894 nộp ở UBND quận 3 phải không?",
    ],
)
def test_a_district_authority(ask: Any, text: str) -> None:
    """Whatever kind of source answers: there is no district to go to."""
    answer = ask(text)
    assert LAW in answer.text
    assert answer.citations


def test_the_end_of_districts_is_not_told_about_a_day_before_it(ask: Any) -> None:
    answer = ask("Thủ tục 1.001456 nộp ở công an huyện đúng không?", as_of=date(2024, 1, 1))
    assert LAW not in answer.text
    assert "Trước ngày 01/7/2025 còn cấp huyện" in answer.text


def test_nobody_is_sent_to_a_district(ask: Any, assistant: Assistant) -> None:
    from knowledge_base.places import names_district

    for card in assistant.procedures.cards():
        assert not names_district(card.where), card.code
        assert not names_district(card.authority), card.code


def test_a_law_that_does_not_exist(ask: Any) -> None:
    answer = ask("Nghị định 999/2031/NĐ-CP phạt bao nhiêu tiền?")
    assert answer.citations == ()


# --- how claims are judged --------------------------------------------------------------------


def card_of(assistant: Assistant, *channels: FilingChannel) -> ProcedureCard:
    from dataclasses import replace

    card = assistant.procedures.card("1.001456")
    assert card is not None
    return replace(card, channels=channels)


def judged(assistant: Assistant, claim: Amount, *channels: FilingChannel) -> str:
    replies: Replies = assistant.replies
    return correction(replies, [claim], card_of(assistant, *channels))


def test_a_claim_about_what_the_card_does_not_know_is_left_alone(assistant: Assistant) -> None:
    by_province = FilingChannel(How.IN_PERSON, fees=(Fee(FeeState.BY_PROVINCE),))
    assert judged(assistant, Amount(50_000, "đồng"), by_province) == ""


def test_a_free_procedure_costs_nothing(assistant: Assistant) -> None:
    free = FilingChannel(How.IN_PERSON, fees=(Fee(FeeState.FREE),))
    assert judged(assistant, Amount(50_000, "đồng"), free) == "Không đúng là 50.000 đồng."
    assert judged(assistant, Amount(0, "đồng"), free) == "Đúng là 0 đồng."


def test_any_channel_may_be_meant(assistant: Assistant) -> None:
    channels = (
        FilingChannel(How.IN_PERSON, fees=(Fee(FeeState.KNOWN, 15_000),)),
        FilingChannel(How.ONLINE, fees=(Fee(FeeState.KNOWN, 7_000),)),
    )
    assert judged(assistant, Amount(7_000, "đồng"), *channels) == "Đúng là 7.000 đồng."


def test_same_day_has_no_figure_to_compare_with(assistant: Assistant) -> None:
    same_day = FilingChannel(How.IN_PERSON, times=(Duration(TimeUnit.SAME_DAY),))
    assert judged(assistant, Amount(3, "ngày"), same_day) == ""
