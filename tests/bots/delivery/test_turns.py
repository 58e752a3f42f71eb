"""Which messages are a turn."""

from __future__ import annotations

from dataclasses import replace

from bots.delivery.channel import Incoming, Kind
from bots.delivery.turns import LONGEST_WAIT, TOGETHER, Plan, Waiting, is_stop, next_turn
from bots.delivery.waiting import Waiting as Queue

HELLO = Incoming("plain", "1", "a", "a", Kind.TEXT, 0.0, "Làm hộ chiếu hết bao nhiêu tiền?")


def at(came: float, text: str = HELLO.text, **changes: object) -> Waiting:
    return Waiting(int(came * 10), came, replace(HELLO, text=text, **changes))  # type: ignore[arg-type]


def planned(*waiting: Waiting, now: float = 1000.0) -> Plan:
    plan = next_turn(waiting, now)
    assert isinstance(plan, Plan)
    return plan


def test_pieces_are_waited_for_but_not_for_ever() -> None:
    assert next_turn([at(0)], 0.5) == TOGETHER
    assert next_turn([at(0), at(1)], 1.5) == 1 + TOGETHER
    pieces = [at(n) for n in range(7)]
    assert next_turn(pieces, LONGEST_WAIT - 0.1) == LONGEST_WAIT
    assert isinstance(next_turn(pieces, LONGEST_WAIT), Plan)
    assert isinstance(next_turn([at(100)], 50.0), Plan)  # the clock was set back


def test_pieces_are_joined_and_what_came_twice_counts_once() -> None:
    plan = planned(at(0, "cho mình hỏi"), at(1, "lệ phí hộ chiếu?"), at(2, "lệ phí hộ chiếu?"))
    assert plan.text == "cho mình hỏi\nlệ phí hộ chiếu?"
    assert not plan.replaced
    assert len(plan.rows) == 3


def test_a_new_question_takes_the_place_of_the_old_which_is_named() -> None:
    plan = planned(at(0), at(5, "Đăng ký kết hôn ở đâu?"))
    assert plan.text == "Đăng ký kết hôn ở đâu?"
    assert plan.replaced == (HELLO.text,)
    assert len(plan.rows) == 2
    again = planned(at(0), at(5))  # impatience is no new question
    assert not again.replaced
    assert again.text == HELLO.text


def test_a_few_words_are_joined() -> None:
    plan = planned(at(0, "cho trẻ em"), at(5, "ở Hà Nội"))
    assert plan.text == "cho trẻ em\nở Hà Nội"
    assert not plan.replaced


def test_buttons_commands_and_numbers_are_turns_at_once() -> None:
    for alone in (
        at(0, kind=Kind.BUTTON), at(0, "/nguon"), at(0, "2"), at(0, "12."),
        at(0, "", kind=Kind.OTHER, what="image"), at(0, "trợ giúp"),
    ):  # fmt: skip
        assert planned(alone, at(0.1), now=0.2).rows == (alone,)
    assert planned(at(0), at(0.1, "1"), now=0.2).rows == (at(0),)  # and end what is before them


def test_two_people_in_a_group_are_two_turns() -> None:
    assert len(planned(at(0), at(0.5, person="b"), now=0.6).rows) == 1


def test_stop() -> None:
    for text in ("/dung", "dừng", "/stop", "DUNG"):
        assert is_stop(replace(HELLO, text=text)), text
    assert not is_stop(HELLO)
    assert not is_stop(replace(HELLO, text="/dung", kind=Kind.OTHER))


def test_expected_waits() -> None:
    queue = Queue(2)
    assert queue.expected(0) == 0
    assert queue.expected(1) == 0
    for seconds in range(1, 11):
        queue.took(float(seconds))
    assert queue.p90 == 9
    assert queue.expected(3) == 9
    assert queue.expected(21) == 90
