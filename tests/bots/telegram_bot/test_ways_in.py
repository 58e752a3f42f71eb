"""What comes in: webhook and polling, forged and odd updates, nothing taken that is not kept."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest

from bots.delivery.channel import Kind
from bots.fakes.telegram_server import FakeTelegram
from bots.fakes.telegram_world import USERNAME
from bots.telegram_bot.commands import NAMES
from tests.bots.telegram_bot.conftest import PUBLIC, SECRET, Mount, Mounted, Remembering

Wait = Callable[..., bool]
GROUP = -1001


def test_webhook_brings_words(telegram: FakeTelegram, mount: Mount, wait_for: Wait) -> None:
    door = mount()
    assert telegram.world.webhook["url"] == f"{PUBLIC}/webhooks/telegram"
    update = telegram.says(7, "làm hộ chiếu hết bao nhiêu tiền")
    assert wait_for(lambda: door.inbox.taken)
    (incoming,) = door.inbox.taken
    assert (incoming.channel, incoming.update, incoming.chat, incoming.person) == (
        "telegram", str(update), "7", "7",
    )  # fmt: skip
    assert incoming.kind is Kind.TEXT
    assert incoming.text == "làm hộ chiếu hết bao nhiêu tiền"
    assert abs(incoming.at - telegram.clock()) < 5
    assert wait_for(lambda: not telegram.world.updates)
    assert telegram.server.deliveries[-1].status == 200


def test_forged_updates_are_refused_and_nothing_is_kept(mount: Mount) -> None:
    door = mount()
    body = json.dumps({"update_id": 1, "message": {}}).encode()
    assert door.post(body, None).status_code == 403
    assert door.post(body, "mot-bi-mat-khac").status_code == 403
    assert door.post(body, SECRET[:-1]).status_code == 403
    assert door.post(b"x" * 2_000_000, "x").status_code == 403
    assert not door.inbox.asked


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{}", 400),
        (b"[1]", 400),
        (b'{"update_id": "1"}', 400),
        (b'{"update_id": true}', 400),
        (b'{"update_id": 1, "message": {"text": "\xff\xfe"}}', 400),
        (b"[" * 100_000, 400),
        (b" " * 1_100_000, 413),
        # Telegram's, but nothing that can be read: not to be brought again and again.
        (b'{"update_id": 5}', 200),
        (b'{"update_id": 5, "message": {}}', 200),
        (b'{"update_id": 5, "message": 7}', 200),
        (b'{"update_id": 5, "brand_new": {"x": 1}}', 200),
    ],
)
def test_odd_bodies(mount: Mount, body: bytes, status: int) -> None:
    door = mount()
    assert door.post(body).status_code == status
    assert not door.inbox.asked


def test_what_cannot_be_kept_comes_again(
    telegram: FakeTelegram, mount: Mount, wait_for: Wait
) -> None:
    door = mount(inbox=Remembering(full=True))
    telegram.says(7, "xin chào")
    assert wait_for(lambda: door.inbox.asked >= 2)
    assert {each.status for each in telegram.server.deliveries} == {503}
    assert "503" in telegram.world.webhook["last_error_message"]
    door.inbox.full = False
    assert wait_for(lambda: door.inbox.taken)
    assert wait_for(lambda: not telegram.world.updates)
    assert len(door.inbox.taken) == 1


def test_a_chat_s_messages_stay_in_order_while_nothing_can_be_kept(
    telegram: FakeTelegram, mount: Mount, wait_for: Wait
) -> None:
    door = mount(inbox=Remembering(full=True))
    for number in range(4):
        telegram.says(7, f"câu {number}")
        telegram.says(8, f"câu {number}")
    assert wait_for(lambda: door.inbox.asked >= 4)
    door.inbox.full = False
    assert wait_for(lambda: len(door.inbox.taken) == 8)
    for chat in ("7", "8"):
        told = [each.text for each in door.inbox.taken if each.chat == chat]
        assert told == [f"câu {number}" for number in range(4)]


def test_an_update_brought_twice_has_one_name(
    telegram: FakeTelegram, mount: Mount, wait_for: Wait
) -> None:
    door = mount()
    telegram.says(7, "xin chào")
    assert wait_for(lambda: telegram.server.deliveries)
    assert door.post(telegram.server.deliveries[0].body).status_code == 200
    assert (door.inbox.asked, len(door.inbox.taken)) == (2, 1)


def test_polling_confirms_only_what_is_kept(
    telegram: FakeTelegram, mount: Mount, wait_for: Wait
) -> None:
    telegram.methods.call("setWebhook", {"url": "https://cu.example.vn/x"})
    inbox = Remembering(full=True)
    numbers = [telegram.says(7, f"câu {n}") for n in range(3)]
    door = mount("polling", inbox=inbox)
    assert not telegram.world.webhook  # or nothing could be asked for
    assert wait_for(lambda: inbox.asked >= 2)
    assert len(telegram.world.updates) == 3
    inbox.full = False
    assert wait_for(lambda: len(inbox.taken) == 3)
    assert [each.update for each in inbox.taken] == [str(number) for number in numbers]
    assert wait_for(lambda: not telegram.world.updates)
    assert door.post(b"{}").status_code == 404  # no webhook where none is asked for


def test_polling_goes_on_after_every_failure(
    telegram: FakeTelegram, mount: Mount, wait_for: Wait
) -> None:
    door = mount("polling")
    faults: list[dict[str, object]] = [
        {"status": 502},
        {"close": "before"},
        {"truncate": 10},
        {"error": (409, "Conflict: terminated by other getUpdates request")},
        {"error": (401, "Unauthorized")},
    ]
    for fault in faults:
        telegram.server.next(path="getUpdates", **fault)  # type: ignore[arg-type]
    telegram.says(7, "vẫn còn đó")
    assert wait_for(lambda: door.inbox.taken, 15)


def test_one_odd_update_does_not_cost_the_others(
    telegram: FakeTelegram, mount: Mount, wait_for: Wait
) -> None:
    telegram.world.update("message", {"what": "is this"})
    telegram.says(7, "tôi hỏi")
    door = mount("polling")
    assert wait_for(lambda: door.inbox.taken)
    assert wait_for(lambda: not telegram.world.updates)


def test_stopping_confirms_what_is_kept(
    telegram: FakeTelegram, mount: Mount, wait_for: Wait
) -> None:
    door = mount("polling")
    telegram.says(7, "xin chào")
    assert wait_for(lambda: door.inbox.taken)
    door.stop()
    assert not telegram.world.updates


def test_a_bot_that_cannot_reach_telegram_takes_nothing_it_could_misread(
    telegram: FakeTelegram, mount: Mount, wait_for: Wait
) -> None:
    telegram.server.next(3, status=502)
    door = mount(introduced=False)
    body = json.dumps({"update_id": 1}).encode()
    assert wait_for(lambda: door.post(body).status_code == 200)
    assert wait_for(lambda: telegram.world.webhook)


# --- what it says -------------------------------------------------------------------------------


@pytest.fixture
def polled(mount: Mount) -> Mounted:
    return mount("polling")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ({"photo": [{"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}]}, "image"),
        ({"document": {"file_id": "f", "file_unique_id": "f"}}, "file"),
        ({"voice": {"file_id": "f", "file_unique_id": "f", "duration": 2}}, "voice"),
        ({"location": {"latitude": 21.0, "longitude": 105.8}}, "location"),
        ({"contact": {"phone_number": "09", "first_name": "Lan"}}, "contact"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "unknown"),
        ({"brand_new_kind": {"x": 1}}, "unknown"),
    ],
)
def test_what_is_no_text_is_named(
    telegram: FakeTelegram,
    polled: Mounted,
    wait_for: Wait,
    content: dict[str, object],
    what: str,
) -> None:
    telegram.sends(7, **content)
    assert wait_for(lambda: polled.inbox.taken)
    (incoming,) = polled.inbox.taken
    assert (incoming.kind, incoming.what) == (Kind.OTHER, what)


def test_ten_pictures_at_once_are_one_message(
    telegram: FakeTelegram, polled: Mounted, wait_for: Wait
) -> None:
    photo = [{"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}]
    for number in range(3):
        telegram.sends(7, photo=photo, media_group_id="a1", caption="giấy tờ" * (number == 0))
    telegram.says(7, "xong")
    assert wait_for(lambda: len(polled.inbox.taken) >= 2)
    assert [each.kind for each in polled.inbox.taken] == [Kind.OTHER, Kind.TEXT]
    assert polled.inbox.taken[0].text == "giấy tờ"


def test_start_begins_and_commands_are_words(
    telegram: FakeTelegram, polled: Mounted, wait_for: Wait
) -> None:
    for text in ("/start", "/start tu_trang_web", "/thutuc hộ chiếu", f"/canbo@{USERNAME}"):
        telegram.says(7, text)
    telegram.says(7, "/canbo@mot_bot_khac")
    telegram.says(7, "hết")
    assert wait_for(lambda: len(polled.inbox.taken) == 5)
    assert [(each.kind, each.text) for each in polled.inbox.taken] == [
        (Kind.BEGIN, ""),
        (Kind.BEGIN, ""),
        (Kind.TEXT, "/thutuc hộ chiếu"),
        (Kind.TEXT, "/canbo"),
        (Kind.TEXT, "hết"),
    ]


def test_in_groups_only_what_is_meant_for_the_bot(
    telegram: FakeTelegram, polled: Mounted, wait_for: Wait
) -> None:
    telegram.privacy = False
    ours = telegram.world.new_message(telegram._chat(GROUP), telegram.world.me, {"text": "Dạ"})
    telegram.says(8, "hôm nay họp lúc mấy giờ", chat=GROUP)
    telegram.says(8, "hỏi @nguoi_khac đi", chat=GROUP)
    telegram.sends(8, chat=GROUP, sticker={"file_id": "s", "file_unique_id": "s"})
    telegram.says(8, f"@{USERNAME} làm căn cước ở đâu", chat=GROUP)
    telegram.says(8, "/thutuc khai sinh", chat=GROUP)
    telegram.says(8, "còn lệ phí?", chat=GROUP, reply_to_message=ours)
    telegram.sends(8, chat=GROUP, new_chat_members=[telegram.world.user(9)])
    telegram.says(8, "vào topic", chat=GROUP, reply_to_message=ours,
                  message_thread_id=31, is_topic_message=True)  # fmt: skip
    assert wait_for(lambda: len(polled.inbox.taken) == 4)
    assert [(each.chat, each.person, each.text) for each in polled.inbox.taken] == [
        ("-1001", "8", "làm căn cước ở đâu"),
        ("-1001", "8", "/thutuc khai sinh"),
        ("-1001", "8", "còn lệ phí?"),
        ("-1001/31", "8", "vào topic"),
    ]


def test_a_blocked_bot_hears_of_it(telegram: FakeTelegram, polled: Mounted, wait_for: Wait) -> None:
    telegram.says(7, "xin chào")
    telegram.blocks(7)
    assert wait_for(lambda: len(polled.inbox.taken) == 2)
    assert polled.inbox.taken[1].kind is Kind.LEAVE


def test_pressed_buttons_are_answered_always(
    telegram: FakeTelegram, polled: Mounted, wait_for: Wait
) -> None:
    telegram.says(7, "xin chào")
    assert wait_for(lambda: polled.inbox.taken)
    long = "q:" + "đăng ký khai sinh " * 10
    buttons = [["Làm căn cước", "chon:0123456789ab:0"], ["Khai sinh", long]]
    polled.send(7, "Chọn một việc:", buttons=buttons)
    (message,) = telegram.said(7)
    telegram.presses(7, message, "Làm căn cước")
    telegram.presses(7, message, "Khai sinh")
    telegram.presses(7, message, "Khai sinh", gone=True)
    telegram.presses_data(7, message, "k:khong-ai-biet")
    assert wait_for(lambda: len(polled.inbox.taken) == 5)
    assert [(e.kind, e.payload, e.text) for e in polled.inbox.taken[1:]] == [
        (Kind.BUTTON, "chon:0123456789ab:0", "Làm căn cước"),
        (Kind.BUTTON, long, "Khai sinh"),
        (Kind.BUTTON, long, ""),
        (Kind.BUTTON, "k:khong-ai-biet", ""),
    ]
    assert wait_for(lambda: len(telegram.world.answered) == 4)


def test_a_button_too_old_to_be_answered_harms_nobody(
    telegram: FakeTelegram, polled: Mounted, wait_for: Wait
) -> None:
    telegram.says(7, "xin chào")
    assert wait_for(lambda: polled.inbox.taken)
    polled.send(7, "Chọn:", buttons=[["A", "chon:0123456789ab:0"]])
    telegram.server.next(delay=0.3, path="getUpdates")
    telegram.presses(7, telegram.said(7)[0], "A")
    telegram.world.queries.clear()
    assert wait_for(lambda: len(polled.inbox.taken) == 2)
    assert wait_for(lambda: telegram.server.to("answerCallbackQuery"))
    polled.send(7, "vẫn sống")


def test_what_is_said_of_the_bot_is_said_once(telegram: FakeTelegram, mount: Mount) -> None:
    mount("polling").stop()
    told = telegram.world.commands
    names = [each["command"] for each in told["default", "vi"]]
    assert names == list(NAMES)
    assert "xoadulieu" not in [each["command"] for each in told["all_group_chats", ""]]
    telegram.server.forget()
    mount("polling")
    assert not telegram.server.to("setMyCommands")


def test_nobody_is_named_in_the_log(
    telegram: FakeTelegram, mount: Mount, wait_for: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor is a secret told, not even to who turns on all that libraries can tell."""
    caplog.set_level(logging.DEBUG)
    for fault in ({"status": 502}, {"truncate": 30}, {"error": (401, "Unauthorized")}):
        telegram.server.next(path="getMe", **fault)  # type: ignore[arg-type]
    door = mount("polling")
    telegram.world.update("message", {"text": "bí mật của tôi"})
    telegram.says(7, "xin chào")
    assert wait_for(lambda: door.inbox.taken)
    door.send(7, "Chào anh/chị")
    door.stop()
    mount("webhook").stop()
    secret = telegram.token.partition(":")[2]
    # The fake's own server, in this process, may write down its paths.
    ours = [each for each in caplog.records if not each.name.startswith("uvicorn")]
    text = "\n".join(f"{each.getMessage()} {each.exc_info}" for each in ours)
    assert "/bot/getUpdates" in text
    assert secret not in text
    assert SECRET not in text
    assert secret not in repr(door.door) + repr(door.door.channel)
    assert not [said for said in ("bí mật", "xin chào", "Chào anh/chị") if said in text]
