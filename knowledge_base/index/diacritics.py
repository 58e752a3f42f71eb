"""Putting diacritics back into a query typed without them, as one index would read it.

The general table of `knowledge_base.typed` knows official and everyday
Vietnamese; the index adds what its own texts say: which syllables there are,
and which follow which. A syllable nobody has seen stays as typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.index.lexical import Hashes, LexicalIndex, pair_hashes, term_hashes
from knowledge_base.typed.reader import Reader
from knowledge_base.vietnamese import fold

Doubles = npt.NDArray[np.float64]

# A syllable of the index counts as a reading when it was seen so often there.
_RARE = 3
_MOST_READINGS = 16
# A reading seen once may follow anything: pairs are not believed before they are seen a few times.
_DOUBT = 20.0
_MOST_KEPT = 50_000


class Restorer:
    """Readings of bare syllables, learned from the table and from one index."""

    def __init__(self, folder: Path, pairs: LexicalIndex) -> None:
        self._pairs = pairs
        with np.load(folder / "syllables.npz") as found:
            words, counts = found["words"].tolist(), found["counts"].tolist()
        self._total = float(sum(counts)) or 1.0
        self._seen: dict[str, int] = dict(zip(words, counts, strict=True))
        self._readings: dict[str, list[str]] = {}
        for word, count in sorted(self._seen.items(), key=lambda row: -row[1]):
            listed = self._readings.setdefault(fold(word), [])
            if count >= _RARE and word.isalpha() and len(listed) < _MOST_READINGS:
                listed.append(word)
        self._follows: dict[tuple[str, tuple[str, ...]], Doubles] = {}
        self.reader = Reader(self)

    def knows(self, syllable: str) -> bool:
        """Whether any reading of a bare syllable was ever seen."""
        return bool(self.reader.readings(syllable))

    def restore(self, words: Sequence[str]) -> list[str]:
        """The most likely reading of bare canonical tokens, token by token."""
        return self.reader.read(words)

    def readings(self, bare: str) -> Sequence[str]:
        """Syllables of the index that are ``bare`` without diacritics, the commonest first."""
        return self._readings.get(bare, ())

    def chance(self, word: str) -> float:
        """Of a syllable, among all of the index: 0 to 1."""
        return self._seen.get(word, 0) / self._total

    def follows(self, left: Sequence[str], right: Sequence[str]) -> Doubles:
        """P(right | left) in the passages of the index. Shape: (left, right)."""
        rows = tuple(right)
        return np.array([self._row(word, rows) for word in left])

    def _row(self, left: str, right: tuple[str, ...]) -> Doubles:
        found = self._follows.get((left, right))
        if found is None:
            hashes = term_hashes([left, *right])
            seen = self._pair_counts(hashes[:1], hashes[1:])[0]
            found = np.minimum(seen / (self._seen.get(left, 0) + _DOUBT), 1.0)
            if len(self._follows) < _MOST_KEPT:
                self._follows[left, right] = found
        return found

    def _pair_counts(self, left: Hashes, right: Hashes) -> Doubles:
        """In how many passages each pair was seen. Shape: (left, right)."""
        pairs = pair_hashes(np.repeat(left, len(right)), np.tile(right, len(left)))
        return self._pairs.frequencies(pairs).reshape(len(left), len(right)).astype(np.float64)
