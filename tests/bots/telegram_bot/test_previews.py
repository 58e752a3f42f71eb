"""What is seen before the answer: typing, drafts, a status line; and never in its way."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bots.delivery.channel import Incoming, Kind, Transient
from bots.fakes.telegram_server import FakeTelegram
from bots.telegram_bot.limiter import Pace
from bots.telegram_bot.previews import Rhythm
from tests.bots.telegram_bot.conftest import Mount, Mounted

Wait = Callable[..., bool]
GROUP = -1001


def heard(chat: int, kind: Kind = Kind.TEXT, message: int = 10**6) -> Incoming:
    return Incoming("telegram", "1", str(chat), "7", kind, time.time(), message=str(message))


@pytest.fixture
def door(telegram: FakeTelegram, mount: Mount, wait_for: Wait) -> Mounted:
    mounted = mount("polling", pace=Pace(every=0.05, group_every=0.05))
    telegram.says(7, "/start")
    telegram.says(7, "/start", chat=GROUP)
    assert wait_for(lambda: len(mounted.inbox.taken) == 2)
    return mounted


def progress(door: Mounted, chat: int, text: str) -> None:
    door.call(door.door.channel.progress(str(chat), text))


def test_typing_until_the_first_words(
    telegram: FakeTelegram, door: Mounted, wait_for: Wait
) -> None:
    begun = time.monotonic()
    door.call(door.door.channel.seen(heard(7)))
    assert wait_for(lambda: telegram.chat(7).actions)
    assert time.monotonic() - begun < 1.0
    assert wait_for(lambda: len(telegram.chat(7).actions) >= 3)
    progress(door, 7, "Đang tra cứu…")
    assert wait_for(lambda: telegram.draft(7))
    typed = len(telegram.chat(7).actions)
    door.send(7, "Xong")
    time.sleep(0.6)
    assert len(telegram.chat(7).actions) == typed
    assert telegram.draft(7) is None


def test_a_sign_that_comes_after_the_answer_is_none(
    telegram: FakeTelegram, door: Mounted, wait_for: Wait
) -> None:
    early, pressed = heard(7, message=1), heard(7, Kind.BUTTON)
    door.send(7, "Trả lời ngay")
    door.call(door.door.channel.seen(early))
    door.call(door.door.channel.seen(pressed))
    time.sleep(0.3)
    assert not telegram.chat(7).actions
    door.call(door.door.channel.seen(heard(7)))
    assert wait_for(lambda: telegram.chat(7).actions)


def test_typing_ends_where_nothing_comes(
    telegram: FakeTelegram, mount: Mount, wait_for: Wait
) -> None:
    door = mount("polling", rhythm=Rhythm(typing=0.1, longest_typing=0.3))
    telegram.says(7, "/start")
    assert wait_for(lambda: door.inbox.taken)
    door.call(door.door.channel.seen(heard(7)))
    time.sleep(0.7)
    assert 2 <= len(telegram.chat(7).actions) <= 5


def test_receipts_are_not_answered_by_typing(
    telegram: FakeTelegram, door: Mounted, wait_for: Wait
) -> None:
    for kind in (Kind.LEAVE, Kind.RECEIPT, Kind.OFFICER, Kind.WITHDRAW):
        door.call(door.door.channel.seen(heard(7, kind)))
    time.sleep(0.2)
    assert not telegram.chat(7).actions


def test_a_draft_grows_and_the_newest_is_shown(
    telegram: FakeTelegram, door: Mounted, wait_for: Wait
) -> None:
    text = ""
    for number in range(60):
        text += f"chữ {number} "
        progress(door, 7, text)
        time.sleep(0.01)
    assert wait_for(lambda: telegram.draft(7) == text.strip())
    drafts = telegram.chat(7).drafts
    assert 3 <= len(drafts) <= 12
    assert len({number for number, _, _ in drafts}) == 1
    assert [len(text) for _, text, _ in drafts] == sorted(len(text) for _, text, _ in drafts)
    assert not telegram.said(7)
    door.send(7, "Câu trả lời")
    progress(door, 7, "câu sau")
    assert wait_for(lambda: telegram.draft(7) == "câu sau")
    assert len({number for number, _, _ in telegram.chat(7).drafts}) == 2


def test_a_draft_is_kept_alive(telegram: FakeTelegram, door: Mounted, wait_for: Wait) -> None:
    progress(door, 7, "Đang viết…")
    assert wait_for(lambda: len(telegram.chat(7).drafts) >= 2, 3)
    assert len({text for _, text, _ in telegram.chat(7).drafts}) == 1


def test_a_long_draft_is_cut(telegram: FakeTelegram, door: Mounted, wait_for: Wait) -> None:
    progress(door, 7, "dài " * 3000)
    assert wait_for(lambda: telegram.draft(7))


def test_a_group_sees_one_line_that_is_changed_and_taken_away(
    telegram: FakeTelegram, door: Mounted, wait_for: Wait
) -> None:
    for number in range(30):
        progress(door, GROUP, f"bước {number}")
        time.sleep(0.02)
    assert wait_for(lambda: [m["text"] for m in telegram.said(GROUP)] == ["bước 29"])
    assert 1 <= len(telegram.server.to("editMessageText")) <= 5
    assert not telegram.server.to("sendMessageDraft")
    progress(door, GROUP, "bước 29")  # the same again is no edit
    time.sleep(0.4)
    assert {r.status for r in telegram.server.to("editMessageText")} == {200}
    door.send(GROUP, "Câu trả lời")
    assert wait_for(lambda: [m["text"] for m in telegram.said(GROUP)] == ["Câu trả lời"])


def test_a_status_line_that_somebody_deleted(
    telegram: FakeTelegram, door: Mounted, wait_for: Wait
) -> None:
    progress(door, GROUP, "một")
    assert wait_for(lambda: telegram.said(GROUP))
    telegram.chat(GROUP).messages.clear()
    progress(door, GROUP, "hai")
    assert wait_for(lambda: telegram.server.to("editMessageText"))
    progress(door, GROUP, "ba")
    assert wait_for(lambda: [m["text"] for m in telegram.said(GROUP)] == ["ba"])


def test_429_amid_the_draft_and_the_answer_still_comes_once(
    telegram: FakeTelegram, door: Mounted, wait_for: Wait
) -> None:
    progress(door, 7, "một")
    assert wait_for(lambda: telegram.draft(7))
    telegram.flood.halt(7, 1.2)
    progress(door, 7, "hai")
    assert wait_for(lambda: telegram.server.to("sendMessageDraft")[-1].status == 429)
    drafts = len(telegram.server.to("sendMessageDraft"))
    for number in range(20):
        progress(door, 7, f"ba {number}")
        time.sleep(0.01)
    assert len(telegram.server.to("sendMessageDraft")) == drafts  # left alone, not hammered
    for _ in range(5):
        try:
            door.send(7, "Câu trả lời")
            break
        except Transient as error:
            time.sleep(error.after)
    assert [each["text"] for each in telegram.said(7)] == ["Câu trả lời"]
    assert telegram.draft(7) is None


def test_no_draft_comes_after_the_answer(
    telegram: FakeTelegram, door: Mounted, wait_for: Wait
) -> None:
    """A slow draft is waited for; one that only waits is never sent."""
    telegram.server.next(path="sendMessageDraft", delay=0.4)
    progress(door, 7, "một")
    assert wait_for(lambda: telegram.server.to("sendMessageDraft"))
    progress(door, 7, "hai")
    door.send(7, "Câu trả lời")
    time.sleep(0.5)
    order = [r.path.rpartition("/")[2] for r in telegram.server.requests if "sendMessage" in r.path]
    assert order == ["sendMessageDraft", "sendMessage"]
    assert telegram.draft(7) is None


def test_who_blocks_the_bot_amid_the_answer(
    telegram: FakeTelegram, door: Mounted, wait_for: Wait
) -> None:
    progress(door, 7, "một")
    assert wait_for(lambda: telegram.draft(7))
    telegram.blocks(7)
    progress(door, 7, "hai")
    time.sleep(0.3)
    asked = len(telegram.server.to("sendMessageDraft"))
    progress(door, 7, "ba")
    time.sleep(0.3)
    assert len(telegram.server.to("sendMessageDraft")) <= asked + 1


def test_a_channel_is_closed_amid_previews(telegram: FakeTelegram, door: Mounted) -> None:
    progress(door, 7, "một")
    progress(door, GROUP, "một")
    door.stop()
