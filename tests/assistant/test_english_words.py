"""English as it is typed: told from Vietnamese, slips put right, called what it is called here."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.english_words import corrected, in_vietnamese, is_english, is_mixed
from assistant.vocabulary import Status, Turn
from knowledge_base.vietnamese import tokens


@pytest.mark.parametrize(
    "text",
    ["can I do it by post?", "permanent residence for my husband", "and what about the fee?"],
)
def test_english(text: str) -> None:
    assert is_english(tokens(text))


@pytest.mark.parametrize(
    "text",
    ["visa online", "passport gia bao nhieu", "the can cuoc cua me toi", "to khai form ct01",
     "toi can do lai", "my an o dau", "in ho chieu"],
)  # fmt: skip
def test_no_english(text: str) -> None:
    assert not is_english(tokens(text))


def test_mixed_is_neither() -> None:
    assert is_mixed(tokens("how long does it take to đăng ký kết hôn với foreigner"))
    assert not is_mixed(tokens("làm passport online ở đâu"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pasport", "passport"),
        ("mariage", "marriage"),
        ("registraton", "registration"),
        ("certifcate", "certificate"),
        ("licnece", "licence"),
        ("dog", "dog"),
        ("thanh", "thanh"),
        ("trademark", "trademark"),
    ],
)
def test_slips(typed: str, meant: str) -> None:
    assert corrected([typed]) == [meant]


def test_papers_of_other_states_stay_theirs() -> None:
    assert in_vietnamese(tokens("renew a Japanese passport")) == "cấp đổi hộ chiếu Nhật Bản"
    assert "người Pháp" in in_vietnamese(tokens("my wife is French"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Yesterday my wallet was stolen, so I need a new driving licence. What do I bring?",
         "3.000348"),
        ("I am Korean and my girlfriend is Vietnamese. Where do we register our marriage?",
         "2.000806"),
        ("My aunt passed away on Monday, where do I register the death?", "1.000656"),
        ("how mutch is a pasport", "1.001456"),
        ("permanent residence registration time", "1.004222"),
    ],
)  # fmt: skip
def test_stories_and_slips_are_understood(ask: Any, text: str, code: str) -> None:
    answer = ask(text)
    assert answer.card is not None
    assert answer.card.code == code


@pytest.mark.parametrize(
    "text",
    ["How do I renew my Italian passport in Da Nang?", "How do I register a trademark?",
     "Can I bring my dog from Australia?", "Which bank has the best rates?"],
)  # fmt: skip
def test_what_is_not_ours_is_refused(ask: Any, text: str) -> None:
    assert ask(text).status in (Status.NO_SOURCE, Status.OUT_OF_SCOPE)


def test_every_line_has_its_number_and_nothing_is_in_vietnamese(ask: Any) -> None:
    answer = ask("How long does unemployment benefit take?")
    first, *rest = answer.text.splitlines()
    assert first.startswith("Procedure: Unemployment benefit (")
    assert first.endswith(". [1]")
    assert "Not found in the source: Processing time." in rest


def test_choices_in_english_can_be_chosen(ask: Any) -> None:
    card = ask.assistant.procedures.card("1.004222")
    label = f"{card.english_name} ({card.short_name})"
    turn = Turn("residence", "", Status.CLARIFY, slots=("fees",), choices=("Something", label))
    answer = ask("the second one please", history=(turn,))
    assert (answer.card.code, answer.slots) == ("1.004222", ("fees",))


def test_thanks_in_english(ask: Any) -> None:
    assert ask("thank you").text == "You are welcome. Ask again any time."
