"""Plain text and Markdown."""

from __future__ import annotations

import re
from contextlib import suppress

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.legacy import settle
from knowledge_base.readers.reading import Block, Reading, laid_out

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_FENCE = re.compile(r"(```|~~~)")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def decoded(data: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16, or a Vietnamese encoding of one byte a letter.

    TCVN3 and VNI come back as the Latin-1 letters they look like; `laid_out`
    makes Unicode of them. Raises `Unreadable`.
    """
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    with suppress(UnicodeDecodeError):
        return data.decode("utf-16" if wide else "utf-8-sig")
    text = data.decode("latin-1")
    if not wide and settle(text.split("\n"))[1]:
        return text
    try:
        return data.decode("cp1258")
    except UnicodeDecodeError as error:
        raise Unreadable(
            "không nhận ra bảng mã của tệp: hãy lưu lại dạng UTF-8",
            QuarantineReason.LEGACY_ENCODING_UNREADABLE,
        ) from error


def read_text(data: bytes) -> Reading:
    """A plain text: paragraphs at blank lines, headings only where the law has them."""
    return laid_out(Block(part) for part in _paragraphs(decoded(data)))


def read_markdown(data: bytes) -> Reading:
    """Markdown: its headings become sections, its text stays as it is written."""
    text = decoded(data).replace("\r\n", "\n")
    title = ""
    front = _FRONT_MATTER.match(text)
    if front:
        named = re.search(r"^title:\s*[\"']?(.+?)[\"']?\s*$", front[1], re.MULTILINE)
        title = named[1] if named else ""
        text = text[front.end() :]
    return laid_out(_markdown_blocks(text), title)


def _markdown_blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    lines: list[str] = []
    fenced = False

    def end() -> None:
        blocks.extend(Block(part) for part in _paragraphs("\n".join(lines)))
        lines.clear()

    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(line)
        if heading:
            end()
            blocks.append(Block(heading[2], len(heading[1])))
        else:
            lines.append(line)
    end()
    return blocks


def _paragraphs(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # An article of a law opens a paragraph even where no blank line is above it.
    text = re.sub(
        r"\n(?=(?:Điều|ĐIỀU) \d+[a-zđ]?[.:]\s|(?:Chương|CHƯƠNG) [IVXLC\d]+\b)", "\n\n", text
    )
    return re.split(r"\n\s*\n", text)
