"""What a Word 97-2003 file says about its characters and paragraphs, as far as text needs it."""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from knowledge_base.errors import QuarantineReason, Unreadable

_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # bytes of an operand by its class
_DELETED, _HIDDEN, _FONT = 0x0800, 0x083C, 0x4A4F
_ELSEWHERE = (0x6645, 0x6646)  # properties too long for the page are in the data stream
_LIST, _LEVEL = 0x460B, 0x260A
_IN_TABLE, _ENDS_ROW, _DEPTH, _ENDS_INNER_ROW = 0x2416, 0x2417, 0x6649, 0x244C
_PAGE = 512


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the table stream, in bytes."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters of the main text, and of what stands aside, in the order of the file.

    Footnotes, headers, macros, comments, endnotes, text boxes, boxes in headers.
    """

    main: int
    aside: tuple[int, ...]

    @property
    def rest(self) -> int:
        return sum(self.aside)

    def read(self) -> list[tuple[int, int]]:
        """Where footnotes, endnotes and text boxes start and end; headers are not read."""
        found, start = [], self.main
        for number, length in enumerate(self.aside):
            if number in (0, 4, 5) and length:
                found.append((start, start + length))
            start += length
        return found


@dataclass(frozen=True, slots=True)
class Fib:
    """The head of a Word file: where its tables are. Raises `Unreadable` for what we cannot."""

    second_table: bool
    text_lengths: Lengths
    styles: Span
    characters: Span
    paragraphs: Span
    fonts: Span
    pieces: Span
    lists: Span
    list_uses: Span

    @staticmethod
    def of(stream: bytes) -> Fib:
        magic, version = struct.unpack_from("<HH", stream, 0)
        flags = struct.unpack_from("<H", stream, 10)[0]
        if magic != 0xA5EC or version < 0xC1:
            raise Unreadable(
                "tệp Word 6.0/95 quá cũ: hãy mở bằng Word hoặc LibreOffice và lưu lại thành .docx",
                QuarantineReason.UNSUPPORTED_FORMAT,
            )
        if flags & 0x0100:
            raise Unreadable(
                "tệp Word có mật khẩu: hãy bỏ mật khẩu rồi nạp lại", QuarantineReason.ENCRYPTED
            )
        main, *rest = struct.unpack_from("<8i", stream, 0x4C)
        if main < 0 or any(length < 0 for length in rest):
            raise ValueError("odd lengths")

        def span(number: int) -> Span:
            return Span(*struct.unpack_from("<2I", stream, 0x9A + 8 * number))

        return Fib(
            bool(flags & 0x0200), Lengths(main, tuple(rest)),
            span(1), span(12), span(13), span(15), span(33), span(73), span(74),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """The properties of a run of characters, or of a paragraph."""

    hidden: bool = False
    font: int = -1
    style: int = 0
    in_table: bool = False
    ends_row: bool = False
    list: int = 0  # number of a use of a list; 0 for none
    level: int = 0  # in that list


_PLAIN = Look()


class Runs:
    """Looks by place in the stream."""

    def __init__(self, found: list[tuple[int, int, Look]]) -> None:
        found.sort(key=lambda run: run[0])
        self._starts = [start for start, _, _ in found]
        self._found = found

    def run(self, place: int) -> tuple[Look, int]:
        """The look at a place and where it ends, both in bytes of the stream."""
        number = bisect_right(self._starts, place) - 1
        if number >= 0 and place < self._found[number][1]:
            return self._found[number][2], self._found[number][1]
        after = self._starts[number + 1] if number + 1 < len(self._starts) else place + (1 << 30)
        return _PLAIN, after

    def at(self, place: int) -> Look:
        return self.run(place)[0]


def runs_of(stream: bytes, table: bytes, span: Span, data: bytes | None = None) -> Runs:
    """The runs of a bin table: of characters, or (with the data stream) of paragraphs."""
    styled = data is not None
    found: list[tuple[int, int, Look]] = []
    count = (span.length - 4) // 8
    if count < 1 or span.start + span.length > len(table):
        return Runs(found)
    pages = struct.unpack_from(f"<{count}I", table, span.start + 4 * (count + 1))
    for number in dict.fromkeys(page & 0x3F_FFFF for page in pages):
        page = stream[number * _PAGE : (number + 1) * _PAGE]
        if len(page) < _PAGE:
            continue
        runs = page[_PAGE - 1]
        if 4 * (runs + 1) + runs * (13 if styled else 1) >= _PAGE:
            continue
        places = struct.unpack_from(f"<{runs + 1}I", page, 0)
        for run, (start, end) in enumerate(pairwise(places)):
            if data is None:
                look = _character(page, runs, run)
            else:
                look = _paragraph(page, runs, run, data)
            if start < end:
                found.append((start, end, look))
    return Runs(found)


def _character(page: bytes, runs: int, run: int) -> Look:
    at = 2 * page[4 * (runs + 1) + run]
    if not at or at >= _PAGE - 1:
        return _PLAIN
    values = _operands(page[at + 1 : at + 1 + page[at]])
    hidden = values.get(_DELETED, 0) == 1 or values.get(_HIDDEN, 0) == 1
    return Look(hidden=hidden, font=values.get(_FONT, -1))


def _paragraph(page: bytes, runs: int, run: int, data: bytes) -> Look:
    at = 2 * page[4 * (runs + 1) + 13 * run]
    if not at or at >= _PAGE - 3:
        return _PLAIN
    size = 2 * page[at] - 1 if page[at] else 2 * page[at + 1]
    at += 1 if page[at] else 2
    held = page[at : at + size]
    if len(held) < 2:
        return _PLAIN
    values = _operands(held[2:])
    for code in _ELSEWHERE:
        place = values.get(code, len(data))
        if place + 2 <= len(data):
            size = struct.unpack_from("<H", data, place)[0]
            values |= _operands(data[place + 2 : place + 2 + size])
    return Look(
        style=struct.unpack_from("<H", held)[0],
        in_table=bool(values.get(_IN_TABLE, 0) or values.get(_DEPTH, 0)),
        ends_row=bool(values.get(_ENDS_ROW, 0) or values.get(_ENDS_INNER_ROW, 0)),
        list=values.get(_LIST, 0),
        level=min(8, values.get(_LEVEL, 0)),
    )


def _operands(changes: bytes) -> dict[int, int]:
    """Property changes by their code; of the long ones nothing is needed."""
    found: dict[int, int] = {}
    at = 0
    while at + 3 <= len(changes):
        code = changes[at] | changes[at + 1] << 8
        at += 2
        kind = code >> 13
        if kind == 6:
            # Two codes have a length of two bytes, and one has none it says.
            size = changes[at] + 1
            if code in (0xD608, 0xD606) and at + 1 < len(changes):
                size = (changes[at] | changes[at + 1] << 8) + 1
            elif code == 0xC615 and changes[at] == 255:
                break
        else:
            size = _SIZES[kind]
            found[code] = int.from_bytes(changes[at : at + min(size, 4)], "little")
        at += size
    return found


def font_names(table: bytes, fib: Fib) -> list[str]:
    """The fonts of a file by their number."""
    names: list[str] = []
    at, end = fib.fonts.start, min(len(table), fib.fonts.start + fib.fonts.length)
    if end - at < 4:
        return names
    count = struct.unpack_from("<H", table, at)[0]
    at += 4
    for _ in range(min(count, 5_000)):
        if at >= end:
            break
        size = table[at]
        held = table[at + 40 : at + 1 + size]
        name = held[: len(held) & ~1].decode("utf-16-le", "replace")
        names.append(name.split("\0")[0])
        at += 1 + size
    return names


def heading_levels(table: bytes, fib: Fib) -> dict[int, int]:
    """Our levels (1 title, 2 first heading …) by the number of a style."""
    levels: dict[int, int] = {}
    at, end = fib.styles.start, min(len(table), fib.styles.start + fib.styles.length)
    if end - at < 6:
        return levels
    size, count = struct.unpack_from("<HH", table, at)
    at += 2 + size
    for number in range(min(count, 5_000)):
        if at + 2 > end:
            break
        length = struct.unpack_from("<H", table, at)[0]
        if length >= 2:
            kind = struct.unpack_from("<H", table, at + 2)[0] & 0x0FFF
            if 1 <= kind <= 9:
                levels[number] = kind + 1
            elif kind == 62:
                levels[number] = 1
        at += 2 + length + (length & 1)
    return levels
