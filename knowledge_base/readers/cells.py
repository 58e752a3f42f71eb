"""The cells of a file's tables, each where it stands: for whoever needs the exact place of a value.

The text of a reading joins a row to one line; here nothing is joined or filled
in. Numbers of a workbook come as numbers, cells shown as percent as text with a
percent sign. What has no ruled or marked up table has no cells.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lxml import html as lxml_html  # type: ignore[import-untyped]

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.cell_table import Cell, Span, Table
from knowledge_base.readers.cells_odt import odt_tables
from knowledge_base.readers.html import _decoded, _unseen
from knowledge_base.readers.legacy import settle
from knowledge_base.readers.plain import decoded
from knowledge_base.readers.sheet import _evenness, _parsed, _shown
from knowledge_base.readers.sheet_formats import Formats, formats_of
from knowledge_base.vietnamese import clean

_ABOVE = 4  # lines of text that may say what a table is about
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST = 500_000  # cells


def tables_in(kind: str, data: bytes) -> list[Table]:
    """The tables of a file of a known kind (`formats.format_of`); none where it has none."""
    reader: Callable[[bytes], Iterator[Table]] | None = {
        "sheet": _sheets, "csv": _csv, "docx": _docx, "html": _html, "markdown": _markdown,
        "pdf": _pdf, "odt": odt_tables,
    }.get(kind)  # fmt: skip
    found: list[Table] = []
    cells = 0
    for table in reader(data) if reader else ():
        cells += sum(map(len, table.rows))
        if cells > _LARGEST:
            raise Unreadable("quá nhiều ô trong bảng: hãy tách nhỏ", QuarantineReason.TOO_LARGE)
        found.append(_settled(table))
    return found


def _settled(table: Table) -> Table:
    """Texts in an encoding from before Unicode converted, hidden characters away."""
    texts = [cell for row in table.rows for cell in row if isinstance(cell, str)]
    converted, _ = settle([*table.above, *texts])
    words = iter(clean(text).strip() for text in converted)
    above = tuple(next(words) for _ in table.above)
    rows = tuple(
        tuple(next(words) if isinstance(cell, str) else cell for cell in row) for row in table.rows
    )
    return replace(table, above=above, rows=rows)


# --- workbooks ------------------------------------------------------------------------------


def _sheets(data: bytes) -> Iterator[Table]:
    import python_calamine as calamine

    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    looks = formats_of(data) if data.startswith(b"PK") else {}
    unseen = [
        f"trang tính “{about.name}” bị ẩn: không đọc. Hãy bỏ ẩn nếu cần"
        for about in book.sheets_metadata
        if about.visible != calamine.SheetVisibleEnum.Visible
        and about.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    for about in book.sheets_metadata:
        shown = about.visible == calamine.SheetVisibleEnum.Visible
        if not shown or about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        look = looks.get(about.name, Formats())
        rows = tuple(
            tuple(
                "" if r in look.rows or c in look.columns else _value(value, (r, c), look)
                for c, value in enumerate(row)
            )
            for r, row in enumerate(sheet.to_python(False))
        )
        hidden = [(len(look.rows), "dòng"), (len(look.columns), "cột")]
        told = [f"{count} {what} bị ẩn: không đọc" for count, what in hidden if count]
        notes, unseen = (*unseen, *told), []
        merged = tuple((t, le, b, r) for (t, le), (b, r) in sheet.merged_cell_ranges or ())
        yield Table(about.name, (), rows, merged, 0, look.unsaved, unseen=notes)


def _value(value: Any, place: tuple[int, int], look: Formats) -> Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if place in look.percents:
            shown = f"{Decimal(repr(value)) * 100:f}"
            shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
            return shown.replace(".", ",") + "%"
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
        return int(value) if whole else value
    return _shown(value)


def _csv(data: bytes) -> Iterator[Table]:
    text = decoded(data).replace("\0", "")
    rows = max((list(_parsed(text, mark)) for mark in ",;\t"), key=_evenness)
    yield Table("", (), tuple(map(tuple, rows)))


# --- Word -----------------------------------------------------------------------------------


def _docx(data: bytes) -> Iterator[Table]:
    import docx

    above: list[str] = []
    for node in docx.Document(io.BytesIO(data)).element.body.iter(f"{_W}p", f"{_W}tbl"):
        if any(up.tag == f"{_W}tbl" for up in node.iterancestors()):
            continue
        if node.tag == f"{_W}p":
            above += [text for text in [_words(node)] if text]
            continue
        yield _docx_table(node, tuple(above[-_ABOVE:]))
        above = []


def _docx_table(table: Any, above: tuple[str, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    merged: list[Span] = []
    open_spans: dict[int, tuple[int, int]] = {}  # column -> first row, last column
    for line in (tr for tr in table.iter(f"{_W}tr") if _owner(tr, "tbl") is table):
        row: list[Cell] = []
        seen: set[int] = set()
        for tc in (tc for tc in line.iter(f"{_W}tc") if _owner(tc, "tr") is line):
            span = tc.find(f"{_W}tcPr/{_W}gridSpan")
            wide = int(span.get(f"{_W}val", 1)) if span is not None else 1
            down = tc.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = down is not None and down.get(f"{_W}val", "continue") == "continue"
            at, right = len(row), len(row) + wide - 1
            text = "\n".join(filter(None, map(_words, tc.iter(f"{_W}p"))))
            row += ["" if goes_on else text, *[""] * (wide - 1)]
            seen.add(at)
            if goes_on and at in open_spans:
                continue
            _close(merged, open_spans, at, len(rows) - 1)
            if down is not None:
                open_spans[at] = (len(rows), right)
            elif wide > 1:
                merged.append((len(rows), at, len(rows), right))
        for at in set(open_spans) - seen:
            _close(merged, open_spans, at, len(rows) - 1)
        rows.append(tuple(row))
    for at in list(open_spans):
        _close(merged, open_spans, at, len(rows) - 1)
    return Table("", above, tuple(rows), tuple(sorted(merged)))


def _close(merged: list[Span], spans: dict[int, tuple[int, int]], at: int, last: int) -> None:
    if at in spans:
        top, right = spans.pop(at)
        if last > top or right > at:
            merged.append((top, at, last, right))


def _owner(node: Any, tag: str) -> Any:
    return next((up for up in node.iterancestors() if up.tag == f"{_W}{tag}"), None)


def _words(paragraph: Any) -> str:
    words = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        hidden = node.getparent().find(f"{_W}rPr/{_W}vanish")
        if hidden is None or hidden.get(f"{_W}val") in ("0", "false"):
            words.append({f"{_W}t": node.text or "", f"{_W}noBreakHyphen": "-"}.get(node.tag, " "))
    return " ".join("".join(words).split())


# --- pages ----------------------------------------------------------------------------------


def _html(data: bytes) -> Iterator[Table]:
    page = lxml_html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", _decoded(data)))
    above: list[str] = []
    for node in page.iter("table", "p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "caption"):
        if any(_unseen(one) for one in (node, *node.iterancestors())):
            continue
        inside = next(node.iterancestors("table"), None) is not None
        holds = next(node.iterdescendants("table", "p", "div", "h1", "h2", "h3"), None) is not None
        if node.tag == "table" and next(node.iterdescendants("table"), None) is None:
            titles = [_line(each) for each in node.iter("caption")]
            yield _html_table(node, tuple([*above, *titles][-_ABOVE:]))
            above = []
        elif node.tag != "table" and not inside and not holds and _line(node):
            above.append(_line(node))


def _html_table(table: Any, above: tuple[str, ...]) -> Table:
    held: dict[tuple[int, int], str] = {}
    merged: list[Span] = []
    lines = [row for row in table.iter("tr") if not _unseen(row)]
    for top, line in enumerate(lines):
        left = 0
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while (top, left) in held:
                left += 1
            high = min(_times(cell.get("rowspan")) or len(lines), len(lines) - top)
            wide = _times(cell.get("colspan")) or 1
            for row in range(top, top + high):
                for column in range(left, left + wide):
                    held[row, column] = ""
            held[top, left] = _line(cell)
            if high > 1 or wide > 1:
                merged.append((top, left, top + high - 1, left + wide - 1))
            left += wide
    width = max((column for _, column in held), default=-1) + 1
    rows = tuple(tuple(held.get((r, c), "") for c in range(width)) for r in range(len(lines)))
    return Table("", above, rows, tuple(merged))


def _times(text: str | None) -> int:
    return min(int(text), 1000) if text and text.isdecimal() else 1


def _line(node: Any) -> str:
    for line_break in node.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return " ".join(str(node.text_content()).split())


def _markdown(data: bytes) -> Iterator[Table]:
    above: list[str] = []
    held: list[list[str]] = []
    for line in [*decoded(data).split("\n"), ""]:
        text = line.strip()
        if text.count("|") > 1 or (held and "|" in text):
            cells = re.split(r"(?<!\\)\|", text.removeprefix("|").removesuffix("|"))
            held.append([re.sub(r"[*_`]{1,3}", "", cell).strip() for cell in cells])
            continue
        if len(held) > 1 and all(re.fullmatch(r":?-+:?", cell) for cell in held[1]):
            yield Table("", tuple(above[-_ABOVE:]), tuple(map(tuple, [held[0], *held[2:]])))
            above = []
        held = []
        if text:
            above.append(re.sub(r"^#+\s*|[*_`]{1,3}", "", text))


def _pdf(data: bytes) -> Iterator[Table]:
    import pypdfium2

    from knowledge_base.readers.pdf_columns import aligned_tables, may_have_columns
    from knowledge_base.readers.pdf_tables import tables_of

    document = pypdfium2.PdfDocument(data)
    try:
        for number in range(len(document)):
            page = document[number]
            letters = page.get_textpage()
            found = tables_of(page) if letters.count_chars() else []
            bottom = page.get_height()
            for drawn in sorted(found, key=lambda one: -one.ys[0]):
                text = letters.get_text_bounded(0, drawn.ys[0], page.get_width(), bottom)
                lines = [" ".join(line.split()) for line in text.splitlines()]
                bottom = drawn.ys[-1]
                above = tuple([line for line in lines if line][-_ABOVE:])
                yield _pdf_table(letters, drawn, above, number + 1)
            if may_have_columns(letters.get_text_range()):
                yield from aligned_tables(letters, found, number + 1)
    finally:
        document.close()


def _pdf_table(letters: Any, drawn: Any, above: Sequence[str], page: int) -> Table:
    spans: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place, first in drawn.owner.items():
        spans.setdefault(first, []).append(place)
    rows = [[""] * (len(drawn.xs) - 1) for _ in drawn.ys[1:]]
    merged: list[Span] = []
    for (top, left), places in spans.items():
        bottom, right = max(r for r, _ in places), max(c for _, c in places)
        box = (drawn.xs[left], drawn.ys[bottom + 1], drawn.xs[right + 1], drawn.ys[top])
        rows[top][left] = " ".join(letters.get_text_bounded(*box).split())
        if len(places) > 1:
            merged.append((top, left, bottom, right))
    return Table("", tuple(above), tuple(map(tuple, rows)), tuple(sorted(merged)), page)
