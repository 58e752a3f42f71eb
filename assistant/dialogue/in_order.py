"""One conversation at a time: messages are answered in the order they came."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class InOrder:
    """A queue per conversation; safe to enter in one thread and to leave in another."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[object]] = {}

    @contextmanager
    def turn(self, conversation: str, patience: float) -> Iterator[bool]:
        """Wait for one's turn; False after ``patience`` seconds: the one before still talks."""
        ticket = object()
        end = time.monotonic() + patience
        with self._changed:
            self._waiting.setdefault(conversation, deque()).append(ticket)
        try:
            with self._changed:
                mine = self._changed.wait_for(
                    lambda: self._waiting[conversation][0] is ticket, end - time.monotonic()
                )
            yield mine
        finally:
            with self._changed:
                queue = self._waiting[conversation]
                queue.remove(ticket)
                if not queue:
                    del self._waiting[conversation]
                self._changed.notify_all()
