"""Provisions of two documents that are of one thing in words of their own.

`assistant.conflicts.pairing` finds provisions that share their wording. What it leaves
is looked at here by the terms that tell the matter; only a pair that is each other's best
by far is taken, because a document has many provisions that are a little alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

from assistant.conflicts.norms import Norm
from assistant.conflicts.terms import Term, likeness_of, spoken, terms

LIKE = 0.6  # of what they tell, that two provisions must share
_AHEAD = 0.08  # of the next best, by which the best must be ahead
_RAREST = 8  # telling terms of a provision that are looked up
_LISTED = 60  # provisions that have a term, beyond which it says nothing
_EACH = 5
_FEWEST = 2  # telling terms of a provision that can be told from others


@dataclass(frozen=True, slots=True)
class _Read:
    terms: tuple[Term, ...]
    spoken: frozenset[str]


def free_pairs(
    a: Sequence[Norm], b: Sequence[Norm], done_a: Collection[int], done_b: Collection[int]
) -> Iterator[tuple[int, int, float]]:
    """Places and likeness of pairs; ``done_a`` and ``done_b`` have a partner already."""
    read_a, read_b = _read(a), _read(b)
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for n, one in read_a.items():
        for said in {t.said for t in one.terms if t.telling}:
            index[said].append(n)
    scored: dict[int, list[tuple[float, int]]] = {}
    best_of_a: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for m, other in read_b.items():
        near = [
            (likeness_of(read_a[n].terms, read_a[n].spoken, other.terms, other.spoken), n)
            for n in _near(other, index)
        ]
        scored[m] = nlargest(2, near)
        for like, n in near:
            best_of_a[n].append((like, m))
    for m, found in scored.items():
        if m in done_b or not found or found[0][0] < LIKE:
            continue
        like, n = found[0]
        others = [found[1][0]] if len(found) > 1 else []
        others += [x for x, k in best_of_a[n] if k != m]
        if n not in done_a and max(others, default=0.0) <= like - _AHEAD:
            yield n, m, like


def _read(norms: Sequence[Norm]) -> dict[int, _Read]:
    found = {}
    for n, norm in enumerate(norms):
        of_norm = terms(norm)
        if norm.slots and sum(t.telling for t in of_norm) >= _FEWEST:
            found[n] = _Read(of_norm, spoken(norm))
    return found


def _near(one: _Read, index: dict[tuple[str, ...], list[int]]) -> list[int]:
    scores: Counter[int] = Counter()
    looked = 0
    for term in sorted({t for t in one.terms if t.telling}, key=lambda t: (-t.weight, t.said)):
        listed = index.get(term.said, ())
        if not listed or len(listed) > _LISTED:
            continue
        for n in listed:
            scores[n] += term.weight  # type: ignore[assignment]
        looked += 1
        if looked == _RAREST:
            break
    return [n for n, _ in nlargest(_EACH, scores.items(), key=lambda item: (item[1], -item[0]))]
