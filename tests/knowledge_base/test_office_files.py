"""Spreadsheets, old Word files, RTF, OpenDocument, MHTML: what is read, and how."""

from __future__ import annotations

import io
import struct

import docx
import pytest

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.doc import read_doc
from knowledge_base.readers.doc_lists import lists_of
from knowledge_base.readers.doc_properties import Fib, Lengths, Span
from knowledge_base.readers.docx import read_docx
from knowledge_base.readers.html import read_html, read_mhtml
from knowledge_base.readers.odt import read_odt
from knowledge_base.readers.rtf import read_rtf
from knowledge_base.readers.sheet import read_csv, read_sheet

from .office_files import doc, odt, package, xlsx

PROSE = "Người dân nộp hồ sơ tại Trung tâm Phục vụ hành chính công của xã, phường."
LETTERHEAD = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"


def test_a_list_below_its_letterhead() -> None:
    read = read_sheet(
        xlsx(
            [
                [LETTERHEAD],
                ["DANH SÁCH THỦ TỤC HÀNH CHÍNH"],
                [],
                ["STT", "Mã số", "Tên thủ tục", "Lệ phí"],
                ["(1)", "(2)", "(3)", "(4)"],
                ["I", "Hộ tịch"],
                ["1", "1.000001", "Đăng ký khai sinh", "8000"],
                ["2", "1.000002", "Đăng ký kết hôn", ""],
            ],
            merged=["A1:D1", "A2:D2"],
        )
    )
    assert read.title == "DANH SÁCH THỦ TỤC HÀNH CHÍNH"
    assert "Mã số: 1.000001\nTên thủ tục: Đăng ký khai sinh\nLệ phí: 8000" in read.text
    assert [path for path, _, _ in read.sections][-2:] == [
        ("I Hộ tịch", "Đăng ký khai sinh"),
        ("I Hộ tịch", "Đăng ký kết hôn"),
    ]
    assert "(1)" not in read.text.split("STT")[-1]


def test_headers_of_two_rows_and_cells_over_several() -> None:
    read = read_sheet(
        xlsx(
            [
                ["Tên phí", "Mức thu", "", "Đơn vị"],
                ["", "Trực tiếp", "Trực tuyến", ""],
                ["Cấp thẻ", "30000", "15000", "đồng/thẻ"],
                ["", "50000", "25000", "đồng/lần"],
            ],
            merged=["A1:A2", "B1:C1", "D1:D2", "A3:A4"],
        )
    )
    assert "Mức thu – Trực tiếp: 30000" in read.text
    assert read.text.count("Tên phí: Cấp thẻ") == 2


def test_values_between_semicolons() -> None:
    read = read_csv("Mã;Tên;Ghi chú\n1;Cấp thẻ căn cước;a, b\n2;Đổi thẻ căn cước;c\n".encode())
    assert "Tên: Cấp thẻ căn cước\nGhi chú: a, b" in read.text


def test_an_old_word_file() -> None:
    text = (
        "BỘ CÔNG AN\rSố: 1/TT\x07CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\x07\x07"
        f"\x13 HYPERLINK x \x14Điều 1. Phạm vi\x15\r{PROSE}\x0bDòng hai\rĐiều 2. Hiệu lực\rHết.\r"
    )
    read = read_doc(doc(text))
    assert "HYPERLINK" not in read.text
    assert f"Điều 1. Phạm vi\n\n{PROSE}\nDòng hai" in read.text
    assert [path[-1] for path, _, _ in read.sections if path] == [
        "Điều 1. Phạm vi",
        "Điều 2. Hiệu lực",
    ]


def test_old_word_files_that_are_refused() -> None:
    cases = {
        QuarantineReason.ENCRYPTED: doc(PROSE, flags=0x0300),
        QuarantineReason.SECRET: doc(PROSE, header="\rTỐI MẬT\r"),
    }
    for code, data in cases.items():
        with pytest.raises(Unreadable) as caught:
            read_doc(data)
        assert caught.value.code is code
    with pytest.raises(Unreadable) as caught:
        read_doc(doc(PROSE + "\r\rMẬT\r" + PROSE))
    assert caught.value.code is QuarantineReason.SECRET


def test_rtf() -> None:
    def coded(text: str) -> str:
        return "".join(x if x.isascii() else f"\\u{ord(x)}?" for x in text)

    read = read_rtf(
        (
            r"{\rtf1\ansi{\fonttbl{\f0 Times;}}{\*\generator x;}{\info{\title y}}"
            + coded(PROSE)
            + r"\par\trowd\intbl A\cell B\cell\row\pard{\v an}{\deleted cu}"
            + coded("Hết")
            + r"\par}"
        ).encode()
    )
    assert read.text == f"{PROSE}\n\nA | B\n\nHết"
    with pytest.raises(Unreadable, match="độ mật"):
        read_rtf((r"{\rtf1{\header " + coded("MẬT") + r"\par}" + coded(PROSE) + "}").encode())


