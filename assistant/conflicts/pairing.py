"""Which provisions speak of the same thing: by the rare words they share, no model needed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log

from assistant.conflicts.norms import Norm
from assistant.conflicts.words import words

ENOUGH = 0.5  # of the weight of their words, that two provisions must share
_EACH = 4  # candidates of one provision
_SCORED = 14  # rarest words of a provision that are looked up
_LONGEST_LIST = 600  # provisions that have a word, beyond which it says nothing


@dataclass(frozen=True, slots=True)
class Pair:
    """Places in the two lists, and how alike the words outside the slots are (0 to 1)."""

    a: int
    b: int
    alike: float


class Rarity:
    """How much a word says among the provisions of both documents."""

    def __init__(self, *lists: Sequence[Norm]) -> None:
        counts: Counter[str] = Counter()
        total = 0
        for norms in lists:
            total += len(norms)
            for norm in norms:
                counts.update(norm.weights.keys())
        self._of = {word: 0.3 + log(1 + total / count) for word, count in counts.items()}
        self._other = 0.3 + log(1 + max(1, total))

    def __call__(self, word: str) -> float:
        return self._of.get(word, self._other)


def alike(a: Norm, b: Norm, rarity: Rarity) -> float:
    """Dice of the weighted words, a little raised where one provision holds the other."""
    shared = sum(
        min(weight, b.weights[word]) * rarity(word)
        for word, weight in a.weights.items()
        if word in b.weights
    )
    if not shared:
        return 0.0
    of_a = sum(weight * rarity(word) for word, weight in a.weights.items())
    of_b = sum(weight * rarity(word) for word, weight in b.weights.items())
    return 0.8 * 2 * shared / (of_a + of_b) + 0.2 * shared / min(of_a, of_b)


def pairs(a: Sequence[Norm], b: Sequence[Norm], rarity: Rarity) -> tuple[Pair, ...]:
    """Candidates, best first for each provision of ``b``; each pair once."""
    index: dict[str, list[int]] = defaultdict(list)
    for n, norm in enumerate(a):
        for word in norm.weights:
            index[word].append(n)
    found: list[Pair] = []
    for m, norm in enumerate(b):
        scores: Counter[int] = Counter()
        looked = 0
        for word in sorted(norm.weights, key=lambda w: (-rarity(w) * norm.weights[w], w)):
            listed = index.get(word)
            if not listed:
                continue
            if len(listed) > _LONGEST_LIST and scores:
                continue
            worth = rarity(word) * norm.weights[word]
            for n in listed:
                scores[n] += worth * a[n].weights[word]  # type: ignore[assignment]
            looked += 1
            if looked == _SCORED:
                break
        best = nlargest(2 * _EACH, scores.items(), key=lambda item: (item[1], -item[0]))
        near = [Pair(n, m, alike(a[n], norm, rarity)) for n, _ in best]
        near = [pair for pair in near if pair.alike >= ENOUGH]
        found += sorted(near, key=lambda p: (-p.alike, p.a))[:_EACH]
    return tuple(found)


class Matters:
    """Whether two provisions are of other matters: words that only one of the documents has.

    Two short texts have too few words to tell: there nothing is set apart.
    """

    def __init__(self, a: Sequence[Norm], b: Sequence[Norm], found: Sequence[Pair]) -> None:
        self._a, self._b = _spoken(a), _spoken(b)
        self._large = min(len(a), len(b)) >= _ENOUGH_NORMS
        close = {pair.b if len(b) <= len(a) else pair.a for pair in found if pair.alike >= _CLOSE}
        #: Whether the two documents as a whole hardly speak of the same.
        self.strangers = self._large and len(close) < _RELATED * min(len(a), len(b))

    def differ(self, a: Norm, b: Norm, alike: float) -> bool:
        if not self._large or alike >= 0.97:
            return False
        of_a, of_b = _telling(a) - self._b, _telling(b) - self._a
        if self.strangers:
            return bool(of_a or of_b) or alike < _CLOSE
        return len(of_a) >= 2 and len(of_b) >= 2


_ENOUGH_NORMS = 12
_CLOSE = 0.75
_RELATED = 0.08


def _telling(norm: Norm) -> set[str]:
    light = words().light
    return {word for word in norm.said if word.isalpha() and len(word) > 1 and word not in light}


def _spoken(norms: Sequence[Norm]) -> frozenset[str]:
    said = {word for norm in norms for word in norm.said}
    return frozenset(said | {word for norm in norms for word in norm.weights})
