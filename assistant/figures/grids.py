"""Where in a table its header ends, which columns hold values, and what stands beside a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.figures.labels import is_named
from assistant.figures.tables import words
from assistant.figures.written import NUMBER, Written, number_of, unit_of, unit_pattern
from knowledge_base.readers.cell_table import Cell, Table

_NATION = re.compile(r"CỘNG H\S{2} XÃ HỘI|độc lập\s*[-–]", re.IGNORECASE)
_CELL = re.compile(
    rf"(?P<about>[^\d\s(+−–-]*\s*)?(?P<number>[-–−+]?\s*{NUMBER}(?: \d{{3}})*)\s*(?P<unit>.*)"
)
_FOOTNOTE = re.compile(r"(?<=[\d%])\s*(?:\(\*+\)|\(\)|\(\d\)|\[\d{1,2}\]|\*+|[¹²³⁴⁵⁶⁷⁸⁹]+)$")
_BRACKETS = re.compile(rf"\(\s*({NUMBER}(?: \d{{3}})*)\s*\)\s*(%)?")
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2}|[A-Za-zĐ])\s*\)?(\s*=.*)?")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_DEEPEST = 6
_MOST_ROWS_PARTED = 20_000


class Cells:
    """The cells of a table, where a merged one is found at each of its places."""

    def __init__(self, table: Table) -> None:
        self.table = table
        high, wide = len(table.rows), max(map(len, table.rows), default=0)
        self._first = {
            (r, c): (top, left)
            for top, left, bottom, right in table.merged
            for r in range(top, min(bottom, high - 1) + 1)
            for c in range(left, min(right, wide - 1) + 1)
        }

    def first(self, row: int, column: int) -> tuple[int, int]:
        """The place of the cell that holds the text of this one."""
        return self._first.get((row, column), (row, column))

    def text(self, row: int, column: int) -> str:
        """A cell's text; of a merged one, what its first cell holds."""
        return _text(_at(self.table, *self.first(row, column)))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table taken apart: rows of its header, of its data, and what each column is.

    ``end`` is the row after its last: a sheet may hold several tables below each other.
    """

    cells: Cells
    table: Table
    above: tuple[str, ...]
    header: tuple[int, int]  # first row, row after the last
    headers: tuple[tuple[str, ...], ...]  # per column, from the top
    labels: tuple[int, ...]
    values: tuple[int, ...]
    unit_column: int | None
    ordinals: tuple[int, ...]
    end: int

    def text(self, row: int, column: int) -> str:
        """A cell's text; of a merged one, what its first cell holds."""
        return self.cells.text(row, column)


def grids_of(table: Table, before: Grid | None = None) -> list[Grid]:
    """The tables that stand in one, each with a header of its own; none without figures.

    ``before`` is the table above it: one that goes on over a page has no header of its own.
    """
    cells = Cells(table)
    found: list[Grid] = []
    for start, end in _blocks(cells):
        grid = _grid(cells, start, end, found[-1] if found else before, first=not found)
        if grid is not None:
            found.append(grid)
    return found


def _blocks(cells: Cells) -> list[tuple[int, int]]:
    """Rows parted by empty ones, where what follows opens with words over numbers."""
    rows = cells.table.rows
    if len(rows) > _MOST_ROWS_PARTED:
        return [(0, len(rows))]
    starts = [0]
    for row in range(1, len(rows)):
        empty = not any(_text(cell) for cell in rows[row - 1])
        if empty and any(_text(cell) for cell in rows[row]) and _has_header(cells, row):
            starts.append(row)
    return list(pairwise([*starts, len(rows)]))


def _has_header(cells: Cells, start: int) -> bool:
    """Whether a header of two columns or more comes before the next numbers."""
    rows = cells.table.rows
    for row in range(start, min(start + _DEEPEST + 3, len(rows))):
        if _is_data(cells, row):
            return False
        named = [c for c in range(len(rows[row])) if _text(_at(cells.table, row, c))]
        if len(named) > 2 and any(_is_data(cells, r) for r in range(row + 1, len(rows))):
            return True
    return False


