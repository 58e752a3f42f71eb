"""Two provisions with their documents, as the causes of a difference look at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.conflicts.norms import Norm
from assistant.conflicts.vocabulary import Standing


@dataclass(frozen=True, slots=True)
class Compared:
    """Two provisions with their documents."""

    a: Norm
    b: Norm
    of_a: Standing
    of_b: Standing
    weigh: Callable[[str], float]
