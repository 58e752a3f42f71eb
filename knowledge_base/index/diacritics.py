"""Putting diacritics back into a query typed without them.

The model is the index itself: how often each syllable, and each pair of
neighbours, was seen in the indexed texts. The most likely reading of the whole
query is found by Viterbi. A syllable nobody has seen stays as typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.index.lexical import Hashes, LexicalIndex, pair_hashes, term_hashes
from knowledge_base.vietnamese import fold, tokens

Doubles = npt.NDArray[np.float64]

# How much of a pair's probability comes from the syllable alone.
_ALONE = 0.05
_MOST_READINGS = 16
# What the phrases of everyday asking count for, as a share of everything seen.
_EVERYDAY_SHARE = 0.25
# A reading seen once may follow anything: pairs are not believed before they are seen a few times.
_DOUBT = 2.0


class Restorer:
    """Readings of bare syllables, learned from one index."""

    def __init__(self, folder: Path, pairs: LexicalIndex) -> None:
        self._pairs = pairs
        with np.load(folder / "syllables.npz") as found:
            words, counts = found["words"].tolist(), found["counts"].tolist()
        self._total = float(sum(counts)) or 1.0
        singles, self._spoken_pairs = _everyday()
        self._spoken = singles
        share = self._total * _EVERYDAY_SHARE / sum(singles.values())
        # Numbers of occurrences in the index, to which the everyday ones are added by share.
        self._seen = dict(zip(words, counts, strict=True))
        together = {word: float(count) for word, count in self._seen.items()}
        for word, count in singles.items():
            together[word] = together.get(word, 0.0) + share * count
        self._total *= 1 + _EVERYDAY_SHARE
        self._readings: dict[str, list[tuple[str, float]]] = {}
        for word, much in sorted(together.items(), key=lambda row: -row[1]):
            listed = self._readings.setdefault(fold(word), [])
            if len(listed) < _MOST_READINGS:
                listed.append((word, much))

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
        back: list[npt.NDArray[np.int64]] = []
        for at in range(1, len(lattice)):
            left, right = ([word for word, _ in lattice[side]] for side in (at - 1, at))
            seen = self._pair_counts(hashes[at - 1], hashes[at])
            step = np.log(self._transition(left, right, seen, chances[at]))
            together = score[:, None] + step
            back.append(together.argmax(axis=0))
            score = together.max(axis=0)
        best = [int(score.argmax())]
        for choices in reversed(back):
            best.append(int(choices[best[-1]]))
        return [row[choice][0] for row, choice in zip(lattice, reversed(best), strict=True)]

    def _pair_counts(self, left: Hashes, right: Hashes) -> Doubles:
        """In how many passages each pair was seen. Shape: (left, right)."""
        pairs = pair_hashes(np.repeat(left, len(right)), np.tile(right, len(left)))
        return self._pairs.frequencies(pairs).reshape(len(left), len(right)).astype(np.float64)

    def _transition(
        self, left: Sequence[str], right: Sequence[str], seen: Doubles, chance: Doubles
    ) -> Doubles:
        """P(right | left): in the index or in everyday phrases, smoothed. Shape: (left, right)."""
        count = np.array([self._seen.get(word, 0) + _DOUBT for word in left])[:, None]
        spoken = np.array(
            [
                [
                    self._spoken_pairs.get((a, b), 0) / (self._spoken.get(a, 0) + _DOUBT)
                    for b in right
                ]
                for a in left
            ]
        )
        found: Doubles = (1 - _ALONE) * np.maximum(
            np.minimum(seen / count, 1.0), spoken
        ) + _ALONE * chance
        return found


@lru_cache(maxsize=1)
def _everyday() -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Syllables and neighbouring syllables of the phrases in ``everyday.txt``."""
    singles: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    text = Path(__file__).parents[1].joinpath("everyday.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            words = tokens(line)
            singles.update(words)
            pairs.update(pairwise(words))
    return singles, pairs
