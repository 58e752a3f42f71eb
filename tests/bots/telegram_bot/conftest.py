"""A fake Telegram, and the real door on a real socket with an inbox that only remembers."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from assistant.channels import TelegramSettings
from assistant.errors import StateError
from bots.delivery.channel import Incoming, Part
from bots.fakes.telegram_server import FakeTelegram
from bots.telegram_bot.door import TelegramDoor, Waits
from bots.telegram_bot.limiter import OwnLimiter, Pace
from bots.telegram_bot.opening import open_door
from bots.telegram_bot.previews import Rhythm
from knowledge_base.home import Home

SECRET = "mot-bi-mat-cua-webhook"
PUBLIC = "https://troly.example.vn"
T = TypeVar("T")

QUICK = Rhythm(typing=0.2, draft=0.1, refresh=0.5, edit=0.2, longest=5.0)


@dataclass
class Remembering:
    """An inbox in memory; ``full`` makes it refuse as a full disk does."""

    taken: list[Incoming] = field(default_factory=list)
    asked: int = 0
    full: bool = False

    def accept(self, incoming: Incoming) -> bool:
        self.asked += 1
        if self.full:
            raise StateError("the disk is full")
        if incoming.update in {each.update for each in self.taken}:
            return False
        self.taken.append(incoming)
        return True


def long_running(pace: Pace | None) -> OwnLimiter:
    """A limiter that was begun a while ago: in the first seconds there are no bursts."""
    limiter = OwnLimiter(pace)
    limiter._begun -= 1000
    return limiter


class Mounted:
    """A door in a running server, with its background work."""

    def __init__(self, door: TelegramDoor, inbox: Remembering, listening: socket.socket) -> None:
        self.door = door
        self.inbox = inbox
        self.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.loop: asyncio.AbstractEventLoop | None = None
        self.work: asyncio.Task[None] | None = None

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            self.loop = asyncio.get_running_loop()
            self.work = asyncio.create_task(door.run(inbox))
            yield
            self.work.cancel()
            with suppress(asyncio.CancelledError):
                await self.work
            await door.channel.close()

        app = FastAPI(lifespan=lifespan)
        app.include_router(door.routes(inbox))
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, T], seconds: float = 20.0) -> T:
        """Run ``work`` where the server runs."""
        assert self.loop
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def send(self, chat: int | str, text: str, **body: Any) -> str:
        part = Part({"text": text, **body}, text)
        return self.call(self.door.channel.send(str(chat), part))

    def post(self, body: bytes, secret: str | None = SECRET) -> httpx.Response:
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        return httpx.post(
            f"{self.address}/webhooks/telegram", content=body, headers=headers, trust_env=False
        )

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()


Mount = Callable[..., Mounted]


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram(again=0.1, longest_poll=1.0, strict=True) as fake:
        yield fake


@pytest.fixture
def mount(telegram: FakeTelegram, home: Home, wait_for: Callable[..., bool]) -> Iterator[Mount]:
    """Open the door against ``telegram`` and serve it."""
    mounted: list[Mounted] = []

    def make(
        mode: Literal["webhook", "polling"] = "webhook",
        *,
        pace: Pace | None = None,
        rhythm: Rhythm = QUICK,
        inbox: Remembering | None = None,
        waits: Waits | None = None,
        api_url: str = "",
        introduced: bool = True,
    ) -> Mounted:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        telegram.reach = f"http://127.0.0.1:{listening.getsockname()[1]}"
        door = open_door(
            TelegramSettings(on=True, mode=mode, api_url=api_url or telegram.address),
            home,
            {"TROLY_TELEGRAM_TOKEN": telegram.token, "TROLY_TELEGRAM_SECRET": SECRET},
            public_url=PUBLIC,
            limiter=long_running(pace),
            rhythm=rhythm,
            waits=waits or Waits(poll=1, first=0.05, longest=0.2, look=0.2),
        )
        assert door
        served = Mounted(door, inbox or Remembering(), listening)
        mounted.append(served)
        assert wait_for(lambda: served.server.started, 20)
        if introduced:
            assert wait_for(lambda: "short_description" in telegram.world.descriptions, 20)
        return served

    yield make
    for each in mounted:
        each.stop()
