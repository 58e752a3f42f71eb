"""What was said before, in memory only: bounded, expiring, safe between threads."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from assistant.vocabulary import Answer, Turn


def turn_of(question: str, answer: Answer) -> Turn:
    """What a follow-up may need to know of an exchange."""
    return Turn.of(question, answer)


def text_key(text: str) -> str:
    """A key for an answer's text, so that the text need not be kept to find its turn again."""
    return hashlib.sha256(text.strip().encode("utf-8", "surrogatepass")).hexdigest()


class Conversations:
    """Turns by key. The oldest conversation goes when there are too many; each goes
    after ``seconds`` without a word. Nothing is ever written to disk."""

    def __init__(
        self,
        *,
        turns: int = 6,
        conversations: int = 1000,
        seconds: float = 1800.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._turns = turns
        self._most = conversations
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, tuple[Turn, ...]]] = OrderedDict()

    def history(self, key: str) -> tuple[Turn, ...]:
        """The last turns under ``key``, oldest first; empty when unknown or expired."""
        with self._lock:
            self._sweep()
            return self._kept.get(key, (0.0, ()))[1]

    def remember(self, key: str, turn: Turn) -> None:
        """Add ``turn`` to the conversation ``key``."""
        if self._turns == 0:
            return
        with self._lock:
            self._sweep()
            turns = (*self._kept.pop(key, (0.0, ()))[1], turn)[-self._turns :]
            self._kept[key] = (self._clock(), turns)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self, key: str) -> None:
        """Drop the conversation ``key`` at once."""
        with self._lock:
            self._kept.pop(key, None)

    def __len__(self) -> int:
        with self._lock:
            self._sweep()
            return len(self._kept)

    def _sweep(self) -> None:
        # Oldest first, so the sweep stops at the first that is still fresh.
        oldest = self._clock() - self._seconds
        while self._kept:
            key = next(iter(self._kept))
            if self._kept[key][0] >= oldest:
                return
            del self._kept[key]
