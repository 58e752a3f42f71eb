"""Where in a table its header ends, which columns hold values, and what stands beside a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.figures.labels import is_named
from assistant.figures.tables import words
from assistant.figures.written import NUMBER, Written, number_of, unit_pattern
from knowledge_base.readers.cell_table import Cell, Table

_NATION = re.compile(r"CỘNG H\S{2} XÃ HỘI|độc lập\s*[-–]", re.IGNORECASE)
_CELL = re.compile(
    rf"(?P<about>[^\d\s(+−–-]*\s*)?(?P<number>[-–−+]?\s*{NUMBER}(?: \d{{3}})*)\s*(?P<unit>.*)"
)
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2}|[A-Za-zĐ])\s*\)?(\s*=.*)?")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Grid:
    """A table taken apart: rows of its header, of its data, and what each column is."""

    table: Table
    above: tuple[str, ...]
    header: tuple[int, int]  # first row, row after the last
    headers: tuple[tuple[str, ...], ...]  # per column, from the top
    labels: tuple[int, ...]
    values: tuple[int, ...]
    unit_column: int | None
    ordinals: tuple[int, ...]

    def text(self, row: int, column: int) -> str:
        """A cell's text; of a merged one, what its first cell holds."""
        return _text(_at(self.table, *_first(self.table, row, column)))


def grid_of(table: Table, before: Grid | None = None) -> Grid | None:
    """A table taken apart, None where it has no figures.

    ``before`` is the table above it: one that goes on over a page has no header of its own.
    """
    rows = table.rows
    width = max(map(len, rows), default=0)
    if width < 2:
        return None
    top = next((r for r in range(len(rows)) if _opens(table, r)), None)
    if top is None:
        return None
    above = [_text(cell) for row in rows[:top] for cell in row if _text(cell)]
    above = [text for text in above if not _NATION.search(text)]
    first = next((r for r in range(top, len(rows)) if _is_data(table, r)), None)
    if first is not None:  # "I. Lĩnh vực đất đai" below the header is no header
        first = next((r for r in range(top + 1, first) if _is_section(table, r, top)), first)
    if first is None:
        return None
    if first == top:
        if before is None or len(before.headers) != width:
            return None
        headers = before.headers
    else:
        headers = tuple(
            _column_headers(table, top, min(first, top + _DEEPEST), c) for c in range(width)
        )
    return _with_roles(table, (*table.above, *above), (top, first), headers)


def _with_roles(
    table: Table,
    above: tuple[str, ...],
    header: tuple[int, int],
    headers: tuple[tuple[str, ...], ...],
) -> Grid:
    known = words()
    labels, values, ordinals, unit_column = [], [], [], None
    for column, names in enumerate(headers):
        last = names[-1] if names else ""
        cells = [_at(table, r, column) for r in range(header[1], len(table.rows))]
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
            and all(unit_pattern().fullmatch(text.lower()) for text in texts)
        ):
            unit_column = column
        elif filled and numbers >= 0.5 * len(filled):
            values.append(column)
        elif filled:
            labels.append(column)
    labels = [c for c in labels if not values or c < max(values)]
    return Grid(
        table, above, header, headers, tuple(labels), tuple(values), unit_column, tuple(ordinals)
    )


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
    match = _CELL.fullmatch(cell.strip())
    if not match:
        return Written(()), "", ""
    number = re.sub(r"^([-–−+])\s+", r"\1", match["number"])
    value = number_of(
        number, "vi" if style == "vi" else "en" if style == "en" else "", counted=counted
    )
    return value, (match["about"] or "").strip(), match["unit"].strip()


def is_number(cell: Cell) -> bool:
    """Whether a cell holds a number, maybe with a unit, and nothing else."""
    if not isinstance(cell, str):
        return True
    match = _CELL.fullmatch(cell.strip())
    if (
        not match
        or re.search(r"\d", match["unit"])
        or not number_of(match["number"].replace(" ", "")).values
    ):
        return False
    about, unit = (match["about"] or "").strip().lower(), match["unit"].lower().strip(" .*")
    return (not about or about in words().about or about in "≈~><≥≤") and bool(
        unit_pattern().fullmatch(unit)
    )


def is_empty(cell: Cell) -> bool:
    """Whether a cell says that there is nothing: "-", "…", "x"."""
    return isinstance(cell, str) and cell.strip().lower() in words().empty


def _opens(table: Table, row: int) -> bool:
    """Whether the header, or the data of a table without one, begins here."""
    cells = {_first(table, row, c) for c in range(len(table.rows[row]))}
    texts = [_text(_at(table, *place)) for place in cells]
    held = [text for text in texts if text]
    return len(held) > 1 and not any(_NATION.search(text) for text in held)


def _is_data(table: Table, row: int) -> bool:
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


def _column_headers(table: Table, top: int, end: int, column: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in range(top, end):
        if _numbers_columns([_text(cell) for cell in table.rows[row] if _text(cell)]):
            continue
        text = _text(_at(table, *_first(table, row, column)))
        if text:
            found[text] = None
    return tuple(found)


def _first(table: Table, row: int, column: int) -> tuple[int, int]:
    for top, left, bottom, right in table.merged:
        if top <= row <= bottom and left <= column <= right:
            return top, left
    return row, column


def _at(table: Table, row: int, column: int) -> Cell:
    line = table.rows[row] if row < len(table.rows) else ()
    return line[column] if column < len(line) else ""


def _text(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else str(cell)
