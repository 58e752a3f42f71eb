"""A corrected copy of a paper: what can be put right without asking anybody is."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from assistant.drafting.faults import Fault, Look, PageSetup, Words
from assistant.drafting.sheet import Line, Sheet
from assistant.drafting.tables import page

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def corrected(sheet: Sheet, faults: Iterable[Fault]) -> tuple[bytes, tuple[Fault, ...]]:
    """The bytes of the corrected copy, and the faults that were put right in it.

    ``sheet`` must be the one the faults were found in; it is changed.
    """
    done: list[Fault] = []
    known = [fault for fault in faults if fault.change is not None]
    # From the end of a line to its beginning, so that places before stay where they are.
    known.sort(key=lambda f: -(f.change.start or 0) if isinstance(f.change, Words) else 0)
    for fault in known:
        change = fault.change
        if isinstance(change, PageSetup):
            _set_page(sheet)
            done.append(fault)
        elif isinstance(change, Look) and fault.line is not None and not fault.line.is_shared:
            _set_look(fault.line, change.part)
            done.append(fault)
        elif isinstance(change, Words) and fault.line is not None and _replace(fault.line, change):
            done.append(fault)
    buffer = io.BytesIO()
    sheet.document.save(buffer)
    return buffer.getvalue(), tuple(done)


# --- words ---------------------------------------------------------------------------------


def _replace(line: Line, change: Words) -> bool:
    """Put new words into the runs of a paragraph; the first run they touch gets them all."""
    nodes = [node for node in line.paragraph.iter(f"{_W}t") if _is_own(node, line.paragraph)]
    for node in nodes:
        node.text = unicodedata.normalize("NFC", node.text or "")
    texts = [node.text or "" for node in nodes]
    whole = "".join(texts)
    lead = len(whole) - len(whole.lstrip())
    before = unicodedata.normalize("NFC", change.before)
    at = -1
    if change.start is not None and whole.startswith(before, change.start + lead):
        at = change.start + lead
    if at < 0:
        # Tabs and breaks count in the text of a line, not in its nodes.
        found = [match.start() for match in re.finditer(re.escape(before), whole)]
        near = change.start or 0
        at = min(found, key=lambda start: abs(start - near), default=-1)
    if at < 0:
        return False
    end, passed, is_put = at + len(before), 0, False
    for node, text in zip(nodes, texts, strict=True):
        start, stop = passed, passed + len(text)
        passed = stop
        if stop <= at or start >= end:
            continue
        left, right = text[: max(at - start, 0)], text[max(0, min(end, stop) - start) :]
        node.text = left + ("" if is_put else change.after) + right
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        is_put = True
    return is_put


def _is_own(node: Any, paragraph: Any) -> bool:
    while node is not None and node.tag != f"{_W}p":
        if node.tag == f"{_W}del":
            return False
        node = node.getparent()
    return node is paragraph


# --- looks ---------------------------------------------------------------------------------


def _set_look(line: Line, part: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt, RGBColor
    from docx.text.paragraph import Paragraph

    table = page()
    known = table.parts.get(part)
    paragraph = Paragraph(line.paragraph, None)
    for run in paragraph.runs:
        run.font.name = table.font
        fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(f"{_W}{theme}", None)
        for name in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(f"{_W}{name}", table.font)
        run.font.color.rgb = RGBColor(0, 0, 0)
        if known is not None:
            least, most = known.size
            if any(not least <= size <= most for size in line.sizes):
                run.font.size = Pt(most)
            if known.bold is not None:
                run.bold = known.bold
            if known.italic is not None:
                run.italic = known.italic
            if known.capitals:
                run.text = run.text.upper()
    if part != "body" or line.cell is not None:
        return
    layout = paragraph.paragraph_format
    if line.spacing is not None and not table.lines[0] <= line.spacing <= table.lines[1]:
        layout.line_spacing = table.lines[0] if line.spacing < 1 else table.lines[1]
    if len(line.text) >= 120:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if not 9.0 <= line.first_indent <= 13.7 and line.left_indent < 5:
            layout.first_line_indent = Mm(table.indent[1])


def _set_page(sheet: Sheet) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    table = page()
    section = sheet.document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(value) for value in table.paper)
    for side, (least, most) in table.margins.items():
        if not least <= sheet.margins[side] <= most:
            setattr(section, f"{side}_margin", Mm(least))
    section.different_first_page_header_footer = True
    if sheet.page_number != "header" or not sheet.page_number_centred:
        _take_page_number(section.footer)
        _take_page_number(section.header)
        add_page_number(section.header, Pt(table.page_number[1]))


def _take_page_number(part: Any) -> None:
    for paragraph in list(part._element.iter(f"{_W}p")):
        codes = " ".join(node.text or "" for node in paragraph.iter(f"{_W}instrText"))
        simple = any("PAGE" in str(n.get(f"{_W}instr")) for n in paragraph.iter(f"{_W}fldSimple"))
        if simple or re.search(r"\bPAGE\b", codes):
            for child in list(paragraph):
                if child.tag != f"{_W}pPr":
                    paragraph.remove(child)


def add_page_number(header: Any, size: Any) -> None:
    """The number of the page, centred in a header."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    run.font.size = size
    run.font.name = page().font
    for kind in ("begin", "", "separate", "t", "end"):
        if kind == "t":
            node = OxmlElement("w:t")
            node.text = "2"
        elif kind:
            node = OxmlElement("w:fldChar")
            node.set(qn("w:fldCharType"), kind)
        else:
            node = OxmlElement("w:instrText")
            node.text = " PAGE "
        run._r.append(node)
