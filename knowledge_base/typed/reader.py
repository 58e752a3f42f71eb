"""Reading bare syllables: the likeliest way to put diacritics on a whole phrase.

A beam search over triples of the table (`table.py`); syllables that only an
index knows are read by the pairs of its own texts. Chances of unseen pairs are a fixed
share of those of the syllable alone, so that a rare syllable, after which
little was ever seen, is no better than a common one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge_base.typed.table import BITS, NUMBER, OTHER, START, Doubles, Table, table

# What pairs and triples leave to what is shorter, and how many sightings make them credible.
_PAIR_LEAVES, _TRIPLE_LEAVES, _DOUBT = 0.05, 0.2, 20.0
_BEAM = 10
# The share of the index in the chance of a syllable alone.
_LOCAL = 0.2
_FIRST = np.zeros(1, dtype=np.int64)


class Local(Protocol):
    """Counts of one index, beside those of the table."""

    def readings(self, bare: str) -> Sequence[str]:
        """Syllables of the index that are ``bare`` without diacritics."""

    def chance(self, word: str) -> float:
        """Of a syllable, among all of the index: 0 to 1."""

    def follows(self, left: Sequence[str], right: Sequence[str]) -> Doubles:
        """P(right | left) in the index. Shape: (left, right)."""


@dataclass(frozen=True, slots=True)
class _Choices:
    """What one token may be. ``chances`` are of the syllable alone, ``cost`` is subtracted."""

    words: tuple[str, ...]
    ids: npt.NDArray[np.int64]
    chances: Doubles


class Reader:
    """Finds readings. Deterministic; safe to share between threads."""

    def __init__(self, local: Local | None = None, counts: Table | None = None) -> None:
        self.table = counts or table()
        self._local = local
        self._known: dict[str, _Choices] = {}

    def readings(self, bare: str) -> tuple[str, ...]:
        """All ways to read a bare syllable; empty for what is none."""
        return self._of_bare(bare).words

    def read(
        self, phrase: Sequence[Sequence[str] | str], costs: Sequence[Doubles | None] = ()
    ) -> list[str]:
        """The likeliest words, one for each token.

        A token is what it may be (choices), or a bare syllable of which all
        readings count (a string; one without readings stays). ``costs`` are
        subtracted from the logarithms of the choices, token by token.
        """
        if not phrase:
            return []
        lattice = [self._choices(token) for token in phrase]
        before, last = np.array([START]), np.array([START])
        score = np.zeros(1)
        words_before: tuple[str, ...] = ("",)
        back: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []
        for at, row in enumerate(lattice):
            if len(last) == 1 and len(row.words) == 1:  # nothing to choose: most of clean text
                before, last, words_before = last, row.ids, row.words
                back.append((_FIRST, _FIRST))
                continue
            step = np.log(self._chances(before, last, words_before, row))
            if at < len(costs) and costs[at] is not None:
                step = step - costs[at]
            paths = (score[:, None] + step).ravel()
            size = len(row.words)
            kept = _best_apart(paths, last, size)
            source, chosen = kept // size, kept % size
            before, last, score = last[source], row.ids[chosen], paths[kept]
            words_before = tuple(row.words[one] for one in chosen.tolist())
            back.append((source, chosen))
        at_end = int(score.argmax())
        found: list[str] = []
        for row, (source, chosen) in zip(reversed(lattice), reversed(back), strict=True):
            found.append(row.words[int(chosen[at_end])])
            at_end = int(source[at_end])
        return found[::-1]

    def _chances(
        self,
        before: npt.NDArray[np.int64],
        last: npt.NDArray[np.int64],
        words_before: tuple[str, ...],
        row: _Choices,
    ) -> Doubles:
        """P(choice | the two syllables before). Shape: (paths, choices)."""
        if len(row.ids) == 1 and row.ids[0] == OTHER:
            return np.ones((len(last), 1))  # what is no syllable says nothing of its neighbours
        pairs, triples = self.table.pairs, self.table.triples
        pair_keys = (last[:, None] << BITS) | row.ids[None]
        context = (before << BITS) | last
        triple_keys = (context[:, None] << BITS) | row.ids[None]
        two = pairs.look_up(pair_keys) / (pairs.total(last)[:, None] + _DOUBT)
        # The index is asked only where the table does not know a syllable: it costs a lot more.
        strange = OTHER in row.ids or OTHER in last
        if strange and self._local is not None and words_before != ("",):
            two = np.maximum(two, self._local.follows(words_before, row.words))
        two = (1 - _PAIR_LEAVES) * two + _PAIR_LEAVES * row.chances
        three = triples.look_up(triple_keys) / (triples.total(context)[:, None] + _DOUBT)
        chances: Doubles = (1 - _TRIPLE_LEAVES) * three + _TRIPLE_LEAVES * two
        return chances

    def _choices(self, token: Sequence[str] | str) -> _Choices:
        if isinstance(token, str):
            found = self._of_bare(token)
            return found if found.words else self._made((token,))
        return self._made(tuple(token))

    def _of_bare(self, bare: str) -> _Choices:
        found = self._known.get(bare)
        if found is None:
            words = list(self.table.readings(bare))
            if self._local is not None:
                words += [word for word in self._local.readings(bare) if word not in words]
            found = self._made(tuple(words))
            if len(self._known) < 20_000:
                self._known[bare] = found
        return found

    def _made(self, words: tuple[str, ...]) -> _Choices:
        ids = [self._id(word) for word in words]
        general = self.table.chances[ids] if ids else np.zeros(0)
        if self._local is not None:
            own = np.array([self._local.chance(word) for word in words])
            general = (1 - _LOCAL) * general + _LOCAL * own
        return _Choices(words, np.array(ids, dtype=np.int64), np.maximum(general, 1e-9))

    def _id(self, word: str) -> int:
        return self.table.ids.get(word, NUMBER if word[:1].isdigit() else OTHER)


def _best_apart(paths: Doubles, last: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """The best paths, one for each pair of last syllables, at most a beam of them."""
    if len(paths) == 1:
        return _FIRST
    best: dict[tuple[int, int], int] = {}
    ends = last.tolist()
    for path in np.argsort(-paths, kind="stable")[: 3 * _BEAM].tolist():
        best.setdefault((ends[path // size], path % size), path)
        if len(best) == _BEAM:
            break
    return np.array(list(best.values()))
