"""How often syllables, their pairs and triples stand in official and everyday Vietnamese.

The table is ``counts.npz``, made by ``evals/training/diacritics.py``: counts on a
logarithmic scale, the least useful ones left out. Keys are packed: 13 bits a
syllable, the last syllable lowest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.vietnamese import fold

Doubles = npt.NDArray[np.float64]
Keys = npt.NDArray[np.int64]

FILE = Path(__file__).with_name("counts.npz")

#: What stands where there is no syllable: start of a sentence, a number, anything else.
START, NUMBER, OTHER = 0, 1, 2
SPECIAL = 3
BITS = 13
#: Of the scale of the counts: this many steps to each doubling.
STEPS = 6
_MOST_READINGS = 16


@dataclass(frozen=True, slots=True)
class Counts:
    """Sorted keys with their counts; ``before`` sums them by all but the last syllable."""

    keys: Keys
    values: Doubles
    before_keys: Keys
    before: Doubles

    @classmethod
    def of(cls, keys: Keys, values: Doubles) -> Counts:
        starts = np.flatnonzero(np.diff(keys >> BITS, prepend=-1))
        return cls(keys, values, keys[starts] >> BITS, np.add.reduceat(values, starts))

    def look_up(self, keys: Keys) -> Doubles:
        """Counts of ``keys``, of the same shape; 0 for the unknown."""
        return _found(self.keys, self.values, keys)

    def total(self, contexts: Keys) -> Doubles:
        """Of everything seen after each context, of the same shape."""
        return _found(self.before_keys, self.before, contexts)


def _found(keys: Keys, values: Doubles, wanted: Keys) -> Doubles:
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Doubles = np.where(keys[at] == wanted, values[at], 0.0)
    return found


class Table:
    """The counts in memory (about 15 MB). ``words[0:3]`` are no syllables."""

    def __init__(self, file: Path = FILE) -> None:
        with np.load(file) as stored:
            self.words: list[str] = bytes(stored["words"]).decode().split("\n")
            self.singles = _counts(stored["singles"])
            self.pairs = Counts.of(_keys(stored["pairs"]), _counts(stored["pair_counts"]))
            self.triples = Counts.of(_keys(stored["triples"]), _counts(stored["triple_counts"]))
        self.singles[:SPECIAL] = 0.0
        self.chances: Doubles = (self.singles + 0.01) / self.singles.sum()
        self.ids = {word: at for at, word in enumerate(self.words) if at >= SPECIAL}
        self._readings: dict[str, list[str]] = {}
        for at in np.argsort(-self.singles, kind="stable").tolist():
            if at >= SPECIAL:
                for bare in _bare_spellings(self.words[at]):
                    listed = self._readings.setdefault(bare, [])
                    if len(listed) < _MOST_READINGS:
                        listed.append(self.words[at])

    def readings(self, bare: str) -> list[str]:
        """Syllables that are ``bare`` without diacritics, the commonest first."""
        return self._readings.get(bare, [])

    def count(self, word: str) -> float:
        """About how often a syllable was seen."""
        at = self.ids.get(word)
        return float(self.singles[at]) if at is not None else 0.0

    def pair_count(self, left: str, right: str) -> float:
        """About how often ``right`` was seen straight after ``left``."""
        one, two = self.ids.get(left), self.ids.get(right)
        if one is None or two is None:
            return 0.0
        key = one << BITS | two
        return float(self.pairs.look_up(np.array([key]))[0])


def _bare_spellings(word: str) -> tuple[str, ...]:
    """ "ky" and "ki" for "kỷ": both are written."""
    bare = fold(word)
    if len(bare) == 2 and bare[0] in "hklmst" and bare[1] == "y" and not word.isascii():
        return bare, bare[0] + "i"
    return (bare,)


def pack(keys: Keys) -> npt.NDArray[np.uint8]:
    """Sorted keys as the bytes of their differences, one row a byte: small once compressed."""
    steps = np.diff(keys, prepend=0)
    rows = [(steps >> shift) & 0xFF for shift in range(0, 40, 8)]
    return np.array(rows, dtype=np.uint8)


def scale(counts: Doubles) -> npt.NDArray[np.uint8]:
    """Counts of at least 1 as steps of the logarithmic scale; 0 stays 0."""
    steps = np.round(STEPS * np.log2(np.maximum(counts, 1.0))) + 1
    return np.where(counts > 0, steps, 0).astype(np.uint8)


def _keys(rows: npt.NDArray[np.uint8]) -> Keys:
    steps = sum(row.astype(np.int64) << 8 * at for at, row in enumerate(rows))
    keys: Keys = np.cumsum(steps)
    return keys


def _counts(steps: npt.NDArray[np.uint8]) -> Doubles:
    counts: Doubles = np.where(steps > 0, np.exp2((steps.astype(np.float64) - 1) / STEPS), 0.0)
    return counts


@cache
def table() -> Table:
    """The table that is shipped, read on first use (some tens of milliseconds)."""
    return Table()
