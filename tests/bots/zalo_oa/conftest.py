"""An Official Account's provider, our door before it, and an inbox that keeps things in a list."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from fastapi import FastAPI

from assistant.channels import ZaloOaSettings
from assistant.errors import StateError
from bots.delivery.channel import Incoming
from bots.fakes.serving import Clock, FakeServer
from bots.fakes.zalo_oa import FakeZaloOA
from bots.zalo_oa import consent, tokens
from bots.zalo_oa.client import ZaloOaClient
from bots.zalo_oa.grant import Grant, GrantFile
from bots.zalo_oa.oauth import OAuth
from bots.zalo_oa.opening import APP_SECRET, SECRET_KEY, open_door
from bots.zalo_oa.tokens import TokenKeeper
from knowledge_base.home import Home

NOW = 1_795_287_600.0
PERSON = "246845883529197922"
REDIRECT = "https://tro-ly.example.gov.vn/webhooks/zalo-oa/callback"

Value = TypeVar("Value")


class ListInbox:
    """Keeps what it accepts; knows what it has seen. ``full``: the disk is."""

    def __init__(self) -> None:
        self.accepted: list[Incoming] = []
        self.known: set[str] = set()
        self.full = False

    def accept(self, incoming: Incoming) -> bool:
        if self.full:
            raise StateError("the disk is full")
        if incoming.update in self.known:
            return False
        self.known.add(incoming.update)
        self.accepted.append(incoming)
        return True


class Place:
    """All of it together. `run` runs one coroutine to its end."""

    def __init__(self, fake: FakeZaloOA, home: Path, clock: Clock) -> None:
        self.fake = fake
        self.clock = clock
        self.home = Home(home)
        self.account = fake.account
        self.settings = ZaloOaSettings(
            on=True,
            app_id=self.account.app_id,
            oa_id=self.account.oa_id,
            api_url=fake.api.address,
            oauth_url=fake.oauth.address,
        )
        self.environ = {
            APP_SECRET: self.account.app_secret,
            SECRET_KEY: self.account.secret_key,
        }
        self.file = GrantFile(home)
        self.inbox = ListInbox()

    def oauth(self) -> OAuth:
        return OAuth(self.fake.oauth.address, self.account.app_id, self.account.app_secret)

    def keeper(self) -> TokenKeeper:
        """As another process has it: nothing shared but the file."""
        return TokenKeeper(GrantFile(self.home.path), self.oauth(), clock=self.clock)

    def client(self, keeper: TokenKeeper | None = None, *, timeout: float = 5.0) -> ZaloOaClient:
        return ZaloOaClient(
            self.fake.api.address,
            keeper or self.keeper(),
            self.account.app_secret,
            clock=self.clock,
            timeout=timeout,
        )

    def authorise(self) -> Grant:
        """The consent, from the link to the file."""
        link = consent.begin(self.file, self.oauth(), REDIRECT, clock=self.clock)
        code, state, oa_id = consent.read_answer(self.fake.consent(link))
        return consent.finish(self.file, self.oauth(), code, state, oa_id=oa_id, clock=self.clock)

    def door(self) -> Any:
        return open_door(self.settings, self.home, self.environ, clock=self.clock)

    def run(self, work: Coroutine[Any, Any, Value]) -> Value:
        return asyncio.run(work)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(tokens, "AGAIN", 0.0)
    clock = Clock(at=NOW)
    with FakeZaloOA(clock=clock) as fake:
        here = Place(fake, tmp_path, clock)
        here.fake.person(PERSON).last = NOW
        yield here


@pytest.fixture
def served(place: Place) -> Iterator[FakeServer]:
    """Our door on a socket; the provider pushes there."""
    door = place.door()
    app = FastAPI()
    app.include_router(door.routes(place.inbox))
    with FakeServer(app) as server:
        place.fake.webhook = f"{server.address}/webhooks/zalo-oa"
        yield server
    asyncio.run(door.channel.close())


@pytest.fixture(autouse=True)
def no_token_in_logs(place: Place, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, no token and no secret is logged."""
    caplog.set_level(logging.DEBUG)
    yield
    said = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    issued = [place.account.app_secret, place.account.secret_key, *place.account.issued]
    assert not [token for token in issued if token in said]
