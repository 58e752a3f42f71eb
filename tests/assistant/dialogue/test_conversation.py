"""A conversation stays sane: buttons, two messages at once, a full disk, a dead Rasa."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.decision import Decision, DecisionKind
from assistant.dialogue.direct import DirectDialogue
from assistant.dialogue.in_order import InOrder
from assistant.dialogue.memory import Memory, Told
from assistant.dialogue.ports import Spoken
from assistant.dialogue.state import ConversationState, Heard
from assistant.dialogue.through_rasa import RasaDialogue
from assistant.errors import StateError
from assistant.vocabulary import Answer, EventKind, Status, Turn
from knowledge_base.scope import citizen

DAY = date(2026, 8, 1)
PASSPORT = "1.001456"


def heard(text: str, conversation: str = "c", **more: Any) -> Heard:
    return Heard(text, conversation, citizen(), as_of=DAY, use_model=False, **more)


def final(conversation: Conversation, message: Heard) -> Answer:
    found: Answer = [e.data for e in conversation.reply(message) if e.kind is EventKind.FINAL][-1]
    return found


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "state.sqlite")


@pytest.fixture
def talk(assistant: Assistant, memory: Memory) -> Conversation:
    return Conversation(assistant, DirectDialogue(assistant), memory)


# --- buttons --------------------------------------------------------------------------------


def test_a_button_means_the_same_twice_and_after_other_things(talk: Conversation) -> None:
    final(talk, heard("làm lại căn cước hết bao nhiêu tiền"))
    buttons = talk.buttons("c")
    assert buttons[0].title == "Bị mất hoặc hỏng"
    first = final(talk, heard(buttons[0].title, payload=buttons[0].payload))
    again = final(talk, heard(buttons[0].title, payload=buttons[0].payload))
    final(talk, heard("đăng ký kết hôn ở đâu"))
    later = final(talk, heard("", payload=buttons[0].payload))
    for answer in (first, again, later):
        assert answer.card is not None
        assert (answer.card.code, answer.slots) == ("1.014064", ("fees",))


def test_a_question_back_says_what_each_case_stands_for(talk: Conversation) -> None:
    answer = final(talk, heard("làm lại căn cước hết bao nhiêu tiền"))
    assert answer.suggestions[0] == "Bị mất hoặc hỏng"
    assert answer.means == ("1.014064", "1.014063")


def test_buttons_are_those_of_the_last_answer(talk: Conversation) -> None:
    final(talk, heard("làm lại căn cước hết bao nhiêu tiền"))
    assert talk.buttons("c")
    final(talk, heard("tạm biệt"))
    assert talk.buttons("c") == ()


def test_a_button_of_last_week_still_means_what_it_said(
    assistant: Assistant, tmp_path: Path
) -> None:
    now = [1_000_000.0]
    memory = Memory(tmp_path / "s.sqlite", clock=lambda: now[0])
    talk = Conversation(assistant, DirectDialogue(assistant), memory)
    final(talk, heard("làm hộ chiếu ở đâu"))
    button = next(b for b in talk.buttons("c") if b.title == "Lệ phí bao nhiêu?")
    now[0] += 7 * 86_400
    answer = final(talk, heard(button.title, payload=button.payload))
    assert answer.card is not None
    assert (answer.card.code, answer.slots) == (PASSPORT, ("fees",))


@pytest.mark.parametrize("payload", ["chon:gone:0", "chon::9", "chon:x:²", "{}", "/greet"])
def test_a_button_nobody_knows_is_said_so_or_read_as_words(
    talk: Conversation, payload: str
) -> None:
    assert "Nút này" in final(talk, heard("", payload=payload)).text
    answer = final(talk, heard("làm hộ chiếu ở đâu", payload=payload))
    assert answer.card is not None


# --- memory ---------------------------------------------------------------------------------


def test_nothing_personal_is_kept(talk: Conversation, tmp_path: Path) -> None:
    final(
        talk, heard("CCCD của tôi là 001085012345, làm hộ chiếu ở đâu", conversation="0912345678")
    )
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("state.sqlite*"))
    assert b"001085012345" not in kept
    assert b"0912345678" not in kept


def test_what_was_said_comes_back_after_a_restart(assistant: Assistant, tmp_path: Path) -> None:
    def fresh() -> Conversation:
        return Conversation(assistant, DirectDialogue(assistant), Memory(tmp_path / "s.sqlite"))

    final(fresh(), heard("làm hộ chiếu ở đâu"))
    answer = final(fresh(), heard("còn lệ phí?"))
    assert answer.card is not None
    assert answer.card.code == PASSPORT


@pytest.mark.usefixtures("either_store")
def test_a_conversation_expires(tmp_path: Path) -> None:
    now = [1_000_000.0]
    memory = Memory(tmp_path / "state.sqlite", days=30, context_hours=12, clock=lambda: now[0])
    turn = Turn("hỏi", "đáp", Status.ANSWERED, PASSPORT)
    memory.remember(ConversationState("c", count=1), turn, {})
    assert memory.state("c").turns == (turn,)
    now[0] += 13 * 3600
    assert memory.state("c").turns == ()
    assert len(memory.transcript("c")) == 1
    now[0] += 31 * 86_400
    memory.sweep()
    assert memory.transcript("c") == ()


def test_deleted_means_gone_from_the_file(talk: Conversation, tmp_path: Path) -> None:
    final(talk, heard("thủ tục lạ lùng zyxwv ở đâu"))
    final(talk, heard("xóa dữ liệu của tôi"))
    assert "Đã xóa" in final(talk, heard("có, xóa")).text
    with sqlite3.connect(tmp_path / "state.sqlite") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert db.execute("SELECT count(*) FROM conversation_turns").fetchone() == (0,)
    assert b"zyxwv" not in (tmp_path / "state.sqlite").read_bytes()


def test_the_same_message_delivered_twice_is_one_turn(talk: Conversation, memory: Memory) -> None:
    first = final(talk, heard("làm hộ chiếu ở đâu", message="m1"))
    second = final(talk, heard("làm hộ chiếu ở đâu", message="m1"))
    assert first.text == second.text
    assert len(memory.transcript("c")) == 1


def test_without_a_disk_it_still_answers(talk: Conversation, monkeypatch: Any) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StateError("full")

    for name in ("state", "remember", "has_answered", "start_over", "forget"):
        monkeypatch.setattr(Memory, name, broken)
    assert final(talk, heard("làm hộ chiếu ở đâu", message="m")).card is not None
    final(talk, heard("bắt đầu lại"))
    assert final(talk, heard("xin chào")).status is Status.SMALL_TALK


def test_two_hundred_turns_stay_fast_and_bounded(memory: Memory) -> None:
    turn = Turn("hỏi" * 50, "đáp" * 300, Status.ANSWERED, PASSPORT)
    for n in range(200):
        memory.remember(replace(memory.state("c"), count=n + 1), turn, {"kind": "answer"})
    started = time.perf_counter()
    state = memory.state("c")
    assert time.perf_counter() - started < 0.2
    assert (len(state.turns), state.count) == (6, 200)


def test_a_whole_book_is_turned_away_at_once(talk: Conversation) -> None:
    final(talk, heard("làm lại căn cước"))
    started = time.perf_counter()
    assert final(talk, heard("làm hộ chiếu " * 200_000)).status is Status.REFUSED_TOO_LONG
    assert time.perf_counter() - started < 2


# --- at once --------------------------------------------------------------------------------


def test_messages_are_answered_in_their_order() -> None:
    order, seen = InOrder(), []
    first = order.turn("c", 5)
    assert first.__enter__()

    def next_one(n: int) -> None:
        with order.turn("c", 5) as mine:
            assert mine
            seen.append(n)

    threads = []
    for n in range(5):
        threads.append(threading.Thread(target=next_one, args=(n,)))
        threads[-1].start()
        time.sleep(0.02)
    with order.turn("another", 0.1) as mine:
        assert mine
    first.__exit__(None, None, None)
    for thread in threads:
        thread.join(5)
    assert seen == [0, 1, 2, 3, 4]


def test_who_waits_too_long_is_told_so(assistant: Assistant, memory: Memory) -> None:
    talk = Conversation(assistant, DirectDialogue(assistant), memory, patience=0.05)
    open_one = talk.reply(heard("làm hộ chiếu ở đâu"))
    next(iter(open_one))
    assert final(talk, heard("còn lệ phí?")).status is Status.FAILED_BUSY
    open_one.close()  # type: ignore[attr-defined]
    assert final(talk, heard("xin chào")).status is Status.SMALL_TALK


def test_two_messages_at_once_are_both_kept(talk: Conversation, memory: Memory) -> None:
    texts = ["làm hộ chiếu ở đâu", "đăng ký kết hôn ở đâu", "xin chào", "cảm ơn"]
    threads = [threading.Thread(target=final, args=(talk, heard(text))) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told.turn.question for told in memory.transcript("c")) == sorted(texts)


# --- others ---------------------------------------------------------------------------------


class Desk:
    """Officers who answer at once."""

    def __init__(self) -> None:
        self.given: list[tuple[str, int]] = []
        self.waiting: list[str] = []
        self.forgotten: list[str] = []

    def hand_off(
        self, heard: Heard, transcript: Sequence[Told], *, topic: str, words: str
    ) -> Spoken:
        self.given.append((topic, len(transcript)))
        return Spoken("Đã chuyển, mã TR-1.")

    def answers(self, conversation: str) -> tuple[str, ...]:
        told, self.waiting = tuple(self.waiting), []
        return told

    def forget(self, conversation: str) -> None:
        self.forgotten.append(conversation)


def test_officers_get_what_was_said_and_are_heard(assistant: Assistant, memory: Memory) -> None:
    desk = Desk()
    talk = Conversation(assistant, DirectDialogue(assistant), memory, officers=desk)
    final(talk, heard("làm hộ chiếu ở đâu"))
    assert final(talk, heard("gặp cán bộ")).text == "Đã chuyển, mã TR-1."
    assert desk.given == [(PASSPORT, 1)]
    desk.waiting = ["Cán bộ trả lời: mang theo ảnh."]
    assert final(talk, heard("cảm ơn")).text.startswith("Cán bộ trả lời: mang theo ảnh.\n\n")
    final(talk, heard("xóa dữ liệu của tôi"))
    final(talk, heard("có"))
    assert desk.forgotten == ["c"]


class Rasa:
    """A Rasa that says what a test wants."""

    def __init__(self, says: Decision | Exception) -> None:
        self.says = says
        self.senders: list[str] = []
        self.events: list[Mapping[str, Any]] = []

    def decide(
        self, conversation: str, text: str, metadata: Mapping[str, Any] | None = None
    ) -> Decision:
        self.senders.append(conversation)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def told(self, conversation: str, events: Sequence[Mapping[str, Any]]) -> None:
        if isinstance(self.says, Exception):
            raise self.says
        self.events.extend(events)


@pytest.fixture
def through(assistant: Assistant, memory: Memory) -> Any:
    def make(says: Decision | Exception) -> tuple[Conversation, Rasa]:
        rasa = Rasa(says)
        dialogue = RasaDialogue(rasa, DirectDialogue(assistant))
        return Conversation(assistant, dialogue, memory), rasa

    return make


def test_rasa_decides_and_learns_what_was_said(through: Any) -> None:
    slots = {"procedure": "hộ chiếu", "place": "None"}
    says = Decision(DecisionKind.ANSWER, "ask_fee", 0.9, "rasa", slots=slots)
    talk, rasa = through(says)
    assert final(talk, heard("làm hộ chiếu hết bao nhiêu")).card is not None
    assert talk.health() == {"dialogue": "rasa"}
    assert rasa.senders
    assert "c" not in rasa.senders  # a hash of it
    assert {event["event"] for event in rasa.events} == {"slot", "bot"}


@pytest.mark.parametrize("error", [TimeoutError("slow"), ValueError("garbage"), OSError("dead")])
def test_a_dead_rasa_costs_nothing_but_itself(through: Any, error: Exception) -> None:
    talk, rasa = through(Decision(DecisionKind.ANSWER, "ask_where", 0.9, "rasa"))
    final(talk, heard("làm hộ chiếu ở đâu"))
    rasa.says = error
    answer = final(talk, heard("còn lệ phí?"))  # the state is kept
    assert answer.card is not None
    assert (answer.card.code, answer.slots) == (PASSPORT, ("fees",))
    health = talk.health()
    assert (health["dialogue"], health["rasa"]) == ("direct", type(error).__name__)
    rasa.says = Decision(DecisionKind.SAY, "greet", 0.9, "rasa", reply="greet")
    final(talk, heard("xin chào"))
    assert talk.health() == {"dialogue": "rasa"}


def test_danger_and_lists_are_not_left_to_a_classifier(through: Any) -> None:
    talk, rasa = through(Decision(DecisionKind.SAY, "chitchat", 0.99, "rasa", reply="chitchat"))
    assert final(talk, heard("chồng tôi đang đánh tôi")).status is Status.CRISIS
    assert rasa.senders == []
    answer = final(talk, heard("đăng ký kết hôn cần giấy tờ gì"))  # words that leave no doubt
    assert answer.card is not None
    rasa.says = Decision(DecisionKind.SAY, "x", 0.9, "rasa", reply="no_such_sentence")
    answer = final(talk, heard("cảm ơn bạn"))  # what cannot be carried out is not followed
    assert answer.text == final(talk, heard("cảm ơn bạn", "d")).text
    assert "Rất vui" in answer.text


# --- a client that sends all that was said ---------------------------------------------------


def test_a_branch_goes_on_alone(talk: Conversation) -> None:
    final(talk, heard("làm lại căn cước hết bao nhiêu tiền", "gốc"))
    talk.branch("gốc", "một")
    talk.branch("gốc", "hai")
    talk.branch("không có", "ba")
    assert final(talk, heard("1", "một")).card is not None
    assert talk.buttons("hai")[0].title == "Bị mất hoặc hỏng"
    assert final(talk, heard("1", "ba")).card is None
    assert talk.active(60) == 4  # the one that began with nothing to go on from as well


def test_what_a_door_says_was_said_counts_where_nothing_is_known(talk: Conversation) -> None:
    before = Turn("Làm hộ chiếu hết bao nhiêu tiền?", "200.000 đồng", Status.ANSWERED)
    answer = final(talk, heard("nộp ở đâu?", "lạ", history=(before,)))
    assert answer.card is not None
    assert answer.card.code == PASSPORT


def test_a_message_is_read_once_whoever_decides(
    assistant: Assistant, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    own = DirectDialogue._read
    monkeypatch.setattr(
        DirectDialogue, "_read", lambda self, heard: read.append(heard.text) or own(self, heard)
    )
    direct = DirectDialogue(assistant)
    talk = Conversation(assistant, direct, memory, direct=direct)
    final(talk, heard("đăng ký kết hôn ở đâu"))
    final(talk, heard("lệ phí?"))
    assert read == ["đăng ký kết hôn ở đâu", "lệ phí?"]
