"""Words spelled as they are spoken: ``khai xinh`` → ``khai sinh``, ``tạm chú`` → ``tạm trú``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from knowledge_base.syllables import apart, can_be, compose
from knowledge_base.typed.reader import Reader
from knowledge_base.typed.table import Table
from knowledge_base.vietnamese import canonical

# A term counts as one when it was seen this often, and makes up this share of one of its words.
_OFTEN, _SHARE = 300.0, 0.02
_WELL = 20.0  # sightings of a pair that stands by itself
#: Sounds that are one in some part of the country; letters of the onset.
_ONSETS = (
    ("s", "x"), ("ch", "tr"), ("d", "gi"), ("d", "r"), ("gi", "r"), ("l", "n"), ("d", "v"),
    ("g", "gh"), ("ng", "ngh"), ("c", "k"), ("qu", "h"),
)  # fmt: skip
_HOI, _NGA = "\u0309", "\u0303"
_ENDS = (("n", "ng"), ("t", "c"), ("nh", "n"), ("ch", "t"))
_SHAPES = (("a", "â"), ("a", "ă"), ("e", "ê"), ("o", "ô"), ("o", "ơ"), ("u", "ư"))
_MIDDLES = (("iu", "iêu"), ("iê", "i"), ("ươu", "ưu"), ("uô", "u"), ("ươ", "ư"), ("y", "i"))


def respelled(words: Sequence[str], reader: Reader) -> Iterator[tuple[int, str]]:
    """Places of misspelled words in terms, and what they should be.

    Only where the pair as typed was never seen, and one pair that sounds like
    it is a common term.
    """
    low = [canonical(word) for word in words]
    if all(word.isascii() for word in low):
        return
    done = -1
    for at in range(len(low) - 1):
        left, right = low[at], low[at + 1]
        if at == done or not _plain(left, right) or reader.table.pair_count(left, right) > 0:
            continue
        found = _term(left, right, reader.table)
        if found is None:
            continue
        changed, meant = found
        beside = at - 1 if changed == 0 else at + 2
        if 0 <= beside < len(low):
            pair = (low[beside], left) if changed == 0 else (right, low[beside])
            # A word that stands well with its other neighbour is no misspelling.
            if reader.table.pair_count(*pair) > _WELL:
                continue
        yield at + changed, meant
        low[at + changed] = meant
        done = at + 1


def _plain(left: str, right: str) -> bool:
    both = left + right
    return both.isalpha() and len(both) > 4


@lru_cache(maxsize=20_000)
def _term(left: str, right: str, table: Table) -> tuple[int, str] | None:
    """Which of the two words (0 or 1) should be what, if exactly one term sounds like them."""
    found = [(0, way) for way in _ways(left) if _is_term(way, right, table)]
    found += [(1, way) for way in _ways(right) if _is_term(left, way, table)]
    return found[0] if len(found) == 1 else None


def _is_term(left: str, right: str, table: Table) -> bool:
    seen = table.pair_count(left, right)
    rarer = min(table.count(left), table.count(right))
    return seen >= _OFTEN and seen >= _SHARE * rarer


@lru_cache(maxsize=20_000)
def _ways(word: str) -> tuple[str, ...]:
    """Other spellings of much the same sound, each one slip away."""
    letters, tone = apart(word)
    found: dict[str, None] = {}

    def add(letters: str, tone: str) -> None:
        if can_be(letters, tone):
            found[compose(letters, tone)] = None

    if tone in (_HOI, _NGA):
        add(letters, _NGA if tone == _HOI else _HOI)
    for one, other in _ONSETS:
        for a, b in ((one, other), (other, one)):
            if letters.startswith(a) and not (a in ("g", "c", "n") and letters[1:2] in ("h", "i")):
                add(b + letters[len(a) :], tone)
    for one, other in _ENDS:
        for a, b in ((one, other), (other, one)):
            if letters.endswith(a):
                add(letters[: -len(a)] + b, tone)
    for one, other in (*_MIDDLES, *_SHAPES):
        for a, b in ((one, other), (other, one)):
            if a in letters[1:]:
                add(letters[:1] + letters[1:].replace(a, b, 1), tone)
    found.pop(word, None)
    return tuple(found)