def _grid(cells: Cells, start: int, end: int, before: Grid | None, *, first: bool) -> Grid | None:
    table = cells.table
    rows = table.rows
    width = max(map(len, rows), default=0)
    if width < 2:
        return None
    top = next((r for r in range(start, end) if _opens(cells, r)), None)
    if top is None:
        return None
    above = [_text(cell) for row in rows[start:top] for cell in row if _text(cell)]
    above = [text for text in above if not _NATION.search(text)]
    data = next((r for r in range(top, end) if _is_data(cells, r)), None)
    if data is not None:  # "I. Lĩnh vực đất đai" below the header is no header
        data = next((r for r in range(top + 1, data) if _is_section(table, r, top)), data)
    if data is None:
        return None
    if data == top:
        if before is None or len(before.headers) != width:
            return None
        headers = before.headers
    else:
        headers = tuple(
            _column_headers(cells, top, min(data, top + _DEEPEST), c) for c in range(width)
        )
    around = (*table.above, *above) if first or not above else tuple(above)
    if data == top and before is not None and (not around or table.page != before.table.page):
        around = before.above  # it goes on over a page, with the caption that it had
    return _with_roles(cells, around, (top, data), headers, end)


def _with_roles(
    all_cells: Cells,
    above: tuple[str, ...],
    header: tuple[int, int],
    headers: tuple[tuple[str, ...], ...],
    end: int,
) -> Grid:
    table = all_cells.table
    known = words()
    labels, values, ordinals, unit_column = [], [], [], None
    for column, names in enumerate(headers):
        last = names[-1] if names else ""
        cells = [_at(table, r, column) for r in range(header[1], end)]
        filled = [cell for cell in cells if _text(cell) and not is_empty(cell)]
        numbers = sum(is_number(cell) or str(cell).startswith("#") for cell in filled)
        texts = [_text(cell) for cell in filled]
        if is_named(last, known.ordinal_headers) or _counts(texts, names):
            ordinals.append(column)
        elif is_named(last, known.period_headers) or (
            filled and not any(names) and all(_YEAR.fullmatch(text) for text in texts)
        ):
            labels.append(column)
        elif (
            is_named(last, known.unit_headers)
            and filled
            and not numbers
            and all(unit_of(text) for text in texts)
        ):
            unit_column = column
        elif filled and numbers >= 0.5 * len(filled):
            values.append(column)
        elif filled:
            labels.append(column)
    labels = [c for c in labels if not values or c < max(values)]
    return Grid(
        all_cells, table, above, header, headers, tuple(labels), tuple(values), unit_column,
        tuple(ordinals), end,
    )  # fmt: skip


def _counts(texts: Sequence[str], names: Sequence[str]) -> bool:
    """A column 1, 2, 3… without a name of its own only numbers the rows."""
    plain = [int(text) for text in texts if text.isdecimal()]
    named = any(name.strip() for name in names)
    return not named and len(plain) > 1 and plain == list(range(1, len(plain) + 1))


def read_cell(cell: Cell, style: str, *, counted: bool = False) -> tuple[Written, str, str]:
    """The number in a cell, the words before it and what stands behind it."""
    from decimal import Decimal

    if not isinstance(cell, str):
        return Written((Decimal(repr(cell)),)), "", ""
    cell, below = _bare(cell)
    match = _CELL.fullmatch(cell)
    if not match:
        return Written(()), "", ""
    number = re.sub(r"^([-–−+])\s+", r"\1", match["number"])
    value = number_of(
        number, "vi" if style == "vi" else "en" if style == "en" else "", counted=counted
    )
    if below:
        value = Written(tuple(-abs(one) for one in value.values))
    return value, (match["about"] or "").strip(), match["unit"].strip()


def _bare(cell: str) -> tuple[str, bool]:
    """A cell without the mark of a footnote; and whether brackets say that it is below zero."""
    text = _FOOTNOTE.sub("", cell.strip())
    inside = _BRACKETS.fullmatch(text)
    return (inside[1].strip() + (inside[2] or ""), True) if inside else (text, False)


