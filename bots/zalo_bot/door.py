"""The ways in: a webhook that is verified and kept at once, or asking for updates."""

from __future__ import annotations

import asyncio
import hmac
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from assistant.errors import StateError
from bots.delivery.channel import Auth, DeliveryError, Inbox, Operator, Payload
from bots.web.bodies import read_body
from bots.web.errors import Refused
from bots.zalo_bot.adapter import ZaloBotChannel
from bots.zalo_bot.reading import Unreadable, incoming, message_id, parsed

logger = logging.getLogger(__name__)

#: Where the platform sends updates to.
PATH = "/webhooks/zalo-bot"
SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
#: Seconds that one question for updates waits.
WAIT = 30
#: Seconds before the first and the last try again; a refused token is tried so rarely.
_SOON, _LATE, _REFUSED = 1.0, 60.0, 300.0


class ZaloBotDoor:
    """A bot with its webhook, or with its polling.

    ``address`` is where the platform reaches the webhook; with it the door registers
    itself, and without it an operator has done so.
    """

    def __init__(
        self,
        channel: ZaloBotChannel,
        *,
        mode: Literal["webhook", "polling"],
        secret: SecretStr | None = None,
        address: str = "",
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if mode == "webhook" and secret is None:
            raise ValueError("a webhook needs its secret")
        self._channel = channel
        self._mode = mode
        self._secret = secret
        self._address = address
        self._clock = clock
        self._sleep = sleep
        self._own = ""  # the bot's id, once the platform has told it

    @property
    def channel(self) -> ZaloBotChannel:
        return self._channel

    # --- webhook ----------------------------------------------------------------------------

    def routes(self, inbox: Inbox) -> APIRouter:
        """The webhook; none where updates are asked for."""
        router = APIRouter(tags=["webhooks"])
        if self._mode == "webhook":

            @router.post(PATH, include_in_schema=False)
            async def webhook(request: Request) -> Response:
                return Response(status_code=await self._received(request, inbox))

        return router

    async def _received(self, request: Request, inbox: Inbox) -> int:
        """The HTTP status for one delivery: 200 once it is kept, or needs not be."""
        if not self._is_the_platform(request):
            return 403
        try:
            told = parsed(await read_body(request))
            await self.accept(told, inbox)
        except Unreadable as error:
            logger.warning("a webhook body was refused: %s", error)
            return 400
        except Refused as error:
            return error.status
        except StateError as error:
            logger.error("an update could not be kept: %s", error)
            return 503
        return 200

    def _is_the_platform(self, request: Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "")
        secret = self._secret.get_secret_value() if self._secret else ""
        same = hmac.compare_digest(given.encode("utf-8"), secret.encode("utf-8"))
        return same and bool(secret)

    async def accept(self, told: Any, inbox: Inbox) -> None:
        """Keep one update durably, unless nobody waits for an answer to it.

        Raises:
            Unreadable: it is no update.
            StateError: it cannot be kept now.
        """
        if self._channel.is_own(message_id(told)):
            return
        found = incoming(told, now=self._clock(), own=self._own)
        if found is not None:
            await run_in_threadpool(inbox.accept, found)

    # --- polling ----------------------------------------------------------------------------

    async def run(self, inbox: Inbox) -> None:
        """Learn the bot's id and settle how updates come; then ask for them, where there is
        no webhook. Until cancelled."""
        failed = 0
        while True:
            try:
                await self._settle()
                break
            except (Payload, Operator) as error:
                logger.error("the webhook %s is refused: %s", self._address, error)
                break
            except DeliveryError as error:
                failed += 1
                await self._pause(failed, error)
        if self._mode == "polling":
            await self._poll(inbox)
        await asyncio.Event().wait()

    async def _settle(self) -> None:
        client = self._channel.client
        self._own = self._own or await client.me()
        if self._mode == "webhook":
            if self._address and self._secret:
                await client.set_webhook(self._address, self._secret)
        elif there := await client.webhook():
            logger.warning("the webhook at %s is removed: updates are asked for", _host(there))
            await client.delete_webhook()

    async def _poll(self, inbox: Inbox) -> None:
        failed = 0
        while True:
            try:
                found = await self._channel.client.updates(WAIT)
            except DeliveryError as error:
                failed += 1
                await self._pause(failed, error)
                continue
            failed = 0
            for told in found:
                await self._keep(told, inbox)

    async def _keep(self, told: Any, inbox: Inbox) -> None:
        """Keep an update that was asked for: it is not given twice, so until it is kept."""
        failed = 0
        while True:
            try:
                await self.accept(told, inbox)
                return
            except Unreadable as error:
                logger.warning("an update was left aside: %s", error)
                return
            except StateError as error:
                failed += 1
                logger.error("an update could not be kept yet: %s", error)
                await self._sleep(_back_off(failed))

    async def _pause(self, failed: int, error: DeliveryError) -> None:
        refused = isinstance(error, Auth)
        level = logging.ERROR if refused or failed == 3 else logging.INFO
        logger.log(level, "updates cannot be had: %s", error)
        after = float(getattr(error, "after", 0.0))
        await self._sleep(max(_REFUSED if refused else _back_off(failed), after))


def _host(url: str) -> str:
    return urlsplit(url).hostname or "?"


def _back_off(failed: int) -> float:
    """Seconds until the next try: growing, and not the same for everybody."""
    most = min(_LATE, _SOON * 2.0 ** min(failed - 1, 10))
    return most * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
