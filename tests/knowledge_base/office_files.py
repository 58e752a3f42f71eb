"""Office files written by hand, so that tests need no office program and no data of others."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence

from knowledge_base.readers.legacy import TCVN3_TABLE

PROSE = (
    "Người dân nộp hồ sơ tại Trung tâm Phục vụ hành chính công của xã, phường hoặc trên Cổng Dịch "
    "vụ công quốc gia, nhận giấy hẹn và trả kết quả trong thời hạn ghi trên giấy hẹn."
)

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams in its root; each is padded to be no small one."""
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = [_entry("Root Entry", 5, _END, 0, child=1 if streams else _FREE)]
    for number, (name, data) in enumerate(streams.items(), 1):
        padded = data.ljust(4096, b"\0")
        count = -(-len(padded) // _SECTOR)
        start = len(sectors)
        for place in range(count):
            sectors.append(padded[place * _SECTOR : (place + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
            chain.append(start + place + 1 if place + 1 < count else _END)
        right = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, start, len(padded), right=right))
    while len(entries) % 4:
        entries.append(bytes(68) + struct.pack("<3I", _FREE, _FREE, _FREE) + bytes(48))
    directory = len(sectors)
    blocks = b"".join(entries)
    for place in range(0, len(blocks), _SECTOR):
        sectors.append(blocks[place : place + _SECTOR])
        chain.append(len(sectors) if place + _SECTOR < len(blocks) else _END)
    fat_at = len(sectors)
    fats = 1
    while fats * 128 < len(chain) + fats:
        fats += 1
    chain += [_FAT] * fats
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(fats * _SECTOR, b"\xff")
    sectors += [table[place : place + _SECTOR] for place in range(0, len(table), _SECTOR)]
    head = struct.pack(
        "<8s16s5H6s9I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6,
        bytes(6), 0, fats, directory, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    places = [*range(fat_at, fat_at + fats)] + [_FREE] * (109 - fats)
    return head + struct.pack("<109I", *places) + b"".join(sectors)


def _entry(
    name: str, kind: int, start: int, size: int, child: int = _FREE, right: int = _FREE
) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(raw), kind, 1, _FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def doc(text: str, header: str = "", *, flags: int = 0x0200, narrow: bool = False) -> bytes:
    """A Word 97 file: paragraphs end with ``\\r``, cells with ``\\x07``; one piece, no looks."""
    whole = text + header
    body = whole.encode("cp1252" if narrow else "utf-16-le")
    stream = bytearray(1024)
    struct.pack_into("<HH", stream, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", stream, 10, flags)
    struct.pack_into("<8i", stream, 0x4C, len(text), 0, len(header), 0, 0, 0, 0, 0)
    place = 1024 * 2 | 0x4000_0000 if narrow else 1024
    pieces = struct.pack("<2I", 0, len(whole)) + struct.pack("<HIH", 0, place, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<2I", stream, 0x9A + 8 * 33, 0, len(table))
    return ole({"WordDocument": bytes(stream) + body, "1Table": table})


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def xlsx(rows: Sequence[Sequence[str]], merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet; ``merged`` are ranges such as ``A1:C1``."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for place, cell in enumerate(row)
            if cell
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    spans = "".join(f'<mergeCell ref="{span}"/>' for span in merged)
    merge = f"<mergeCells>{spans}</mergeCells>" if merged else ""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
            'package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="'
            f'{kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="'
            f'{kinds}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="'
            f'{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet '
            'name="Bảng" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship '
            f'Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}'
            f"</sheetData>{merge}</worksheet>",
        }
    )


def odt(*paragraphs: str, extra: str = "") -> bytes:
    """An OpenDocument text; ``extra`` is XML put behind the paragraphs."""
    body = "".join(f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table")
    )
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}><office:body><office:text>{body}"
            f"{extra}</office:text></office:body></office:document-content>",
        }
    )


_TO_TCVN3 = {letter: chr(code) for code, letter in TCVN3_TABLE.items() if code < 0x100}
_TONES = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_HATS = {"\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä", "": "â"}
_BREVES = {"\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë", "": "ê"}
_VNI_I = {"ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ", "í": "í", "ì": "ì"}


def tcvn3(text: str) -> str:
    """Unicode as the ``.Vn`` fonts want it: capitals with tones only exist as small letters."""
    return "".join(_TO_TCVN3.get(letter, _TO_TCVN3.get(letter.lower(), letter)) for letter in text)


def vni(text: str) -> str:
    """Unicode as VNI for Windows writes it: a vowel, and a second letter for its marks."""
    return "".join(map(_vni, unicodedata.normalize("NFC", text)))


def _vni(letter: str) -> str:
    small = letter.lower()
    if small.isascii():
        return letter
    if small in _VNI_I:
        found = _VNI_I[small]
        return found.upper() if letter.isupper() else found
    base, *marks = unicodedata.normalize("NFD", small)
    tone = next((mark for mark in marks if mark in _TONES), "")
    if "\u031b" in marks:
        found = {"o": "ô", "u": "ö"}[base] + _TONES.get(tone, "")
    elif "\u0302" in marks:
        found = base + _HATS[tone]
    elif "\u0306" in marks:
        found = base + _BREVES[tone]
    else:
        found = base + _TONES[tone]
    return found.upper() if letter.isupper() else found
