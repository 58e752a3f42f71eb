"""What is sent, and "typing" until the first of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bots.delivery.channel import Incoming, Kind, Part, Transient
from bots.zalo_bot.adapter import AGAIN, ZaloBotChannel

PERSON = "6ede9afa66b88fe6d6a9"
HEARD = Incoming("zalo_bot", "m", PERSON, PERSON, Kind.TEXT, 0.0, text="a")


@pytest.fixture
def playing(fake: Any, client: Any, naps: Any) -> Any:
    """Runs something with a channel whose pauses are short."""

    def play(what: Callable[[ZaloBotChannel], Awaitable[None]]) -> None:
        async def run() -> None:
            channel = ZaloBotChannel(client(fake), sleep=naps)
            try:
                await what(channel)
            finally:
                await channel.close()

        fake.known[PERSON] = "Ted"
        asyncio.run(run())

    return play


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not happened():
            await asyncio.sleep(0.005)


def test_typing_is_shown_every_four_seconds_until_the_first_output(
    fake: Any, naps: Any, playing: Any
) -> None:
    async def what(channel: ZaloBotChannel) -> None:
        await channel.seen(HEARD)
        await channel.progress(PERSON, "Đang tra cứu…")
        await until(lambda: len(fake.typing) >= 3)
        await channel.send(PERSON, Part({"text": "một"}))
        await asyncio.sleep(0.05)  # one that was on its way may still arrive
        shown = len(fake.typing)
        await channel.send(PERSON, Part({"text": "hai"}))
        await asyncio.sleep(0.1)
        assert len(fake.typing) == shown

    playing(what)
    assert set(naps.asked) == {AGAIN}
    assert fake.to(PERSON) == ["một", "hai"]  # progress is no message: each counts for the quota


def test_typing_of_one_chat_is_not_ended_by_another(fake: Any, playing: Any) -> None:
    fake.known["khac"] = "Khác"

    async def what(channel: ZaloBotChannel) -> None:
        await channel.seen(HEARD)
        await channel.send("khac", Part({"text": "một"}))
        shown = len(fake.typing)
        await until(lambda: len(fake.typing) > shown + 2)

    playing(what)


@pytest.mark.parametrize(
    ("fault", "goes_on"),
    [
        ({"status": 502}, True),
        ({"close": "before"}, True),
        ({"error": (401, "Unauthorized")}, False),
        ({"error": (403, "Forbidden")}, False),
    ],
)
def test_typing_that_fails_harms_nothing(
    fake: Any, playing: Any, fault: Any, goes_on: bool
) -> None:
    async def what(channel: ZaloBotChannel) -> None:
        fake.server.next(path="/sendChatAction", **fault)
        await channel.seen(HEARD)
        if goes_on:
            await until(lambda: bool(fake.typing))
        else:
            await asyncio.sleep(0.1)
            assert fake.typing == []
        assert await channel.send(PERSON, Part({"text": "vẫn gửi"}))

    playing(what)


def test_typing_does_not_go_on_for_ever(fake: Any, naps: Any, playing: Any) -> None:
    async def what(channel: ZaloBotChannel) -> None:
        await channel.seen(HEARD)
        await until(lambda: len(naps.asked) == 30)
        await asyncio.sleep(0.1)
        assert channel._typing == {}

    playing(what)
    assert len(fake.typing) == 30


def test_seen_returns_before_anything_is_sent(fake: Any, playing: Any) -> None:
    async def what(channel: ZaloBotChannel) -> None:
        fake.server.next(delay=1.0, path="/sendChatAction")
        async with asyncio.timeout(0.2):
            await channel.seen(HEARD)

    playing(what)


def test_a_part_may_be_sent_again_as_plain_words(fake: Any, playing: Any) -> None:
    async def what(channel: ZaloBotChannel) -> None:
        await channel.send(PERSON, Part({}, "chỉ có chữ"))

    playing(what)
    assert fake.sent[0].body == {"chat_id": PERSON, "text": "chỉ có chữ"}


@pytest.mark.parametrize("fault", [{"close": "after"}, {"truncate": 3}])
def test_what_may_have_arrived_is_not_sent_again(fake: Any, playing: Any, fault: Any) -> None:
    async def what(channel: ZaloBotChannel) -> None:
        fake.server.next(path="/sendMessage", **fault)
        assert await channel.send(PERSON, Part({"text": "một lần"})) == ""

    playing(what)
    assert fake.to(PERSON) == ["một lần"]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 502},
        {"status": 429},
        {"error": (429, "Quota exceeded")},
        {"error": (403, "Internal server error")},
    ],
)
def test_what_was_surely_not_delivered_may_be_sent_again(
    fake: Any, playing: Any, fault: Any
) -> None:
    async def what(channel: ZaloBotChannel) -> None:
        fake.server.next(path="/sendMessage", **fault)
        with pytest.raises(Transient) as caught:
            await channel.send(PERSON, Part({"text": "lần hai"}))
        assert not caught.value.maybe
        await channel.send(PERSON, Part({"text": "lần hai"}))

    playing(what)
    assert fake.to(PERSON) == ["lần hai"]


def test_what_it_is(playing: Any) -> None:
    async def what(channel: ZaloBotChannel) -> None:
        told = channel.capabilities
        assert (channel.name, told.max_length, told.unit) == ("zalo_bot", 2000, "utf16")
        assert (told.buttons, told.markup, told.typing, told.edit) == (0, "plain", True, False)

    playing(what)