def is_below(cell: Cell) -> bool:
    """Whether a number stands in brackets, as accountants write what is below zero."""
    return isinstance(cell, str) and _bare(cell)[1]


def is_number(cell: Cell) -> bool:
    """Whether a cell holds a number, maybe with a unit, and nothing else."""
    if not isinstance(cell, str):
        return True
    match = _CELL.fullmatch(_bare(cell)[0])
    if (
        not match
        or re.search(r"\d", match["unit"])
        or not number_of(match["number"].replace(" ", "")).values
    ):
        return False
    if (match["about"] or "").strip() and _YEAR.fullmatch(match["number"].strip()):
        return False  # "Ước 2025" is a header
    about, unit = (match["about"] or "").strip().lower(), match["unit"].lower().strip(" .*")
    return (not about or about in words().about or about in "≈~><≥≤") and bool(
        unit_pattern().fullmatch(unit)
    )


def is_empty(cell: Cell) -> bool:
    """Whether a cell says that there is nothing: "-", "…", "x"."""
    return isinstance(cell, str) and cell.strip().lower() in words().empty


def _opens(cells: Cells, row: int) -> bool:
    """Whether the header, or the data of a table without one, begins here."""
    places = {cells.first(row, c) for c in range(len(cells.table.rows[row]))}
    texts = [_text(_at(cells.table, *place)) for place in places]
    held = [text for text in texts if text]
    return len(held) > 1 and not any(_NATION.search(text) for text in held)


def _is_data(all_cells: Cells, row: int) -> bool:
    table = all_cells.table
    cells = [cell for cell in table.rows[row] if _text(cell)]
    if not cells or _numbers_columns([_text(cell) for cell in cells]):
        return False
    numbers = [_text(cell) for cell in cells if is_number(cell)]
    return bool(numbers) and not (
        all(_YEAR.fullmatch(text) for text in numbers)
        and len(set(numbers)) == len(numbers)
        and not any(_is_data_like(table, row, c) for c in range(len(table.rows[row])))
    )


def _is_data_like(table: Table, row: int, column: int) -> bool:
    """A year below a header "Năm" is data; a year beside other years is a header."""
    above = next(
        (
            _text(_at(table, r, column))
            for r in range(row - 1, -1, -1)
            if _text(_at(table, r, column))
        ),
        "",
    )
    return is_named(above, words().period_headers) and bool(
        _YEAR.fullmatch(_text(_at(table, row, column)))
    )


def _is_section(table: Table, row: int, top: int) -> bool:
    """A row with words in its first columns only, and nothing that hangs down from the header."""
    held = [c for c, cell in enumerate(table.rows[row]) if _text(cell)]
    hangs = any(t < row <= b for t, _, b, _ in table.merged if t >= top)
    named = sum(bool(_text(cell)) for cell in table.rows[top])
    return bool(held) and held[-1] <= 1 and named > 2 and not hangs


def _numbers_columns(texts: Sequence[str]) -> bool:
    """A row "(1) (2) (3=2/1)" below the header."""
    if len(texts) < 2 or not all(_COLUMN_NUMBER.fullmatch(text) for text in texts):
        return False
    plain = [int(found[0]) for text in texts if (found := re.findall(r"\d+", text))]
    letters = [text for text in texts if not re.search(r"\d", text)]
    follows = all(b == a + 1 for a, b in pairwise(plain))
    return follows and (len(plain) > 2 or len(letters) > 0 or any("(" in text for text in texts))


def is_column_numbers(grid: Grid, row: int) -> bool:
    """Whether a row below the header only numbers the columns."""
    return _numbers_columns([_text(cell) for cell in grid.table.rows[row] if _text(cell)])


def _column_headers(cells: Cells, top: int, end: int, column: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in range(top, end):
        if _numbers_columns([_text(cell) for cell in cells.table.rows[row] if _text(cell)]):
            continue
        text = cells.text(row, column)
        if text:
            found[text] = None
    return tuple(found)


def _at(table: Table, row: int, column: int) -> Cell:
    line = table.rows[row] if row < len(table.rows) else ()
    return line[column] if column < len(line) else ""


def _text(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else str(cell)
