"""Tables of a PDF page without ruled lines: columns where the words of rows stand below each other.

Less certain than ruled ones, so that they are marked as such. Rows are lines with numbers
apart from each other; a column is a strip of the page that no row's words cross.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge_base.readers.cell_table import Table
from knowledge_base.readers.pdf_tables import Table as Drawn

_LOOSE = re.compile(r"[\d.,]*\d%?\s+[-–(]?\d[\d.,]*\)?%?(?:\s|$)")  # numbers with nothing between
_NUMBER = re.compile(r"[-–(]?\d[\d.,]*\)?\s*%?|[-–…]+|x")
_FEWEST_ROWS = 3
_HEADER_LINES = 4
_GAP = 0.9  # of the height of the letters: a wider blank parts cells
_ROOM = 3.0  # points between two columns
_ABOVE = 4


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words that stand together on a line."""

    left: float
    right: float
    text: str


@dataclass(frozen=True, slots=True)
class _Line:
    bottom: float
    top: float
    pieces: tuple[_Piece, ...]

    @property
    def numbers(self) -> int:
        return sum(bool(_NUMBER.fullmatch(piece.text)) for piece in self.pieces)


def may_have_columns(text: str) -> bool:
    """Whether a page's text has lines that look like rows; looking closer is slow."""
    return sum(bool(_LOOSE.search(line)) for line in text.splitlines()) >= _FEWEST_ROWS


def aligned_tables(textpage: Any, drawn: Sequence[Drawn], page: int) -> Iterator[Table]:
    """The tables of a page outside the ruled ones, from top to bottom."""
    lines = [line for line in _lines(textpage) if not _inside(line, drawn)]
    start = 0
    while start < len(lines):
        end = _run(lines, start)
        if end - start >= _FEWEST_ROWS:
            table = _table(lines, start, end, page)
            if table is not None:
                yield table
        start = max(end, start + 1)


def _run(lines: Sequence[_Line], start: int) -> int:
    """Where rows that begin at ``start`` end: each has words and a number, or two numbers."""
    end = start
    while end < len(lines) and len(lines[end].pieces) > 1 and lines[end].numbers:
        if end > start and _far(lines[end - 1], lines[end], 2.5):
            break
        end += 1
        more = end
        while more < len(lines) and _goes_on(lines[end - 1], lines[more - 1], lines[more]):
            more += 1
        if more < len(lines) and len(lines[more].pieces) > 1 and lines[more].numbers:
            end = more
        elif more > end and more - end < _FEWEST_ROWS:
            end = more  # the last row's words go on below it
    return end


def _far(above: _Line, below: _Line, times: float) -> bool:
    return above.bottom - below.top > times * (below.top - below.bottom)


def _goes_on(row: _Line, before: _Line, line: _Line) -> bool:
    """Whether a line is the rest of a row's words: without numbers, left of the row's numbers."""
    numbers = [piece.left for piece in row.pieces if _NUMBER.fullmatch(piece.text)]
    edge = min(numbers, default=0.0)
    close = not _far(before, line, 0.9)
    return close and not line.numbers and all(piece.right < edge for piece in line.pieces)


def _whole(lines: Sequence[_Line]) -> list[_Line]:
    """Rows with the words that go on below them."""
    found: list[_Line] = []
    for line in lines:
        if line.numbers or not found:
            found.append(line)
            continue
        row = found.pop()
        pieces = list(row.pieces)
        for piece in line.pieces:
            home = max(
                range(len(pieces)),
                key=lambda n: min(piece.right, pieces[n].right) - max(piece.left, pieces[n].left),
            )
            one = pieces[home]
            pieces[home] = _Piece(
                min(one.left, piece.left), max(one.right, piece.right), f"{one.text} {piece.text}"
            )
        found.append(_Line(line.bottom, row.top, tuple(pieces)))
    return found


def _table(lines: Sequence[_Line], start: int, end: int, page: int) -> Table | None:
    rows = _whole(lines[start:end])
    columns = _columns(rows)
    wide = max(len(row.pieces) for row in rows)
    if (
        len(rows) < _FEWEST_ROWS
        or len(columns) < 2
        or len(columns) != wide
        or sum(row.numbers for row in rows) < len(rows)
    ):
        return None
    first = start
    while first > 0 and start - first < _HEADER_LINES and _is_header(lines[first - 1], columns):
        if _far(lines[first - 1], lines[first], 2.0):
            break
        first -= 1
    if first == start:
        return None  # nothing names the columns
    head = [
        " ".join(texts)
        for texts in zip(*(_cells(one, columns) for one in lines[first:start]), strict=True)
    ]
    if sum(bool(text.strip()) for text in head) < len(columns) - 1:
        return None
    above = [" ".join(p.text for p in one.pieces) for one in lines[max(0, first - _ABOVE) : first]]
    body = [tuple(_cells(row, columns)) for row in rows]
    made = (tuple(" ".join(text.split()) for text in head), *body)
    return Table("", tuple(above), made, (), page, guessed=True)


