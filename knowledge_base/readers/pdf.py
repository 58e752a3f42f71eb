"""PDF files: the text layer where there is one, Tesseract where a page is a picture."""

from __future__ import annotations

import re
from typing import Any

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.ocr import DPI, HOW_TO_INSTALL, Ocr, version
from knowledge_base.readers.pdf_lines import paragraphs, without_running_heads
from knowledge_base.readers.pdf_pages import of_pages
from knowledge_base.readers.quality import check
from knowledge_base.readers.reading import Block, Reading, laid_out
from knowledge_base.readers.secrecy import refuse_secret

_PAGES = 2_000
_FEW = 40  # characters: a page with fewer is a picture (page numbers, stamps)
_PICTURES = 0.3  # share of pages without text from which too much would be lost
_MOST_PIXELS = 40_000_000
# What signing software prints on a scan; it is not the text of the page.
_SIGNATURE = re.compile(
    r"^\s*(Người ký|Ký bởi|Email|Cơ quan|Tổ chức|Thời gian ký|Ngày ký|Signed by|Date)\s*:.*$"
    r"|^\s*(\+07:00|\d{1,2}[.:]\d{2}[.:]\d{2}.*|Cổng Thông tin điện tử Chính phủ.*)\s*$"
    r"|^.*thongtinchinhphu@chinhphu\.vn.*$",
    re.MULTILINE | re.IGNORECASE,
)


