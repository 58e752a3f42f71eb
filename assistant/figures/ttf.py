"""What is needed of a TrueType font: the glyph of a letter, and how wide it is."""

from __future__ import annotations

import struct
from functools import cache
from importlib import resources


class Font:
    """``data`` is the file, ``units`` how many make one em."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._tables = {
            data[at : at + 4].decode("ascii"): struct.unpack(">II", data[at + 8 : at + 16])
            for at in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16)
        }
        self.units = int(struct.unpack(">H", self._table("head")[18:20])[0])
        count = struct.unpack(">H", self._table("hhea")[34:36])[0]
        held = self._table("hmtx")
        self._widths = [struct.unpack(">H", held[4 * n : 4 * n + 2])[0] for n in range(count)]
        self._glyphs = self._letters()

    def _table(self, name: str) -> bytes:
        start, length = self._tables[name]
        return self.data[start : start + length]

    def glyph(self, letter: str) -> int:
        """The number of a letter's glyph; 0 where the font has none."""
        return self._glyphs.get(ord(letter), 0)

    def width(self, text: str, size: float) -> float:
        """How wide a line is, in the unit of ``size``."""
        return sum(self.advance(self.glyph(letter)) for letter in text) * size / self.units

    def advance(self, glyph: int) -> int:
        """How far the next letter is, in font units."""
        return int(self._widths[min(glyph, len(self._widths) - 1)])

    def _letters(self) -> dict[int, int]:
        held = self._table("cmap")
        for n in range(struct.unpack(">H", held[2:4])[0]):
            start = struct.unpack(">I", held[8 + 8 * n : 12 + 8 * n])[0]
            if struct.unpack(">H", held[start : start + 2])[0] == 4:
                return _format_4(held[start:])
        return {}


def _format_4(held: bytes) -> dict[int, int]:
    count = struct.unpack(">H", held[6:8])[0] // 2

    def row(at: int, code: str) -> tuple[int, ...]:
        return struct.unpack(f">{count}{code}", held[at : at + 2 * count])

    ends, starts = row(14, "H"), row(16 + 2 * count, "H")
    shifts, places = row(16 + 4 * count, "h"), row(16 + 6 * count, "H")
    found = {}
    for n in range(count):
        for letter in range(starts[n], ends[n] + 1):
            if letter == 0xFFFF:
                continue
            glyph = letter
            if places[n]:
                at = 16 + 6 * count + 2 * n + places[n] + 2 * (letter - starts[n])
                glyph = struct.unpack(">H", held[at : at + 2])[0]
                if not glyph:
                    continue
            found[letter] = (glyph + shifts[n]) & 0xFFFF
    return found


@cache
def font(*, bold: bool = False) -> Font:
    """DejaVu Sans with the letters of Vietnamese."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Font(resources.files("assistant.figures").joinpath("fonts", name).read_bytes())
