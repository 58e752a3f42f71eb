"""A paper as a Word file: A4, Times New Roman, every part where Decree 30/2020 has it."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

from assistant.drafting.fixing import add_page_number
from assistant.drafting.paper import BLANK, Line, Paper, Role, Signature
from assistant.drafting.tables import Page, PartLook, page

_NATION, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_LEFT_COLUMN = 62.0  # mm; the right one must hold the nation's name on one line
_POINT_MM = 0.3528


def to_docx(paper: Paper) -> bytes:
    """The bytes of a ``.docx`` that Word and LibreOffice open alike."""
    written = _Writer(page())
    written.head(paper)
    written.middle(paper)
    written.foot(paper)
    return written.saved()


class _Writer:
    """Writes one document, top to bottom."""

    def __init__(self, look: Page) -> None:
        import docx  # takes a while, and only this command needs it
        from docx.shared import Mm, Pt

        self._look = look
        self._pt, self._mm = Pt, Mm
        self._document = docx.Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = (Mm(value) for value in look.paper)
        for side, (least, _) in look.margins.items():
            setattr(section, f"{side}_margin", Mm(least))
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True
        self._width = look.paper[0] - look.margins["left"][0] - look.margins["right"][0]
        self._font()
        section.header.paragraphs[0].style = self._document.styles["Normal"]
        add_page_number(section.header, Pt(look.page_number[1]))

    def saved(self) -> bytes:
        buffer = io.BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()

    # --- parts ------------------------------------------------------------------------------

    def head(self, paper: Paper) -> None:
        left, right = self._columns(_LEFT_COLUMN)
        size = self._look.parts["agency"].size[0]
        for line in balanced(paper.parent, size, _LEFT_COLUMN) if paper.parent else ():
            self._put(left, line, "parent")
        lines = balanced(paper.agency, size, _LEFT_COLUMN)
        for line in lines:
            self._put(left, line, "agency")
        self._rule(left, lines[-1], size, 0.4, _LEFT_COLUMN)
        self._put(right, _NATION, "country")
        self._put(right, _MOTTO, "motto")
        motto_size = self._look.parts["motto"].size[0]
        self._rule(right, _MOTTO, motto_size, 1.0, self._width - _LEFT_COLUMN)
        left, right = self._columns(_LEFT_COLUMN)
        self._put(left, paper.number, "number", before=4)
        if not paper.kind.title:
            self._put(left, paper.subject, "letter_subject", before=6)
        self._put(right, paper.place_date, "place_date", before=4)

    def middle(self, paper: Paper) -> None:
        if paper.kind.title:
            self._put(self._document, paper.kind.title, "title", before=14)
            self._put(self._document, paper.subject, "subject")
            size = self._look.parts["subject"].size[1]
            self._rule(self._document, paper.subject, size, 0.4, self._width)
        if paper.addressees:
            self._addressees(paper.addressees)
        if paper.issuer:
            self._put(self._document, paper.issuer, "issuer", before=10, after=6)
        for basis in paper.bases:
            self._text(basis, "basis", italic=True)
        if paper.issuer:
            self._put(self._document, "QUYẾT ĐỊNH:", "issuer", before=6, after=6)
        for line in paper.body:
            self._line(line)

    def foot(self, paper: Paper) -> None:
        # The signature never stands on a page by itself: it takes the last lines with it.
        for paragraph in [*self._document.paragraphs[-2:], self._put(self._document, "", "signer")]:
            paragraph.paragraph_format.keep_with_next = True
        half = self._width / 2
        if len(paper.signatures) > 1:
            left, right = self._columns(half)
            self._signature(left, paper.signatures[0])
            self._signature(right, paper.signatures[1])
            left, _ = self._columns(half)
        else:
            left, right = self._columns(half)
            self._signature(right, paper.signatures[0])
        self._put(left, "Nơi nhận:", "receivers_head", align="left")
        for receiver in paper.receivers:
            self._put(left, receiver, "receiver", align="left")

    def _addressees(self, names: tuple[str, ...]) -> None:
        if len(names) == 1:
            self._put(self._document, f"Kính gửi: {names[0].rstrip(' ;.')}", "addressee",
                      before=12, after=8)  # fmt: skip
            return
        paragraph = self._put(self._document, "Kính gửi:", "addressee", before=12, align="left")
        paragraph.paragraph_format.left_indent = self._mm(25)
        for at, name in enumerate(names):
            end = "." if at == len(names) - 1 else ";"
            one = self._put(
                self._document, f"- {name.rstrip(' ;.')}{end}", "addressee", align="left",
                after=8 if end == "." else 0,
            )  # fmt: skip
            one.paragraph_format.left_indent = self._mm(45)

    def _signature(self, cell: Any, signature: Signature) -> None:
        for line in signature.lines:
            self._put(cell, line, "capacity")
        for _ in range(4):  # room for the stamp and the hand
            self._put(cell, "", "capacity")
        self._put(cell, signature.name, "signer")

    def _line(self, line: Line) -> None:
        if line.role is Role.ARTICLE:
            paragraph = self._text("", "body")
            self._run(paragraph, line.label.rstrip(), bold=True)
            self._run(paragraph, f" {line.text}")
            return
        bold = line.is_heading
        self._text(f"{line.label}{line.text}", "body", bold=bold)

    # --- paragraphs -------------------------------------------------------------------------

    def _text(self, text: str, part: str, *, bold: bool = False, italic: bool = False) -> Any:
        """A paragraph of running text: both edges straight, first line set in."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        layout = paragraph.paragraph_format
        layout.first_line_indent = self._mm(self._look.indent[1])
        layout.space_before, layout.space_after = self._pt(0), self._pt(self._look.space)
        layout.line_spacing = 1.15
        self._run(paragraph, text, bold=bold, italic=italic, size=self._look.parts[part].size[1])
        return paragraph

    def _put(
        self, place: Any, text: str, part: str, *,
        before: float = 0, after: float = 0, align: str = "center",
    ) -> Any:  # fmt: skip
        """A line of a part that stands by itself, as the table of parts says it looks."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = _first_or_new(place)
        paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
        layout = paragraph.paragraph_format
        layout.space_before, layout.space_after = self._pt(before), self._pt(after)
        layout.line_spacing = 1.0
        look = self._look.parts[part]
        self._run(paragraph, text, bold=bool(look.bold), italic=bool(look.italic), size=_size(look))
        return paragraph

    def _run(
        self, paragraph: Any, text: str, *,
        bold: bool = False, italic: bool = False, size: float | None = None,
    ) -> None:  # fmt: skip
        from docx.enum.text import WD_COLOR_INDEX

        for piece in re.split(rf"({re.escape(BLANK)})", text):
            if not piece:
                continue
            run = paragraph.add_run(piece)
            run.bold, run.italic = bold, italic
            run.font.size = self._pt(size or self._look.body_size[1])
            if piece == BLANK:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW

    def _rule(self, place: Any, text: str, size: float, share: float, width: float) -> None:
        """A line below ``text``, centred: ``share`` of the last line's length."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        long = text_width(text, size)
        if share < 1:
            long = min(long, width) * share
        side = max((width - min(long, width)) / 2, 0)
        paragraph = place.add_paragraph()
        layout = paragraph.paragraph_format
        layout.left_indent = layout.right_indent = self._mm(round(side, 1))
        layout.space_before, layout.space_after = self._pt(1), self._pt(6)
        layout.line_spacing = self._pt(3)
        borders = OxmlElement("w:pBdr")
        edge = OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
        _insert_in_order(paragraph._p.get_or_add_pPr(), borders)

    def _columns(self, left: float) -> tuple[Any, Any]:
        """Two cells side by side without borders; ``left``: mm of the first."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        table = self._document.add_table(rows=1, cols=2)
        table.autofit = False
        properties = table._tbl.tblPr
        margins = OxmlElement("w:tblCellMar")
        for side in ("left", "right"):
            edge = OxmlElement(f"w:{side}")
            edge.set(qn("w:w"), "0")
            edge.set(qn("w:type"), "dxa")
            margins.append(edge)
        look = properties.find(qn("w:tblLook"))
        if look is None:
            properties.append(margins)
        else:
            look.addprevious(margins)
        for column, width in zip(table.columns, (left, self._width - left), strict=True):
            column.width = self._mm(width)
            for cell in column.cells:
                cell.width = self._mm(width)
        whole = OxmlElement("w:cantSplit")
        table.rows[0]._tr.get_or_add_trPr().append(whole)
        first, second = table.rows[0].cells
        return first, second

    # --- the document -----------------------------------------------------------------------

    def _font(self) -> None:
        from docx.oxml.ns import qn
        from docx.shared import RGBColor

        style = self._document.styles["Normal"]
        style.font.name = self._look.font
        style.font.size = self._pt(self._look.body_size[1])
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{name}"), self._look.font)
        for language in self._document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "vi-VN")


def text_width(text: str, size: float) -> float:
    """Millimetres that a line takes in Times New Roman Bold of ``size`` points."""
    widths = page().widths
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    ).replace("Đ", "D").replace("đ", "d")  # fmt: skip
    return sum(widths.get(letter, 556) for letter in plain) * size * _POINT_MM / 1000


def balanced(text: str, size: float, width: float) -> list[str]:
    """A name on one line, or cut at a blank into lines of much the same length (mm)."""
    # Letters with a horn are a little wider than the table says.
    if text_width(text, size) <= 0.96 * width:
        return [text]
    words = text.split()
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    if not cuts:
        return [text]
    first, rest = min(cuts, key=lambda cut: abs(text_width(cut[0], 1) - text_width(cut[1], 1)))
    if max(text_width(first, size), text_width(rest, size)) <= width:
        return [first, rest]
    return [*balanced(first, size, width), *balanced(rest, size, width)]


def _size(look: PartLook) -> float:
    """The smaller size for what stands in the narrow columns, the larger for the rest."""
    return look.size[0] if look.size[1] <= 13 or look.name == "Tiêu ngữ" else look.size[1]


def _first_or_new(place: Any) -> Any:
    """An empty first paragraph of a cell is used, not left standing above the words."""
    paragraphs = place.paragraphs if hasattr(place, "_tc") else []
    if len(paragraphs) == 1 and not paragraphs[0].runs and not paragraphs[0].text:
        return paragraphs[0]
    return place.add_paragraph()


def _insert_in_order(properties: Any, borders: Any) -> None:
    """``pBdr`` before what the schema wants after it; Word refuses another order."""
    from docx.oxml.ns import qn

    after = {qn(f"w:{name}") for name in ("shd", "tabs", "spacing", "ind", "jc", "rPr")}
    for child in properties:
        if child.tag in after:
            child.addprevious(borders)
            return
    properties.append(borders)