def read_pdf(data: bytes, ocr: Ocr | None = None) -> Reading:
    """The text of all pages, lines joined to paragraphs, table rows kept.

    ``meta`` has ``pages``, ``page_starts`` and ``unread`` (`pdf_pages.of_pages`).
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Unreadable(
                "PDF có mật khẩu: hãy bỏ mật khẩu rồi nạp lại", QuarantineReason.ENCRYPTED
            ) from error
        raise Unreadable(
            "PDF bị hỏng hoặc bị cắt cụt, không mở được", QuarantineReason.DAMAGED
        ) from error
    try:
        if len(document) > _PAGES:
            raise Unreadable(
                f"PDF có {len(document)} trang, nhiều hơn {_PAGES}: hãy tách nhỏ",
                QuarantineReason.TOO_LARGE,
            )
        if len(document) == 0:
            raise Unreadable("PDF không có trang nào", QuarantineReason.EMPTY)
        pages = [_page(document, number) for number in range(len(document))]
        title = str(document.get_metadata_dict().get("Title", ""))
        reading = _reading(document, pages, title if _is_title(title) else "", ocr)
        meta = {**reading.meta, **of_pages(reading.text, pages)}
        return Reading(reading.title, reading.text, reading.sections, meta)
    finally:
        document.close()


def _reading(document: Any, pages: list[str], title: str, ocr: Ocr | None) -> Reading:
    bare = [number for number, page in enumerate(pages) if len("".join(page.split())) < _FEW]
    able = ocr is not None and bool(version())
    if bare and not able:
        _refuse_scan(len(bare), len(pages))
        bare = []
    if not bare:
        reading = _laid_out(pages, title)
        try:
            check(reading.text)
        except Unreadable:
            # Letters that mean nothing: the picture of the page may still be read.
            if not able:
                raise
            bare = list(range(len(pages)))
        else:
            return reading
    assert ocr is not None  # noqa: S101
    seen = _seen(document, bare, ocr)
    for number, text in seen.items():
        pages[number] = text or pages[number]
    told = sum(bool(text.strip()) for text in seen.values())
    if not any(page.strip() for page in pages):
        raise Unreadable(
            "PDF là bản quét (ảnh) và máy không nhận ra chữ nào trên ảnh",
            QuarantineReason.SCAN_WITHOUT_TEXT,
        )
    # A scanner's own title is the date or the name of the file.
    reading = _laid_out(pages, "" if told == len(pages) else title)
    if not told:  # the other pages have a text of their own, and these nothing to read
        return reading
    meta = {"ocr": f"tesseract {version()}", "ocr_pages": f"{told}/{len(pages)}"}
    return Reading(reading.title, reading.text, reading.sections, {**reading.meta, **meta})


def read_image(data: bytes, ocr: Ocr | None = None) -> Reading:
    """A PNG or JPEG of one page."""
    if ocr is None or not version():
        raise Unreadable(f"tệp ảnh: {HOW_TO_INSTALL}", QuarantineReason.SCAN_WITHOUT_TEXT)
    width, height = _size(data)
    if not 0 < width * height <= _MOST_PIXELS:
        raise Unreadable("ảnh quá lớn hoặc bị hỏng", QuarantineReason.TOO_LARGE)
    text = ocr.page(data, 1, 1)
    if not text.strip():
        raise Unreadable(
            "tệp ảnh và máy không nhận ra chữ nào trên ảnh", QuarantineReason.SCAN_WITHOUT_TEXT
        )
    reading = _laid_out([text], "")
    meta = {"ocr": f"tesseract {version()}", "ocr_pages": "1/1"}
    return Reading(reading.title, reading.text, reading.sections, {**reading.meta, **meta})


def _laid_out(pages: list[str], title: str) -> Reading:
    lines = without_running_heads([page.split("\n") for page in pages])
    return laid_out((Block(paragraph) for paragraph in paragraphs(lines)), title)


def _refuse_scan(bare: int, pages: int) -> None:
    if bare == pages:
        raise Unreadable(
            f"PDF là bản quét (ảnh), không có lớp chữ: {HOW_TO_INSTALL}",
            QuarantineReason.SCAN_WITHOUT_TEXT,
        )
    if pages > 1 and bare >= max(2, _PICTURES * pages):
        raise Unreadable(
            f"{bare}/{pages} trang của PDF là ảnh quét: {HOW_TO_INSTALL}",
            QuarantineReason.SCAN_WITHOUT_TEXT,
        )


def _seen(document: Any, numbers: list[int], ocr: Ocr) -> dict[int, str]:
    """The text of pages as Tesseract sees it, by their numbers."""
    if len(numbers) > ocr.pages:
        raise Unreadable(
            f"PDF có {len(numbers)} trang ảnh, nhiều hơn {ocr.pages}: hãy tách nhỏ",
            QuarantineReason.TOO_LARGE,
        )
    found: dict[int, str] = {}
    for done, number in enumerate(numbers, 1):
        found[number] = ocr.page(_picture(document[number]), done, len(numbers))
        refuse_secret(found[number])
    return found


def _picture(page: Any) -> bytes:
    """A page as a grey PGM of at most `_MOST_PIXELS`."""
    width, height = page.get_size()
    scale = DPI / 72
    scale = min(scale, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    raw, stride = bytes(bitmap.buffer), bitmap.stride
    rows = (raw[y * stride : y * stride + bitmap.width] for y in range(bitmap.height))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(rows)


def _size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG by its head, in pixels; zeros where it has none."""
    if data.startswith(b"\x89PNG"):
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        if 0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in (0xC4, 0xC8, 0xCC):
            high, wide = data[at + 5 : at + 7], data[at + 7 : at + 9]
            return int.from_bytes(wide, "big"), int.from_bytes(high, "big")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0


def _page(document: Any, number: int) -> str:
    import pypdfium2

    from knowledge_base.readers.pdf_tables import lines_with_rows, tables_of

    try:
        page = document[number]
        textpage = page.get_textpage()
        tables = tables_of(page) if textpage.count_chars() else []
        text = lines_with_rows(textpage, tables) if tables else str(textpage.get_text_range())
    except pypdfium2.PdfiumError:
        return ""
    # U+FFFE marks a hyphen at the end of a line, and U+0002 the same in older versions.
    text = re.sub("[\ufffe\x02]\\s*", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SIGNATURE.sub("", text)


def _is_title(title: str) -> bool:
    return (
        len(title) > 12
        and len(re.findall(r"[^\W\d_]{2,}", title)) > 2
        and not re.search(r"\.(docx?|pdf|tmp)\b|Microsoft", title)
    )
