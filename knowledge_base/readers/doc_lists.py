"""The lists of a Word 97-2003 file: how their levels are numbered."""

from __future__ import annotations

import struct

from knowledge_base.readers.doc_properties import Fib
from knowledge_base.readers.list_numbers import Level, Numbers

_KINDS = {
    **{0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter"},
    **{22: "decimalZero", 23: "bullet", 255: "none"},
}
_LONGEST = 60  # characters of a number's text; what is longer is not one
_LEVELS = 9


def lists_of(table: bytes, fib: Fib) -> Numbers:
    """The numbering of a file; empty where it has none or it cannot be understood."""
    try:
        return _lists(table, fib)
    except (struct.error, IndexError, ValueError, KeyError):
        return Numbers()


def _lists(table: bytes, fib: Fib) -> Numbers:
    found = Numbers()
    at = fib.lists.start
    if fib.lists.length < 2 or fib.list_uses.length < 4:
        return found
    count = struct.unpack_from("<H", table, at)[0]
    heads = [(at + 2 + 28 * n) for n in range(count)]
    at += 2 + 28 * count
    shapes: dict[int, dict[int, Level]] = {}
    for head in heads:
        identity, simple = struct.unpack_from("<i", table, head)[0], table[head + 26] & 1
        levels: dict[int, Level] = {}
        for level in range(1 if simple else _LEVELS):
            levels[level], at = _level(table, at)
        shapes[identity] = levels
    uses = struct.unpack_from("<I", table, fib.list_uses.start)[0]
    for number in range(min(uses, 5_000)):
        identity = struct.unpack_from("<i", table, fib.list_uses.start + 4 + 16 * number)[0]
        found.levels[str(number + 1)] = shapes.get(identity, {})
        found.counting[str(number + 1)] = f"shape {identity}"
    return found


def _level(table: bytes, at: int) -> tuple[Level, int]:
    start, kind = struct.unpack_from("<iB", table, at)
    at += 28 + table[at + 24] + table[at + 25]
    size = struct.unpack_from("<H", table, at)[0]
    raw = table[at + 2 : at + 2 + 2 * size]
    if size > _LONGEST or len(raw) < 2 * size:
        raise ValueError("odd list")
    letters = raw.decode("utf-16-le", "replace")
    text = "".join(f"%{ord(x) + 1}" if ord(x) < _LEVELS else x for x in letters)
    if kind != 23 and any(ord(x) < 32 for x in text):
        raise ValueError("odd list")
    return Level(_KINDS.get(kind, "decimal"), text, max(0, start)), at + 2 + 2 * size