def test_open_document() -> None:
    row = "<table:table><table:table-row>" + "".join(
        f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in "AB"
    )
    read = read_odt(odt(PROSE, extra=f"{row}</table:table-row></table:table>"))
    assert read.text == f"{PROSE}\n\nA | B"
    locked = package({"content.xml": "x", "META-INF/manifest.xml": "<manifest:encryption-data/>"})
    with pytest.raises(Unreadable, match="mật khẩu"):
        read_odt(locked)


def test_a_page_saved_with_its_pictures() -> None:
    import base64

    body = base64.b64encode(f"<html><body><p>{PROSE}</p></body></html>".encode()).decode()
    data = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
        'Content-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: base64\n\n'
        f"{body}\n--b--\n"
    )
    assert read_mhtml(data.encode()).text == PROSE


def test_what_workbooks_are_refused_for() -> None:
    plain = xlsx([["Tên", "Mức"], ["Phí", "1"]])
    import zipfile

    def with_part(name: str, content: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(plain)) as old:
            return package({**{n: old.read(n) for n in old.namelist()}, name: content})

    for name, content, code in (
        ("xl/vbaProject.bin", b"x", QuarantineReason.UNSAFE),
        ("xl/big.xml", b" " * 60_000_000, QuarantineReason.UNSAFE),
        ("xl/comments1.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", QuarantineReason.UNSAFE),
        ("xl/workbook.xml", b"<broken", QuarantineReason.DAMAGED),
    ):
        with pytest.raises(Unreadable) as caught:
            read_sheet(with_part(name, content))
        assert caught.value.code is code, name
    with pytest.raises(Unreadable, match="độ mật"):
        read_sheet(xlsx([["BỘ CÔNG AN", "TUYỆT MẬT"], ["Tên", "Mức"], ["Phí", "1"]]))


def test_numbers_that_word_writes_itself() -> None:
    document = docx.Document()
    for text, style in (("Một", "List Number"), ("Hai", "List Number"), ("Gạch", "List Bullet")):
        document.add_paragraph(text, style=style)
    out = io.BytesIO()
    document.save(out)
    assert read_docx(out.getvalue()).text == "1. Một\n\n2. Hai\n\n- Gạch"


def test_a_page_put_into_a_word_file() -> None:
    document = docx.Document()
    part = docx.opc.part.Part(
        docx.opc.packuri.PackURI("/word/afchunk.htm"), "text/html",
        f"<html><body><p>{PROSE}</p></body></html>".encode(), document.part.package,
    )  # fmt: skip
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    document.part.relate_to(part, kind)
    out = io.BytesIO()
    document.save(out)
    assert read_docx(out.getvalue()).text == PROSE


def test_rows_of_a_page_with_paragraphs_in_their_cells() -> None:
    read = read_html(
        b"<html><body><table><tr><td><p>A</p></td><td><p>B</p><p>C</p></td></tr></table>"
        b'<p style="display: none">D</p><p hidden>E</p><p>G</p></body></html>'
    )
    assert read.text == "A | B C\n\nG"


def test_hidden_text_of_a_word_file_is_not_read() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Hiện")
    paragraph.add_run(" ẩn").font.hidden = True
    out = io.BytesIO()
    document.save(out)
    assert read_docx(out.getvalue()).text == "Hiện"


def test_lists_of_an_old_word_file() -> None:
    """Two levels, "Điều 1." and "a)", as the format lays them down."""

    def level(kind: int, text: str) -> bytes:
        head = struct.pack("<iB", 1, kind) + bytes(23)
        return head + struct.pack("<H", len(text)) + text.encode("utf-16-le")

    levels = [level(0, "Điều \0."), level(4, "\1)"), *[level(0, "")] * 7]
    lists = struct.pack("<Hi", 1, 7) + bytes(24) + b"".join(levels)
    uses = struct.pack("<Ii", 1, 7) + bytes(12)
    nothing = Span(0, 0)
    fib = Fib(
        False, Lengths(0, ()), *[nothing] * 5, Span(0, 30), Span(len(lists), len(uses))
    )  # fmt: skip
    numbers = lists_of(lists + uses, fib)
    found = [numbers.next("1", at) for at in (0, 1, 1, 0, 1)]
    assert found == ["Điều 1. ", "a) ", "b) ", "Điều 2. ", "a) "]
