"""Words typed without the blanks between them: ``hộchiếu``, ``giaykhaisinh``."""

from __future__ import annotations

import math
from functools import lru_cache

from knowledge_base.typed.reader import Reader
from knowledge_base.typed.syllables import is_syllable
from knowledge_base.typed.table import Table
from knowledge_base.vietnamese import fold

_LONGEST = 40
# Of bare letters: at least so many, and each joint seen at least so often in some reading.
_BARE_LENGTH, _JOINT = 6, 20.0
# Another cut may be as likely as this much less, in nats, before the cut is no longer sure.
_SURE = 3.0


def unglued(low: str, reader: Reader) -> str | None:
    """The words in a run of letters, or None where there is no one sure way to cut it.

    Bare runs come back bare: their diacritics are for the reader of the whole text.
    """
    table = reader.table
    bare = low.isascii()
    if len(low) > _LONGEST or (bare and len(low) < _BARE_LENGTH):
        return None
    ways = sorted(_ways(low, table), reverse=True)
    if not ways or (len(ways) > 1 and ways[0][0] - ways[1][0] < _SURE):
        return None
    return " ".join(ways[0][1])


def _ways(low: str, table: Table) -> list[tuple[float, tuple[str, ...]]]:
    """The best few ways to cut, with the logarithm of how likely they are."""
    best: list[list[tuple[float, tuple[str, ...]]]] = [[(0.0, ())]]
    for end in range(1, len(low) + 1):
        found: list[tuple[float, tuple[str, ...]]] = []
        for start in range(max(0, end - 7), end):
            if not best[start] or not is_syllable(part := low[start:end]):
                continue
            for score, before in best[start]:
                chance = _joint(before[-1] if before else "", part, table)
                if chance > 0:
                    found.append((score + math.log(chance), (*before, part)))
        best.append(sorted(found, reverse=True)[:4])
    return [way for way in best[-1] if len(way[1]) > 1]


@lru_cache(maxsize=50_000)
def _joint(left: str, right: str, table: Table) -> float:
    """How likely a part is after another; 0 where they were not seen together."""
    rights = table.readings(right) if right.isascii() else [right] * (table.count(right) > 0)
    if not left:
        return sum(map(table.count, rights)) / float(table.singles.sum())
    lefts = table.readings(left) if left.isascii() else [left]
    seen = max((table.pair_count(a, b) for a in lefts for b in rights), default=0.0)
    if seen < _JOINT:
        return 0.0
    return seen / max(sum(map(table.count, lefts)), 1.0)


def same_letters(left: str, right: str) -> bool:
    """Whether two texts are the same but for diacritics and blanks."""
    return fold(left).replace(" ", "") == fold(right).replace(" ", "")
