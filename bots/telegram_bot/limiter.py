"""How fast Telegram may be called: each chat by itself, and all together.

What is only a preview (drafts, edits of a status line, typing) is dropped where it
would delay an answer, the newest kept; an answer never is. A chat that was told to
wait waits alone.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram.error import BadRequest, RetryAfter
from telegram.ext import BaseRateLimiter

Json = dict[str, Any]
Result = bool | Json | list[Json]

#: Calls within a second to all chats. Telegram takes 30; the way there bunches them up.
OVERALL = 28
#: … of which previews may take this many.
_PREVIEWS = 20
#: Calls that count towards the limit of their chat.
_COSTS = ("send", "edit", "copy", "forward")
#: Seconds for which an answer waits here; where it must wait longer, whoever sends it can
#: send to other chats meanwhile.
_PATIENCE = 0.3
#: Chats that are remembered before those that are quiet are let go.
_MANY = 2048


@dataclass(frozen=True, slots=True)
class Preview:
    """What a call may be dropped as: at most one of its ``kind`` in ``every`` seconds.

    ``costs``: it counts towards the chat's limit like a message.
    """

    kind: str
    every: float
    costs: bool = True


class Dropped(Exception):
    """A preview was not sent: a newer one came, or the chat must be left alone."""


class NotYet(RetryAfter):
    """An answer must wait so long. Telegram was not asked: it would only say so, too."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Pace:
    """A message each ``every`` seconds, ``burst`` at once. ``overall``: calls in a second."""

    every: float = 1.0
    burst: int = 3
    group_every: float = 4.0
    group_burst: int = 5
    overall: int = OVERALL


@dataclass(slots=True)
class _Chat:
    every: float
    burst: int
    due: float = 0.0  # when a message would be due had they been evenly spaced
    halted: float = 0.0
    waiting: int = 0  # answers that wait; nothing else may go before them
    newest: dict[str, object] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def free_at(self, spare: int = 0) -> float:
        """When a message may go, with ``spare`` more left after it."""
        return self.due - (self.burst - 1 - spare) * self.every

    def spend(self, now: float) -> None:
        self.due = max(now, self.due) + self.every

    def wake(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()

    def quiet(self, now: float) -> bool:
        return not self.lock.locked() and not self.waiting and now > max(self.due, self.halted)


class OwnLimiter(BaseRateLimiter[Preview]):
    """See the module. ``clock`` is monotonic seconds."""

    def __init__(self, pace: Pace | None = None, clock: Callable[[], float] = time.monotonic):
        self._pace = pace or Pace()
        self._clock = clock
        self._begun = clock()
        self._chats: dict[str, _Chat] = {}
        self._calls: deque[float] = deque()
        self._turn = asyncio.Lock()

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        self._chats.clear()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Preview | None,
    ) -> Result:
        """Call when it is time.

        Raises:
            Dropped: a preview that is not shown.
            NotYet: it is no time for this chat; others are not held up.
            RetryAfter: Telegram says so.
        """

        async def call() -> Result:
            return await callback(*args, **kwargs)

        chat_id = data.get("chat_id")
        if chat_id is None:
            await self._overall()
            return await call()
        chat = self._chat(str(chat_id))
        if rate_limit_args is not None:
            return await self._preview(chat, rate_limit_args, call)
        return await self._kept(chat, call, costs=endpoint.startswith(_COSTS))

    def halted(self, chat_id: str) -> float:
        """Seconds for which Telegram wants to hear nothing for this chat."""
        chat = self._chats.get(chat_id)
        return max(0.0, chat.halted - self._clock()) if chat else 0.0

    async def _kept(
        self, chat: _Chat, call: Callable[[], Coroutine[Any, Any, Result]], *, costs: bool
    ) -> Result:
        chat.newest.clear()
        chat.waiting += 1
        chat.wake()
        try:
            async with chat.lock:
                at = max(chat.halted, chat.free_at() if costs else 0.0)
                left = max(0.0, at - self._clock())
                if left > _PATIENCE:
                    raise NotYet(timedelta(seconds=left))
                await asyncio.sleep(left)
                if costs:
                    chat.spend(self._clock())
                await self._overall()
                try:
                    return await self._told(chat, call)
                except BadRequest:
                    if costs:  # nothing was sent, and the same may go in plainer words
                        chat.due -= chat.every
                    raise
        finally:
            chat.waiting -= 1

    async def _preview(
        self, chat: _Chat, preview: Preview, call: Callable[[], Coroutine[Any, Any, Result]]
    ) -> Result:
        me = object()
        chat.newest[preview.kind] = me
        chat.wake()

        def mine() -> bool:
            return (
                chat.newest.get(preview.kind) is me
                and not chat.waiting
                and chat.halted <= self._clock()
            )

        while True:
            at = chat.last.get(preview.kind, -math.inf) + preview.every
            if preview.costs:
                at = max(at, chat.free_at(spare=1))
            if not mine():
                raise Dropped
            left = at - self._clock()
            if left <= 0:
                break
            try:
                await asyncio.wait_for(chat.changed.wait(), left)
            except TimeoutError:
                continue
        async with chat.lock:
            if not mine() or not self._room(_PREVIEWS):
                raise Dropped
            chat.last[preview.kind] = now = self._clock()
            if preview.costs:
                chat.spend(now)
            self._calls.append(now)
            return await self._told(chat, call)

    async def _told(self, chat: _Chat, call: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        try:
            return await call()
        except RetryAfter as error:
            chat.halted = max(chat.halted, self._clock() + seconds_of(error))
            raise

    # --- all chats together -----------------------------------------------------------------

    async def _overall(self) -> None:
        async with self._turn:  # in the order in which they came
            while not self._room(self._pace.overall):
                await asyncio.sleep(max(0.001, self._calls[0] + 1.0 - self._clock()))
            self._calls.append(self._clock())

    def _room(self, most: int) -> bool:
        now = self._clock()
        while self._calls and self._calls[0] <= now - 1.0:
            self._calls.popleft()
        return len(self._calls) < min(most, self._pace.overall)

    def _chat(self, chat_id: str) -> _Chat:
        if chat_id not in self._chats:
            if len(self._chats) >= _MANY:
                now = self._clock()
                self._chats = {k: v for k, v in self._chats.items() if not v.quiet(now)}
            pace, group = self._pace, chat_id.startswith("-")
            every = pace.group_every if group else pace.every
            burst = pace.group_burst if group else pace.burst
            # What was sent before a restart is not known: no burst at once.
            due = self._begun + (burst - 1) * every
            self._chats[chat_id] = _Chat(every, burst, due)
        return self._chats[chat_id]


def seconds_of(error: RetryAfter) -> float:
    """The wait that an error names; the library is on its way from numbers to time spans."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