def _columns(rows: Sequence[_Line]) -> list[tuple[float, float]]:
    """Strips of the page that hold one piece of each row at most."""
    spans = sorted((piece.left, piece.right) for row in rows for piece in row.pieces)
    found: list[tuple[float, float]] = []
    for left, right in spans:
        if found and left <= found[-1][1] + _ROOM:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _is_header(line: _Line, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether each piece of a line stands over a column of its own."""
    places = [_place(piece, columns) for piece in line.pieces]
    alone = len(places) > 1 or line.pieces[0].left > columns[0][1]
    return alone and None not in places and not line.numbers


def _cells(line: _Line, columns: Sequence[tuple[float, float]]) -> list[str]:
    cells = [""] * len(columns)
    for piece in line.pieces:
        place = _place(piece, columns)
        if place is not None:
            cells[place] = f"{cells[place]} {piece.text}".strip()
    return cells


def _place(piece: _Piece, columns: Sequence[tuple[float, float]]) -> int | None:
    """The column a piece is over: the one it overlaps, or the nearest within its own width."""
    shared = [min(piece.right, right) - max(piece.left, left) for left, right in columns]
    over = [n for n, one in enumerate(shared) if one > 0]
    if len(over) == 1:
        return over[0]
    if over:
        best = max(over, key=lambda n: shared[n])
        return best if shared[best] > 2 * sum(shared[n] for n in over if n != best) else None
    nearest = max(range(len(columns)), key=lambda n: shared[n])
    return nearest if -shared[nearest] < piece.right - piece.left else None


def _inside(line: _Line, drawn: Sequence[Drawn]) -> bool:
    middle = (line.bottom + line.top) / 2
    return any(one.ys[-1] <= middle <= one.ys[0] for one in drawn)


def _lines(textpage: Any) -> list[_Line]:
    """The lines of a page from top to bottom, each in pieces that wide blanks part."""
    rows: list[list[_Word]] = []
    for word in sorted(_words(textpage), key=lambda one: (-one.top, one.left)):
        middle = (word.bottom + word.top) / 2
        home = next((row for row in rows[-3:] if row[0].bottom <= middle <= row[0].top), None)
        if home is None:
            rows.append([word])
        else:
            home.append(word)
    return [_line(row) for row in rows]


def _line(row: list[_Word]) -> _Line:
    row.sort(key=lambda one: one.left)
    high = max(one.top - one.bottom for one in row)
    pieces: list[_Piece] = []
    for word in row:
        if pieces and word.left - pieces[-1].right <= _GAP * high:
            last = pieces.pop()
            word = _Word(last.left, 0, word.right, 0, f"{last.text} {word.text}")
        pieces.append(_Piece(word.left, word.right, word.text))
    return _Line(min(one.bottom for one in row), max(one.top for one in row), tuple(pieces))


@dataclass(frozen=True, slots=True)
class _Word:
    left: float
    bottom: float
    right: float
    top: float
    text: str


def _words(textpage: Any) -> Iterator[_Word]:
    """Words with their boxes, in points; blanks are where the engine of PDF sees them."""
    import pypdfium2.raw as raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    held: list[tuple[float, float, float, float]] = []
    text = ""
    for number in range(textpage.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(textpage, number))
        raw.FPDFText_GetCharBox(textpage, number, left, right, bottom, top)
        box = (left.value, bottom.value, right.value, top.value)
        blank = letter.isspace() or letter < " " or box[0] == box[2]
        apart = held and not blank and box[0] - held[-1][2] > 2 * (box[3] - box[1])
        if held and (blank or apart):
            yield _word(held, text)
            held, text = [], ""
        if not blank:
            held.append(box)
            text += letter
    if held:
        yield _word(held, text)


def _word(boxes: Sequence[tuple[float, float, float, float]], text: str) -> _Word:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return _Word(min(lefts), min(bottoms), max(rights), max(tops), text)
