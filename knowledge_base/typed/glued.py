"""Words typed without the blanks between them: ``hộchiếu``, ``giaykhaisinh``."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from knowledge_base.syllables import is_syllable
from knowledge_base.typed.table import Table

_LONGEST = 60
_LONGEST_PART = 10
# Of bare letters: at least so many, and each joint seen at least so often in some reading.
_BARE_LENGTH, _JOINT = 6, 20.0
# Another cut may be as likely as this much less, in nats, before the cut is no longer sure.
_SURE = 3.0
# The chance of a joint that was never seen, and of a word that is no syllable.
_UNSEEN, _LOANWORD = 1e-7, 1e-5

_Way = tuple[float, tuple[str, ...]]


def unglued(low: str, table: Table, is_loanword: Callable[[str], bool]) -> str | None:
    """The words in a run of letters, or None where there is no one sure way to cut it.

    Letters with marks are cut wherever syllables allow just one way, bare ones
    only into neighbours that are common. Bare runs come back bare: their
    diacritics are for the reader of the whole text.
    """
    bare = low.isascii()
    if len(low) > _LONGEST or (bare and len(low) < _BARE_LENGTH):
        return None
    ways = sorted(_ways(low, table, is_loanword, bare=bare), reverse=True)
    if not ways or (len(ways) > 1 and ways[0][0] - ways[1][0] < _SURE):
        return None
    return " ".join(ways[0][1])


def _ways(low: str, table: Table, is_loanword: Callable[[str], bool], *, bare: bool) -> list[_Way]:
    """The best few ways to cut, with the logarithm of how likely they are."""
    best: list[list[_Way]] = [[(0.0, ())]]
    for end in range(1, len(low) + 1):
        found: list[_Way] = []
        for start in range(max(0, end - _LONGEST_PART), end):
            part = low[start:end]
            if not best[start]:
                continue
            loan = not bare and len(part) > 3 and is_loanword(part)
            if not loan and not (is_syllable(part) and _known(part, table)):
                continue
            for score, before in best[start]:
                if loan or (before and is_loanword(before[-1]) and not bare):
                    chance = _LOANWORD
                else:
                    chance = _joint(before[-1] if before else "", part, table)
                    chance = max(chance, 0.0 if bare else _UNSEEN)
                if chance > 0:
                    found.append((score + math.log(chance), (*before, part)))
        best.append(sorted(found, reverse=True)[:4])
    return [way for way in best[-1] if len(way[1]) > 1]


def _known(part: str, table: Table) -> bool:
    return bool(table.readings(part)) if part.isascii() else table.count(part) > 0


@lru_cache(maxsize=50_000)
def _joint(left: str, right: str, table: Table) -> float:
    """How likely a part is after another; 0 where they were not seen together often."""
    rights = table.readings(right) if right.isascii() else [right]
    if not left:
        return sum(map(table.count, rights)) / float(table.singles.sum())
    lefts = table.readings(left) if left.isascii() else [left]
    seen = max((table.pair_count(a, b) for a in lefts for b in rights), default=0.0)
    if seen < _JOINT:
        return 0.0
    return seen / max(sum(map(table.count, lefts)), 1.0)
