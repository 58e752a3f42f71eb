"""Spreadsheets: .xlsx, .xls and .ods by calamine; .csv by Python itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.grid import grid_blocks, title_of
from knowledge_base.readers.package import check_package
from knowledge_base.readers.plain import decoded
from knowledge_base.readers.reading import Block, Reading, laid_out
from knowledge_base.readers.secrecy import refuse_secret

_CELLS = 3_000_000
_HEAD = 40  # rows


def read_sheet(data: bytes) -> Reading:
    """The visible sheets of a workbook, values as they are shown, formulas as their results."""
    import python_calamine as calamine

    if data.startswith(b"PK"):
        check_package(data)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        sheets = [book.get_sheet_by_name(name) for name in shown]
        if sum(sheet.height * sheet.width for sheet in sheets) > _CELLS:
            raise Unreadable("bảng tính quá lớn: hãy tách nhỏ", QuarantineReason.TOO_LARGE)
        blocks: list[Block] = []
        for name, sheet in zip(shown, sheets, strict=True):
            rows = [[_shown(cell) for cell in row] for row in sheet.to_python(False)]
            for row in rows[:_HEAD]:
                refuse_secret("\n".join(row))
            if len(shown) > 1 and any(any(row) for row in rows):
                blocks.append(Block(name, 1))
            blocks += grid_blocks(rows, sheet.merged_cell_ranges or ())
    except calamine.PasswordError as error:
        raise Unreadable(
            "bảng tính có mật khẩu: hãy bỏ mật khẩu rồi nạp lại", QuarantineReason.ENCRYPTED
        ) from error
    except (calamine.CalamineError, OSError) as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise Unreadable(
                "bảng tính có mật khẩu: hãy bỏ mật khẩu rồi nạp lại", QuarantineReason.ENCRYPTED
            ) from error
        raise Unreadable("bảng tính bị hỏng, không mở được", QuarantineReason.DAMAGED) from error
    return laid_out(blocks, title_of(blocks))


def read_csv(data: bytes) -> Reading:
    """Values between commas, semicolons or tabs, whichever makes the most even rows."""
    text = decoded(data).replace("\0", "")
    csv.field_size_limit(10_000_000)
    try:
        best = max((list(_parsed(text, mark)) for mark in ",;\t"), key=_evenness)
    except csv.Error as error:
        raise Unreadable("tệp CSV bị hỏng", QuarantineReason.DAMAGED) from error
    blocks = list(grid_blocks(best))
    return laid_out(blocks, title_of(blocks))


def _parsed(text: str, mark: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text), delimiter=mark)


def _evenness(rows: list[list[str]]) -> int:
    widths = [len(row) for row in rows[:200] if len(row) > 1]
    return max((widths.count(width) * width for width in set(widths)), default=0)


def _shown(value: Any) -> str:
    """A cell's value as a person writes it."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
