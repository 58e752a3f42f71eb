"""The ways in: a webhook of our own, or asking for updates; and what is said of the bot there."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.responses import Response
from telegram import (
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
)
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from assistant.errors import StateError
from bots.delivery.channel import Channel, Inbox
from bots.telegram_bot.commands import (
    DESCRIPTION,
    GROUP_NAMES,
    NAMES,
    SHORT_DESCRIPTION,
    commands,
    sentence,
)
from bots.telegram_bot.limiter import seconds_of
from bots.telegram_bot.reading import UPDATES, Json, Reader
from bots.telegram_bot.sending import TelegramChannel

log = logging.getLogger(__name__)

PATH = "/webhooks/telegram"
#: Bytes. An update is a few kilobytes; a message that answers a long one some tens.
LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds: one long poll, the first pause after a failure and the longest, a look at
    the webhook."""

    poll: int = 25
    first: float = 1.0
    longest: float = 300.0
    look: float = 300.0


class TelegramDoor:
    """A `Door`: the channel, its webhook, and its background work."""

    def __init__(
        self,
        mode: Literal["webhook", "polling"],
        reader: Reader,
        channel: TelegramChannel,
        *,
        secret: str = "",
        address: str = "",
        waits: Waits | None = None,
    ) -> None:
        """``address``: the public one of the webhook; "" where an operator tells Telegram."""
        self._mode = mode
        self._address = address
        self._reader = reader
        self._channel = channel
        self._secret = secret
        self._waits = waits or Waits()

    def __repr__(self) -> str:
        return f"TelegramDoor(mode={self._mode!r})"

    @property
    def channel(self) -> Channel:
        return self._channel

    # --- the webhook ------------------------------------------------------------------------

    def routes(self, inbox: Inbox) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        if self._mode != "webhook":
            return router

        @router.post(PATH)
        async def webhook(request: Request) -> Response:
            told = request.headers.get("x-telegram-bot-api-secret-token", "")
            if not hmac.compare_digest(told.encode("latin-1"), self._secret.encode("ascii")):
                return Response(status_code=403)
            body = await _body(request)
            if body is None:
                return Response(status_code=413)
            raw = _update(body)
            if raw is None:
                return Response(status_code=400)
            try:
                await self._reader.ready()
                await self._accept(raw, inbox)
            except (TelegramError, StateError) as error:  # Telegram keeps it and comes again
                log.warning("an update is not taken now: %s", type(error).__name__)
                return Response(status_code=503, headers={"Retry-After": "5"})
            return Response(status_code=200)

        return router

    async def _accept(self, raw: Json, inbox: Inbox) -> None:
        read = await self._reader.read(raw)
        for incoming in read.incoming:
            await asyncio.to_thread(inbox.accept, incoming)
        if read.query:
            self._channel.answer_button(read.query)

    # --- background work --------------------------------------------------------------------

    async def run(self, inbox: Inbox) -> None:
        await self._until_done(self._introduce)
        if self._mode == "webhook":
            await self._watch_webhook()
        else:
            await self._poll(inbox)

    async def _until_done(self, work: Callable[[], Awaitable[None]]) -> None:
        """``work``, again with growing pauses until it is done."""
        pause = self._waits.first
        while True:
            try:
                await work()
            except TelegramError as error:
                pause = await self._rest(error, pause)
            else:
                return

    async def _rest(self, error: TelegramError, pause: float) -> float:
        """Say what is wrong, wait, and return the next pause."""
        wait = pause
        match error:
            case RetryAfter():
                wait = max(pause, seconds_of(error))
            case InvalidToken():
                log.error(sentence("token_refused"))
                wait = self._waits.longest
            case Conflict():
                log.warning(sentence("conflict"))
            case _:
                log.warning("Telegram cannot be asked: %s", type(error).__name__)
        await asyncio.sleep(wait)
        return min(pause * 2, self._waits.longest)

    async def _introduce(self) -> None:
        """Say how updates come, and what the bot is where Telegram does not know it yet."""
        await self._reader.ready()
        bot = self._reader.bot
        if self._mode == "polling":
            await bot.delete_webhook()
        elif self._address:
            await bot.set_webhook(
                self._address,
                allowed_updates=list(UPDATES),
                secret_token=self._secret,
                max_connections=40,
            )
        wanted = (
            (BotCommandScopeDefault(), commands(NAMES)),
            (BotCommandScopeAllGroupChats(), commands(GROUP_NAMES)),
        )
        for scope, told in wanted:
            for language in ("", "vi"):
                if list(await bot.get_my_commands(scope, language)) != told:
                    await bot.set_my_commands(told, scope, language)
        description, short = sentence("description"), sentence("short_description")
        if (await bot.get_my_description()).description != description:
            await bot.set_my_description(description[:DESCRIPTION])
        if (await bot.get_my_short_description()).short_description != short:
            await bot.set_my_short_description(short[:SHORT_DESCRIPTION])

    async def _watch_webhook(self) -> None:
        """Look now and then whether Telegram reaches us, and tell the operator where not."""
        known = 0.0
        while True:
            try:
                info = await self._reader.bot.get_webhook_info()
            except TelegramError as error:
                log.warning("Telegram cannot be asked: %s", type(error).__name__)
            else:
                if not info.url:
                    log.error(sentence("no_webhook"))
                failed = info.last_error_date.timestamp() if info.last_error_date else 0.0
                if failed > known:
                    known = failed
                    log.warning("Telegram's webhook failed: %s", info.last_error_message)
            await asyncio.sleep(self._waits.look)

    async def _poll(self, inbox: Inbox) -> None:
        """Ask for updates. The next request confirms those before it, so each is kept first."""
        bot, offset, pause = self._reader.bot, 0, self._waits.first
        try:
            while True:
                try:
                    for raw in await bot.raw_updates(offset, self._waits.poll):
                        await self._accept(raw, inbox)
                        offset = int(raw["update_id"]) + 1
                    pause = self._waits.first
                except TelegramError as error:
                    pause = await self._rest(error, pause)
                except StateError as error:
                    log.error("updates cannot be kept: %s", error)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, self._waits.longest)
        finally:
            if offset:  # what is kept need not come again
                await asyncio.shield(asyncio.wait_for(self._confirm(offset), 2.0))

    async def _confirm(self, offset: int) -> None:
        try:
            await self._reader.bot.raw_updates(offset, 0)
        except TelegramError as error:
            log.debug("not confirmed: %s", type(error).__name__)


async def _body(request: Request) -> bytes | None:
    """The raw body; None beyond `LARGEST`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _update(body: bytes) -> Json | None:
    """An object with an ``update_id``; None for anything else."""
    try:
        read: Any = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    known = isinstance(read, dict) and type(read.get("update_id")) is int
    return read if known else None
