"""Files made of the blocks of a set: Word, Excel, PDF, HTML and Markdown."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import PurePosixPath
from typing import Any

from assistant.figures.drawing import Line, Picture, Shape, Words
from assistant.figures.png import as_pdf

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ROW = 22  # points
_WIDE = 760

Block = str | Mapping[str, Any]


def bytes_of(document: Mapping[str, Any]) -> bytes:
    """The file that a document of the set is."""
    suffix = PurePosixPath(document["file"]).suffix
    if suffix == ".xlsx":
        return _xlsx(document["sheets"], document.get("merged", ()))
    make = {".docx": _docx, ".html": _html, ".md": _markdown, ".pdf": _pdf}[suffix]
    return make(document["blocks"])


def _docx(blocks: Sequence[Block]) -> bytes:
    import docx

    made = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            made.add_paragraph(block)
            continue
        rows = block["table"]
        table = made.add_table(rows=len(rows), cols=len(rows[0]))
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                table.cell(r, c).text = text
        for top, left, bottom, right in block.get("merged", ()):
            merged = table.cell(top, left).merge(table.cell(bottom, right))
            merged.text = rows[top][left]
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _html(blocks: Sequence[Block]) -> bytes:
    parts = []
    for block in blocks:
        if isinstance(block, str):
            title = block.startswith("# ")
            tag = "h1" if title else "p"
            parts.append(f"<{tag}>{escape(block.removeprefix('# '))}</{tag}>")
        else:
            parts.append(_html_table(block["table"], block.get("merged", ())))
    return f"<!doctype html><html><body>{''.join(parts)}</body></html>".encode()


def _html_table(rows: Sequence[Sequence[str]], merged: Sequence[Sequence[int]]) -> str:
    lines = []
    for r, row in enumerate(rows):
        cells = ""
        for c, text in enumerate(row):
            span = next((m for m in merged if m[0] <= r <= m[2] and m[1] <= c <= m[3]), None)
            if span and (r, c) != (span[0], span[1]):
                continue
            size = f' rowspan="{span[2] - r + 1}" colspan="{span[3] - c + 1}"' if span else ""
            cells += f"<td{size}>{escape(text)}</td>"
        lines.append(f"<tr>{cells}</tr>")
    return f"<table>{''.join(lines)}</table>"


def _markdown(blocks: Sequence[Block]) -> bytes:
    parts = []
    for block in blocks:
        if isinstance(block, str):
            parts.append(block)
            continue
        head, *rows = block["table"]
        lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
        parts.append("\n".join(lines))
    return ("\n\n".join(parts) + "\n").encode()


def _pdf(blocks: Sequence[Block]) -> bytes:
    shapes: list[Shape] = []
    y = 40
    for block in blocks:
        if isinstance(block, str):
            shapes.append(Words(40, y, block, size=11))
            y += _ROW
            continue
        ruled = "table" in block
        rows = block["table"] if ruled else block["columns"]
        wide = (_WIDE - 80) / len(rows[0])
        top = y - 12
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                shapes.append(Words(46 + wide * c, top + 15 + _ROW * r, text, size=10))
        bottom = top + _ROW * len(rows)
        if ruled:
            for r in range(len(rows) + 1):
                shapes.append(Line(((40, top + _ROW * r), (_WIDE - 40, top + _ROW * r)), "ink"))
            for c in range(len(rows[0]) + 1):
                shapes.append(Line(((40 + wide * c, top), (40 + wide * c, bottom)), "ink"))
        y = int(bottom) + _ROW
    return as_pdf(Picture(_WIDE, 600, tuple(shapes), "", ""))


def _xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]], merged: Sequence[str]) -> bytes:
    parts: dict[str, str] = {}
    names = links = types = ""
    spans = "".join(f'<mergeCell ref="{span}"/>' for span in merged)
    merge = f"<mergeCells>{spans}</mergeCells>" if merged else ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        lines = "".join(_line(r, row) for r, row in enumerate(rows, 1))
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{merge}</worksheet>'
        )
        names += f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"/>'
        links += (
            f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
        )
        types += (
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            f'ContentType="{_KIND}.worksheet+xml"/>'
        )
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        f'"/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>{types}</Types>'
    )
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def _line(number: int, row: Sequence[Any]) -> str:
    cells = ""
    for place, value in enumerate(row):
        ref = f"{chr(65 + place)}{number}"
        if isinstance(value, int | float):
            cells += f'<c r="{ref}"><v>{value}</v></c>'
        elif value:
            cells += f'<c r="{ref}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
    return f'<row r="{number}">{cells}</row>'
