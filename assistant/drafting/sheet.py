"""A Word file as it looks: every line with its place, letters, and how it is laid out.

What a run does not say itself is looked up as Word does: its style, the
paragraph's style and those it is based on, then the defaults of the document.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.drafting.word_xml import (
    ON,
    W,
    between_breaks,
    has_rule,
    paragraphs_of,
    style_of,
    theme_fonts,
)
from assistant.errors import InputError
from knowledge_base.errors import Unreadable
from knowledge_base.readers.formats import format_of
from knowledge_base.readers.list_numbers import Numbers, numbers_of
from knowledge_base.readers.package import check_package
from knowledge_base.readers.secrecy import refuse_secret
from knowledge_base.vietnamese import clean

#: Bytes of a file, and lines in it; a longer one is no single paper.
LARGEST = 20 * 1024 * 1024
MOST_LINES = 8000
#: A line that is typed, not drawn: "-------".
_RULE = re.compile(r"[-_–—=*\s]{3,}")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. Sizes in points, indents in mm, ``spacing`` in lines (None: not told).

    ``cell`` is the table, row and column it stands in; ``paragraph`` the XML element.
    Shares are of the letters in it.
    """

    number: int
    text: str
    label: str
    cell: tuple[int, int, int] | None
    sizes: tuple[float, ...]
    fonts: tuple[str, ...]
    bold: float
    italic: float
    coloured: bool
    align: str
    first_indent: float
    left_indent: float
    before: float
    after: float
    spacing: float | None
    has_rule: bool
    is_shared: bool  # the paragraph holds other lines, too, parted by line breaks
    paragraph: Any = field(compare=False, repr=False)

    @property
    def whole(self) -> str:
        """The words with the number that Word puts before them."""
        return f"{self.label}{self.text}"

    @property
    def is_capital(self) -> bool:
        letters = [letter for letter in self.text if letter.isalpha()]
        return bool(letters) and sum(x.isupper() for x in letters) >= 0.9 * len(letters)

    @property
    def place(self) -> str:
        """Where it is, for a person who looks for it."""
        if self.cell is None:
            return f"đoạn {self.number}"
        table, row, column = self.cell
        return f"bảng {table}, hàng {row}, ô {column}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole document. ``page``: width and height in mm; ``margins`` in mm by side."""

    lines: tuple[Line, ...]
    page: tuple[float, float]
    margins: dict[str, float]
    page_number: str  # "none", "header", "footer"
    page_number_centred: bool
    first_page_differs: bool
    document: Any = field(compare=False, repr=False)


def read_sheet(path: Path) -> Sheet:
    """The document in a file. Raises `InputError` with what the file is and what to do."""
    try:
        if path.is_dir():
            raise InputError(f"{path} là thư mục. Hãy chỉ rõ một tệp .docx.")
        if path.stat().st_size > LARGEST:
            raise InputError(
                f"{path.name} lớn quá {LARGEST // 2**20} MB. Hãy bỏ bớt ảnh hoặc tách phụ lục ra."
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"Không đọc được {path}: {error.strerror}. Hãy kiểm tra lại.") from error
    return sheet_of(data, path.name)


def sheet_of(data: bytes, name: str = "tệp") -> Sheet:
    """The document in bytes. Raises `InputError`."""
    import docx
    from docx.opc.exceptions import OpcError

    if len(data) > LARGEST:
        raise InputError(f"{name} lớn quá {LARGEST // 2**20} MB. Hãy tách phụ lục ra.")
    try:
        kind = format_of(Path(name if "." in name else "tep.docx"), data)
        if kind == "docx":
            check_package(data)
    except Unreadable as error:
        raise InputError(f"{name}: {error.reason}.".replace("nạp lại", "kiểm tra lại")) from error
    if kind != "docx":
        what = {"doc": "tệp .doc (Word 97-2003)", "pdf": "tệp PDF"}.get(kind, f"tệp loại {kind}")
        raise InputError(
            f"{name} là {what}. Hãy mở bằng Word hoặc LibreOffice, lưu thành .docx "
            "rồi kiểm tra lại."
        )
    try:
        document = docx.Document(io.BytesIO(data))
        found = _Reader(document).sheet()
    except (OpcError, KeyError, ValueError, SyntaxError, AttributeError, IndexError) as error:
        raise InputError(f"{name} bị hỏng, không mở được như tệp Word. Hãy lưu lại.") from error
    if not any(line.text.strip() for line in found.lines):
        raise InputError(f"{name} không có chữ nào (có thể là ảnh quét). Hãy dùng bản có chữ.")
    try:
        # Thousands of blanks in a row would keep the search for a stamp busy for a minute.
        head = "\n".join(line.text[:1000] for line in found.lines[:80])
        refuse_secret(re.sub(r"\s{3,}", lambda run: "\n" if "\n" in run[0] else "   ", head))
    except Unreadable as error:
        raise InputError(f"{name}: văn bản có dấu độ mật, không kiểm tra trên máy này.") from error
    return found


