"""The Telegram channel: parts as messages, and the first signs before them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.ext import ExtBot

from assistant.errors import StateError
from bots.delivery.channel import Capabilities, Incoming, Kind, Part, Reply
from bots.telegram_bot.buttons import Buttons
from bots.telegram_bot.errors import delivery_error, is_about
from bots.telegram_bot.limiter import Preview
from bots.telegram_bot.previews import Live, Rhythm
from bots.telegram_bot.rendering import CAPABILITIES, render
from bots.telegram_bot.translating import NAME, address, is_private

log = logging.getLogger(__name__)

#: Chats of which it is known when they were last written to.
_MANY = 2048
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
#: What gets an answer, and therefore a sign that one is coming.
_ANSWERED = (Kind.TEXT, Kind.BUTTON, Kind.BEGIN, Kind.OTHER)


class TelegramChannel:
    """A `Channel`. ``closing`` ends what it was built on."""

    def __init__(
        self,
        bot: ExtBot[Preview],
        buttons: Buttons,
        *,
        rhythm: Rhythm | None = None,
        closing: Callable[[], Awaitable[None]],
        public_url: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._bot = bot
        self._buttons = buttons
        self._rhythm = rhythm or Rhythm()
        self._closing = closing
        self._public_url = public_url
        self._clock = clock
        self._written: dict[str, tuple[int, float]] = {}  # what went last to a chat, and when
        self._lives: dict[str, Live] = {}
        self._lines: dict[str, set[int]] = {}  # status lines to be taken away, by chat
        self._moved: dict[int, int] = {}  # groups that became supergroups
        self._later: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def render(self, chat: str, reply: Reply) -> tuple[Part, ...]:  # noqa: ARG002
        return render(reply, self._public_url)

    async def send(self, chat: str, part: Part) -> str:
        self._end_previews(chat)
        body = part.body
        text = str(body.get("text") or part.text)
        try:
            keyboard = await self._keyboard(body)
        except StateError as error:  # the words go without what could be pressed
            log.warning("buttons cannot be kept: %s", error)
            keyboard = None
        try:
            sent = await self._sent(chat, text, str(body.get("html", "")), keyboard)
        except TelegramError as error:
            raise delivery_error(error) from None
        self._take_line_away(chat)
        if len(self._written) >= _MANY:
            self._written.clear()  # it costs no more than a sign too many
        self._written[chat] = (int(sent), self._clock())
        return sent

    async def seen(self, incoming: Incoming) -> None:
        if incoming.kind in _ANSWERED and not self._answered_already(incoming):
            self._live(incoming.chat)

    async def progress(self, chat: str, text: str) -> None:
        self._live(chat).show(text)

    async def close(self) -> None:
        for live in self._lives.values():
            live.stop()
        tasks = [*self._later, *(live.task for live in self._lives.values())]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=3.0)
            for task in late:
                task.cancel()
        self._lives.clear()
        await self._closing()

    def answer_button(self, query_id: str) -> None:
        """Let the pressed button stop waiting. Best effort, behind everything else."""
        self._behind(self._query_answered(query_id))

    # --- one message ------------------------------------------------------------------------

    async def _sent(
        self, chat: str, text: str, html: str, keyboard: InlineKeyboardMarkup | None
    ) -> str:
        chat_id, topic = address(chat)

        async def message(words: str, **more: Any) -> str:
            return await self._message(chat_id, topic, words, **more)

        try:
            if not html:
                return await message(text, reply_markup=keyboard)
            return await message(html, parse_mode=ParseMode.HTML, reply_markup=keyboard)
        except BadRequest as error:
            if html and is_about(error, "can't parse entities"):
                log.warning("Telegram cannot read our HTML; the message goes as plain words")
                return await message(text, reply_markup=keyboard)
            if keyboard and is_about(error, "button"):
                log.warning("Telegram refuses a button; the message goes without: %s", error)
                if html:
                    return await message(html, parse_mode=ParseMode.HTML)
                return await message(text)
            raise

    async def _message(self, chat_id: int, topic: int | None, words: str, **more: Any) -> str:
        chat_id = self._moved.get(chat_id, chat_id)
        more |= {"link_preview_options": _NO_PREVIEW, "message_thread_id": topic}
        try:
            sent = await self._bot.send_message(chat_id, words, **more)
        except ChatMigrated as error:
            self._moved[chat_id] = error.new_chat_id
            sent = await self._bot.send_message(error.new_chat_id, words, **more)
        return str(sent.message_id)

    async def _keyboard(self, body: Any) -> InlineKeyboardMarkup | None:
        rows = []
        for title, payload in body.get("buttons", ()):
            data = await asyncio.to_thread(self._buttons.data_of, payload)
            rows.append([InlineKeyboardButton(title, callback_data=data)])
        links = [InlineKeyboardButton(title, url=url) for title, url in body.get("links", ())]
        if links:
            rows.append(links)
        return InlineKeyboardMarkup(rows) if rows else None

    # --- previews ---------------------------------------------------------------------------

    def _live(self, chat: str) -> Live:
        live = self._lives.get(chat)
        if live is None or live.task.done():
            if live is not None:
                self._note_line(chat, live)
            if len(self._lives) >= _MANY:
                self._lives = {k: v for k, v in self._lives.items() if not v.task.done()}
            self._lives[chat] = live = Live(self._bot, chat, self._rhythm)
        return live

    def _end_previews(self, chat: str) -> None:
        live = self._lives.pop(chat, None)
        if live is None:
            return
        live.stop()
        if not is_private(chat):
            live.task.add_done_callback(lambda _: self._note_line(chat, live))
            if live.task.done():
                self._note_line(chat, live)

    def _answered_already(self, incoming: Incoming) -> bool:
        """The answer was faster than this sign of it. Ids of messages grow within a chat; a
        button names the message that it is below."""
        message, at = self._written.get(incoming.chat, (0, 0.0))
        if incoming.kind is Kind.BUTTON:
            return at >= incoming.at
        return incoming.message.isdecimal() and message > int(incoming.message)

    def _note_line(self, chat: str, live: Live) -> None:
        if live.message is not None:
            self._lines.setdefault(chat, set()).add(live.message)

    def _take_line_away(self, chat: str) -> None:
        for line in self._lines.pop(chat, ()):
            self._behind(self._deleted(address(chat)[0], line))

    async def _deleted(self, chat_id: int, message: int) -> None:
        with contextlib.suppress(TelegramError):
            await self._bot.delete_message(self._moved.get(chat_id, chat_id), message)

    async def _query_answered(self, query_id: str) -> None:
        with contextlib.suppress(TelegramError):  # too old: nobody waits any more
            await self._bot.answer_callback_query(query_id)

    def _behind(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)
