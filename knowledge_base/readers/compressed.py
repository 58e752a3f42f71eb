"""Text files, plain or compressed with zstd."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import IO

from knowledge_base.errors import Unreadable

_WINDOW = 2**27  # bytes a frame may ask for


def open_text(path: Path) -> IO[str]:
    """A file of UTF-8 text (UTF-16 where it says so), opened; what is neither becomes U+FFFD.

    Raises `Unreadable` for a ``.zst`` file where zstandard is not installed.
    """
    if path.suffix.lower() != ".zst":
        return _decoded(path.open("rb"))
    try:
        import zstandard
    except ImportError as error:
        raise Unreadable("tệp nén zstd: hãy giải nén rồi nạp lại") from error
    reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(path.open("rb"))
    return _decoded(io.BufferedReader(reader))


def _decoded(file: io.BufferedReader) -> IO[str]:
    wide = file.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return io.TextIOWrapper(file, encoding="utf-16" if wide else "utf-8-sig", errors="replace")
