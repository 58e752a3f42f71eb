"""Scans: what is said without Tesseract, and what is read with it."""

from __future__ import annotations

import zlib
from pathlib import Path

import pypdfium2
import pytest

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.file_documents import document_of_file
from knowledge_base.readers import ocr
from knowledge_base.readers.jail import Jail
from knowledge_base.settings import KnowledgeSettings

from .test_readers import pdf

LINES = (
    "Nguoi dan nop ho so tai trung tam phuc vu hanh chinh cong",
    "va nhan ket qua trong thoi han tam ngay lam viec",
)


def scan(*lines: str) -> bytes:
    """A PDF of one page that is only a picture of these lines."""
    text = ") Tj 0 -30 Td (".join(lines)
    page = pypdfium2.PdfDocument(pdf(text).replace(b"/F1 9 Tf", b"/F1 9 Tf"))[0]
    bitmap = page.render(scale=3, grayscale=True)
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    raw = bytes(bitmap.buffer)
    data = zlib.compress(b"".join(raw[y * stride : y * stride + width] for y in range(height)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Contents 4 0 R"
        b"/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length 30>>stream\nq 900 0 0 800 0 0 cm /I Do Q  \nendstream",
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (width, height, len(data), data),
    ]
    body = b"%PDF-1.4\n"
    for number, content in enumerate(objects, 1):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return body + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"


def test_without_the_program_a_scan_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(scan(*LINES))
    with Jail(KnowledgeSettings(ocr="off")) as jail, pytest.raises(Unreadable) as caught:
        jail.read(tmp_path / "a.pdf")
    assert caught.value.code is QuarantineReason.SCAN_WITHOUT_TEXT
    assert "tesseract-ocr-vie" in caught.value.reason


def test_words_of_the_table_become_lines() -> None:
    def row(block: int, line: int, sure: float, word: str) -> str:
        return f"5\t1\t{block}\t1\t{line}\t1\t0\t0\t9\t9\t{sure}\t{word}"

    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight"
    table = [
        f"{head}\tconf\ttext", row(1, 1, 96, "Điều"), row(1, 1, 90, "1."), row(1, 1, 12, "~|"),
        row(1, 2, 95, "Phạm"), row(2, 1, 95, "Hết"), "4\t1\t2\t1\t1\t0\t0\t0\t9\t9\t-1\t",
    ]  # fmt: skip
    assert ocr.lines_of("\n".join(table)) == "Điều 1.\nPhạm\n\nHết"
    assert ocr.lines_of("\n".join([table[0], row(1, 1, 40, "nhiễu")])) == ""


@pytest.mark.ocr
@pytest.mark.skipif(not ocr.version(), reason="Tesseract with Vietnamese is not installed")
def test_a_scan_is_read_and_marked(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(scan(*LINES))
    pages: list[tuple[int, int]] = []
    with Jail(KnowledgeSettings()) as jail:
        read = jail.read(tmp_path / "a.pdf", lambda page, of: pages.append((page, of)))
    assert pages == [(1, 1)]
    assert sum(word in read.text for word in " ".join(LINES).split()) > 12
    document = document_of_file(read, "a.pdf", collection="c", labels=("public",))
    assert document.meta["ocr"].startswith("tesseract ")
    assert document.meta["ocr_pages"] == "1/1"


@pytest.mark.ocr
@pytest.mark.skipif(not ocr.version(), reason="Tesseract with Vietnamese is not installed")
def test_limits_of_reading_pictures(tmp_path: Path) -> None:
    (tmp_path / "trang.pdf").write_bytes(pdf("", ""))
    with (
        Jail(KnowledgeSettings(ocr_pages=1)) as jail,
        pytest.raises(Unreadable, match="nhiều hơn 1"),
    ):
        jail.read(tmp_path / "trang.pdf")
    (tmp_path / "trong.pdf").write_bytes(pdf(""))
    with Jail(KnowledgeSettings()) as jail, pytest.raises(Unreadable) as caught:
        jail.read(tmp_path / "trong.pdf")
    assert caught.value.code is QuarantineReason.SCAN_WITHOUT_TEXT
    with pytest.raises(Unreadable) as caught:
        ocr.Ocr(1, 0, lambda *_: None).page(b"", 1, 1)
    assert caught.value.code is QuarantineReason.TIMED_OUT
