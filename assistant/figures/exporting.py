"""Figures as rows for CSV and for a workbook of one sheet; nothing in them is run as a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from assistant.figures.model import CellPlace, Figure
from assistant.figures.series import Series
from assistant.figures.written import shown

HEADER = (
    "Chỉ tiêu", "Phạm vi", "Kỳ", "Từ ngày", "Đến ngày", "Loại", "Giá trị", "Đơn vị",
    "Giá trị quy đổi", "Đơn vị gốc", "Các nguồn khác nhau", "Tệp", "Vị trí", "Trích nguyên văn",
    "Ghi chú", "SHA-256 của tệp",
)  # fmt: skip
_KINDS = {"level": "giá trị", "change": "mức thay đổi", "target": "mục tiêu"}
_FORMULA = re.compile(r"^[=+\-@\t\r]")

Value = str | Decimal


def rows_of(series: Iterable[Series]) -> list[tuple[Value, ...]]:
    """A row for each value of each source, those that differ one below the other."""
    rows: list[tuple[Value, ...]] = []
    for one in series:
        for point in one.points:
            for figure in point.figures:
                rows.append(row_of(figure, conflict=point.conflict))
    return rows


def row_of(figure: Figure, *, conflict: bool = False) -> tuple[Value, ...]:
    """One figure under `HEADER`; an unclear value is empty, and the note says why."""
    period = figure.period
    return (
        figure.indicator,
        figure.scope.name if figure.scope else "",
        period.label if period else "",
        f"{period.start:%d/%m/%Y}" if period else "",
        f"{period.end:%d/%m/%Y}" if period else "",
        _KINDS[figure.kind.value],
        figure.value if figure.value is not None else "",
        figure.unit.shown if figure.unit else "",
        figure.base_value if figure.base_value is not None else "",
        figure.base_unit,
        "có" if conflict else "",
        figure.source.file,
        place_of(figure),
        figure.place.quote,
        "; ".join(figure.notes),
        figure.source.sha256,
    )


def place_of(figure: Figure) -> str:
    """Where a figure stands, in words."""
    place = figure.place
    if isinstance(place, CellPlace):
        if place.sheet:
            return f"trang tính “{place.sheet}”, ô {place.ref}"
        page = f"trang {place.page}, " if place.page else ""
        return f"{page}bảng {place.table}, ô {place.ref}"
    return f"ký tự {place.number_start}–{place.number_end}"


def as_csv(rows: Iterable[Sequence[Value]]) -> bytes:
    """CSV that Excel opens in Vietnamese: semicolons, decimal commas, a byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in rows:
        writer.writerow([_inert(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _inert(value: Value) -> str:
    if isinstance(value, Decimal):
        return shown(value).replace(".", "")
    return "'" + value if _FORMULA.match(value) else value


def as_xlsx(rows: Iterable[Sequence[Value]]) -> bytes:
    """A workbook of one sheet: numbers as numbers, texts as texts."""
    lines = []
    for number, row in enumerate([HEADER, *rows], 1):
        style = ' s="1"' if number == 1 else ""
        cells = "".join(_cell(place, number, value, style) for place, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(1, "officeDocument", "xl/workbook.xml", ""),
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Số liệu" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(
            1, "worksheet", "worksheets/sheet1.xml",
            f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/>',
        ),
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView '
        'workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>'
        f"</sheetViews>{_COLUMNS}<sheetData>{''.join(lines)}</sheetData></worksheet>",
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def _cell(place: int, row: int, value: Value, style: str) -> str:
    ref = f"{chr(65 + place)}{row}"
    if isinstance(value, Decimal):
        return f'<c r="{ref}"><v>{value:f}</v></c>'
    if not value:
        return ""
    text = escape("".join(letter for letter in value if letter >= " " or letter == "\n"))
    return f'<c r="{ref}" t="inlineStr"{style}><is><t xml:space="preserve">{text}</t></is></c>'


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="'
    'application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook'
    f'.xml" ContentType="{_KIND}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
    f'ContentType="{_KIND}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="'
    f'{_KIND}.styles+xml"/></Types>'
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r{{}}" Type="'
    f'{_OFFICE}/{{}}" Target="{{}}"/>{{}}</Relationships>'
)
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts><fills '
    'count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" '
    'applyFont="1"/></cellXfs></styleSheet>'
)
_COLUMNS = (
    '<cols><col min="1" max="1" width="45" customWidth="1"/>'
    '<col min="2" max="16" width="18" customWidth="1"/></cols>'
)
