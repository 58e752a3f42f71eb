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


# --- choices --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def choices(ask: Any) -> Turn:
    """A turn that offered three procedures for a question on the fee."""
    names = [ask.assistant.procedures.card(code).short_name for code in OFFERED]
    return Turn("sang tên", "", Status.CLARIFY, slots=("fees",), choices=tuple(names))


OFFERED = ("1.000894", "1.004222", "1.000656")  # marriage, residence, death


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2", "1.004222"),
        ("số 3", "1.000656"),
        ("cái thứ 2", "1.004222"),
        ("cai thu hai nhe", "1.004222"),
        ("cái đầu tiên ạ", "1.000894"),
        ("em chọn cái cuối cùng", "1.000656"),
        ("the second one", "1.004222"),
        ("thường trú", "1.004222"),
        ("cái kết hôn ấy", "1.000894"),
    ],
)
def test_a_choice_by_place_or_by_words(ask: Any, choices: Turn, text: str, code: str) -> None:
    answer = ask(text, history=(choices,))
    assert answer.card is not None
    assert answer.card.code == code
    assert answer.slots == ("fees",)


@pytest.mark.parametrize("text", ["9", "mấy ngày có?"])
def test_the_list_again_where_nothing_was_chosen(ask: Any, choices: Turn, text: str) -> None:
    answer = ask(text, history=(choices,))
    assert answer.status is Status.CLARIFY
    assert answer.suggestions == choices.choices


def test_a_list_asked_on_keeps_what_is_asked(ask: Any, choices: Turn) -> None:
    asked = ask("mấy ngày có?", history=(choices,))
    turn = Turn.of("mấy ngày có?", asked)
    assert ask("1", history=(choices, turn)).slots == ("times",)


def test_thanks_do_not_take_the_list_away(ask: Any, choices: Turn) -> None:
    thanks = ask.turn("cảm ơn bạn")
    assert ask("1", history=(choices, thanks)).card.code == OFFERED[0]


def test_another_subject_chooses_nothing(ask: Any, choices: Turn) -> None:
    assert ask("làm hộ chiếu mất bao lâu", history=(choices,)).card.code == "1.001456"


def test_a_number_without_a_list_is_no_choice(ask: Any) -> None:
    assert ask("2").card is None


def test_a_choice_survives_the_trip_through_a_receipt(choices: Turn) -> None:
    from dataclasses import asdict

    assert Turn(**asdict(choices)) == choices


# --- the same matter otherwise --------------------------------------------------------------


def test_another_case_of_the_same_matter(ask: Any) -> None:
    adult = ask.turn("Cấp căn cước cho người 30 tuổi mấy ngày có?")
    answer = ask("còn trẻ em dưới 14 tuổi thì sao?", history=(adult,))
    assert (answer.card.code, answer.slots) == ("1.014062", ("times",))


def test_a_correction_keeps_what_was_asked(ask: Any, passport: Turn) -> None:
    answer = ask("nhầm, ý em là đăng ký kết hôn", history=(passport,))
    assert (answer.card.code, answer.slots) == ("1.000894", ("fees",))


def test_another_way_to_file_keeps_what_was_asked(ask: Any, passport: Turn) -> None:
    assert ask("thế nộp qua mạng?", history=(passport,)).slots == ("fees", "online")


@pytest.mark.parametrize("text", ["thời gian thì sao", "thoi gian thi sao"])
def test_a_noun_is_enough_to_ask(ask: Any, passport: Turn, text: str) -> None:
    assert ask(text, history=(passport,)).slots == ("times",)


def test_back_to_an_earlier_subject(ask: Any, passport: Turn) -> None:
    wedding = ask.turn("Đăng ký kết hôn cần giấy tờ gì?")
    answer = ask("hộ chiếu hồi nãy thì nộp ở đâu", history=(passport, wedding))
    assert (answer.card.code, answer.slots) == (passport.card_code, ("where",))


def test_it_may_be_a_law(ask: Any) -> None:
    law = ask.turn("Luật Cư trú 68/2020/QH14 quy định gì?")
    answer = ask("luật này có hiệu lực từ khi nào?", history=(law,))
    assert answer.citations[0].document_id == "law:68/2020/QH14"
