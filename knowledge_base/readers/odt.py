"""OpenDocument texts: paragraphs, headings and tables of ``content.xml``."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.package import check_package
from knowledge_base.readers.reading import Block, Reading, laid_out, table_row
from knowledge_base.readers.secrecy import refuse_secret

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_LEFT_OUT = {f"{_TEXT}tracked-changes", f"{_TEXT}note-citation", f"{_OFFICE}annotation"}
_MOST_SPACES = 100


def read_odt(data: bytes) -> Reading:
    """The body in order; headers and footers are looked at for stamps only."""
    check_package(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            content = etree.fromstring(package.read("content.xml"), parser)
            if "styles.xml" in package.namelist():
                looks = etree.fromstring(package.read("styles.xml"), parser)
                refuse_secret("\n".join(_shown(p) for p in looks.iter(f"{_TEXT}p")))
    except (KeyError, etree.XMLSyntaxError) as error:
        raise Unreadable("tệp ODT bị hỏng, không mở được", QuarantineReason.DAMAGED) from error
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise Unreadable("tệp ODT không có nội dung", QuarantineReason.EMPTY)
    refuse_secret("\n".join(_shown(p) for p in list(body.iter(f"{_TEXT}p"))[:80]))
    return laid_out(_blocks(body))


def _blocks(body: Any) -> Iterator[Block]:
    for child in body:
        if child.tag == f"{_TEXT}p":
            yield Block(_shown(child))
        elif child.tag == f"{_TEXT}h":
            level = str(child.get(f"{_TEXT}outline-level", "1"))
            yield Block(_shown(child), int(level) + 1 if level.isdigit() else 2)
        elif child.tag == f"{_TABLE}table":
            for row in child.iter(f"{_TABLE}table-row"):
                cells = [cell for cell in row if cell.tag == f"{_TABLE}table-cell"]
                yield from table_row(
                    [[b for b in _blocks(cell) if b.text.strip()] for cell in cells]
                )
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _blocks(child)


def _shown(node: Any) -> str:
    words = [node.text or ""]
    for child in node:
        if child.tag == f"{_TEXT}s":
            count = str(child.get(f"{_TEXT}c", "1"))
            words.append(" " * min(_MOST_SPACES, int(count) if count.isdigit() else 1))
        elif child.tag == f"{_TEXT}tab":
            words.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            words.append("\n")
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            words.append(_shown(child))
            if child.tag == f"{_TEXT}p":  # of a text box inside this paragraph
                words.append("\n")
        words.append(child.tail or "")
    return "".join(words)
