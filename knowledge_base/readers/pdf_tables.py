"""Ruled tables of a PDF page: which cell each character is in, by the lines that are drawn.

Word and Excel draw every border of a cell as a path. Where no border is drawn
between two cells they are one, so merged cells come out as people see them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

#: Stands at the start of a line that is a row of a table.
ROW = "\ue010"  # of the private use area, so that no one strips it as a space
_THIN = 3.0  # points: a path no wider is a line
_LONG = 6.0  # points: a path no longer is a dot
_NEAR = 3.0  # points between two lines that are one, or that touch
_MOST_PATHS = 6_000  # a page with more is a drawing
_MOST_CELLS = 20_000

Box = tuple[float, float, float, float]  # left, bottom, right, top, in points


@dataclass(frozen=True, slots=True)
class Table:
    """The borders of one table: ``xs`` from left to right, ``ys`` from top to bottom."""

    xs: list[float]
    ys: list[float]
    owner: dict[tuple[int, int], tuple[int, int]]  # (row, column) -> first cell of the merged one

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """The cell a point is in, None outside the table."""
        column = sum(edge <= x for edge in self.xs) - 1
        row = sum(edge >= y for edge in self.ys) - 1
        return self.owner.get((row, column))


def tables_of(page: Any) -> list[Table]:
    """The ruled tables of a page with at least two rows and two columns."""
    import pypdfium2.raw as raw

    across: list[Box] = []
    down: list[Box] = []
    for number, path in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if number > _MOST_PATHS:
            return []
        left, bottom, right, top = _bounds(path)
        wide, high = right - left, top - bottom
        if high < _THIN and wide > _LONG:
            across.append((left, bottom, right, top))
        elif wide < _THIN and high > _LONG:
            down.append((left, bottom, right, top))
        elif wide > _LONG and high > _LONG and _is_drawn(path):  # a frame: four lines
            across += [(left, bottom, right, bottom), (left, top, right, top)]
            down += [(left, bottom, left, top), (right, bottom, right, top)]
    groups = _touching([*across, *down])
    found = []
    for group in groups:
        members = set(group)
        table = _table(
            [across[n] for n in range(len(across)) if n in members],
            [down[n] for n in range(len(down)) if n + len(across) in members],
        )
        if table:
            found.append(table)
    return found


def lines_with_rows(textpage: Any, tables: Sequence[Table]) -> str:
    """The text of a page, its table rows as lines that begin with `ROW`."""
    import pypdfium2.raw as raw

    outside: list[str] = []
    cells: list[dict[tuple[int, int], list[str]]] = [{} for _ in tables]
    last = outside
    word: list[str] = []
    places: list[tuple[int, tuple[int, int]] | None] = []

    def end() -> None:
        """Put a word where most of its letters are: single boxes may be wrong."""
        nonlocal last
        if word:
            where = max(set(places), key=places.count)
            last = outside
            if where is not None:
                number, cell = where
                if not cells[number]:
                    outside.append(f"\n{ROW}{number}\n")
                last = cells[number].setdefault(cell, [])
            last.append("".join(word))
            word.clear()
            places.clear()

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for number in range(textpage.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(textpage, number))
        raw.FPDFText_GetCharBox(textpage, number, left, right, bottom, top)
        if letter.isspace() or left.value == right.value:
            end()
            last.append(" " if last is not outside and letter != "\ufffe" else letter)
            continue
        x, y = (left.value + right.value) / 2, (bottom.value + top.value) / 2
        held = ((place, table.cell(x, y)) for place, table in enumerate(tables))
        places.append(next(((place, cell) for place, cell in held if cell is not None), None))
        word.append(letter)
    end()
    text = "".join(outside).replace("\r", "\n")
    for place, words in enumerate(cells):
        text = text.replace(f"{ROW}{place}\n", "\n".join(_rows(words)) + "\n", 1)
    return text


def _rows(held: dict[tuple[int, int], list[str]]) -> list[str]:
    rows: dict[int, list[str]] = {}
    for (row, _), letters in sorted(held.items()):
        text = " ".join("".join(letters).split())
        if text:
            rows.setdefault(row, []).append(text)
    return [ROW + " | ".join(cells) for _, cells in sorted(rows.items())]


def _is_drawn(path: Any) -> bool:
    """Whether the outline of a path is drawn; a filled one may only be a ground for text."""
    import pypdfium2.raw as raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(path, fill, stroke) and stroke.value)


def _bounds(path: Any) -> Box:
    get = getattr(path, "get_bounds", None) or path.get_pos
    left, bottom, right, top = get()
    return float(left), float(bottom), float(right), float(top)


def _touching(boxes: Sequence[Box]) -> list[list[int]]:
    """Groups of lines that touch each other, as numbers of ``boxes``."""
    order = sorted(range(len(boxes)), key=lambda n: boxes[n][0])
    leader = list(range(len(boxes)))

    def lead(n: int) -> int:
        while leader[n] != n:
            leader[n] = leader[leader[n]]
            n = leader[n]
        return n

    active: list[int] = []
    for n in order:
        left, bottom, _, top = boxes[n]
        active = [other for other in active if boxes[other][2] + _NEAR >= left]
        for other in active:
            if boxes[other][1] - _NEAR <= top and boxes[other][3] + _NEAR >= bottom:
                leader[lead(other)] = lead(n)
        active.append(n)
    groups: dict[int, list[int]] = {}
    for n in range(len(boxes)):
        groups.setdefault(lead(n), []).append(n)
    return list(groups.values())


def _table(across: list[Box], down: list[Box]) -> Table | None:
    xs = _edges([(box[0] + box[2]) / 2 for box in down])
    ys = _edges([(box[1] + box[3]) / 2 for box in across])[::-1]
    if len(xs) < 3 or len(ys) < 3 or len(xs) * len(ys) > _MOST_CELLS:
        return None
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row, (top, bottom) in enumerate(pairwise(ys)):
        for column, (left, right) in enumerate(pairwise(xs)):
            middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
            own = (row, column)
            if row and not _drawn(across, middle_x, top, upright=False):
                own = owner[(row - 1, column)]
            elif column and not _drawn(down, middle_y, left, upright=True):
                own = owner[(row, column - 1)]
            owner[(row, column)] = own
    return Table(xs, ys, owner)


def _drawn(lines: Sequence[Box], along: float, at: float, *, upright: bool) -> bool:
    """Whether a line is drawn through a point of a border."""
    for left, bottom, right, top in lines:
        if upright:
            near, start, end = abs((left + right) / 2 - at), bottom, top
        else:
            near, start, end = abs((bottom + top) / 2 - at), left, right
        if near <= _NEAR and start - 1 <= along <= end + 1:
            return True
    return False


def _edges(values: list[float]) -> list[float]:
    """Positions with those that are nearly the same made one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found
