"""Small words of talk, ages and half-put marks are not read as the subject."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.dialogue.cases import said_cases

PASSPORT, ID_CHANGE, LICENCE, BIRTH = "1.001456", "1.014063", "3.000347", "1.001193"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("làm hộ chiếu cho con 5 tuổi", PASSPORT),
        ("hộ chiếu mất bao lâu", PASSPORT),
        ("ho chieu mat bao lau", PASSPORT),
        ("hộ chiéu", PASSPORT),
        ("doi bang lai xe may het han", LICENCE),  # "hạn" is no "Hàn"
        ("the can cuoc sap het han lam sao", ID_CHANGE),
        ("làm giấy khai sinh cho bé", BIRTH),
        ("lam giay khai sinh cho con", BIRTH),
    ],
)
def test_the_procedure_that_was_meant(ask: Any, typed: str, code: str) -> None:
    answer = ask(typed)
    assert answer.card is not None
    assert answer.card.code == code


@pytest.mark.parametrize(
    "typed", ["nop o dau vay", "bao nhieu tien v", "a quen le phi nua", "nop o dau z"]
)
def test_a_question_without_a_subject_is_asked_back(ask: Any, typed: str) -> None:
    assert ask(typed).status.value == "clarify"


def test_an_age_in_shorthand_is_an_age() -> None:
    assert said_cases(["con", "16t", "làm", "căn", "cước"]) == said_cases(
        ["con", "16", "tuổi", "làm", "căn", "cước"]
    )
