"""What a workbook says of its cells beside their values: percent looks, formulas never computed."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PERCENT = {9, 10}  # the two percent formats that need no definition
_WIDEST = 16_384  # columns of a sheet
_PLACE = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass(frozen=True, slots=True)
class Formats:
    """Of one sheet: ``(row, column)`` from 0 of cells shown as percent; formulas without result;
    rows and columns that nobody sees."""

    percents: frozenset[tuple[int, int]] = frozenset()
    unsaved: int = 0
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def formats_of(data: bytes) -> dict[str, Formats]:
    """By the name of the sheet; empty where the package is not as Excel writes it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if "xl/workbook.xml" not in package.namelist():
                return {}
            percent = _percent_styles(package)
            return {name: _of_sheet(package.read(part), percent) for name, part in _parts(package)}
    except (KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError):
        return {}


def _parsed(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _parts(package: zipfile.ZipFile) -> list[tuple[str, str]]:
    relations = {
        node.get("Id"): str(node.get("Target"))
        for node in _parsed(package.read("xl/_rels/workbook.xml.rels"))
    }
    found = []
    for sheet in _parsed(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        target = relations.get(sheet.get(_REL), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" in part:
            found.append((str(sheet.get("name")), part))
    return found


def _percent_styles(package: zipfile.ZipFile) -> set[str]:
    """The numbers of cell styles whose number format has a percent sign."""
    if "xl/styles.xml" not in package.namelist():
        return set()
    root = _parsed(package.read("xl/styles.xml"))
    own = {
        int(node.get("numFmtId"))
        for node in root.iter(f"{_MAIN}numFmt")
        if "%" in re.sub(r'"[^"]*"|\\.', "", node.get("formatCode") or "")
    }
    looks = root.find(f"{_MAIN}cellXfs")
    return {
        str(number)
        for number, look in enumerate(looks if looks is not None else ())
        if int(look.get("numFmtId", 0)) in _PERCENT | own
    }


def _of_sheet(data: bytes, percent: set[str]) -> Formats:
    places: set[tuple[int, int]] = set()
    unsaved = 0
    root = _parsed(data)
    rows = {
        int(row.get("r")) - 1
        for row in root.iter(f"{_MAIN}row")
        if row.get("hidden") in ("1", "true") and (row.get("r") or "").isdecimal()
    }
    columns = {
        number - 1
        for one in root.iter(f"{_MAIN}col")
        if one.get("hidden") in ("1", "true")
        for number in range(int(one.get("min", 1)), min(int(one.get("max", 1)), _WIDEST) + 1)
    }
    for cell in root.iter(f"{_MAIN}c"):
        match = _PLACE.fullmatch(cell.get("r") or "")
        if match and cell.get("s", "0") in percent and cell.get("t", "n") == "n":
            column = 0
            for letter in match[1]:
                column = column * 26 + ord(letter) - 64
            places.add((int(match[2]) - 1, column - 1))
        value = cell.find(f"{_MAIN}v")
        if cell.find(f"{_MAIN}f") is not None and (value is None or not value.text):
            unsaved += 1
    return Formats(frozenset(places), unsaved, frozenset(rows), frozenset(columns))
