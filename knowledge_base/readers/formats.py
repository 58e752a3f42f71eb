"""What a file really is: by its first bytes, never by its name alone."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from knowledge_base.errors import QuarantineReason, Unreadable

#: Names we read, and the reader for each.
BY_SUFFIX = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".mht": "mhtml",
    ".mhtml": "mhtml",
    ".docx": "docx",
    ".doc": "doc",
    ".rtf": "rtf",
    ".odt": "odt",
    ".pdf": "pdf",
    ".xlsx": "sheet",
    ".xls": "sheet",
    ".ods": "sheet",
    ".csv": "csv",
    ".tsv": "csv",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
}
_WORDS = {
    "text": "văn bản thường",
    "html": "trang HTML",
    "image": "tệp ảnh",
}
_SUPPORTED = (
    "các loại đọc được: .docx, .doc, .rtf, .odt, .pdf, .xlsx, .xls, .ods, .csv, .html, .md, .txt, "
    "corpus.jsonl dạng BEIR và bản ghi thủ tục .json, .jsonl"
)
_LOCKED = "tệp có mật khẩu: hãy bỏ mật khẩu rồi nạp lại"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff")
_OTHER_IMAGES = (b"GIF8", b"II*\0", b"MM\0*", b"BM", b"RIFF")
# A page or a plain text under these names was saved so by an office program or a web site.
_ALSO = {
    "html": {"html", "markdown", "text", "mhtml", "doc", "docx", "rtf", "sheet"},
    "text": {"text", "markdown", "html", "csv", "doc", "rtf"},
}


def format_of(path: Path, data: bytes) -> str:
    """The reader for a file, or `Unreadable` with what it is and what to do.

    A signature (Word, Excel, PDF …) goes before the name, so a file with
    another's name is read as what it is. A web page or a text under a name that
    promises a signature is not what was meant, and refused; "page" is a web page
    named .pdf, of which only the reason for refusing it is still open.
    """
    suffix = path.suffix.lower()
    if not data:
        raise Unreadable("tệp rỗng (0 byte)", QuarantineReason.EMPTY)
    found = _by_content(data)
    expected = BY_SUFFIX.get(suffix)
    if found not in _ALSO:
        return found
    if expected is None:
        raise _unsupported(f"không đọc được loại tệp {suffix or 'không có đuôi'}; {_SUPPORTED}")
    if expected == "sheet" and found == "text":
        return "csv"
    if found == "html" and expected == "pdf":
        return "page"
    if expected not in _ALSO[found]:
        raise Unreadable(
            f"tên tệp là {suffix} nhưng nội dung là {_WORDS[found]}: hãy kiểm tra hoặc tải lại",
            QuarantineReason.WRONG_FORMAT,
        )
    return (
        "text"
        if found == "text" and expected in ("doc", "rtf")
        else (found if found == "html" else expected)
    )


def _by_content(data: bytes) -> str:
    head = data[:4096]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_OLE):
        return _ole_kind(data)
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if head.startswith(_IMAGES):
        return "image"
    if head.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.match(
        rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype html|html|head|body|meta|table)",
        plain,
        re.DOTALL,
    ):
        return "html"
    if re.match(rb"(from:|subject:|date:|mime-version:)", plain) and b"text/html" in data[:20_000]:
        return "mhtml"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if head.startswith(_OTHER_IMAGES) and b"\0" in head:
        raise _unsupported("tệp ảnh loại này không đọc được: hãy lưu lại thành PDF, PNG hoặc JPG")
    if b"\0" in data:
        raise _named_binary(head)
    control = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head)
    if control > len(head) / 50:
        raise _named_binary(head)
    return "text"


def _ole_kind(data: bytes) -> str:
    """Which of the programs that write OLE files wrote this one."""
    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            names = {"/".join(entry).lower() for entry in file.listdir(storages=True)}
    except (OSError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise Unreadable(
            "tệp Office 97-2003 bị hỏng hoặc bị cắt cụt, không mở được", QuarantineReason.DAMAGED
        ) from error
    if "encryptedpackage" in names:
        raise Unreadable(_LOCKED, QuarantineReason.ENCRYPTED)
    if "worddocument" in names:
        if "macros" in names or "_vba_project_cur" in names:
            raise _macros()
        return "doc"
    if names & {"workbook", "book"}:
        if "_vba_project_cur" in names:
            raise _macros()
        return "sheet"
    raise _unsupported(f"tệp Office 97-2003 không phải Word hay Excel; {_SUPPORTED}")


def _zip_kind(data: bytes) -> str:
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        names = package.namelist()
        kind = package.open("mimetype").read(80) if "mimetype" in names else b""
    except Exception as error:  # zipfile lets through what zlib and struct raise
        raise Unreadable("tệp nén bị hỏng hoặc bị cắt cụt", QuarantineReason.DAMAGED) from error
    if any(name.startswith("word/document") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names) or b"opendocument.spreadsheet" in kind:
        return "sheet"
    if b"opendocument.text" in kind:
        return "odt"
    raise _unsupported(f"tệp nén; {_SUPPORTED}")


def _macros() -> Unreadable:
    return Unreadable("tệp có macro: hãy lưu lại thành tệp không có macro", QuarantineReason.UNSAFE)


def _unsupported(reason: str) -> Unreadable:
    return Unreadable(reason, QuarantineReason.UNSUPPORTED_FORMAT)


def _named_binary(head: bytes) -> Unreadable:
    import puremagic

    try:
        name = puremagic.from_string(head) or ""
    except (puremagic.PureError, ValueError):
        name = ""
    return _unsupported(
        f"tệp nhị phân{f' ({name})' if name else ''}, không phải văn bản; {_SUPPORTED}"
    )
