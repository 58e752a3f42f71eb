"""Who asks for it is forgotten: conversation, checklist, ticket, officers' answers, opinions."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answering import Assistant
from assistant.desk.opening import open_desk
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.opening import open_conversation
from assistant.dialogue.state import Heard
from assistant.journeys.said import said_code
from assistant.state_file import state_opened
from assistant.vocabulary import Answer, EventKind
from knowledge_base.home import Home
from knowledge_base.scope import citizen

pytestmark = pytest.mark.usefixtures("either_store")

DAY = date(2026, 8, 3)
KEPT = (
    "conversations",
    "conversation_turns",
    "checklists",
    "desk_tickets",
    "desk_lines",
    "desk_changes",
    "desk_replies",
    "desk_feedback",
)


def say(talk: Conversation, text: str) -> Answer:
    heard = Heard(text, "c-1", citizen(), as_of=DAY, use_model=False)
    answers = [e.data for e in talk.reply(heard) if e.kind is EventKind.FINAL]
    found: Answer = answers[0]
    return found


def counts(home: Home) -> dict[str, int]:
    with state_opened(home.state_database) as db:
        return {
            name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - ours
            for name in KEPT
        }


def test_nothing_of_a_conversation_is_left(
    assistant: Assistant, bundled_home: Home, home: Home
) -> None:
    home.path.mkdir(parents=True)
    home.record().parent.mkdir(parents=True, exist_ok=True)
    home.record().symlink_to(bundled_home.record())
    talk = open_conversation(home, assistant)
    say(talk, "tôi vừa sinh con hôm qua")
    for text in ("1", "làm riêng"):
        say(talk, text)
    listed = say(talk, "không rõ")
    code = said_code(listed.text)
    assert code
    content = b"".join(each.read_bytes() for each in home.path.glob("state.sqlite*"))
    assert code.encode() not in content
    assert "[x] 1." in say(talk, "xong việc 1").text
    assert code in say(talk, f"mở lại danh sách {code.lower()}").text
    assert code in say(talk, code).text

    say(talk, "làm hộ chiếu ở đâu")
    say(talk, "câu trả lời sai rồi")
    say(talk, "Sai")
    say(talk, "gặp cán bộ")
    desk = open_desk(home.state_database, assistant.config)
    (ticket,) = desk.officers.tickets().tickets
    desk.officers.answer(ticket.code, "Lan", "Mang bản chính theo.")
    before = counts(home)
    assert all(before.values()), before

    say(talk, "xóa dữ liệu của tôi")
    done = say(talk, "có, xóa")
    assert "Đã xóa" in done.text
    assert not any(counts(home).values())
    content = b"".join(each.read_bytes() for each in home.path.glob("state.sqlite*"))
    assert b"event_birth" not in content
    assert "Mang bản chính theo".encode() not in content
    assert "Không tìm thấy" in say(talk, f"mở lại danh sách {code}").text


def test_my_data_says_what_is_kept_where_and_for_how_long(assistant: Assistant, home: Home) -> None:
    config = assistant.config
    text = say(open_conversation(home, assistant), "bạn lưu gì về tôi").text
    for words in (
        "máy chạy trợ lý này",
        f"{config.receipts.days} ngày",
        f"{config.desk.keep_days} ngày",
        "Danh sách việc",
        "xóa dữ liệu của tôi",
    ):
        assert words in text, words
