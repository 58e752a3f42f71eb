"""Text files, plain or compressed with zstd."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO

from knowledge_base.errors import Unreadable

_WINDOW = 2**27  # bytes a frame may ask for


def open_text(path: Path) -> IO[str]:
    """A file of UTF-8 text, opened; what is no UTF-8 becomes U+FFFD.

    Raises `Unreadable` for a ``.zst`` file where zstandard is not installed.
    """
    if path.suffix.lower() != ".zst":
        return path.open(encoding="utf-8-sig", errors="replace")
    try:
        import zstandard
    except ImportError as error:
        raise Unreadable("tệp nén zstd: hãy giải nén rồi nạp lại") from error
    reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(path.open("rb"))
    return io.TextIOWrapper(reader, encoding="utf-8-sig", errors="replace")
