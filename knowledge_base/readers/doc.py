"""Word 97-2003 files: the text by its piece table, paragraphs and rows by their properties.

Written against the published format [MS-DOC], because what else reads these
files is a program of its own (antiword, catdoc, LibreOffice) that a jail without
a file system to write to cannot use. Formatting is read only where it changes
the text: what is deleted or hidden, which font, which style, where a row ends.
"""

from __future__ import annotations

import io
import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.doc_lists import lists_of
from knowledge_base.readers.doc_properties import Fib, Runs, font_names, heading_levels, runs_of
from knowledge_base.readers.legacy import marked
from knowledge_base.readers.list_numbers import Numbers
from knowledge_base.readers.reading import Block, Reading, laid_out, table_row
from knowledge_base.readers.secrecy import refuse_secret

_LONGEST = 20_000_000  # characters
_FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x15]*))?\x15")
_CELL, _PARAGRAPH, _PAGE = "\x07", "\r", "\x0c"
_ENDS = re.compile("[\x07\r\x0c]")
_LINE = str.maketrans({"\x0b": "\n", "\x1e": "-", "\x1f": "", "\x01": "", "\x08": "", "\x05": ""})
_HEAD = 6000  # characters looked at before they are laid out


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int  # position in the text
    length: int  # characters
    offset: int  # in the stream
    width: int  # bytes a character

    def place(self, position: int) -> int:
        return self.offset + (position - self.start) * self.width


def read_doc(data: bytes) -> Reading:
    """The main text with its tables, then notes and text boxes; headers only for stamps."""
    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            stream = file.openstream("WordDocument").read()
            fib = Fib.of(stream)
            table = file.openstream("1Table" if fib.second_table else "0Table").read()
            data_stream = file.openstream("Data").read() if file.exists("Data") else b""
        return _read(stream, table, data_stream, fib)
    except (OSError, struct.error, IndexError, ValueError, TypeError, AttributeError) as error:
        raise Unreadable("tệp Word 97-2003 bị hỏng, không mở được", QuarantineReason.DAMAGED) from (
            error
        )


def _read(stream: bytes, table: bytes, data: bytes, fib: Fib) -> Reading:
    pieces = _pieces(table, fib)
    total = fib.text_lengths.main + fib.text_lengths.rest
    if total > _LONGEST:
        raise Unreadable("tệp Word có quá nhiều chữ: hãy tách nhỏ", QuarantineReason.TOO_LARGE)
    text = "".join(_decoded(stream, piece) for piece in pieces)
    main = fib.text_lengths.main
    aside = text[main : main + fib.text_lengths.rest]  # footnotes, headers, comments, boxes
    for part in (aside, text[:_HEAD]):
        refuse_secret(re.sub("[\x07\r\x0b\x0c\x0d]+", "\n", part))
    characters = runs_of(stream, table, fib.characters)
    paragraphs = runs_of(stream, table, fib.paragraphs, data)
    fonts, levels = font_names(table, fib), heading_levels(table, fib)
    lists = lists_of(table, fib)
    document = _Document(text, pieces, characters, paragraphs, fonts, levels, lists)
    spans = [(0, main), *fib.text_lengths.read()]
    return laid_out(block for start, end in spans for block in document.blocks(start, end))


def _pieces(table: bytes, fib: Fib) -> list[_Piece]:
    at, end = fib.pieces.start, fib.pieces.start + fib.pieces.length
    while at < end and table[at] == 1:  # formatting of pieces, not needed
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    if at >= end or table[at] != 2:
        raise ValueError("no piece table")
    length = struct.unpack_from("<I", table, at + 1)[0]
    count = (length - 4) // 12
    if count < 1 or count > 1_000_000:
        raise ValueError("odd piece table")
    positions = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    found = []
    for number in range(count):
        where = struct.unpack_from("<I", table, at + 5 + 4 * (count + 1) + 8 * number + 2)[0]
        narrow = bool(where & 0x4000_0000)
        where &= 0x3FFF_FFFF
        start, size = positions[number], positions[number + 1] - positions[number]
        if size < 0:
            raise ValueError("odd piece table")
        found.append(_Piece(start, size, where // 2 if narrow else where, 1 if narrow else 2))
    return found


def _decoded(stream: bytes, piece: _Piece) -> str:
    raw = stream[piece.offset : piece.offset + piece.length * piece.width]
    if piece.width == 2:
        # Pairs of code units stay two here, so that positions keep counting them.
        text = "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw[: len(raw) & ~1])))
    else:
        text = raw.decode("cp1252", "replace").replace("\ufffd", " ")
    return text.ljust(piece.length, " ")


@dataclass(frozen=True, slots=True)
class _Document:
    """All texts of a file and what is known about their characters and paragraphs."""

    text: str
    pieces: list[_Piece]
    characters: Runs
    paragraphs: Runs
    fonts: list[str]
    levels: dict[int, int]
    lists: Numbers

    def blocks(self, start: int, stop: int) -> Iterator[Block]:
        """Paragraphs between two positions in order, the rows of tables as rows."""
        row: list[list[Block]] = []
        cell: list[Block] = []
        for end in _ENDS.finditer(self.text, start, stop):
            look = self.paragraphs.at(self._place(end.start()))
            text = self._shown(start, end.start())
            if look.list and text.strip():
                text = self.lists.next(str(look.list), look.level) + text
            block = Block(text, self.levels.get(look.style, 0))
            start = end.end()
            if end[0] == _CELL and look.ends_row:
                yield from table_row(row)
                row, cell = [], []
            elif end[0] == _CELL:
                row.append([part for part in (*cell, block) if part.text.strip()])
                cell = []
            elif look.in_table:
                cell.append(block)
            else:
                yield from table_row([*row, cell])  # a table that never ended
                row, cell = [], []
                yield block
        yield from table_row([*row, cell])
        yield Block(self._shown(start, min(stop, len(self.text))))

    def _place(self, position: int) -> int:
        piece = self.pieces[bisect_right(self.pieces, position, key=lambda piece: piece.start) - 1]
        return piece.place(position)

    def _shown(self, start: int, end: int) -> str:
        """The text one sees between two positions, fonts noted."""
        words: list[str] = []
        first = bisect_right(self.pieces, start, key=lambda piece: piece.start) - 1
        for piece in self.pieces[max(0, first) :]:
            if piece.start >= end:
                break
            at, stop = max(start, piece.start), min(end, piece.start + piece.length)
            while at < stop:
                look, until = self.characters.run(piece.place(at))
                upto = min(stop, at + max(1, -(-(until - piece.place(at)) // piece.width)))
                part = self.text[at:upto]
                if not look.hidden or _FIELD_MARK.search(part):
                    name = self.fonts[look.font] if 0 <= look.font < len(self.fonts) else ""
                    words.append(marked(part, name) if not _FIELD_MARK.search(part) else part)
                at = upto
        return _whole("".join(words))


_FIELD_MARK = re.compile("[\x13\x14\x15]")


def _whole(text: str) -> str:
    """Fields as what they show, special characters as what they mean, pairs joined."""
    for _ in range(5):  # fields hold fields
        shown = _FIELD.sub(lambda match: match[1] or "", text)
        if shown == text:
            break
        text = shown
    text = text.translate(_LINE)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
