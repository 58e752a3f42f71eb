"""How long a turn would wait, and what follows from it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import ceil

#: Up to so many seconds nothing is said; up to so many it is; beyond, the card alone answers.
SHORT, LONG = 8.0, 60.0
#: What an answer is taken to need before any was measured, in seconds.
_AT_FIRST = 4.0


@dataclass(slots=True)
class Waiting:
    """The time that answers with the model took lately, on ``places`` at once."""

    places: int
    _lately: deque[float] = field(default_factory=lambda: deque(maxlen=50))

    def took(self, seconds: float) -> None:
        self._lately.append(seconds)

    @property
    def p90(self) -> float:
        """Seconds that nine of ten answers stay within."""
        if not self._lately:
            return _AT_FIRST
        ordered = sorted(self._lately)
        return ordered[min(len(ordered) - 1, ceil(0.9 * len(ordered)) - 1)]

    def expected(self, ahead: int) -> float:
        """Seconds until a turn with ``ahead`` others before it, running ones too, is begun."""
        return max(0, ahead - self.places + 1) * self.p90 / self.places
