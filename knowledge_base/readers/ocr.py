"""Scanned pages read by Tesseract, where it is installed with Vietnamese.

The program runs inside the jail, under its limits: a picture goes in on stdin,
lines with how sure it is of each word come out on stdout, and no file is written.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from functools import cache
from statistics import fmean

from knowledge_base.errors import QuarantineReason, Unreadable

#: What to say where a scan cannot be read.
HOW_TO_INSTALL = (
    "cần cài chương trình nhận dạng chữ (Debian, Ubuntu: apt install tesseract-ocr-vie) rồi nạp lại"
)
DPI = 250
_PAGE_SECONDS = 120
_UNSURE = 30  # percent: a word below is noise of a stamp, a signature or a stain
_UNREADABLE = 55  # percent: a page whose words are worth less on the average is not read
_WORD = 5  # level of a word in the output


@cache
def version() -> str:
    """``5.3.0`` of the Tesseract that reads Vietnamese here, or "" where there is none."""
    try:
        listed = subprocess.run(
            ["tesseract", "--list-langs"], capture_output=True, text=True, timeout=20, check=False
        )
        if "vie" not in listed.stdout.split():
            return ""
        named = subprocess.run(
            ["tesseract", "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    words = (named.stdout or named.stderr).split()
    return words[1] if len(words) > 1 else "?"


class Ocr:
    """Reads the pages of one file, within its limits of pages and seconds."""

    def __init__(self, pages: int, seconds: int, told: Callable[[int, int], None]) -> None:
        self.pages = pages
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._told = told

    def page(self, picture: bytes, number: int, pages: int) -> str:
        """The text of one picture (PGM, PNG or JPEG); "" where nothing on it can be read.

        Raises `Unreadable` where the time of the file is over.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise Unreadable(
                f"nhận dạng chữ quá {self._seconds} giây (dừng ở trang {number}/{pages}): "
                "hãy tách nhỏ",
                QuarantineReason.TIMED_OUT,
            )
        self._told(number, pages)
        try:
            done = subprocess.run(
                ["tesseract", "stdin", "stdout", "-l", "vie", "--dpi", str(DPI), "--psm", "3",
                 "-c", "tessedit_create_tsv=1"],
                input=picture,
                capture_output=True,
                timeout=min(left + 1, _PAGE_SECONDS),
                check=False,
                env={"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise Unreadable(
                f"nhận dạng chữ trang {number}/{pages} quá lâu, đã dừng lại",
                QuarantineReason.TIMED_OUT,
            ) from error
        return lines_of(done.stdout.decode("utf-8", "replace"))


def lines_of(table: str) -> str:
    """Tesseract's table of words as lines, a blank line between blocks; noise left out."""
    lines: dict[tuple[str, ...], list[str]] = {}
    sure: list[float] = []
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != str(_WORD) or not cells[11].strip():
            continue
        confidence = float(cells[10])
        sure.append(confidence)
        if confidence >= _UNSURE:
            lines.setdefault(tuple(cells[2:5]), []).append(cells[11].strip())
    if not sure or fmean(sure) < _UNREADABLE:
        return ""
    out: list[str] = []
    above: tuple[str, ...] = ()
    for key, words in lines.items():
        if above and key[:2] != above:
            out.append("")
        out.append(" ".join(words))
        above = key[:2]
    return "\n".join(out)
