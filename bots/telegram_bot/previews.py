"""What a person sees while an answer is being made: typing, then a draft or a status line.

None of it is waited for, and all of it may be missing.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bots.telegram_bot.errors import is_about
from bots.telegram_bot.limiter import Dropped, Preview
from bots.telegram_bot.rendering import preview
from bots.telegram_bot.translating import address, is_private

log = logging.getLogger(__name__)

#: Seconds for one preview to reach Telegram; an answer waits for one that is under way.
_QUICK = 3.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds between calls. Typing shows for 5 s, a draft for 30."""

    typing: float = 4.0
    draft: float = 1.0
    refresh: float = 20.0
    edit: float = 3.0
    longest: float = 180.0
    longest_typing: float = 30.0


_draft_ids = itertools.count(int(time.time()) % 1_000_000_000 + 1)


class Live:
    """The previews of one chat, from its message until its answer."""

    def __init__(
        self,
        bot: ExtBot[Preview],
        chat: str,
        rhythm: Rhythm,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._chat_id, self._topic = address(chat)
        self._private = is_private(chat)
        self._rhythm = rhythm
        self._clock = clock
        self._draft = next(_draft_ids)
        self._text = ""
        self._shown = ""
        self._at = -math.inf
        self._changed = asyncio.Event()
        self._stopped = False
        #: The status line of a group.
        self.message: int | None = None
        self.task = asyncio.create_task(self._run(), name="telegram previews")

    def show(self, text: str) -> None:
        """Show ``text`` next, in place of whatever waits to be shown."""
        self._text = preview(text)
        self._changed.set()

    def stop(self) -> None:
        """Show nothing more. What is under way ends by itself, before any answer is sent."""
        self._stopped = True
        self._changed.set()

    async def _run(self) -> None:
        end = self._clock() + self._rhythm.longest
        end_typing = self._clock() + self._rhythm.longest_typing
        while not self._stopped and self._clock() < end:
            if not self._text and self._clock() > end_typing:
                return
            self._changed.clear()
            try:
                await self._step()
            except Dropped:
                pass
            except (Forbidden, InvalidToken):
                return
            except TelegramError as error:
                log.debug("a preview was not shown: %s", type(error).__name__)
            wait = self._rhythm.refresh if self._text else self._rhythm.typing
            try:
                await asyncio.wait_for(self._changed.wait(), wait)
            except TimeoutError:
                continue

    async def _step(self) -> None:
        if not self._text:
            await self._bot.send_chat_action(
                self._chat_id,
                ChatAction.TYPING,
                message_thread_id=self._topic,
                read_timeout=_QUICK,
                rate_limit_args=Preview("typing", 0.0, costs=False),
            )
        elif self._private:
            await self._show_draft()
        elif self._text != self._shown:
            await self._show_line()

    async def _show_draft(self) -> None:
        if self._text == self._shown and self._clock() - self._at < self._rhythm.refresh:
            return
        if not await self._paused(self._rhythm.draft):
            return
        text = self._text
        await self._bot.send_message_draft(
            self._chat_id,
            self._draft,
            text,
            message_thread_id=self._topic,
            read_timeout=_QUICK,
            rate_limit_args=Preview("draft", self._rhythm.draft),
        )
        self._shown, self._at = text, self._clock()

    async def _show_line(self) -> None:
        if not await self._paused(self._rhythm.edit):
            return
        text, pace = self._text, Preview("edit", self._rhythm.edit)
        if self.message is None:
            sent = await self._bot.send_message(
                self._chat_id,
                text,
                message_thread_id=self._topic,
                disable_notification=True,
                read_timeout=_QUICK,
                rate_limit_args=pace,
            )
            self.message = sent.message_id
        else:
            try:
                await self._bot.edit_message_text(
                    text, self._chat_id, self.message, read_timeout=_QUICK, rate_limit_args=pace
                )
            except BadRequest as error:
                if is_about(error, "to edit not found"):
                    self.message = None
                elif not is_about(error, "not modified"):
                    raise
        self._shown, self._at = text, self._clock()

    async def _paused(self, seconds: float) -> bool:
        """Wait until ``seconds`` after the last text, so that the newest is shown; False: stop."""
        await asyncio.sleep(max(0.0, self._at + seconds - self._clock()))
        return not self._stopped
