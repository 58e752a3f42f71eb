"""The words of a provision as terms ("chủ đầu tư"), and how much each tells of its matter.

Two short texts have too few words to count which are rare: counts of official and
everyday Vietnamese (`knowledge_base.typed.table`) say it instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import log

from assistant.conflicts.norms import Norm, said_of
from assistant.conflicts.slots import Kind
from assistant.conflicts.words import words
from knowledge_base.typed.table import Table, table
from knowledge_base.vietnamese import canonical

_BOUND = 3.0  # how much oftener than by chance two syllables stand together that are one word
_FEWEST = 2  # telling terms of a provision beside the bodies it names
_SELDOM = 8.0  # a pair seen less often says nothing
_COMMON = 4.5  # what the commonest words weigh, taken off
_NEUTRAL = 0.2  # of the weight of a word that any provision has
_SYLLABLE = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Term:
    """One or two syllables. ``telling``: it says what or whom a provision is about."""

    said: tuple[str, ...]
    at: int
    telling: bool
    weight: float


def terms(norm: Norm) -> tuple[Term, ...]:
    """The terms of a norm outside its slots, in order."""
    found = _outside(norm, [(s.start, s.end) for s in norm.slots])
    if sum(t.telling for t in found) < _FEWEST:  # "Hội đồng thẩm định gồm 05 thành viên"
        masked = [(s.start, s.end) for s in norm.slots if s.kind is not Kind.BODY]
        found = _outside(norm, masked)
    return found


def _outside(norm: Norm, masked: Sequence[tuple[int, int]]) -> tuple[Term, ...]:
    kept = [
        (word, at)
        for word, at in zip(norm.said, norm.said_at, strict=True)
        if not any(start <= at < end for start, end in masked)
    ]
    return _joined(kept)


def terms_of(text: str) -> tuple[Term, ...]:
    """The terms of any text."""
    return _joined([(word, at) for word, at in said_of(text) if not word.isdigit()])


def spoken(norm: Norm) -> frozenset[str]:
    """All syllables of a norm and of what it stands under."""
    above = f"{norm.stem} {norm.heading} {norm.before}"
    return frozenset(norm.said) | {canonical(m[0]) for m in _SYLLABLE.finditer(above)}


def lacking(of: Iterable[Term], known: frozenset[str]) -> tuple[Term, ...]:
    """The telling terms that are not among the syllables ``known``."""
    return tuple(t for t in of if t.telling and not all(word in known for word in t.said))


def likeness(a: Norm, b: Norm) -> float:
    """Which share of what the two tell they have in common (0 to 1)."""
    return likeness_of(terms(a), spoken(a), terms(b), spoken(b))


def likeness_of(
    of_a: Sequence[Term], known_a: frozenset[str], of_b: Sequence[Term], known_b: frozenset[str]
) -> float:
    """`likeness` of two norms by their terms and all that each says."""
    shared = _weight(t for t in of_a if all(w in known_b for w in t.said))
    shared = max(shared, _weight(t for t in of_b if all(w in known_a for w in t.said)))
    rest_a = _weight(t for t in of_a if not all(w in known_b for w in t.said))
    rest_b = _weight(t for t in of_b if not all(w in known_a for w in t.said))
    if not shared:
        return 0.0
    dice = shared / (shared + (rest_a + rest_b) / 2)
    held = shared / (shared + min(rest_a, rest_b))
    return 0.6 * dice + 0.4 * held


def _weight(found: Iterable[Term]) -> float:
    return sum({t.said: t.weight for t in found}.values())


def _joined(said: Sequence[tuple[str, int]]) -> tuple[Term, ...]:
    bonds = [*(_bond(one, two) for one, two in pairwise(said)), 0.0, 0.0, 0.0]
    found = []
    n = 0
    while n < len(said):
        word, at = said[n]
        next_is_closer = bonds[n + 1] > bonds[n] + 0.5 and bonds[n + 2] <= bonds[n + 1]
        if bonds[n] > _BOUND and not next_is_closer:
            found.append(_term((word, said[n + 1][0]), at))
            n += 2
        else:
            found.append(_term((word,), at))
            n += 1
    return tuple(found)


def _bond(one: tuple[str, int], two: tuple[str, int]) -> float:
    near = two[1] - one[1] <= len(one[0]) + 2  # nothing but a space between
    return _together(one[0], two[0]) if near else 0.0


@lru_cache(maxsize=50_000)
def _together(left: str, right: str) -> float:
    counts, whole = _table()
    seen = counts.pair_count(left, right)
    if seen < _SELDOM:
        return 0.0
    return log(seen * whole / (counts.count(left) * counts.count(right) + 1))


@lru_cache(maxsize=50_000)
def _rare(said: tuple[str, ...]) -> float:
    counts, whole = _table()
    seen = counts.count(said[0]) if len(said) == 1 else counts.pair_count(*said)
    return max(0.1, log(whole / (seen + 1)) - _COMMON)


def _term(said: tuple[str, ...], at: int) -> Term:
    given = words()
    # A word of two syllables that say little may say much: "nước ngoài".
    light = all(word in given.light for word in said) and (len(said) == 1 or _rare(said) < 3.0)
    neutral = light or said in given.neutral or (len(said) == 1 and len(said[0]) == 1)
    weight = _rare(said) * (_NEUTRAL if neutral else 1.0) * (0.3 if light else 1.0)
    return Term(said, at, not neutral, weight)


@cache
def _table() -> tuple[Table, float]:
    counts = table()
    return counts, float(counts.singles.sum())
