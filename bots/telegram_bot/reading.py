"""python-telegram-bot put together: a bot on our transport, and handlers that only translate."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    BaseHandler,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    ExtBot,
    MessageHandler,
    filters,
)

from bots.delivery.channel import Incoming
from bots.telegram_bot import translating
from bots.telegram_bot.buttons import Buttons
from bots.telegram_bot.hidden_token import HIDDEN, QuietRequest
from bots.telegram_bot.limiter import OwnLimiter, Preview

log = logging.getLogger(__name__)

#: What Telegram is asked to send.
UPDATES = ("message", "callback_query", "my_chat_member")

Json = dict[str, Any]


@dataclass(slots=True)
class Read:
    """What one update says: what came in, and the button that waits for an answer."""

    incoming: list[Incoming] = field(default_factory=list)
    query: str = ""


_reading: ContextVar[Read] = ContextVar("telegram_reading")


class RawBot(ExtBot[Preview]):
    """The library's bot, which can also give updates unread: one odd update of a hundred
    must not cost the others. What it is called with is no matter for a log: people's words,
    and the webhook's secret."""

    _LOGGER = logging.getLogger("telegram.ext.ExtBot.quiet")

    async def raw_updates(self, offset: int, seconds: int) -> list[Json]:
        data: Json = {"offset": offset, "timeout": seconds, "allowed_updates": list(UPDATES)}
        # The socket must not give up before Telegram has had its time.
        given: Any = await self._post("getUpdates", data, read_timeout=seconds + 10.0)
        return [each for each in given if isinstance(each, dict)] if given else []


class Reader:
    """The application. Telegram is asked who the bot is before the first update is read."""

    def __init__(
        self,
        token: str,
        api_url: str,
        buttons: Buttons,
        *,
        limiter: OwnLimiter | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        RawBot._LOGGER.setLevel(logging.INFO)
        self._requests = (QuietRequest(token, api_url), QuietRequest(token, api_url, connections=2))
        self.bot = RawBot(
            HIDDEN,
            base_url=lambda _: f"{api_url}/bot",
            base_file_url=lambda _: f"{api_url}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
            rate_limiter=limiter or OwnLimiter(),
        )
        self._buttons = buttons
        self._clock = clock
        self._lock = asyncio.Lock()
        self._application: Application[Any, Any, Any, Any, Any, Any] = (
            ApplicationBuilder().bot(self.bot).updater(None).job_queue(None).build()
        )
        for handler in self._handlers():
            self._application.add_handler(handler)
        self._application.add_error_handler(_unread)

    async def ready(self) -> None:
        """Ask who we are, once. Raises a `TelegramError` where Telegram does not say."""
        async with self._lock:
            if not self._application.running:
                await self._application.initialize()
                await self._application.start()

    async def read(self, raw: Json) -> Read:
        """What ``raw`` says; nothing where it cannot be read, which is logged without its words."""
        read = Read()
        try:
            update = Update.de_json(raw, self.bot)
        except Exception as error:  # whatever Telegram may send one day
            log.warning("an update of Telegram cannot be read: %s", type(error).__name__)
            return read
        if update.callback_query is not None:
            read.query = update.callback_query.id
        token = _reading.set(read)
        try:
            await self._application.process_update(update)
        finally:
            _reading.reset(token)
        return read

    async def close(self) -> None:
        """Stop gracefully; harmless when repeated, and where nothing was begun."""
        if self._application.running:
            await self._application.stop()
        await self._application.shutdown()
        for request in self._requests:
            await request.shutdown()

    # --- handlers ---------------------------------------------------------------------------

    def _handlers(self) -> tuple[BaseHandler[Update, Any, Any], ...]:
        return (
            MessageHandler(filters.UpdateType.MESSAGE, self._on_message),
            CallbackQueryHandler(self._on_button),
            ChatMemberHandler(self._on_membership, ChatMemberHandler.MY_CHAT_MEMBER),
        )

    async def _on_message(self, update: Update, _: Any) -> None:
        _take(translating.of_message(update, self.bot.bot))

    async def _on_button(self, update: Update, _: Any) -> None:
        query = update.callback_query
        if query is not None:
            data = query.data or ""
            payload = await asyncio.to_thread(self._buttons.payload_of, data)
            _take(translating.of_button(query, update.update_id, payload, self._clock()))

    async def _on_membership(self, update: Update, _: Any) -> None:
        if update.my_chat_member is not None:
            _take(translating.of_membership(update.my_chat_member, update.update_id))


def _take(incoming: Incoming | None) -> None:
    if incoming is not None:
        _reading.get().incoming.append(incoming)


async def _unread(_: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """A fault of ours: told without the person's words, and not a second time by redelivery."""
    log.error("an update of Telegram was not understood: %s", type(context.error).__name__)
