"""Word files. What could hide or lose text, or eat memory, is refused before parsing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from knowledge_base.errors import Unreadable
from knowledge_base.readers.reading import Block, Reading, laid_out
from knowledge_base.readers.secrecy import refuse_secret

_ENTRIES = 2_000
_TOTAL = 200_000_000
_RATIO = 100
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode=\"External\"[^>]*>", re.IGNORECASE)
_LOADED = re.compile(rb"/(attachedTemplate|oleObject|frame|subDocument|aFChunk)\"", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*(\d)$", re.IGNORECASE)


def read_docx(data: bytes) -> Reading:
    """Paragraphs and tables in order, tracked insertions included, deletions left out."""
    import docx
    from docx.opc.exceptions import OpcError

    check_package(data)
    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, KeyError, ValueError, SyntaxError) as error:
        raise Unreadable("tệp Word bị hỏng, không mở được") from error
    for section in document.sections:
        for part in (section.header, section.first_page_header):
            refuse_secret("\n".join(_text(p) for p in part._element.iter(f"{_W}p")))
    names = {style.style_id: style.name or "" for style in document.styles}
    title = document.core_properties.title or ""
    return laid_out(_blocks(document.element.body, names), title if len(title) > 8 else "")


def check_package(data: bytes) -> None:
    """Refuse bombs, macros, outside templates and DTDs, by the bytes really unpacked."""
    total = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > _ENTRIES or len(set(names)) != len(names):
            raise Unreadable("tệp Word có cấu trúc bất thường (quá nhiều phần hoặc trùng tên)")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Unreadable("tệp Word có mật khẩu: hãy bỏ mật khẩu rồi nạp lại")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Unreadable("tệp Word có macro: hãy lưu lại thành .docx không có macro")
        for entry in entries:
            content = bytearray()
            try:
                with package.open(entry) as part:
                    while piece := part.read(1 << 20):
                        total += len(piece)
                        if total > _TOTAL or total > _RATIO * max(len(data), 100_000):
                            raise Unreadable(
                                "tệp nén phình quá lớn khi mở (có thể là bom nén), không đọc"
                            )
                        if entry.filename.endswith((".xml", ".rels")):
                            content += piece
            except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
                raise Unreadable("tệp Word bị hỏng, không mở được") from error
            except Exception as error:
                if type(error).__name__ == "error":  # zlib.error
                    raise Unreadable("tệp Word bị hỏng, không mở được") from error
                raise
            _check_part(bytes(content))


def _check_part(content: bytes) -> None:
    # An entity silently drops the text after it; Office never writes a DTD.
    plain = content.replace(b"\0", b"")  # the same in UTF-16
    if re.search(rb"<!(DOCTYPE|ENTITY)", plain, re.IGNORECASE):
        raise Unreadable("tệp Word có khai báo DTD (dấu hiệu tệp bị cài mã), không đọc")
    if any(_LOADED.search(found) for found in _OUTSIDE.findall(plain)):
        raise Unreadable("tệp Word nạp mẫu hoặc đối tượng từ bên ngoài, không đọc")


def _blocks(body: Any, styles: dict[str, str]) -> Iterator[Block]:
    for child in body:
        if child.tag == f"{_W}p":
            boxes = [p for p in child.iter(f"{_W}p") if p is not child and not _is_fallback(p)]
            yield Block(_text(child), _level(child, styles))
            for paragraph in boxes:
                yield Block(_text(paragraph))
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                cells = [
                    " ".join(filter(None, (_text(p).strip() for p in cell.iter(f"{_W}p"))))
                    for cell in row.findall(f"{_W}tc")
                ]
                yield Block(" | ".join(cell for cell in cells if cell))
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(child, styles)


def _text(paragraph: Any) -> str:
    words = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if _owner(node) is not paragraph:
            continue  # of a text box inside this paragraph
        if node.tag == f"{_W}t":
            words.append(node.text or "")
        else:
            words.append({"tab": "\t", "noBreakHyphen": "-"}.get(node.tag[len(_W) :], "\n"))
    return "".join(words)


def _owner(node: Any) -> Any:
    while node is not None and node.tag != f"{_W}p":
        node = node.getparent()
    return node


def _is_fallback(paragraph: Any) -> bool:
    return any(ancestor.tag == _FALLBACK for ancestor in paragraph.iterancestors())


def _level(paragraph: Any, styles: dict[str, str]) -> int:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    if style is None:
        return 0
    name = styles.get(style.get(f"{_W}val"), "")
    if name.lower() == "title":
        return 1
    match = _HEADING.match(name)
    return int(match[1]) + 1 if match else 0
