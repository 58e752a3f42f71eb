"""A ``.docx`` read and spoilt by the evaluation itself; the program's own reader is not used."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import docx
from docx.shared import Mm


def read(data: bytes) -> dict[str, Any]:
    """Lines top to bottom (cells left to right), page in mm, fonts and sizes."""
    paper = docx.Document(io.BytesIO(data))
    section = paper.sections[0]
    lines = list(_paragraphs(paper))
    return {
        "lines": [" ".join(each.text.split()) for each in lines if each.text.strip()],
        "left": [
            " ".join(each.text.split())
            for table in paper.tables
            for each in table.rows[0].cells[0].paragraphs
            if each.text.strip()
        ],
        "paper": [round(section.page_width.mm), round(section.page_height.mm)],
        "margins": {
            side: round(getattr(section, f"{side}_margin").mm)
            for side in ("top", "bottom", "left", "right")
        },
        "font": paper.styles["Normal"].font.name,
        "other_fonts": sorted({r.font.name for p in lines for r in p.runs if r.font.name}),
        "sizes": sorted({r.font.size.pt for p in lines for r in p.runs if r.font.size}),
        "first_page_differs": bool(section.different_first_page_header_footer),
        "numbered": "PAGE" in section.header._element.xml,
    }


def spoilt(data: bytes, how: Mapping[str, Any]) -> bytes:
    """The paper with one thing made wrong. Raises `ValueError` where it is not there."""
    paper = docx.Document(io.BytesIO(data))
    section = paper.sections[0]
    lines = list(_paragraphs(paper))
    if "replace" in how:
        old, new = how["replace"]
        run = next((r for p in lines for r in p.runs if old in r.text), None)
        if run is None:
            raise ValueError(f"there is no “{old}”")
        run.text = run.text.replace(old, new, 1)
    if "drop" in how:
        found = next(p for p in lines if p.text.startswith(how["drop"]))
        found._p.getparent().remove(found._p)
    for side, value in how.get("margin", {}).items():
        setattr(section, f"{side}_margin", Mm(value))
    if "page" in how:
        section.page_width, section.page_height = (Mm(value) for value in how["page"])
    if "font" in how:
        for each in lines:
            for run in each.runs:
                run.font.name = how["font"]
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _paragraphs(paper: Any) -> Iterator[Any]:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for element in paper.element.body.iterchildren():
        if element.tag.endswith("}p"):
            yield Paragraph(element, paper)
        elif element.tag.endswith("}tbl"):
            for cell in Table(element, paper).rows[0].cells:
                yield from cell.paragraphs
