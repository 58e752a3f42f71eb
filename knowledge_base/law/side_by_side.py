"""Two articles side by side: which pieces stayed, changed, moved, came and went, word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from knowledge_base.law.pieces import Piece

_ALIKE = 0.45  # share of words that makes one piece a later form of another
_SAME_PLACE = 0.3  # … where both stand at the same place
_MOVED = 0.75  # … where the order is another
_REWRITTEN = 0.4  # below it a piece is shown whole, not word by word
_FEW = 8  # words of a piece so short that shares say little


class Change(StrEnum):
    """What became of a piece."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"  # the same words under another label
    MOVED_CHANGED = "moved_changed"
    ADDED = "added"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that differ: ``[start:end]`` of the text of each side; an empty span has none."""

    before: tuple[int, int]
    after: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One piece before and after; one of the two is None where it was added or dropped."""

    change: Change
    before: Piece | None
    after: Piece | None
    marks: tuple[Mark, ...] = ()


def rows_of(
    before: Sequence[Piece], after: Sequence[Piece], *, same_document: bool
) -> tuple[Row, ...]:
    """The pieces of two articles, paired, in the order of the later one.

    In the ``same_document`` a clause is known by its number, whatever was made
    of its words; between two documents by what it says.
    """
    pairs = dict(_paired(before, after, same_document=same_document))
    late = {b: a for a, b in pairs.items()}
    found: list[tuple[tuple[int, int], Row]] = []
    for b, piece in enumerate(after):
        a = late.get(b)
        found.append(((b, 1), _row(before[a] if a is not None else None, piece)))
    for a, piece in enumerate(before):
        if a not in pairs:
            above = [pairs[x] for x in range(a) if x in pairs]
            found.append(((above[-1] if above else -1, 2), _row(piece, None)))
    return tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of words that two texts have in common (0..1)."""
    if not one or not other:
        return 0.0
    shared = sum((Counter(one) & Counter(other)).values())
    return 2 * shared / (len(one) + len(other))


def marks_of(before: Piece, after: Piece) -> tuple[Mark, ...]:
    """The words in which two pieces differ; none where nearly all of them do."""
    one, other = before.spelled, after.spelled
    words, later = [w for w, _, _ in one], [w for w, _, _ in other]
    if likeness(words, later) < _REWRITTEN:
        return ()
    matcher = SequenceMatcher(None, words, later, False)
    differing: list[list[int]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        # One word that stayed between two that did not is not worth a gap.
        if differing and a - differing[-1][1] <= 1 and c - differing[-1][3] <= 1:
            differing[-1][1], differing[-1][3] = b, d
        else:
            differing.append([a, b, c, d])
    return tuple(Mark(_span(one, a, b), _span(other, c, d)) for a, b, c, d in differing)


def _span(words: tuple[tuple[str, int, int], ...], start: int, end: int) -> tuple[int, int]:
    if start < end:
        return words[start][1], words[end - 1][2]
    at = words[start][1] if start < len(words) else (words[-1][2] if words else 0)
    return at, at


def _row(before: Piece | None, after: Piece | None) -> Row:
    if before is None or after is None:
        return Row(Change.ADDED if before is None else Change.DROPPED, before, after)
    same = before.words == after.words
    moved = before.place[:2] != after.place[:2]
    if same:
        return Row(Change.MOVED if moved else Change.SAME, before, after)
    change = Change.MOVED_CHANGED if moved else Change.CHANGED
    return Row(change, before, after, marks_of(before, after))


def _paired(
    before: Sequence[Piece], after: Sequence[Piece], *, same_document: bool
) -> Iterator[tuple[int, int]]:
    """Which piece before is which after: by words, in order; then what moved; then by place."""
    taken: dict[int, int] = {}
    words = [piece.words for piece in before]
    later = [piece.words for piece in after]
    if same_document:
        # The same words at the same place need no thought; a moved clause is sought first.
        places = {piece.place: n for n, piece in enumerate(after)}
        for a, piece in enumerate(before):
            b = places.get(piece.place)
            if b is not None and words[a] == later[b]:
                taken[a] = b
    _take_same(words, later, taken)
    if same_document:
        for a, piece in enumerate(before):
            b = {p.place: n for n, p in enumerate(after)}.get(piece.place)
            if a not in taken and b is not None and b not in taken.values():
                taken[a] = b
    _take_alike(before, after, words, later, taken)
    yield from taken.items()


def _take_same(
    words: Sequence[tuple[str, ...]], later: Sequence[tuple[str, ...]], taken: dict[int, int]
) -> None:
    free: dict[tuple[str, ...], list[int]] = {}
    used = set(taken.values())
    for b, each in enumerate(later):
        if b not in used:
            free.setdefault(each, []).append(b)
    for a, each in enumerate(words):
        if a not in taken and free.get(each):
            taken[a] = free[each].pop(0)


def _take_alike(
    before: Sequence[Piece],
    after: Sequence[Piece],
    words: Sequence[tuple[str, ...]],
    later: Sequence[tuple[str, ...]],
    taken: dict[int, int],
) -> None:
    """The likest of what is left, the surest first; out of order it has to be nearly the same."""
    used = set(taken.values())
    counts = [Counter(each) for each in words]
    later_counts = [Counter(each) for each in later]
    ways: list[tuple[float, int, int]] = []
    for a in range(len(before)):
        if a in taken:
            continue
        for b in range(len(after)):
            if b in used or not words[a] or not later[b]:
                continue
            shared = sum((counts[a] & later_counts[b]).values())
            share = 2 * shared / (len(words[a]) + len(later[b]))
            if share >= _SAME_PLACE:
                ways.append((share, a, b))
    for share, a, b in sorted(ways, key=lambda way: (-way[0], abs(way[1] - way[2]), way[1])):
        if a in taken or b in used:
            continue
        same_place = before[a].place == after[b].place
        ordered = all((x < a) == (y < b) for x, y in taken.items())
        least = _SAME_PLACE if same_place else _ALIKE if ordered else _MOVED
        if min(len(words[a]), len(later[b])) < _FEW and not same_place:
            least = max(least, 0.7)
        if share >= least:
            taken[a] = b
            used.add(b)
