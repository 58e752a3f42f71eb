"""Zip packages (Word, Excel, OpenDocument): what could do harm is refused before parsing."""

from __future__ import annotations

import io
import re
import zipfile

from knowledge_base.errors import QuarantineReason, Unreadable

_ENTRIES = 2_000
_TOTAL = 200_000_000
_RATIO = 100
_OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode=\"External\"[^>]*>", re.IGNORECASE)
_LOADED = re.compile(rb"/(attachedTemplate|oleObject|frame|subDocument|aFChunk)\"", re.IGNORECASE)
_MACROS = re.compile(r"(vbaproject\.bin|^basic/.+\.xml|^scripts/.+)$", re.IGNORECASE)
_LOCKED = "tệp có mật khẩu: hãy bỏ mật khẩu rồi nạp lại"


def check_package(data: bytes) -> None:
    """Refuse bombs, macros, outside templates and DTDs, by the bytes really unpacked."""
    total = 0
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _damaged() from error
    with package:
        entries = package.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > _ENTRIES or len(set(names)) != len(names):
            raise _unsafe("tệp có cấu trúc bất thường (quá nhiều phần hoặc trùng tên)")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Unreadable(_LOCKED, QuarantineReason.ENCRYPTED)
        if any(_MACROS.search(name) for name in names):
            raise _unsafe("tệp có macro: hãy lưu lại thành tệp không có macro")
        for entry in entries:
            content = bytearray()
            try:
                with package.open(entry) as part:
                    while piece := part.read(1 << 20):
                        total += len(piece)
                        if total > _TOTAL or total > _RATIO * max(len(data), 100_000):
                            raise _unsafe(
                                "tệp nén phình quá lớn khi mở (có thể là bom nén), không đọc"
                            )
                        if entry.filename.endswith((".xml", ".rels")):
                            content += piece
            except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
                raise _damaged() from error
            except Exception as error:
                if type(error).__name__ == "error":  # zlib.error
                    raise _damaged() from error
                raise
            _check_part(entry.filename, bytes(content))


def _check_part(name: str, content: bytes) -> None:
    # An entity silently drops the text after it; office programs never write a DTD.
    plain = content.replace(b"\0", b"")  # the same in UTF-16
    if re.search(rb"<!(DOCTYPE|ENTITY)", plain, re.IGNORECASE):
        raise _unsafe("tệp có khai báo DTD (dấu hiệu tệp bị cài mã), không đọc")
    if any(_LOADED.search(found) for found in _OUTSIDE.findall(plain)):
        raise _unsafe("tệp nạp mẫu hoặc đối tượng từ bên ngoài, không đọc")
    if name == "META-INF/manifest.xml" and b"encryption-data" in plain:
        raise Unreadable(_LOCKED, QuarantineReason.ENCRYPTED)


def _damaged() -> Unreadable:
    return Unreadable("tệp bị hỏng hoặc bị cắt cụt, không mở được", QuarantineReason.DAMAGED)


def _unsafe(reason: str) -> Unreadable:
    return Unreadable(reason, QuarantineReason.UNSAFE)
