"""Putting diacritics back into a query typed without them.

The model is the index itself: how often each syllable, and each pair of
neighbours, was seen in the indexed texts. The most likely reading of the whole
query is found by Viterbi. A syllable nobody has seen stays as typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge_base.index.lexical import Hashes, LexicalIndex, pair_hashes, term_hashes
from knowledge_base.vietnamese import fold

# How much of a pair's probability comes from the syllable alone.
_ALONE = 0.05
_MOST_READINGS = 16


class Restorer:
    """Readings of bare syllables, learned from one index."""

    def __init__(self, folder: Path, pairs: LexicalIndex) -> None:
        self._pairs = pairs
        with np.load(folder / "syllables.npz") as found:
            words, counts = found["words"].tolist(), found["counts"].tolist()
        self._total = float(sum(counts)) or 1.0
        self._readings: dict[str, list[tuple[str, float]]] = {}
        for word, count in sorted(zip(words, counts, strict=True), key=lambda row: -row[1]):
            listed = self._readings.setdefault(fold(word), [])
            if len(listed) < _MOST_READINGS:
                listed.append((word, float(count)))

    def knows(self, syllable: str) -> bool:
        """Whether any reading of a bare syllable was ever seen."""
        return syllable in self._readings

    def restore(self, words: Sequence[str]) -> list[str]:
        """The most likely reading of bare canonical tokens, token by token."""
        lattice = [self._readings.get(word) or [(word, 0.5)] for word in words]
        if not lattice:
            return []
        chances = [np.array([count for _, count in row]) / self._total for row in lattice]
        hashes = [term_hashes([word for word, _ in row]) for row in lattice]
        score = np.log(chances[0])
        back: list[np.ndarray] = []  # type: ignore[type-arg]
        for at in range(1, len(lattice)):
            step = np.log(
                self._transition(hashes[at - 1], hashes[at], lattice[at - 1], chances[at])
            )
            together = score[:, None] + step
            back.append(together.argmax(axis=0))
            score = together.max(axis=0)
        best = [int(score.argmax())]
        for choices in reversed(back):
            best.append(int(choices[best[-1]]))
        return [row[choice][0] for row, choice in zip(lattice, reversed(best), strict=True)]

    def _transition(
        self,
        left: Hashes,
        right: Hashes,
        readings: Sequence[tuple[str, float]],
        chance: np.ndarray,  # type: ignore[type-arg]
    ) -> np.ndarray:  # type: ignore[type-arg]
        """P(right | left), smoothed by P(right). Shape: (left, right)."""
        pairs = pair_hashes(np.repeat(left, len(right)), np.tile(right, len(left)))
        seen = self._pairs.frequencies(pairs).reshape(len(left), len(right))
        count = np.array([max(count, 1.0) for _, count in readings])[:, None]
        return (1 - _ALONE) * np.minimum(seen / count, 1.0) + _ALONE * chance[None, :]
