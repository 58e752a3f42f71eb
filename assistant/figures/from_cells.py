"""Figures of tables: each value with the labels beside it, above it and over the table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TypeVar

from assistant.figures.context import Fallback
from assistant.figures.grids import (
    Grid,
    grids_of,
    is_below,
    is_column_numbers,
    is_empty,
    is_number,
    read_cell,
)
from assistant.figures.labels import Label, caption_of, is_named, label_of, says_ratio
from assistant.figures.model import CellPlace, Figure, Kind, Source
from assistant.figures.naming import without_places
from assistant.figures.periods import Period, periods_in
from assistant.figures.scopes import Scope, folded, scopes_in
from assistant.figures.tables import words
from assistant.figures.written import Style, Unit, ambiguous, unit_of
from knowledge_base.readers.cell_table import Table

_T = TypeVar("_T")
_CHILD = re.compile(
    r"^\s*(?:(?:trong đó|tr\.\s*đó|gồm|bao gồm)\s*:?\s*[-+–•*]?|[-+–•*])\s*(?=\S)", re.IGNORECASE
)
_TELLS = 3  # words: a shorter caption does not say what is measured
_GUESSED = "cột nhận theo vị trí chữ, bảng không kẻ ô: hãy đối chiếu với bản gốc"
_DRAFTS = (
    ("số ước thực hiện", re.compile(r"(?<!\w)(?:ước|ƯTH)(?!\w)", re.IGNORECASE)),
    ("số sơ bộ", re.compile(r"sơ bộ", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    labels: tuple[Label, ...]
    section: str
    parent: str
    repeated: bool
    above: Scope | None = None  # of the row it is numbered under ("I. Cấp tỉnh")


def figures_of_tables(
    tables: Sequence[Table], source: Source, style: Style, fallback: Fallback
) -> tuple[list[Figure], list[str]]:
    """All figures of the tables, and what could not be read as one, in Vietnamese."""
    found: list[Figure] = []
    notes: list[str] = []
    before: Grid | None = None
    for number, table in enumerate(tables, 1):
        where = f"trang tính “{table.name}”" if table.name else f"bảng {number}"
        if table.unsaved:
            notes.append(
                f"{where}: {table.unsaved} ô công thức chưa có kết quả lưu trong tệp; hãy mở tệp, "
                "tính lại và lưu, rồi chạy lại."
            )
        notes += [
            told if told.startswith("trang tính") else f"{where}: {told}" for told in table.unseen
        ]
        grids = grids_of(table, before)
        before = grids[-1] if grids else before
        for grid in grids:
            found += _of_grid(grid, number, source, style, fallback)
        skipped = [one for grid in grids for one in _unread(grid)]
        if skipped:
            shown = ", ".join(f"{ref} “{text}”" for ref, text in skipped[:5])
            more = f" và {len(skipped) - 5} ô khác" if len(skipped) > 5 else ""
            notes.append(f"{where}: không đọc được thành số: {shown}{more}.")
    return found, notes


def _of_grid(
    grid: Grid, number: int, source: Source, style: Style, fallback: Fallback
) -> Iterator[Figure]:
    caption = caption_of(grid.above)
    year = caption.period.end.year if caption.period else fallback.year
    columns = {c: tuple(label_of(text, year) for text in grid.headers[c]) for c in grid.values}
    for row in _rows(grid, year):
        for column in grid.values:
            made = _figure(grid, row, column, columns[column], caption, style)
            if made is None:
                continue
            figure, raw = made
            period = figure.period or fallback.period
            place = CellPlace(
                grid.table.name, number, grid.table.page, ref_of(row.number, column),
                tuple(filter(None, [row.section, *(label.text for label in row.labels)])),
                grid.headers[column], caption.text, raw,
            )  # fmt: skip
            scope = figure.scope or caption.scope or fallback.scope
            notes = (*figure.notes, *([_GUESSED] if grid.table.guessed else []))
            if figure.period is None and period is not None:
                notes = (*notes, "kỳ lấy theo tiêu đề văn bản")
            yield replace(
                figure, period=period, scope=scope, place=place, source=source, notes=notes
            )


def _figure(
    grid: Grid, row: _Row, column: int, heads: Sequence[Label], caption: Label, style: Style
) -> tuple[Figure, str] | None:
    cells = grid.table.rows[row.number]
    cell = cells[column] if column < len(cells) else ""
    if is_empty(cell) or not is_number(cell):
        return None
    labels = (*row.labels, *heads)
    unit, notes = _unit(grid, row, heads, caption, cell)
    written, about, _ = read_cell(cell, style, counted=bool(unit and unit.counted))
    name = _name(row, heads, caption) or _nameless(grid, unit, heads)
    if not written.values or not name:
        return None
    period = _last(label.period for label in (*heads, *row.labels)) or _section_period(row)
    scope = _last(label.scope for label in labels) or _only_scope(row) or row.above
    if written.clear is None:
        notes = (*notes, ambiguous(written.values))
    kind = Kind.LEVEL
    if any(label.change for label in labels):
        kind = Kind.CHANGE
    elif any(label.target for label in heads):
        kind = Kind.TARGET
    compared = next((label.compared for label in labels if label.compared), "")
    if kind is Kind.LEVEL:
        notes = (
            *notes,
            *(note for note, said in _DRAFTS if any(said.search(h.text) for h in heads)),
        )
    if is_below(cell):
        notes = (*notes, "số trong ngoặc đơn: hiểu là số âm, theo cách ghi kế toán")
    blank = Source("", "", "")
    raw = " ".join(cell.split()) if isinstance(cell, str) else shown_plain(cell)
    place = CellPlace("", 0, 0, "", (), (), "", raw)
    made = Figure(
        name, written.clear, unit, scope, period or caption.period, kind, blank, place,
        () if written.clear is not None else written.values, compared, about, notes,
    )  # fmt: skip
    return made, raw


def _unit(
    grid: Grid, row: _Row, heads: Sequence[Label], caption: Label, cell: str | int | float
) -> tuple[Unit | None, tuple[str, ...]]:
    """The nearest unit that is said: in the cell, the row, the column, over the table."""
    own = unit_of(read_cell(cell, "")[2]) if isinstance(cell, str) else None
    if own:
        return own, ()
    over = {unit for label in heads for unit in label.units if unit.base in ("%", "điểm phần trăm")}
    if len(over) == 1:  # "So sánh (%)" beside a column of units
        return over.pop(), ()
    if grid.unit_column is not None and (unit := unit_of(grid.text(row.number, grid.unit_column))):
        return _changed(unit, heads), ()
    for labels in (heads, row.labels):
        said = [unit for label in labels for unit in label.units]
        if len(set(said)) == 1:
            return said[0], ()
        if said:
            return None, (_mixed(said),)
    ratio = any(says_ratio(label.text) for label in (*heads, *row.labels))
    if caption.unit and ratio and caption.unit.base not in ("%", "‰"):
        return None, (f"bảng ghi “{caption.unit.shown}” nhưng đây là tỷ lệ: đơn vị chưa rõ",)
    if caption.unit:
        return _changed(caption.unit, heads), ()
    if len(caption.units) > 1:
        return None, (_mixed(caption.units),)
    counted = next(
        (unit for label in (*heads, *row.labels) if (unit := _counted(label.rest))), None
    )
    if counted is None and not any(label.rest for label in (*heads, *row.labels)) and not ratio:
        counted = _counted(caption.rest)  # "Bảng 2. Số hồ sơ …" over a column "Số lượng"
    return counted, () if counted else ("tài liệu không ghi đơn vị",)


def _counted(name: str) -> Unit | None:
    """ "Số hồ sơ tiếp nhận" says itself what is counted."""
    said = re.match(r"(?:tổng\s+)?số(?:\s+lượng)?\s+(.+)", name, re.IGNORECASE)
    if not said:
        return None
    parts = said[1].split()
    for size in range(min(3, len(parts)), 0, -1):
        unit = unit_of(" ".join(parts[:size]))
        if unit and unit.counted:
            return unit
    return None


def _changed(unit: Unit, heads: Sequence[Label]) -> Unit | None:
    """A column "Tốc độ tăng" in a table of "triệu đồng" is not in triệu đồng."""
    rates = any(
        re.search(r"tốc độ|tỷ lệ|tỉ lệ|\d{4}\s*/\s*\d{4}", one.text.lower()) for one in heads
    )
    return None if rates and unit.base != "%" else unit


def _mixed(units: Sequence[Unit]) -> str:
    shown = ", ".join(dict.fromkeys(unit.shown for unit in units))
    return f"tài liệu ghi nhiều đơn vị cho ô này ({shown}): đơn vị chưa rõ"


def _name(row: _Row, heads: Sequence[Label], caption: Label) -> str:
    rows = [label.rest for label in row.labels if label.rest and not label.scope]
    totals = _totals()
    total = [name for name in rows if folded(name) in totals]
    rows = [name for name in rows if name not in total]
    if row.parent and rows:
        rows.insert(0, row.parent)
    if row.section and rows and row.repeated:
        rows.insert(0, row.section)
    columns = [head.rest for head in heads if head.rest and not head.target_only]
    name = " – ".join(dict.fromkeys([*rows, *columns]))
    if not rows and folded(name) in _measures():
        return _measured(name, caption.rest)
    if total and not rows:
        subject = name or caption.rest
        return (
            subject if folded(subject).startswith("tong") else f"{total[0]} – {subject}".strip(" –")
        )
    return name or row.section or _measured("", caption.rest)


def _measured(name: str, caption: str) -> str:
    """A column that only says "Tỷ lệ", by what the table is of, without the places it is for.

    >>> _measured("Tỷ lệ", "Tỷ lệ hồ sơ trực tuyến của các địa phương")
    'Tỷ lệ hồ sơ trực tuyến'
    """
    said = re.sub(r"\([^()]*(?:\)|$)", " ", caption)
    said = re.sub(r"[\s,;]+(?:và|đến|so với)?\s*$", "", said)
    said = " ".join(without_places(said).split()).strip(" .,:;–-")
    if folded(said).startswith(folded(name)):
        return said
    if len(said.split()) < _TELLS or folded(said).startswith(("so lieu", "tong hop", "danh sach")):
        return name
    if not says_ratio(name):
        return said
    act = re.sub(r"^(?:kết quả|tình hình)\s+", "", said, flags=re.IGNORECASE)
    return f"{name} {act}" if act != said else f"{name} – {said}"


@cache
def _measures() -> frozenset[str]:
    """Names of columns that only say how something is measured."""
    return frozenset(folded(one) for one in words().measures)


def _nameless(grid: Grid, unit: Unit | None, heads: Sequence[Label]) -> str:
    """Values by place and time of which nothing says what they are: what is counted, the sheet."""
    if not any(head.period for head in heads):
        return ""
    counted = unit.shown if unit and unit.counted else ""
    called = not re.match(r"(?:sheet|trang tính)\s*\d*$", grid.table.name, re.IGNORECASE)
    return counted or (grid.table.name if called else "")


@cache
def _totals() -> frozenset[str]:
    return frozenset(folded(one) for one in words().totals)


def _rows(grid: Grid, year: int | None) -> Iterator[_Row]:
    table, labels = grid.table, grid.labels
    names: Counter[str] = Counter()
    if labels:
        names.update(grid.text(r, labels[-1]) for r in range(grid.header[1], grid.end))
    section = parent = ""
    numbered = _Numbered()
    for number in range(grid.header[1], grid.end):
        if number == grid.header[1] and is_column_numbers(grid, number):
            continue
        held = [c for c in range(len(table.rows[number])) if grid.text(number, c)]
        filled = [c for c in held if c in grid.values and not is_empty(table.rows[number][c])]
        texts = list(dict.fromkeys(grid.text(number, c) for c in held if c not in grid.ordinals))
        if not filled:
            if len(texts) == 1 and not is_number(texts[0]):
                section, parent = texts[0], ""
            elif len(texts) > 1 and not any(c in grid.labels[1:] for c in held):
                section, parent = texts[-1], ""
            continue
        made, child = [], False
        for column in labels:
            text = grid.text(number, column)
            if not text or is_empty(text):
                continue
            child = child or bool(_CHILD.match(text))
            label = label_of(_CHILD.sub("", text), year)
            header = grid.headers[column][-1] if grid.headers[column] else ""
            if (
                is_named(header, words().place_headers)
                and not label.scope
                and folded(text) not in _totals()
            ):
                label = replace(label, scope=Scope("other", text), rest="")
            made.append(label)
        if made and not child:
            parent = ""
        repeated = bool(names) and names[grid.text(number, labels[-1])] > 1
        above = numbered.under(_ordinal(grid, number), made)
        yield _Row(number, tuple(made), _clean(section), parent if child else "", repeated, above)
        if made and not child:
            parent = made[-1].rest


class _Numbered:
    """Rows numbered I, 1, a: what the row above in rank is about holds for those below it."""

    def __init__(self) -> None:
        self._held: list[tuple[int, Scope | None]] = []

    def under(self, ordinal: str, labels: Sequence[Label]) -> Scope | None:
        rank = next((n for n, one in enumerate(_RANKS) if one.fullmatch(ordinal)), None)
        if rank is None:
            return None
        self._held = [one for one in self._held if one[0] < rank]
        above = next((scope for _, scope in reversed(self._held) if scope), None)
        self._held.append((rank, next((one.scope for one in labels if one.scope), None)))
        return above


def _ordinal(grid: Grid, row: int) -> str:
    texts = [grid.text(row, column) for column in grid.ordinals]
    return texts[0].strip(" .)(") if texts else ""


_RANKS = (
    re.compile(r"[A-HĐ]"), re.compile(r"[IVX]+"), re.compile(r"\d+"), re.compile(r"\d+\.\d+"),
    re.compile(r"\d+(?:\.\d+){2,}"), re.compile(r"[a-hđ]"), re.compile(r"[-+*]"),
)  # fmt: skip


def _clean(text: str) -> str:
    return label_of(text).rest or text


def _section_period(row: _Row) -> Period | None:
    found = periods_in(row.section)
    return found[-1].period if found else None


def _only_scope(row: _Row) -> Scope | None:
    found = [one for label in row.labels for one in scopes_in(label.text)]
    found = found or scopes_in(row.section)
    return found[0].scope if len({one.scope.key for one in found}) == 1 else None


def _last(values: Iterator[_T | None]) -> _T | None:
    found = [value for value in values if value is not None]
    return found[0] if found else None


def _unread(grid: Grid) -> list[tuple[str, str]]:
    """Cells of value columns with digits in them that are no number."""
    found = []
    for row in range(grid.header[1], grid.end):
        for column in grid.values:
            cells = grid.table.rows[row]
            cell = cells[column] if column < len(cells) else ""
            if is_empty(cell) or is_number(cell):
                continue
            if isinstance(cell, str) and re.search(r"\d|#|\?", cell):
                found.append((ref_of(row, column), cell[:40]))
    return found


def shown_plain(cell: int | float) -> str:
    """A number of a workbook as its quote, with a decimal comma."""
    return str(Decimal(repr(cell))).replace(".", ",")


def ref_of(row: int, column: int) -> str:
    """A cell as Excel names it.

    >>> ref_of(4, 27)
    'AB5'
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
