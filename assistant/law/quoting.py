"""What is quoted of an article: whole clauses and points, and what was left out is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge_base.documents import Document
from knowledge_base.law.pieces import Piece

#: Characters of one quote. A clause is never cut: a longer one is quoted alone, whole.
LONGEST = 1800
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Quote:
    """``text[start:end]`` of a document, in whole pieces; ``left_out`` names the others."""

    document_id: str
    start: int
    end: int
    left_out: tuple[str, ...] = ()


def quote_of(pieces: Sequence[Piece], topic: Sequence[str] = ()) -> Quote | None:
    """As many whole clauses as fit, from the one that says most of the topic on.

    Clauses stay with their points, so that a quote is never half a sentence.
    """
    groups = grouped(pieces)
    if not groups:
        return None
    first = _best(groups, topic) if topic else 0
    if _length(groups) <= LONGEST:
        first, last = 0, len(groups) - 1
    else:
        last = first
        while last + 1 < len(groups) and _length(groups[first : last + 2]) <= LONGEST:
            last += 1
        while first > 0 and _length(groups[first - 1 : last + 1]) <= LONGEST:
            first -= 1
    left = [named(g) for n, g in enumerate(groups) if not first <= n <= last]
    start, end = groups[first][0].start, groups[last][-1].end
    return Quote(pieces[0].source.document_id, start, end, tuple(left))


def grouped(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces by clause, in order; of one text alone (an amended clause is of another)."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        last = groups[-1][-1] if groups else None
        same = last is not None and last.clause == piece.clause and piece.clause
        if groups and (same or (last is not None and not last.clause and not piece.clause)):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def named(group: Sequence[Piece]) -> str:
    """ "khoản 2", "đoạn mở đầu"."""
    return f"khoản {group[0].clause}" if group[0].clause else group[0].name


def at(pieces: Sequence[Piece], clause: str, point: str) -> tuple[Piece, ...]:
    """The pieces of a clause, or of a point of it."""
    if not clause and not point:
        return tuple(pieces)
    return tuple(
        piece
        for piece in pieces
        if (not clause or piece.clause == clause) and (not point or piece.point == point)
    )


def listed(names: Sequence[str]) -> str:
    """ "khoản 4, khoản 5 và 3 phần khác"."""
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} và {more} phần khác" if more > 0 else shown


def with_heading(document: Document, section_start: int, start: int) -> int:
    """Where a quote begins that takes the article's own line with it."""
    between = document.text[section_start:start]
    return section_start if len(between) < 400 else start


def _length(groups: Sequence[Sequence[Piece]]) -> int:
    return groups[-1][-1].end - groups[0][0].start


def _best(groups: Sequence[Sequence[Piece]], topic: Sequence[str]) -> int:
    wanted = set(topic)

    def share(group: Sequence[Piece]) -> int:
        return len(wanted & {word for piece in group for word in piece.words})

    return max(range(len(groups)), key=lambda n: (share(groups[n]), -n))
