"""Word files. What could hide or lose text, or eat memory, is refused before parsing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.html import read_html, read_mhtml
from knowledge_base.readers.legacy import marked
from knowledge_base.readers.list_numbers import Numbers, numbers_of
from knowledge_base.readers.package import check_package
from knowledge_base.readers.reading import Block, Reading, laid_out, table_row
from knowledge_base.readers.secrecy import refuse_secret

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WATERMARK = "{urn:schemas-microsoft-com:vml}textpath"
_HEADING = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*(\d)$", re.IGNORECASE)
_OLD_FONT = re.compile(r"\.?vn[a-z]|vni", re.IGNORECASE)
_HEAD = 80  # paragraphs looked at one by one for a stamp, before they are laid out


@dataclass(frozen=True, slots=True)
class _Styles:
    """What a paragraph's style says: its name, and its font where that matters."""

    names: dict[str, str]
    numbers: Numbers
    fonts: dict[str, str] = field(default_factory=dict)
    default_font: str = ""


def read_docx(data: bytes) -> Reading:
    """Paragraphs and tables in order, tracked insertions included, deletions left out."""
    import docx
    from docx.opc.exceptions import OpcError

    check_package(data)
    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, KeyError, ValueError, SyntaxError) as error:
        raise Unreadable("tệp Word bị hỏng, không mở được", QuarantineReason.DAMAGED) from error
    styles = _styles(document)
    for section in document.sections:
        for part in (section.header, section.first_page_header, section.footer):
            element = part._element
            lines = [_text(p, styles) for p in element.iter(f"{_W}p")]
            lines += [mark.get("string", "") for mark in element.iter(_WATERMARK)]
            refuse_secret("\n".join(lines))
    body = document.element.body
    head = [_text(p, styles) for p, _ in zip(body.iter(f"{_W}p"), range(_HEAD), strict=False)]
    refuse_secret("\n".join(head))
    chunk = _inserted(document) if not any(line.strip() for line in head) else b""
    if chunk:
        return (read_mhtml if b"mime-version" in chunk[:4096].lower() else read_html)(chunk)
    title = document.core_properties.title or ""
    return laid_out(_blocks(body, styles), title if len(title) > 8 else "")


def _inserted(document: Any) -> bytes:
    """A page of HTML that stands in for the text: some web sites make Word files so."""
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith("/aFChunk"):
            return bytes(relation.target_part.blob)
    return b""


def _blocks(body: Any, styles: _Styles) -> Iterator[Block]:
    for child in body:
        if child.tag == f"{_W}p":
            boxes = [p for p in child.iter(f"{_W}p") if p is not child and not _is_fallback(p)]
            text = _text(child, styles)
            if text.strip():
                text = styles.numbers.label(child, _style_of(child)) + text
            yield Block(text, _level(child, styles))
            for paragraph in boxes:
                yield Block(_text(paragraph, styles))
        elif child.tag == f"{_W}tbl":
            for row in _rows(child):
                yield from _row(row, styles)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(child, styles)


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table, without those of tables inside its cells."""
    for child in table:
        if child.tag == f"{_W}tr":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _rows(child)


def _row(row: Any, styles: _Styles) -> Iterator[Block]:
    cells = [cell for cell in row.iter(f"{_W}tc") if _row_of(cell) is row]
    texts = [[block for block in _blocks(cell, styles) if block.text.strip()] for cell in cells]
    yield from table_row(texts)


def _row_of(cell: Any) -> Any:
    node = cell.getparent()
    while node is not None and node.tag != f"{_W}tr":
        node = node.getparent()
    return node


def _text(paragraph: Any, styles: _Styles) -> str:
    words = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if _owner(node) is not paragraph or _is_hidden(node.getparent()):
            continue  # of a text box inside this paragraph, or not shown
        if node.tag == f"{_W}t":
            text = node.text or ""
            words.append(marked(text, _font(node, paragraph, styles)) if styles.fonts else text)
        else:
            words.append({"tab": "\t", "noBreakHyphen": "-"}.get(node.tag[len(_W) :], "\n"))
    return "".join(words)


def _owner(node: Any) -> Any:
    while node is not None and node.tag != f"{_W}p":
        node = node.getparent()
    return node


def _is_hidden(run: Any) -> bool:
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val") not in ("0", "false")


def _is_fallback(paragraph: Any) -> bool:
    return any(ancestor.tag == _FALLBACK for ancestor in paragraph.iterancestors())


def _level(paragraph: Any, styles: _Styles) -> int:
    name = styles.names.get(_style_of(paragraph), "")
    if name.lower() == "title":
        return 1
    match = _HEADING.match(name)
    return int(match[1]) + 1 if match else 0


def _style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if style is None else str(style.get(f"{_W}val", ""))


# --- fonts of the time before Unicode ------------------------------------------------------


def _styles(document: Any) -> _Styles:
    names = {style.style_id: style.name or "" for style in document.styles}
    root = document.styles.element
    named = {_font_in(node) for part in (root, document.element) for node in part.iter(f"{_W}rPr")}
    if not any(_OLD_FONT.match(name) for name in named):
        return _Styles(names, numbers_of(document))
    based, fonts, default = {}, {}, ""
    for style in root.iter(f"{_W}style"):
        key = str(style.get(f"{_W}styleId"))
        above, look = style.find(f"{_W}basedOn"), style.find(f"{_W}rPr")
        based[key] = "" if above is None else str(above.get(f"{_W}val"))
        fonts[key] = "" if look is None else _font_in(look)
        if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true"):
            default = fonts[key]
    look = root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr")
    default = default or ("" if look is None else _font_in(look))
    for key in fonts:
        above, steps = key, 0
        while not fonts[key] and based.get(above) and steps < 20:
            above, steps = based[above], steps + 1
            fonts[key] = fonts.get(above, "")
    return _Styles(names, numbers_of(document), fonts | {"": default}, default)


def _font(node: Any, paragraph: Any, styles: _Styles) -> str:
    look = node.getparent().find(f"{_W}rPr")
    own = "" if look is None else _font_in(look)
    return own or styles.fonts.get(_style_of(paragraph), "") or styles.default_font


def _font_in(look: Any) -> str:
    fonts = look.find(f"{_W}rFonts")
    if fonts is None:
        return ""
    return str(fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or "")
