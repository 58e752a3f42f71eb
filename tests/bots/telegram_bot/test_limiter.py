"""How fast Telegram is called: answers wait and are never dropped, previews give way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import pytest
from telegram.error import BadRequest, RetryAfter

from bots.telegram_bot.limiter import Dropped, NotYet, OwnLimiter, Pace, Preview, seconds_of

DRAFT = Preview("draft", 0.1)


class Played:
    """What was called and when; ``told`` is raised by the next call to its chat."""

    def __init__(self, pace: Pace) -> None:
        self.since = 0.0
        self.limiter = OwnLimiter(pace, lambda: time.monotonic() + self.since)
        self.calls: list[tuple[int, str, float]] = []
        self.told: dict[int, Exception] = {}
        self.slow = 0.0
        self.since = 1000.0  # seconds since the start

    def call(
        self, chat: int, what: str, preview: Preview | None = None
    ) -> Coroutine[Any, Any, Any]:
        async def callback(chat_id: int, name: str) -> bool:
            self.calls.append((chat_id, name, time.monotonic()))
            await asyncio.sleep(self.slow)
            if error := self.told.pop(chat_id, None):
                raise error
            return True

        return self.limiter.process_request(
            callback, (chat, what), {}, "sendMessage", {"chat_id": chat}, preview
        )

    def times(self, chat: int) -> list[float]:
        return [at for where, _, at in self.calls if where == chat]


def test_a_chat_has_a_burst_and_then_a_pace() -> None:
    played = Played(Pace(every=0.1, burst=3, group_every=0.2, group_burst=2))

    async def all_of() -> None:
        await asyncio.gather(*(played.call(1, str(n)) for n in range(6)))
        await asyncio.gather(*(played.call(-1, str(n)) for n in range(4)))

    begun = time.monotonic()
    asyncio.run(all_of())
    assert [what for chat, what, _ in played.calls if chat == 1] == list("012345")
    times = [at - begun for at in played.times(1)]
    assert times[2] < 0.1
    assert 0.25 <= times[5] < 0.6
    group = played.times(-1)
    assert group[3] - group[0] >= 0.35


def test_a_long_wait_is_told_and_not_waited_for() -> None:
    played = Played(Pace(every=2.0, burst=2))

    async def all_of() -> float:
        await played.call(1, "a")
        await played.call(1, "b")
        begun = time.monotonic()
        with pytest.raises(NotYet) as raised:
            await played.call(1, "c")
        assert 1.5 < seconds_of(raised.value) <= 2.0
        return time.monotonic() - begun

    assert asyncio.run(all_of()) < 0.3
    assert len(played.calls) == 2


def test_there_is_no_burst_after_a_restart() -> None:
    played = Played(Pace(every=2.0, burst=3))
    played.since = 0.0

    async def all_of() -> None:
        await played.call(1, "a")
        with pytest.raises(NotYet):
            await played.call(1, "b")

    asyncio.run(all_of())


def test_all_chats_together_stay_below_the_limit() -> None:
    played = Played(Pace(overall=10))

    async def all_of() -> None:
        await asyncio.gather(*(played.call(n, "x") for n in range(25)))

    asyncio.run(all_of())
    times = sorted(at for _, _, at in played.calls)
    assert len(times) == 25
    for at in times:
        assert sum(at <= other < at + 0.99 for other in times) <= 10


def test_one_chat_that_must_wait_holds_up_no_other() -> None:
    played = Played(Pace())
    played.told[1] = RetryAfter(30)

    async def all_of() -> float:
        with pytest.raises(RetryAfter):
            await played.call(1, "a")
        begun = time.monotonic()
        await played.call(2, "b")
        with pytest.raises(RetryAfter) as raised:
            await played.call(1, "c")
        assert 28 <= float(raised.value.retry_after) <= 31  # type: ignore[arg-type]
        with pytest.raises(Dropped):
            await played.call(1, "d", DRAFT)
        return time.monotonic() - begun

    assert asyncio.run(all_of()) < 0.5
    assert [what for _, what, _ in played.calls] == ["a", "b"]
    assert 28 <= played.limiter.halted("1") <= 30
    assert played.limiter.halted("2") == 0


def test_a_chat_is_written_to_again_after_its_wait() -> None:
    played = Played(Pace())
    played.told[1] = RetryAfter(1)

    async def all_of() -> None:
        with pytest.raises(RetryAfter):
            await played.call(1, "a")
        with pytest.raises(NotYet) as raised:
            await played.call(1, "b")
        await asyncio.sleep(seconds_of(raised.value))
        await played.call(1, "b")

    asyncio.run(all_of())
    first, second = played.times(1)
    assert second - first >= 0.95


def test_what_telegram_cannot_read_costs_no_message() -> None:
    played = Played(Pace(every=5.0, burst=1))
    played.told[1] = BadRequest("can't parse entities")

    async def all_of() -> None:
        with pytest.raises(BadRequest):
            await played.call(1, "html")
        await played.call(1, "words")

    asyncio.run(all_of())
    assert len(played.calls) == 2


def test_of_previews_the_newest_is_kept() -> None:
    played = Played(Pace())

    async def shown(what: str) -> bool:
        try:
            return bool(await played.call(1, what, DRAFT))
        except Dropped:
            return False

    async def all_of() -> list[bool]:
        tasks = []
        for number in range(10):
            tasks.append(asyncio.create_task(shown(str(number))))
            await asyncio.sleep(0.01)
        return list(await asyncio.gather(*tasks))

    told = asyncio.run(all_of())
    assert told[0]
    assert told[-1]
    assert sum(told) <= 3


def test_previews_leave_room_for_the_answer() -> None:
    played = Played(Pace(every=5.0, burst=2))

    async def all_of() -> float:
        await played.call(1, "preview", DRAFT)
        late = asyncio.create_task(played.call(1, "late preview", DRAFT))
        await asyncio.sleep(0.15)
        begun = time.monotonic()
        await played.call(1, "answer")
        with pytest.raises(Dropped):
            await late
        return time.monotonic() - begun

    assert asyncio.run(all_of()) < 0.3
    assert [what for _, what, _ in played.calls] == ["preview", "answer"]


def test_taking_a_line_away_costs_no_message() -> None:
    played = Played(Pace(every=5.0, burst=1))

    async def delete(_: int) -> bool:
        return True

    async def all_of() -> float:
        begun = time.monotonic()
        for _ in range(3):
            await played.limiter.process_request(
                delete, (1,), {}, "deleteMessage", {"chat_id": 1}, None
            )
        await played.call(1, "answer")
        return time.monotonic() - begun

    assert asyncio.run(all_of()) < 0.5


def test_an_answer_waits_for_the_preview_under_way() -> None:
    played = Played(Pace())
    played.slow = 0.2

    async def all_of() -> None:
        preview = asyncio.create_task(played.call(1, "preview", DRAFT))
        await asyncio.sleep(0.05)
        await played.call(1, "answer")
        assert await preview

    asyncio.run(all_of())
    first, second = played.times(1)
    assert second - first >= 0.19


def test_chats_long_quiet_are_let_go() -> None:
    played = Played(Pace(every=0.0, overall=100_000))

    async def all_of() -> None:
        for number in range(5000):
            await played.call(number, "x")

    asyncio.run(all_of())
    assert len(played.limiter._chats) <= 2048
