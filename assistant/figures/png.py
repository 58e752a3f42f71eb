"""A picture as PNG: put on a PDF page with its own font, and drawn by the engine that reads PDF."""

from __future__ import annotations

import struct
import zlib

from assistant.figures.drawing import LIGHT, Box, Dot, Line, Picture, Shape, Words
from assistant.figures.ttf import Font, font

_SCALE = 2  # pixels for each unit of the picture
_ROUND = 0.5523  # how far the handles of a quarter of a circle are


def as_png(picture: Picture) -> bytes:
    """Twice as many pixels as units, so that it is sharp in print; always on light ground."""
    import pypdfium2

    document = pypdfium2.PdfDocument(_pdf(picture))
    try:
        bitmap = document[0].render(scale=_SCALE, rev_byteorder=True)
        raw, stride, channels = bytes(bitmap.buffer), bitmap.stride, bitmap.n_channels
        wide, high = bitmap.width, bitmap.height
    finally:
        document.close()
    rows = (raw[y * stride : y * stride + wide * channels] for y in range(high))
    if channels == 4:
        rows = (b"".join(row[x : x + 3] for x in range(0, len(row), 4)) for row in list(rows))
    return _packed(wide, high, b"".join(b"\0" + row for row in rows))


def _packed(wide: int, high: int, rows: bytes) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def _pdf(picture: Picture) -> bytes:
    drawn = "\n".join(_shape(one, picture.high) for one in picture.shapes).encode("ascii")
    fonts = [font(), font(bold=True)]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R"
        b"/Resources<</Font<</F0 5 0 R/F1 9 0 R>>>>>>" % (picture.wide, picture.high),
        _stream(drawn),
    ]
    for one in fonts:
        objects += _font_objects(one, len(objects) + 1)
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, held in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def _stream(data: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    head = b"<</Length %d/Filter/FlateDecode%s>>stream\n" % (len(packed), more)
    return head + packed + b"\nendstream"


def _font_objects(one: Font, first: int) -> list[bytes]:
    """A composite font and its parts, the first of them number ``first``."""
    widths = b" ".join(b"%d" % (one.advance(n) * 1000 // one.units) for n in range(600))
    return [
        b"<</Type/Font/Subtype/Type0/BaseFont/DejaVu%d/Encoding/Identity-H"
        b"/DescendantFonts[%d 0 R]>>" % (first, first + 1),
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/DejaVu%d/CIDSystemInfo<</Registry(Adobe)"
        b"/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity/FontDescriptor %d 0 R"
        b"/W[0[%s]]>>" % (first, first + 2, widths),
        b"<</Type/FontDescriptor/FontName/DejaVu%d/Flags 4/FontBBox[-200 -300 1500 1100]"
        b"/ItalicAngle 0/Ascent 900/Descent -240/CapHeight 730/StemV 80/FontFile2 %d 0 R>>"
        % (first, first + 3),
        _stream(one.data, b"/Length1 %d" % len(one.data)),
    ]


def _shape(one: Shape, high: int) -> str:
    colour = _colour(LIGHT[one.role])
    if isinstance(one, Line):
        first, *others = [f"{x:.2f} {high - y:.2f}" for x, y in one.points]
        lines = " ".join(f"{place} l" for place in others)
        return f"{colour} RG {one.wide:.2f} w {first} m {lines} S"
    if isinstance(one, Box):
        below = high - one.y - one.high
        return f"{colour} rg {one.x:.2f} {below:.2f} {one.wide:.2f} {one.high:.2f} re f"
    if isinstance(one, Dot):
        fill = _colour(LIGHT["paper"]) if one.hollow else colour
        return f"{fill} rg {colour} RG 2 w {_circle(one.x, high - one.y, one.radius)} b"
    return _words(one, high, colour)


def _words(one: Words, high: int, colour: str) -> str:
    letters = font(bold=one.bold)
    wide = letters.width(one.text, one.size)
    left = one.x - {"start": 0.0, "middle": wide / 2, "end": wide}[one.anchor]
    glyphs = "".join(f"{letters.glyph(letter):04x}" for letter in one.text)
    name = "F1" if one.bold else "F0"
    place = f"{left:.2f} {high - one.y:.2f} Td"
    return f"BT {colour} rg /{name} {one.size:.1f} Tf {place} <{glyphs}> Tj ET"


def _colour(code: str) -> str:
    return " ".join(f"{int(code[n : n + 2], 16) / 255:.3f}" for n in (1, 3, 5))


def _circle(x: float, y: float, r: float) -> str:
    k = r * _ROUND
    return (
        f"{x + r:.2f} {y:.2f} m "
        f"{x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
        f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c "
        f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
        f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c"
    )
