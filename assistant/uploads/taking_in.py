"""One file as it is taken in: read in the jail, with what could not be read told page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.uploads.vocabulary import SUFFIXES, NotTaken, Taken
from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.jail import Jail
from knowledge_base.settings import KnowledgeSettings

_SHORTEST = 20  # characters of a document that can be asked about
_LONGEST = 3_000_000  # … and of the longest one
_LONGEST_NAME = 200
_NAMED = 12  # pages that are named one by one


def file_name(given: str) -> str:
    """The name of a file as it is shown: no folders, no control characters.

    Raises:
        NotTaken: it has no name, or one of a kind that is not read.
    """
    name = given.replace("\\", "/").rpartition("/")[2]
    name = " ".join("".join(c for c in name if c.isprintable()).split())[-_LONGEST_NAME:]
    if not name.lower().endswith(SUFFIXES):
        kinds = ", ".join(SUFFIXES)
        raise NotTaken(
            f"Chưa nhận được loại tệp này. Hãy lưu lại thành một trong các loại: {kinds}.",
            QuarantineReason.UNSUPPORTED_FORMAT.value,
        )
    return name


def taken(path: Path, settings: KnowledgeSettings) -> Taken:
    """The text and the tables of a file.

    Raises:
        NotTaken: it cannot be read, or may not be kept (a secrecy stamp, macros).
    """
    try:
        with Jail(settings) as jail:
            reading, tables = jail.read_cells(path)
    except Unreadable as error:
        raise NotTaken(_sentence(error), error.code.value) from None
    if len("".join(reading.text.split())) < _SHORTEST:
        raise NotTaken(
            "Tệp không có chữ nào để hỏi (tệp trống hoặc chỉ có ảnh). Hãy kiểm tra lại tệp gốc.",
            QuarantineReason.EMPTY.value,
        )
    if len(reading.text) > _LONGEST:
        raise NotTaken(
            f"Tài liệu có hơn {_LONGEST // 1_000_000} triệu ký tự (khoảng 1.500 trang). "
            "Hãy tách nhỏ, hoặc chỉ tải phần cần hỏi.",
            QuarantineReason.TOO_LARGE.value,
        )
    remarks = tuple(_remarks(reading.meta))
    return Taken(reading.title, reading.text, reading.sections, reading.meta, tables, remarks)


def _sentence(error: Unreadable) -> str:
    # What the knowledge base takes in is more than what is uploaded here.
    reason = error.reason.partition("; các loại đọc được")[0]
    reason = reason[0].upper() + reason[1:]
    advice = error.code.advice.replace("rồi nạp lại", "rồi tải lên lại")
    return f"{reason.rstrip('.').replace('rồi nạp lại', 'rồi tải lên lại')}. {advice}"


def _remarks(meta: Mapping[str, str]) -> Iterator[str]:
    """What an officer has to know before believing an answer."""
    unread = meta.get("unread", "").split()
    if unread:
        shown = ", ".join(unread[:_NAMED]) + ("…" if len(unread) > _NAMED else "")
        yield (
            f"Không đọc được chữ nào ở {len(unread)} trên {meta['pages']} trang: trang {shown} "
            "(trang trắng hoặc ảnh quét). Câu trả lời không tính đến các trang này."
        )
    if meta.get("ocr"):
        pages = meta.get("ocr_pages", "")
        part = f" ở {pages} trang" if "/" in pages and pages != "1/1" else ""
        yield f"Chữ được máy đọc từ ảnh quét{part}: chữ và số có thể sai, hãy đối chiếu bản gốc."
    if meta.get("encoding"):
        yield f"Tệp dùng bảng mã cũ ({meta['encoding']}), đã chuyển sang Unicode."
    if meta.get("format"):
        yield "Đuôi tệp không đúng với nội dung; máy đã đọc theo nội dung thật."