class _Reader:
    def __init__(self, document: Any) -> None:
        self._document = document
        root = document.styles.element
        self._styles = {str(s.get(f"{W}styleId")): s for s in root.iter(f"{W}style")}
        self._default = next(
            (key for key, s in self._styles.items()
             if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default") in ("1", "true")), "",
        )  # fmt: skip
        self._run_defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._paragraph_defaults = root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr")
        self._theme = theme_fonts(document)
        self._numbers: Numbers = numbers_of(document)

    def sheet(self) -> Sheet:
        lines: list[Line] = []
        for paragraph, cell in paragraphs_of(self._document.element.body):
            if len(lines) >= MOST_LINES:
                raise InputError(
                    f"Văn bản dài quá {MOST_LINES} đoạn. Hãy tách phụ lục ra rồi kiểm tra lại."
                )
            pieces = list(between_breaks(paragraph))
            for piece in pieces:
                shared = len(pieces) > 1
                lines.append(self._line(len(lines) + 1, paragraph, cell, piece, shared=shared))
        section = self._document.sections[0]
        mm = {side: _mm(getattr(section, f"{side}_margin"))
              for side in ("top", "bottom", "left", "right")}  # fmt: skip
        where, centred = self._page_number(section)
        return Sheet(
            tuple(lines), (_mm(section.page_width), _mm(section.page_height)), mm, where, centred,
            bool(section.different_first_page_header_footer), self._document,
        )  # fmt: skip

    def _page_number(self, section: Any) -> tuple[str, bool]:
        for where in ("header", "footer"):
            part = getattr(section, where)
            for paragraph in part._element.iter(f"{W}p"):
                codes = " ".join(
                    [node.text or "" for node in paragraph.iter(f"{W}instrText")]
                    + [str(n.get(f"{W}instr")) for n in paragraph.iter(f"{W}fldSimple")]
                )
                if re.search(r"\bPAGE\b", codes):
                    framed = paragraph.find(f"{W}pPr/{W}framePr")
                    align = self._align(paragraph)
                    framed_centre = framed is not None and framed.get(f"{W}xAlign") == "center"
                    return where, align == "center" or framed_centre
        return "none", False

    # --- one line ---------------------------------------------------------------------------

    def _line(
        self,
        number: int,
        paragraph: Any,
        cell: tuple[int, int, int] | None,
        pieces: list[tuple[Any, str]],
        *,
        shared: bool,
    ) -> Line:
        texts: list[str] = []
        sizes: dict[float, int] = {}
        fonts: dict[str, int] = {}
        letters = bold = italic = 0
        coloured = False
        for run, text in pieces:
            texts.append(text)
            count = sum(1 for letter in text if letter.isalnum())
            if not count:
                continue
            letters += count
            size = self._value(run, paragraph, "sz")
            sizes[float(size) / 2 if size else 10.0] = count
            font = self._font(run, paragraph)
            fonts[font] = fonts.get(font, 0) + count
            bold += count * self._toggle(run, paragraph, "b")
            italic += count * self._toggle(run, paragraph, "i")
            colour = (self._value(run, paragraph, "color") or "auto").lower()
            coloured = coloured or colour not in ("auto", "000000")
        style = style_of(paragraph) or self._default
        text = clean("".join(texts)).strip()
        is_rule = bool(_RULE.fullmatch(text))
        text = "" if is_rule else text
        label = self._numbers.label(paragraph, style_of(paragraph)) if text else ""
        return Line(
            number, text, label, cell,
            tuple(sorted(sizes)), tuple(fonts), bold / letters if letters else 0.0,
            italic / letters if letters else 0.0, coloured, self._align(paragraph),
            self._measure(paragraph, style, "ind", "firstLine")
            - self._measure(paragraph, style, "ind", "hanging"),
            self._measure(paragraph, style, "ind", "left"),
            self._measure(paragraph, style, "spacing", "before") * 56.7 / 20,
            self._measure(paragraph, style, "spacing", "after") * 56.7 / 20,
            self._lines(paragraph, style), is_rule or has_rule(paragraph), shared, paragraph,
        )  # fmt: skip

    def _chain(self, style: str) -> Iterator[Any]:
        steps = 0
        while style in self._styles and steps < 20:
            found = self._styles[style]
            yield found
            above = found.find(f"{W}basedOn")
            style = "" if above is None else str(above.get(f"{W}val"))
            steps += 1

    def _looks(self, run: Any, paragraph: Any) -> Iterator[Any]:
        """Every ``rPr`` that says how a run looks, the nearest first."""
        own = run.find(f"{W}rPr")
        if own is not None:
            yield own
            named = own.find(f"{W}rStyle")
            if named is not None:
                yield from (s.find(f"{W}rPr") for s in self._chain(str(named.get(f"{W}val"))))
        style = style_of(paragraph) or self._default
        yield from (s.find(f"{W}rPr") for s in self._chain(style))
        yield self._run_defaults

    def _value(self, run: Any, paragraph: Any, name: str) -> str | None:
        for look in self._looks(run, paragraph):
            node = None if look is None else look.find(f"{W}{name}")
            if node is not None and node.get(f"{W}val") is not None:
                return str(node.get(f"{W}val"))
        return None

    def _toggle(self, run: Any, paragraph: Any, name: str) -> bool:
        for look in self._looks(run, paragraph):
            node = None if look is None else look.find(f"{W}{name}")
            if node is not None:
                return str(node.get(f"{W}val", "")).lower() in ON
        return False

    def _font(self, run: Any, paragraph: Any) -> str:
        for look in self._looks(run, paragraph):
            node = None if look is None else look.find(f"{W}rFonts")
            if node is None:
                continue
            theme = node.get(f"{W}asciiTheme") or node.get(f"{W}hAnsiTheme")
            if theme:
                return self._theme.get("major" if "major" in theme else "minor", "")
            name = node.get(f"{W}ascii") or node.get(f"{W}hAnsi")
            if name:
                return str(name)
        return "Times New Roman"  # what Word takes where nothing is said

    def _layouts(self, paragraph: Any, style: str) -> Iterator[Any]:
        yield paragraph.find(f"{W}pPr")
        yield from (s.find(f"{W}pPr") for s in self._chain(style))
        yield self._paragraph_defaults

    def _attribute(self, paragraph: Any, style: str, node: str, name: str) -> str | None:
        for layout in self._layouts(paragraph, style):
            found = None if layout is None else layout.find(f"{W}{node}")
            if found is not None and found.get(f"{W}{name}") is not None:
                return str(found.get(f"{W}{name}"))
        return None

    def _measure(self, paragraph: Any, style: str, node: str, name: str) -> float:
        """Millimetres of a measure in twentieths of a point; 0 where nothing is said."""
        value = self._attribute(paragraph, style, node, name)
        try:
            return round(float(value or 0) / 56.7, 1)
        except ValueError:
            return 0.0

    def _align(self, paragraph: Any) -> str:
        style = style_of(paragraph) or self._default
        value = self._attribute(paragraph, style, "jc", "val") or "left"
        return {"start": "left", "end": "right"}.get(value, value)

    def _lines(self, paragraph: Any, style: str) -> float | None:
        value = self._attribute(paragraph, style, "spacing", "line")
        rule = self._attribute(paragraph, style, "spacing", "lineRule") or "auto"
        return float(value) / 240 if value and rule == "auto" else None if value else 1.0


def _mm(length: Any) -> float:
    return 0.0 if length is None else round(float(length.mm), 1)
