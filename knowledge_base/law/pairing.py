"""Which article of one law is which of another, by what they are called and what they say."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from knowledge_base.law.pieces import words_of

#: An article: its name, and its words.
Said = tuple[str, tuple[str, ...]]

_LEAST = 0.45  # of the likeness that makes two articles one
_OF_THE_NAME = 0.35
_ORDER = 0.06  # what standing at the same part of both laws adds at most
_COMMON = 0.3  # words in more articles than this share of all tell little: they are left out


def pairs_of(one: Sequence[Said], other: Sequence[Said]) -> list[tuple[int, int, float]]:
    """``(place in one, place in the other, likeness)``: each article at most once.

    A law that is made anew keeps most of its matters and moves their articles,
    so likeness of words counts, and the order a little.
    """
    weights = _weights([*one, *other])
    left = [_vector(said, weights) for said in one]
    right = [_vector(said, weights) for said in other]
    names = [_vector(("", words_of(name)), weights) for name, _ in one]
    other_names = [_vector(("", words_of(name)), weights) for name, _ in other]
    found: list[tuple[float, int, int]] = []
    for a, b in _candidates(left, right, len(one) + len(other)):
        body = _cosine(left[a], right[b])
        name = _cosine(names[a], other_names[b])
        apart = abs(a / max(len(one), 1) - b / max(len(other), 1))
        share = (1 - _OF_THE_NAME) * body + _OF_THE_NAME * name + _ORDER * (1 - apart)
        if share >= _LEAST:
            found.append((share, a, b))
    taken: dict[int, tuple[int, float]] = {}
    used: set[int] = set()
    for share, a, b in sorted(found, key=lambda way: (-way[0], way[1], way[2])):
        if a not in taken and b not in used:
            taken[a] = (b, min(share, 1.0))
            used.add(b)
    return [(a, b, round(share, 3)) for a, (b, share) in sorted(taken.items())]


def _weights(articles: Sequence[Said]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    for name, words in articles:
        seen.update({*words, *words_of(name)})
    total = len(articles)
    return {word: math.log(1 + total / count) for word, count in seen.items()}


def _vector(said: Said, weights: dict[str, float]) -> dict[str, float]:
    name, words = said
    counts = Counter((*words, *words_of(name)))
    vector = {w: (1 + math.log(n)) * weights.get(w, 1.0) for w, n in counts.items()}
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {word: value / length for word, value in vector.items()}


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(value * other.get(word, 0.0) for word, value in one.items())


def _candidates(
    left: Sequence[dict[str, float]], right: Sequence[dict[str, float]], total: int
) -> list[tuple[int, int]]:
    """Pairs that share telling words: of two codes of 700 articles not all half a million."""
    if len(left) * len(right) <= 10_000:
        return [(a, b) for a in range(len(left)) for b in range(len(right))]
    having: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for b, vector in enumerate(right):
        for word, value in vector.items():
            having[word].append((b, value))
    often = _COMMON * total / 2
    found: list[tuple[int, int]] = []
    for a, vector in enumerate(left):
        sums: dict[int, float] = defaultdict(float)
        for word, value in vector.items():
            there = having.get(word, ())
            if len(there) <= often:
                for b, other in there:
                    sums[b] += value * other
        best = sorted(sums.items(), key=lambda pair: -pair[1])[:8]
        found += [(a, b) for b, _ in best]
    return found
