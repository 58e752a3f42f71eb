"""The platform on this machine, an inbox that can break, and a door between them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from assistant.errors import StateError
from bots.delivery.channel import Incoming
from bots.fakes.serving import FakeServer
from bots.fakes.zalo_bot import TOKEN, FakeZaloBot
from bots.zalo_bot.adapter import ZaloBotChannel
from bots.zalo_bot.client import ZaloBotClient
from bots.zalo_bot.door import PATH, ZaloBotDoor

SECRET = "mot-bi-mat-dai"
Result = TypeVar("Result")


class PlayedInbox:
    """Keeps in memory what a channel accepted; ``broken`` times it cannot."""

    def __init__(self) -> None:
        self.kept: dict[str, Incoming] = {}
        self.again = 0
        self.broken = 0
        self._lock = threading.Lock()

    def accept(self, incoming: Incoming) -> bool:
        with self._lock:
            if self.broken:
                self.broken -= 1
                raise StateError("the disk is full")
            if incoming.update in self.kept:
                self.again += 1
                return False
            self.kept[incoming.update] = incoming
            return True

    @property
    def all(self) -> list[Incoming]:
        return list(self.kept.values())


class Naps:
    """``asyncio.sleep`` that takes a moment and remembers for how long it was asked."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await asyncio.sleep(0.005)


def client_of(fake: FakeZaloBot, **more: Any) -> ZaloBotClient:
    return ZaloBotClient(SecretStr(TOKEN), base_url=fake.address, **more)


def asking(fake: FakeZaloBot, call: Callable[[ZaloBotClient], Awaitable[Result]]) -> Result:
    """What one call comes to."""

    async def run() -> Result:
        client = client_of(fake)
        try:
            return await call(client)
        finally:
            await client.close()

    return asyncio.run(run())


class Hook:
    """A door's webhook on a real socket, registered with the platform."""

    def __init__(self, fake: FakeZaloBot, inbox: PlayedInbox) -> None:
        self.channel = ZaloBotChannel(client_of(fake))
        self.door = ZaloBotDoor(self.channel, mode="webhook", secret=SecretStr(SECRET))
        self.inbox = inbox
        app = FastAPI()
        app.include_router(self.door.routes(inbox))
        self.server = FakeServer(app).start()
        self.url = self.server.address + PATH
        fake.webhook, fake.secret = self.url, SECRET

    def post(self, body: bytes, secret: str | None = SECRET) -> int:
        headers = {} if secret is None else {b"X-Bot-Api-Secret-Token": secret.encode()}
        return httpx.post(self.url, content=body, headers=headers, trust_env=False).status_code


@pytest.fixture
def ask() -> Any:
    return asking


@pytest.fixture
def client() -> Any:
    return client_of


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def inbox() -> PlayedInbox:
    return PlayedInbox()


@pytest.fixture
def fake() -> Iterator[FakeZaloBot]:
    with FakeZaloBot(longest_poll=0.05) as running:
        yield running


@pytest.fixture
def hook(fake: FakeZaloBot, inbox: PlayedInbox) -> Iterator[Hook]:
    running = Hook(fake, inbox)
    yield running
    running.server.stop()
