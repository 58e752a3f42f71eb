"""What a conversation asks of the desk."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.desk.for_conversations import DeskForConversations
from assistant.dialogue.memory import Told
from assistant.dialogue.ports import Feedback, Officers
from assistant.dialogue.state import Heard
from assistant.vocabulary import Status, Turn
from knowledge_base.scope import citizen

pytestmark = pytest.mark.usefixtures("either_store")

HEARD = Heard("gặp cán bộ", "c-1", citizen(), door="chat")
TOLD = [
    Told(0.0, {}, Turn(f"câu hỏi {n}", f"trả lời {n}", Status.ANSWERED, "1.001456"))
    for n in range(200)
]


@pytest.fixture
def desk(one: Any) -> DeskForConversations:
    return DeskForConversations(one.desk)


def test_it_is_what_conversations_ask_for(desk: DeskForConversations) -> None:
    officers: Officers = desk
    feedback: Feedback = desk
    assert officers is feedback


def test_a_long_conversation_is_handed_over_with_its_end(one: Any, desk: Any) -> None:
    spoken = desk.hand_off(HEARD, TOLD, topic="1.001456", words="gặp cán bộ")
    ticket = one.desk.officers.tickets().tickets[0]
    assert ticket.code in spoken.text
    assert ticket.topic == "1.001456"
    lines = one.desk.officers.ticket(ticket.code).transcript
    assert [line.text for line in lines[-3:]] == ["câu hỏi 199", "trả lời 199", "gặp cán bộ"]


def test_who_comes_back_gets_the_answer_first(one: Any, desk: Any) -> None:
    desk.hand_off(HEARD, TOLD, topic="", words="gặp cán bộ")
    code = one.desk.officers.tickets().tickets[0].code
    one.desk.officers.answer(code, "Lan", "Mang bản chính.\nCảm ơn.")
    spoken = desk.hand_off(HEARD, TOLD, topic="", words="gặp cán bộ")
    assert spoken.text == f"Cán bộ Lan trả lời phiếu {code}: Mang bản chính.\nCảm ơn."
    again = desk.hand_off(HEARD, TOLD, topic="", words="vẫn chưa rõ")
    assert code in again.text
    assert one.desk.officers.ticket(code).status == "waiting"


def test_an_opinion_is_kept_once_a_question_and_forgotten(one: Any, desk: Any) -> None:
    question = "CCCD 001085012345 hết hạn thì sao?"
    desk.feedback(HEARD, good=True, question=question, reason="")
    desk.feedback(HEARD, good=False, question=question, reason="Thiếu nguồn")
    desk.feedback(HEARD, good=False, question="câu khác", reason="dài dòng")
    tally = one.desk.feedback.tally()
    assert (tally.good, tally.bad, tally.reasons["no_source"]) == (0, 2, 1)
    assert tally.latest[0].comment == "câu khác: dài dòng"
    assert tally.latest[1].comment == "CCCD [số định danh] hết hạn thì sao?"
    desk.hand_off(HEARD, TOLD, topic="", words="gặp cán bộ")
    desk.forget("c-1")
    assert one.desk.feedback.tally().bad == 0
    assert one.desk.officers.tickets().tickets == ()
