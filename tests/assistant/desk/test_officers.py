"""Taking, answering, giving back, closing; listing; answers on their way; feedback."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from assistant.desk.feedback import Judgement, Reason, read_reason
from assistant.desk.tickets import (
    LONGEST_ANSWER,
    Outdated,
    TicketStatus,
    UnknownTicket,
    Unusable,
    WrongState,
)
from assistant.errors import InputError

pytestmark = pytest.mark.usefixtures("either_store")


def test_the_way_of_a_ticket_is_written_down(one: Any) -> None:
    code = one.code()
    officers = one.desk.officers
    officers.take(code.lower().replace("-", " "), "Lan")
    officers.release(code, "Lan", note="hết ca")
    officers.take(code, "Hùng")
    officers.answer(code, "Hùng", "Mang bản chính.\nGọi 028 3829 0000.", note="CCCD 001085012345")
    ticket = officers.close(code, "Hùng")
    assert ticket.status is TicketStatus.CLOSED
    assert [(each.by, each.action) for each in ticket.changes] == [
        ("citizen", "open"), ("Lan", "take"), ("Lan", "release"), ("Hùng", "take"),
        ("Hùng", "answer"), ("Hùng", "close"),
    ]  # fmt: skip
    assert ticket.changes[4].note == "CCCD [số định danh]"
    assert ticket.replies[0].text == "Mang bản chính.\nGọi 028 3829 0000."
    assert ticket.version == 6


def test_what_another_holds_or_what_is_closed_stays_as_it_is(one: Any) -> None:
    code, officers = one.code(), one.desk.officers
    officers.take(code, "Lan")
    for act in (
        lambda: officers.take(code, "Hùng"),
        lambda: officers.answer(code, "Hùng", "Xong."),
        lambda: officers.close(code, "Hùng"),
    ):
        with pytest.raises(WrongState, match="đang do Lan xử lý"):
            act()
    officers.close(code, "Lan")
    for act in (
        lambda: officers.take(code, "Lan"),
        lambda: officers.release(code, "Lan"),
        lambda: officers.answer(code, "Lan", "Xong."),
        lambda: officers.close(code, "Lan"),
    ):
        with pytest.raises(WrongState, match="đã đóng"):
            act()
    waiting = one.code("c-2")
    with pytest.raises(WrongState, match="đang chờ nên không trả lại hàng chờ được"):
        officers.release(waiting, "Lan")


def test_a_button_pressed_twice_is_pressed_once(one: Any) -> None:
    code, officers = one.code(), one.desk.officers
    assert officers.take(code, "Lan") == officers.take(code, "Lan")
    officers.answer(code, "Lan", "Xong.")
    assert len(officers.answer(code, "Lan", "Xong.").replies) == 1
    assert len(officers.answer(code, "Lan", "Thêm nữa.").replies) == 2


def test_two_officers_at_once_do_not_both_get_it(make: Any) -> None:
    desks = [make(), make()]
    code = desks[0].code()
    got: list[str] = []

    def take(desk: Any, name: str) -> None:
        try:
            desk.desk.officers.take(code, name, version=1)
            got.append(name)
        except (WrongState, Outdated):
            pass

    threads = [threading.Thread(target=take, args=(desks[n % 2], f"cán bộ {n}")) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(got) == 1
    assert desks[0].desk.officers.ticket(code).officer == got[0]


def test_a_ticket_that_has_changed_is_read_again_first(one: Any) -> None:
    code, officers = one.code(), one.desk.officers
    one.ask("c-1", "còn điều này nữa")
    with pytest.raises(Outdated, match="Hãy xem lại"):
        officers.answer(code, "Lan", "Xong.", version=1)
    assert officers.answer(code, "Lan", "Xong.", version=2).version == 3


@pytest.mark.parametrize("text", ["", "  \n", "…", "😀", "x" * (LONGEST_ANSWER + 1), "y" * 10**7])
def test_answers_that_say_nothing_or_too_much_are_sent_back(one: Any, text: str) -> None:
    code = one.code()
    with pytest.raises(Unusable, match="Hãy"):
        one.desk.officers.answer(code, "Lan", text)
    assert one.desk.officers.ticket(code).version == 1


@pytest.mark.parametrize("name", ["", " ", "\x00", "—", "x" * 100])
def test_an_officer_has_a_name(one: Any, name: str) -> None:
    with pytest.raises(Unusable, match=r"Hãy|Thiếu"):
        one.desk.officers.take(one.code(), name)


def test_an_unknown_code_is_answered_with_the_nearest(one: Any) -> None:
    code = one.code()
    figures = code.split("-")[1]
    for typed in (figures, code[:-1] + "?", f"TR-{figures[:3]}-A"):
        with pytest.raises(UnknownTicket, match=f"Có phải {code}?"):
            one.desk.officers.ticket(typed)
    with pytest.raises(UnknownTicket, match="troly desk list"):
        one.desk.officers.ticket("\x1b[31m" + "x" * 1000)


def test_pages_follow_each_other_while_tickets_come_and_go(one: Any) -> None:
    codes = []
    for number in range(7):
        codes.append(one.code(f"c-{number}"))
        one.clock.turn(seconds=1)
    officers = one.desk.officers
    first = officers.tickets(limit=3)
    assert [each.code for each in first.tickets] == codes[:3]
    one.desk.queue.forget("c-2")  # the last of the first page
    one.code("new")
    second = officers.tickets(after=first.next, limit=3)
    assert [each.code for each in second.tickets] == codes[3:6]
    third = officers.tickets(after=second.next, limit=3)
    assert third.tickets[0].code == codes[6]
    assert third.next is None
    assert [each.code for each in officers.everything()][:2] == codes[:2]
    with pytest.raises(ValueError, match="cursor"):
        officers.tickets(after="1 OR 1=1")


def test_an_answer_is_pending_until_it_is_delivered(one: Any) -> None:
    code = one.code("c-1")
    outbox = one.desk.outbox
    one.ask("c-2", address="telegram:7")
    assert outbox.pending("c-1") == ()
    one.desk.officers.answer(code, "Lan", "Một.")
    one.desk.officers.answer(code, "Lan", "Hai.")
    one.desk.officers.close(code, "Lan")
    first, second = outbox.pending("c-1")
    assert (first.text, second.text, first.code) == ("Một.", "Hai.", code)
    assert outbox.delivered("c-2", [first.id]) == 0  # not theirs
    assert outbox.delivered("c-1", [first.id, 999]) == 1
    assert outbox.delivered("c-1", [first.id]) == 0
    assert outbox.pending("c-1") == (second,)
    assert outbox.addresses("web") == ()
    pushed = one.desk.officers.tickets((TicketStatus.WAITING,)).tickets[0]
    one.desk.officers.answer(pushed.code, "Lan", "Ba.")
    assert outbox.addresses("web") == ("telegram:7",)


# --- feedback --------------------------------------------------------------------------------


def judged(one: Any, answer: str = "a1", good: bool = False, **more: Any) -> bool:
    done: bool = one.desk.feedback.give(
        Judgement(answer, more.pop("conversation", "c-1"), "web", good, **more)
    )
    return done


def test_feedback_is_masked_and_counted_once_an_answer(one: Any) -> None:
    judged(one, reasons=(Reason.WRONG,), topic="1.001456")
    judged(
        one, reasons=(Reason.OUTDATED, Reason.OUTDATED), comment="Gọi 0912345678", topic="1.001456"
    )
    judged(one, conversation="c-2", good=True, reasons=(Reason.WRONG,))
    tally = one.desk.feedback.tally()
    assert (tally.good, tally.bad) == (1, 1)
    assert {name: n for name, n in tally.reasons.items() if n} == {"outdated": 1}
    assert tally.topics == {"1.001456": 1}
    assert tally.latest[1].comment == "Gọi [số điện thoại]"
    assert tally.latest[0].conversation == ""
    assert one.desk.queue.forget("c-1") == 1
    assert one.desk.feedback.tally().bad == 0
    assert one.desk.feedback.tally(one.clock.now + timedelta(seconds=1)).good == 0


def test_one_conversation_cannot_fill_the_disk(one: Any) -> None:
    kept = [judged(one, f"a{number}") for number in range(60)]
    assert sum(kept) == 50
    assert judged(one, "a1", good=True)  # a change of mind is no new one
    assert judged(one, "a99", conversation="c-2")


def test_feedback_is_about_an_answer(one: Any) -> None:
    for answer in ("", "a b", "x" * 65, "😀"):
        with pytest.raises(InputError, match="Mã câu trả lời"):
            judged(one, answer)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("sai", Reason.WRONG), ("Cũ", Reason.OUTDATED), ("đã cũ", Reason.OUTDATED),
        ("thiếu", Reason.INCOMPLETE), ("kho hieu", Reason.UNCLEAR),
        ("Thiếu nguồn", Reason.NO_SOURCE), ("khác", Reason.OTHER), ("wrong", Reason.WRONG),
        ("đẹp", None), ("", None),
    ],
)  # fmt: skip
def test_reasons_are_read_in_vietnamese(said: str, reason: Reason | None) -> None:
    assert read_reason(said) is reason
