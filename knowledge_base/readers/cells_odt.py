"""The cells of the tables of an OpenDocument text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from knowledge_base.readers.cell_table import Cell, Span, Table
from knowledge_base.readers.odt import _LEFT_OUT, _shown

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ABOVE = 4
_MOST = 1_000  # times one row or cell is repeated


def odt_tables(data: bytes) -> Iterator[Table]:
    """Each table that is in no other, with the lines of text above it."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(package.read("content.xml"), parser)
    above: list[str] = []
    for node in root.iter(f"{_TABLE}table", f"{_TEXT}p", f"{_TEXT}h"):
        tags = {up.tag for up in node.iterancestors()}
        if f"{_TABLE}table" in tags or tags & _LEFT_OUT:
            continue
        if node.tag == f"{_TABLE}table":
            yield _table(node, tuple(above[-_ABOVE:]))
            above = []
        elif words := " ".join(_shown(node).split()):
            above.append(words)


def _table(table: Any, above: tuple[str, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    merged: list[Span] = []
    for line in table.iter(f"{_TABLE}table-row"):
        row: list[Cell] = []
        for cell in line:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            wide = _count(cell, "number-columns-spanned")
            high = _count(cell, "number-rows-spanned")
            if wide > 1 or high > 1:
                at = len(row)
                merged.append((len(rows), at, len(rows) + high - 1, at + wide - 1))
            covered = cell.tag == f"{_TABLE}covered-table-cell"
            texts = (
                [] if covered else [" ".join(_shown(one).split()) for one in cell.iter(f"{_TEXT}p")]
            )
            row += ["\n".join(filter(None, texts))] * _count(cell, "number-columns-repeated")
        rows += [tuple(row)] * _count(line, "number-rows-repeated")
    return Table("", above, tuple(rows), tuple(merged))


def _count(node: Any, name: str) -> int:
    text = node.get(f"{_TABLE}{name}") or "1"
    return max(1, min(int(text), _MOST)) if text.isdecimal() else 1
