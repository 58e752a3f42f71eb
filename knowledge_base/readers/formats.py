"""What a file really is: by its first bytes, never by its name alone."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from knowledge_base.errors import Unreadable

#: Names we read, and the reader for each.
BY_SUFFIX = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".pdf": "pdf",
}
WORDS = {
    "markdown": "văn bản Markdown",
    "text": "văn bản thường",
    "html": "trang HTML",
    "docx": "tệp Word (.docx)",
    "pdf": "tệp PDF",
}
_SUPPORTED = "các loại đọc được: .md, .txt, .html, .docx, .pdf và corpus.jsonl dạng BEIR"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")


def format_of(path: Path, data: bytes) -> str:
    """The reader for a file, or `Unreadable` with what it is and what to do."""
    suffix = path.suffix.lower()
    if not data:
        raise Unreadable("tệp rỗng (0 byte)")
    found = _by_content(data)
    expected = BY_SUFFIX.get(suffix)
    if expected is None:
        if found not in WORDS:
            raise Unreadable(found)
        raise Unreadable(f"không đọc được loại tệp {suffix or 'không có đuôi'}; {_SUPPORTED}")
    if found == expected or (found == "text" and expected in ("markdown", "html")):
        return expected
    if found == "text" and expected in ("pdf", "docx"):
        raise Unreadable(f"tên tệp là {suffix} nhưng nội dung không phải {WORDS[expected]}")
    if found in WORDS:
        raise Unreadable(
            f"tên tệp là {suffix} nhưng nội dung là {WORDS[found]}; "
            "hãy kiểm tra, đổi đuôi rồi nạp lại"
        )
    raise Unreadable(found)


def _by_content(data: bytes) -> str:
    head = data[:4096]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "tệp Word có mật khẩu: hãy bỏ mật khẩu rồi nạp lại"
        return "tệp Word 97-2003 (.doc): hãy mở bằng Word hoặc LibreOffice và lưu lại thành .docx"
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if head.startswith(_IMAGES):
        return "tệp ảnh: cần nhận dạng chữ (OCR) trước khi nạp"
    if head.startswith(b"{\\rtf"):
        return "tệp RTF: hãy lưu lại thành .docx"
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.match(
        rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype html|html|head|body)", plain, re.DOTALL
    ):
        return "html"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if b"\0" in data:
        return _named_binary(head)
    control = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head)
    return _named_binary(head) if control > len(head) / 50 else "text"


def _zip_kind(data: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "tệp nén bị hỏng hoặc bị cắt cụt"
    if "word/document.xml" in names:
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return f"bảng tính Excel; {_SUPPORTED}"
    return f"tệp nén; {_SUPPORTED}"


def _named_binary(head: bytes) -> str:
    import puremagic

    try:
        name = puremagic.from_string(head) or ""
    except (puremagic.PureError, ValueError):
        name = ""
    return f"tệp nhị phân{f' ({name})' if name else ''}, không phải văn bản; {_SUPPORTED}"
