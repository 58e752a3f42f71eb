"""Files of a form: parts of a ``multipart/form-data`` body, and a folder that leaves nothing."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from bots.web.errors import Refused

_MOST = 20  # parts of one body
_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,100})"?', re.IGNORECASE)
_FIELD = re.compile(r'(?:^|;)\s*name="([^"]*)"', re.IGNORECASE)
_FILE = re.compile(r'(?:^|;)\s*filename="([^"]*)"', re.IGNORECASE)
_FILE_8 = re.compile(r"(?:^|;)\s*filename\*=UTF-8''([^;\s]+)", re.IGNORECASE)
_SHARED = Path("/dev/shm")  # noqa: S108 - memory: what is written there is on no disk


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form. ``file`` is the name of the file it is, else empty."""

    name: str
    data: bytes
    file: str = ""

    @property
    def text(self) -> str:
        """The field as words; what is no UTF-8 is shown as such."""
        return self.data.decode("utf-8", "replace")


def is_form(content_type: str) -> bool:
    """Whether a body is a form with files."""
    return content_type.lower().startswith("multipart/form-data")


def parts_of(content_type: str, body: bytes) -> list[Part]:
    """The fields of a form in order. Raises `Refused` (400) where it is none."""
    found = _BOUNDARY.search(content_type)
    if not is_form(content_type) or found is None:
        raise Refused(400, "not_a_form")
    mark = b"--" + found[1].encode("latin-1", "replace")
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--") or len(pieces) > _MOST + 2:
        raise Refused(400, "not_a_form")
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    head, blank, data = piece.partition(b"\r\n\r\n")
    if not blank:
        raise Refused(400, "not_a_form")
    for line in head.decode("utf-8", "replace").split("\r\n"):
        key, _, value = line.partition(":")
        if key.strip().lower() == "content-disposition":
            name, plain, coded = (p.search(value) for p in (_FIELD, _FILE, _FILE_8))
            file = unquote(coded[1]) if coded else plain[1].replace("%22", '"') if plain else ""
            return Part(name[1] if name else "", data, file)
    raise Refused(400, "not_a_form")


@contextmanager
def passing_folder() -> Iterator[Path]:
    """A folder for files that are read once: in memory where the system has such a place."""
    there = _SHARED if _SHARED.is_dir() and os.access(_SHARED, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="troly-", dir=there) as folder:
        yield Path(folder)
