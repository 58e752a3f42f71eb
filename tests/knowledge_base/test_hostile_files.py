"""Files cut short, flipped, blown up or lying: each is read or refused, and so is the next."""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
from pathlib import Path

import docx
import pytest

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.home import Home
from knowledge_base.ingest import Target, ingest_files
from knowledge_base.readers.jail import Jail
from knowledge_base.readers.reading import Reading
from knowledge_base.settings import KnowledgeSettings

from .office_files import PROSE, doc, odt, ole, package, tcvn3, xlsx


def outcome(jail: Jail, path: Path) -> Reading | QuarantineReason:
    try:
        return jail.read(path)
    except Unreadable as error:
        return error.code


def samples() -> dict[str, bytes]:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(PROSE)
    document.save(out)
    return {
        "a.docx": out.getvalue(),
        "a.doc": doc(f"{PROSE}\rA\x07B\x07\x07{PROSE}\r"),
        "a.xlsx": xlsx([["Tên", "Mức"], ["Phí cấp thẻ căn cước", "1"]]),
        "a.odt": odt(PROSE),
        "a.rtf": (r"{\rtf1 " + "".join(f"\\u{ord(x)}?" for x in PROSE) + r"\par}").encode(),
        "a.html": f"<html><body><p>{PROSE}</p></body></html>".encode(),
        "a.txt": tcvn3(PROSE).encode("latin-1"),
    }


@pytest.mark.parametrize("name", samples())
def test_files_cut_short_or_flipped(jail: Jail, tmp_path: Path, name: str) -> None:
    whole = samples()[name]
    assert isinstance(outcome(jail, _written(tmp_path / name, whole)), Reading)
    chance = random.Random(20)  # noqa: S311
    for number in range(25):
        broken = bytearray(whole[: chance.randrange(1, len(whole))] if number % 2 else whole)
        for _ in range(chance.randrange(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        outcome(jail, _written(tmp_path / f"{number}{name}", bytes(broken)))
    assert isinstance(outcome(jail, tmp_path / name), Reading)


def test_files_that_want_too_much(jail: Jail, tmp_path: Path) -> None:
    """Memory, depth and counts out of all measure end in a reason."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(io.BytesIO(xlsx([["Tên", "Mức"], ["Phí", "1"]]))) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    ).encode()
    pieces = bytearray(doc(PROSE))
    cases = {
        "rong.xlsx": package(parts),
        "sau.rtf": b"{\\rtf1 " + b"{" * 100_000,
        "sau.html": b"<html>" + b"<table><tr><td>" * 50_000,
        "dai.doc": bytes(pieces).replace(struct.pack("<I", 16), struct.pack("<I", 0x7FFFFFF0)),
        "khac.doc": ole({"Contents": b"x"}),
        "khoa.xlsx": ole({"EncryptedPackage": b"x"}),
        "am.odt": odt(extra='<text:p><text:s text:c="999999999"/></text:p>'),
    }
    found = {name: outcome(jail, _written(tmp_path / name, data)) for name, data in cases.items()}
    assert not [name for name, end in found.items() if isinstance(end, Reading)]
    assert found["khoa.xlsx"] is QuarantineReason.ENCRYPTED
    assert found["khac.doc"] is QuarantineReason.UNSUPPORTED_FORMAT
    (tmp_path / "sau.txt").write_text(PROSE)
    assert isinstance(outcome(jail, tmp_path / "sau.txt"), Reading)


def test_letters_without_meaning_are_no_text(jail: Jail, tmp_path: Path) -> None:
    """What a font without a table of its letters leaves behind is put aside, not read."""
    shifted = "".join(chr(ord(x) - 29) if x.isascii() and x.isalpha() else x for x in PROSE)
    own = "".join(chr(0xE100 + ord(x) % 200) if x.isalpha() else x for x in PROSE)
    mixed = "".join(x if x.isascii() else "\ufffd" for x in PROSE)
    for name, text in (("lech", shifted), ("rieng", own), ("mat", mixed)):
        end = outcome(jail, _written(tmp_path / f"{name}.txt", (text * 3).encode()))
        assert end in (
            QuarantineReason.NOT_VIETNAMESE,
            QuarantineReason.LEGACY_ENCODING_UNREADABLE,
            QuarantineReason.UNSUPPORTED_FORMAT,
        ), name


def test_a_stamp_in_a_cell_of_the_letterhead(jail: Jail, tmp_path: Path) -> None:
    document = docx.Document()
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    cells[0].text = "BỘ CÔNG AN\nSố: 12/BC"
    cells[0].add_paragraph("MẬT")
    cells[1].text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    document.add_paragraph(PROSE)
    document.save(str(tmp_path / "a.docx"))
    assert outcome(jail, tmp_path / "a.docx") is QuarantineReason.SECRET


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_name_that_is_no_utf8_is_reported(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "tai-lieu"
    folder.mkdir()
    try:
        (Path(os.fsdecode(os.fsencode(folder) + b"/a-\xff.txt"))).write_text("Nội dung đọc được.")
    except OSError:
        pytest.skip("this file system takes no such name")
    report = ingest_files([folder], Target(home), KnowledgeSettings(bundled_corpus=False))
    assert len(report.failed) == 1
    assert "tên tệp" in report.failed[0].reason
    report.failed[0].path.encode()
