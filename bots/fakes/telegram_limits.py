"""How fast the fake lets itself be called, and how it punishes those who do not listen."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

#: Seconds of the first punishment and of the longest.
_FIRST, _LONGEST = 3.0, 240.0


@dataclass(frozen=True, slots=True)
class Rules:
    """``private``: messages at once to a person, who is owed one more each second.
    ``group``: messages to a group within a minute. ``overall``: calls in any second.
    ``drafts``: in 5 s to one person (nobody outside knows Telegram's own)."""

    private: int = 5
    group: int = 20
    overall: int = 30
    drafts: int = 20


@dataclass(slots=True)
class _Chat:
    due: float = 0.0
    sent: deque[float] = field(default_factory=deque)
    drafts: deque[float] = field(default_factory=deque)
    until: float = 0.0
    strikes: int = 0


class Flood:
    """Counts calls; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float], rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self._clock = clock
        self._chats: dict[int, _Chat] = {}
        self._all: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self, chat_id: int, *, kind: str) -> int:
        """Seconds to be waited before this call may be made again; 0: it is made now.

        ``kind``: "message" (also an edit), "draft", or "other". Whoever calls while
        waiting is made to wait twice as long.
        """
        with self._lock:
            now, chat = self._clock(), self._chats.setdefault(chat_id, _Chat())
            if now < chat.until:
                return self._punish(chat, now)
            if chat.strikes and now > chat.until + 60:
                chat.strikes = 0
            if self._too_many(chat_id, chat, kind, now):
                return self._punish(chat, now)
            self._all.append(now)
            if kind == "draft":
                chat.drafts.append(now)
            elif kind == "message":
                chat.due = max(now, chat.due) + 1.0
                chat.sent.append(now)
            return 0

    def halt(self, chat_id: int, seconds: float) -> None:
        """Make a chat wait, as if it had been written to too often."""
        with self._lock:
            self._chats.setdefault(chat_id, _Chat()).until = self._clock() + seconds

    def _punish(self, chat: _Chat, now: float) -> int:
        seconds = min(_LONGEST, _FIRST * 2**chat.strikes)
        chat.strikes += 1
        chat.until = max(chat.until, now + seconds)
        return max(1, math.ceil(chat.until - now))

    def _too_many(self, chat_id: int, chat: _Chat, kind: str, now: float) -> bool:
        if _within(self._all, now - 1.0) >= self.rules.overall:
            return True
        if kind == "draft":
            return _within(chat.drafts, now - 5.0) >= self.rules.drafts
        if kind != "message":
            return False
        if chat_id < 0:
            return _within(chat.sent, now - 60.0) >= self.rules.group
        return chat.due - now > self.rules.private - 1


def _within(times: deque[float], since: float) -> int:
    while times and times[0] <= since:
        times.popleft()
    return len(times)
