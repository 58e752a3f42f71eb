"""Questions that lean on the one before: "còn lệ phí?" """

from __future__ import annotations

from typing import Any

import pytest

from assistant.vocabulary import Status, Turn

PASSPORT = "Làm hộ chiếu hết bao nhiêu tiền?"


@pytest.fixture(scope="module")
def passport(ask: Any) -> Turn:
    turn: Turn = ask.turn(PASSPORT)
    assert turn.card_code == "1.001456"
    return turn


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("còn lệ phí?", "fees"),
        ("con le phi?", "fees"),
        ("mấy ngày có?", "times"),
        ("nộp online được không?", "online"),
        ("nop online duoc khong", "online"),
        ("thế còn nộp ở đâu?", "where"),
        ("còn giấy tờ thì sao?", "dossier"),
        ("vậy cần giấy tờ gì?", "dossier"),
        ("ai giải quyết?", "authority"),
        ("and how long?", "times"),
        ("what about the fee?", "fees"),
    ],
)
def test_a_follow_up_asks_for_another_slot(ask: Any, passport: Turn, text: str, slot: str) -> None:
    answer = ask(text, history=(passport,))
    assert answer.status in (Status.ANSWERED, Status.ANSWERED_PARTLY)
    assert answer.card.code == passport.card_code
    assert answer.slots == (slot,)


def test_what_about_children_keeps_subject_and_slot(ask: Any, passport: Turn) -> None:
    answer = ask("thế trẻ em thì sao?", history=(passport,))
    assert answer.card.code == passport.card_code
    assert answer.slots == passport.slots == ("fees",)


def test_a_follow_up_of_a_follow_up(ask: Any, passport: Turn) -> None:
    times = ask("mấy ngày có?", history=(passport,))
    turn = Turn("mấy ngày có?", "", times.status, times.card.code, "", times.slots)
    answer = ask("còn nộp ở đâu?", history=(passport, turn))
    assert (answer.card.code, answer.slots) == (passport.card_code, ("where",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Đăng ký kết hôn cần giấy tờ gì?", "1.000894"),
        ("còn đăng ký kết hôn thì cần giấy tờ gì?", "1.000894"),
        ("đăng ký tạm trú mất bao lâu", "1.004194"),
        ("thủ tục 1.000894 nộp ở đâu?", "1.000894"),
    ],
)
def test_a_new_subject_is_a_new_subject(ask: Any, passport: Turn, text: str, code: str) -> None:
    answer = ask(text, history=(passport,))
    assert answer.card.code == code


def test_a_document_asked_by_number_is_a_new_subject(ask: Any, passport: Turn) -> None:
    answer = ask("Nghị định 30/2020/NĐ-CP quy định gì?", history=(passport,))
    assert answer.card is None
    assert answer.citations[0].document_id == "law:30/2020/NĐ-CP"


def test_small_talk_does_not_carry_on(ask: Any, passport: Turn) -> None:
    assert ask("cảm ơn", history=(passport,)).status is Status.SMALL_TALK


def test_what_is_out_of_scope_stays_so(ask: Any, passport: Turn) -> None:
    answer = ask("giá vàng hôm nay bao nhiêu?", history=(passport,))
    assert answer.status is Status.OUT_OF_SCOPE


def test_after_a_refusal_the_last_answered_turn_counts(ask: Any, passport: Turn) -> None:
    refused = ask.turn("giá vàng hôm nay bao nhiêu?")
    answer = ask("còn lệ phí?", history=(passport, refused))
    assert answer.card.code == passport.card_code


def test_after_nothing_but_a_refusal_there_is_nothing_to_build_on(ask: Any) -> None:
    refused = ask.turn("giá vàng hôm nay bao nhiêu?")
    answer = ask("còn lệ phí?", history=(refused,))
    assert answer.card is None


def test_a_follow_up_without_a_conversation_names_no_procedure(ask: Any) -> None:
    for text in ("còn lệ phí?", "nộp online được không?", "mấy ngày có?"):
        assert ask(text).card is None, text
