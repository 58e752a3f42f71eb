"""Stops asking something that keeps failing, and asks again after a while."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

State = Literal["closed", "open", "half_open"]


class Breaker:
    """Opens after ``failures`` within ``window`` seconds, for ``rest`` seconds.

    Then it is half open: one caller is told to probe; its success closes the
    breaker, its failure opens it again, for twice as long each time up to
    ``longest`` (left out: always ``rest``).
    """

    def __init__(
        self,
        *,
        failures: int = 3,
        window: float = 30,
        rest: float = 15,
        longest: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._window, self._first, self._clock = window, rest, clock
        self._rest, self._longest = rest, max(rest, longest or rest)
        self._failed: deque[float] = deque(maxlen=failures)
        self._opened: float | None = None
        self._lock = threading.Lock()

    @property
    def state(self) -> State:
        with self._lock:
            return self._state()

    def failed(self) -> None:
        with self._lock:
            now = self._clock()
            was_half_open = self._state() == "half_open"
            self._failed.append(now)
            many = len(self._failed) == self._failed.maxlen
            if was_half_open or (many and now - self._failed[0] <= self._window):
                longer = min(self._longest, self._rest * 2)
                self._rest = longer if was_half_open else self._first
                self._opened = now

    def succeeded(self) -> None:
        with self._lock:
            self._failed.clear()
            self._opened = None
            self._rest = self._first

    def seconds_left(self) -> float:
        """How long it stays open; 0 when requests may pass."""
        with self._lock:
            if self._opened is None:
                return 0.0
            return max(0.0, self._opened + self._rest - self._clock())

    def _state(self) -> State:
        if self._opened is None:
            return "closed"
        return "open" if self._clock() < self._opened + self._rest else "half_open"


class BackOff:
    """How long to wait before starting something again: nothing at first, then longer.

    ``deaths`` older than ``forget`` seconds no longer count.
    """

    def __init__(
        self,
        *,
        first: float = 0.5,
        longest: float = 30,
        forget: float = 60,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first, self._longest, self._forget, self._clock = first, longest, forget, clock
        self._deaths: deque[float] = deque(maxlen=16)

    def died(self) -> None:
        self._deaths.append(self._clock())

    def seconds_left(self) -> float:
        """Seconds until the next start is allowed; one lone death costs no wait."""
        now = self._clock()
        recent = [at for at in self._deaths if now - at <= self._forget]
        if len(recent) < 2:
            return 0.0
        wait = min(self._longest, self._first * 2.0 ** (len(recent) - 2))
        return max(0.0, recent[-1] + wait - now)
