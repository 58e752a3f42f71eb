"""PDF files with a text layer. A scan is said to be one; it is never an empty text."""

from __future__ import annotations

import re

from knowledge_base.errors import Unreadable
from knowledge_base.readers.reading import Block, Reading, laid_out

_PAGES = 2_000
_FEW = 40  # characters: a page with fewer is a picture (page numbers, stamps)
_PICTURES = 0.3  # share of pages without text from which too much would be lost
# What signing software prints on a scan; it is not the text of the page.
_SIGNATURE = re.compile(
    r"^\s*(Người ký|Ký bởi|Email|Cơ quan|Tổ chức|Thời gian ký|Ngày ký|Signed by|Date)\s*:.*$"
    r"|^\s*(\+07:00|\d{1,2}[.:]\d{2}[.:]\d{2}.*|Cổng Thông tin điện tử Chính phủ.*)\s*$"
    r"|^.*thongtinchinhphu@chinhphu\.vn.*$",
    re.MULTILINE | re.IGNORECASE,
)
_OPENS = re.compile(
    r"(Điều|ĐIỀU|Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|Căn cứ|Nơi nhận|Khoản)\b"
    r"|\d+(\.\d+)*[.)]\s|[a-zđ]\)\s|[-–+•*]\s"
)


def read_pdf(data: bytes) -> Reading:
    """The text of all pages, lines joined to paragraphs again."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Unreadable("PDF có mật khẩu: hãy bỏ mật khẩu rồi nạp lại") from error
        raise Unreadable("PDF bị hỏng hoặc bị cắt cụt, không mở được") from error
    try:
        if len(document) > _PAGES:
            raise Unreadable(f"PDF có {len(document)} trang, nhiều hơn {_PAGES}: hãy tách nhỏ")
        if len(document) == 0:
            raise Unreadable("PDF không có trang nào")
        pages = [_page(document, number) for number in range(len(document))]
        title = str(document.get_metadata_dict().get("Title", ""))
    finally:
        document.close()
    bare = sum(len("".join(page.split())) < _FEW for page in pages)
    if bare == len(pages):
        raise Unreadable("PDF là bản quét (ảnh), không có lớp chữ: cần OCR trước khi nạp")
    if len(pages) > 1 and bare >= max(2, _PICTURES * len(pages)):
        raise Unreadable(f"{bare}/{len(pages)} trang của PDF là ảnh quét: cần OCR trước khi nạp")
    blocks = [Block(paragraph) for page in pages for paragraph in paragraphs(page)]
    return laid_out(blocks, title if _is_title(title) else "")


def _page(document: object, number: int) -> str:
    import pypdfium2

    try:
        page = document[number]  # type: ignore[index]
        text = str(page.get_textpage().get_text_range())
    except pypdfium2.PdfiumError:
        return ""
    # U+FFFE marks a hyphen at the end of a line, and U+0002 the same in older versions.
    text = re.sub("[\ufffe\x02]\\s*", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SIGNATURE.sub("", text)


def paragraphs(page: str) -> list[str]:
    """Lines of a page as paragraphs: a line goes on unless something says it ends."""
    found: list[str] = []
    last = ""
    for line in (line.strip() for line in page.split("\n")):
        if not line:
            last = ""
        elif re.fullmatch(r"[-–—\s]*(Trang\s+)?\d{1,4}(\s*/\s*\d{1,4})?[-–—\s]*", line):
            continue  # a page number
        elif last and _goes_on(last, line):
            found[-1] += " " + line
            last = line
        else:
            found.append(line)
            last = line
    return found


def _goes_on(last: str, line: str) -> bool:
    if _OPENS.match(line) or last.endswith((".", ";", ":", "!", "?")):
        return False
    return line[0].islower() or (len(last) > 60 and not line.isupper())


def _is_title(title: str) -> bool:
    return (
        len(title) > 12 and " " in title and not re.search(r"\.(docx?|pdf|tmp)\b|Microsoft", title)
    )
