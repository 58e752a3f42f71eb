"""A picture as a PDF page with its own font, and as the PNG that pdfium draws of it."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.figures.drawing import LIGHT, Box, Dot, Line, Picture, Shape, Words
from assistant.figures.lettering import FILES, folder, width

if TYPE_CHECKING:
    from fpdf import FPDF

_SCALE = 2  # pixels for each unit of the picture
_FAMILY = "DejaVu"
_DRAWN = datetime(2026, 1, 1, tzinfo=UTC)  # the same picture gives the same bytes


def as_png(picture: Picture) -> bytes:
    """Twice as many pixels as units, so that it is sharp in print; always on light ground."""
    import pypdfium2

    document = pypdfium2.PdfDocument(as_pdf(picture))
    held = io.BytesIO()
    try:
        document[0].render(scale=_SCALE).to_pil().save(held, "PNG", optimize=True)
    finally:
        document.close()
    return held.getvalue()


def as_pdf(picture: Picture) -> bytes:
    """One page, a point for each unit; its words can be selected and searched."""
    from fpdf import FPDF

    page = FPDF(unit="pt", format=(picture.wide, picture.high))
    page.set_auto_page_break(False)
    page.set_creation_date(_DRAWN)
    for bold, file in FILES.items():
        page.add_font(_FAMILY, "B" if bold else "", str(folder() / file))
    page.add_page()
    for shape in picture.shapes:
        _draw(page, shape)
    return bytes(page.output())


def _draw(page: FPDF, one: Shape) -> None:
    colour = LIGHT[one.role]
    page.set_draw_color(colour)
    page.set_fill_color(colour)
    if isinstance(one, Line):
        page.set_line_width(one.wide)
        page.polyline(list(one.points))
    elif isinstance(one, Box):
        page.rect(one.x, one.y, one.wide, one.high, style="F")
    elif isinstance(one, Dot):
        page.set_line_width(2)
        if one.hollow:
            page.set_fill_color(LIGHT["paper"])
        page.circle(one.x, one.y, one.radius, style="DF")
    else:
        _write(page, one, colour)


def _write(page: FPDF, one: Words, colour: str) -> None:
    page.set_text_color(colour)
    page.set_font(_FAMILY, "B" if one.bold else "", one.size)
    wide = width(one.text, one.size, bold=one.bold)
    page.text(one.x - {"start": 0.0, "middle": wide / 2, "end": wide}[one.anchor], one.y, one.text)
