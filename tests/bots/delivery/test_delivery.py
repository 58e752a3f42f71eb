"""From a webhook to the provider, over real sockets."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from assistant.desk.queue import HandOff
from assistant.desk.tickets import Line
from assistant.dialogue.speaking import final_events
from assistant.errors import StateError
from assistant.state_file import state_opened
from bots.fakes.plain import echoed

pytestmark = pytest.mark.usefixtures("either_store")

Begin = Callable[..., Any]


def rows(home: Any, sql: str) -> list[Any]:
    with state_opened(home.state_database) as db:
        return [tuple(row) for row in db.execute(sql).fetchall()]


def test_a_message_is_answered_once_and_its_words_are_wiped(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running()
    assert door.says("Xin chào", update="1")
    assert not door.says("Xin chào", update="1")
    wait_until(lambda: provider.texts() == ["trả lời: Xin chào"])
    assert not door.says("Xin chào", update="1")
    time.sleep(2)
    assert provider.texts() == ["trả lời: Xin chào"]
    assert any(path == "/seen" for path, _ in provider.other)
    wait_until(lambda: rows(door.home, "SELECT state FROM delivery_outbox") == [("sent",)])
    kept = rows(door.home, "SELECT body, state FROM delivery_inbox")
    assert kept == [("", "done")]
    assert rows(door.home, "SELECT body, words FROM delivery_outbox") == [("", "")]


def test_fragments_are_one_turn(running: Begin, provider: Any, wait_until: Any) -> None:
    door = running()
    for text in ("cho mình hỏi", "làm hộ chiếu", "hết bao nhiêu tiền?"):
        door.says(text)
        time.sleep(0.3)
    wait_until(provider.texts)
    assert provider.texts() == ["trả lời: cho mình hỏi\nlàm hộ chiếu\nhết bao nhiêu tiền?"]


def test_a_new_question_takes_the_place_of_one_that_waits(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running(seconds=4.5, answers=1)
    door.says("Làm hộ chiếu hết bao nhiêu tiền?")
    time.sleep(1.8)
    door.says("Đăng ký khai sinh cần giấy tờ gì?")
    time.sleep(1.7)
    door.says("Đăng ký kết hôn ở đâu?")
    wait_until(lambda: len(provider.texts()) >= 3, 20)
    first, notice, last = provider.texts()
    assert first.endswith("Làm hộ chiếu hết bao nhiêu tiền?")
    assert "“Đăng ký khai sinh cần giấy tờ gì?”" in notice
    assert last == "trả lời: Đăng ký kết hôn ở đâu?"


def test_stop_does_not_wait(running: Begin, provider: Any, wait_until: Any) -> None:
    door = running(seconds=30, answers=1)
    door.says("Làm hộ chiếu hết bao nhiêu tiền?")
    wait_until(lambda: len(door.echo.heard) == 1)
    begun = time.monotonic()
    door.says("/dung")
    wait_until(provider.texts)
    assert time.monotonic() - begun < 3
    assert "đã dừng" in provider.texts()[0]
    wait_until(lambda: door.delivery.mailbox.figures()[0] == 0)
    door.says("/trogiup")
    wait_until(lambda: len(provider.texts()) == 2)


def test_chats_do_not_wait_for_each_other_and_keep_their_order(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running(answers=4)
    for n in range(5):
        for chat in "abcdef":
            door.says("", chat, kind="button", payload=str(n), person=chat)
            door.says(f"/thutuc {n}", chat)
    wait_until(lambda: len(provider.sent) == 60, 30)
    for chat in "abcdef":
        said = [text for text in provider.texts(chat) if "/" in text]
        assert said == [f"trả lời: /thutuc {n}" for n in range(5)]


def test_what_is_no_text_is_answered_in_words(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running()
    for what, words in [
        ("image", "không xem ảnh"), ("voice", "thoại"), ("poll", "bằng chữ"),
        ("file", "tệp"), ("sticker", "chữ"), ("location", "vị trí"),
    ]:  # fmt: skip
        door.says("", what, kind="other", what=what)
        wait_until(lambda w=what: provider.texts(w))
        assert words in provider.texts(what)[0]
    door.says("", "b", kind="begin")
    wait_until(lambda: provider.texts("b") == ["trả lời: /start"])


def test_errors_do_what_they_ask_for(running: Begin, provider: Any, wait_until: Any) -> None:
    door = running()
    provider.plan = [500, 429]
    door.says("/thutuc 1")
    wait_until(lambda: provider.texts() == ["trả lời: /thutuc 1"], 20)
    provider.plan = [400]  # refused as it is: as plain words
    door.says("/thutuc 2")
    wait_until(lambda: len(provider.texts()) == 2)
    provider.plan = [400, 400]  # and for good
    door.says("/thutuc 3")
    wait_until(lambda: rows(door.home, "SELECT body FROM delivery_outbox WHERE state = 'failed'"))
    assert not provider.plan
    provider.plan = [403]
    door.says("/thutuc 4", "blocked")
    gone = "SELECT gone FROM delivery_chats WHERE chat = 'blocked'"
    wait_until(lambda: rows(door.home, gone) == [(1,)])
    assert not provider.texts("blocked")
    door.says("/thutuc 5", "blocked")  # they are back
    wait_until(lambda: provider.texts("blocked"))
    assert rows(door.home, gone) == [(0,)]


def test_a_refused_token_holds_the_channel_until_it_works_again(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running()
    provider.plan = [401, 401]
    door.says("/thutuc 1")
    wait_until(lambda: door.health()["channels"] == {"plain": "held"})
    assert 'troly_channel_state{channel="plain",state="held"} 1.0' in door.http.get("/metrics").text
    assert any("giữ lại" in said for said in door.said)
    wait_until(lambda: provider.texts() == ["trả lời: /thutuc 1"])
    wait_until(lambda: door.health()["channels"] == {"plain": "on"})


def test_a_channel_is_switched_off_and_says_so(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running()
    door.delivery.switches.turn_off("plain", reason="đang sửa dữ liệu lệ phí.", by="lan")
    door.says("Làm hộ chiếu hết bao nhiêu?")
    wait_until(provider.texts)
    assert "tạm dừng vì đang sửa dữ liệu lệ phí." in provider.texts()[0]
    assert not door.echo.heard
    door.delivery.switches.turn_on("plain")
    door.says("Làm hộ chiếu hết bao nhiêu?")
    wait_until(lambda: len(provider.texts()) == 2)


def test_an_officer_in_the_console_silences_the_bot(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running()
    door.says("Chào anh, tôi xem hồ sơ giúp", kind="officer")
    door.says("Cảm ơn cán bộ")
    wait_until(lambda: door.delivery.mailbox.figures()[0] == 0)
    assert not provider.sent
    assert not door.echo.heard
    door.says("#bot", kind="officer")
    door.says("Còn lệ phí?")
    wait_until(provider.texts)


def test_withdrawing_erases(running: Begin, provider: Any, wait_until: Any) -> None:
    door = running()
    door.says("Bí mật của tôi", chat="secret-chat")
    wait_until(lambda: provider.texts("secret-chat"))
    door.says("", chat="secret-chat", kind="withdraw")
    wait_until(lambda: not rows(door.home, "SELECT 1 FROM conversations"))
    for table in ("delivery_inbox", "delivery_outbox"):
        named = f"SELECT 1 FROM {table} WHERE chat <> '' OR body <> ''"  # noqa: S608
        wait_until(lambda n=named: not rows(door.home, n))
    for file in door.home.path.glob("state.sqlite*"):
        assert b"secret-chat" not in file.read_bytes()


def test_erasing_by_command_erases_what_waits_to_be_sent(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running()
    provider.plan = [500] * 3
    door.says("/thutuc một", "e")
    wait_until(lambda: len(provider.plan) < 3)

    def erase(heard: Any) -> Any:
        door.echo.forget(heard.conversation)
        return final_events(echoed("đã xóa"))

    door.echo.reply = erase  # as a conversation does: it erases, and remembers nothing of it
    door.says("/xoadulieu", "e")
    wait_until(lambda: provider.texts("e"), 20)
    assert provider.texts("e") == ["trả lời: đã xóa"]


def test_what_cannot_be_kept_is_tried_again(
    running: Begin, provider: Any, wait_until: Any, monkeypatch: Any
) -> None:
    door = running()
    settle, failures = door.delivery.mailbox.settle, [1, 2]

    def failing(db: Any, taken: Any) -> None:
        if failures:
            failures.pop()
            raise StateError("the disk is full")
        settle(db, taken)

    monkeypatch.setattr(door.delivery.mailbox, "settle", failing)
    door.says("/thutuc 1")
    wait_until(lambda: door.health()["delivery"] == "broken")
    wait_until(lambda: provider.texts() == ["trả lời: /thutuc 1"], 20)


def test_a_start_that_fails_is_tried_again(
    running: Begin, provider: Any, wait_until: Any, monkeypatch: Any
) -> None:
    failures = [1]

    def failing(self: Any) -> None:
        if failures:
            failures.pop()
            raise StateError("locked")

    monkeypatch.setattr("bots.delivery.mailbox.Mailbox.give_all_back", failing)
    running().says("/thutuc 1")
    wait_until(lambda: provider.texts() == ["trả lời: /thutuc 1"], 20)


def test_a_conversation_that_breaks_ends_in_a_sentence(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running()
    reply = door.echo.reply

    def breaks(heard: Any) -> Any:
        raise ValueError(heard.text)

    door.echo.reply = breaks
    door.says("/thutuc 1")
    wait_until(lambda: any("gặp lỗi" in text for text in provider.texts()), 30)
    assert door.health()["delivery"] == "ok"
    door.echo.reply = reply
    door.says("/thutuc 2")
    wait_until(lambda: len(provider.texts()) == 2)


def test_who_has_to_wait_sees_what_is_being_done(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running(seconds=6.0)
    door.says("Làm hộ chiếu hết bao nhiêu?")
    wait_until(lambda: any(path == "/progress" for path, _ in provider.other), 20)
    (told,) = [told for path, told in provider.other if path == "/progress"]
    assert told["text"] == "Đang tra cứu…"
    assert not provider.sent
    wait_until(provider.texts)


def test_officers_of_the_desk_answer_into_the_chat(
    running: Begin, provider: Any, wait_until: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("bots.delivery.service.OFFICERS", 0.1)
    door = running()
    desk = door.desk.officers
    asked = HandOff("plain:a", "plain", (Line("citizen", "Tôi cần gặp cán bộ"),), address="a")
    desk.queue.hand_off(asked)
    (ticket,) = desk.officers.everything()
    desk.officers.answer(ticket.code, "Lan", "Mời anh ra bộ phận một cửa.")
    wait_until(provider.texts)
    time.sleep(0.5)
    (said,) = provider.texts()
    assert "Mời anh ra bộ phận một cửa." in said


def test_when_many_wait_they_are_told_and_then_get_the_card(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running(seconds=3.0, answers=1)
    door.delivery.worker.waiting.took(10.0)
    for n in range(12):
        door.says(f"Câu hỏi dài số {n} về hộ chiếu", f"c{n}")
    wait_until(lambda: any("người chờ trước" in text for _, text in provider.sent))
    shed = wait_until(lambda: [to for to, text in provider.sent if "từ thẻ thủ tục" in text])
    wait_until(lambda: any(f"c{n}" == shed[0] for n in range(12)))
    metrics = door.http.get("/metrics").text
    assert 'troly_shed_total{reason="wait"} 0.0' not in metrics
    assert "troly_inbox_age_seconds" in metrics


def test_stopping_finishes_or_gives_back(running: Begin, provider: Any, wait_until: Any) -> None:
    first = running(seconds=30, answers=1, grace=0.5)
    first.says("Câu hỏi khi dừng máy")
    wait_until(lambda: len(first.echo.heard) == 1)
    first.stop()
    assert not provider.sent
    second = running()
    wait_until(lambda: provider.texts() == ["trả lời: Câu hỏi khi dừng máy"])
    second.stop()


def test_stopping_waits_for_what_is_being_answered(
    running: Begin, provider: Any, wait_until: Any
) -> None:
    door = running(seconds=2.0, answers=1)
    door.says("Câu hỏi ngay trước khi dừng")
    wait_until(lambda: len(door.echo.heard) == 1)
    door.stop()
    assert provider.texts() == ["trả lời: Câu hỏi ngay trước khi dừng"]


def test_a_home_is_delivered_by_one_process(running: Begin, provider: Any, wait_until: Any) -> None:
    first = running()
    from bots.delivery.service import Delivery
    from bots.fakes.plain import PlainDoor
    from bots.web.desk import Desk

    other = Delivery(Desk(first.desk.config), first.home, [PlainDoor(provider.address)])
    assert not other._one.taken()
    first.stop()
    assert other._one.taken()
    other._one.close()
