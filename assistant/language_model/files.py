"""Whether a model file is the one its publisher signed for; asked before every load."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from assistant.errors import ModelCorrupt, ModelMissing

#: (bytes done, bytes in all)
Advance = Callable[[int, int], None]

CHUNK = 4 * 1024 * 1024


def sha256_of(path: Path, advance: Advance | None = None) -> str:
    """SHA-256 of a file in hexadecimal; about a second for half a gigabyte."""
    total, done, digest = path.stat().st_size, 0, hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            if advance is not None:
                advance(done, total)
    return digest.hexdigest()


def verify_file(
    path: Path,
    *,
    sha256: str | None,
    size: int | None = None,
    thorough: bool = False,
    advance: Advance | None = None,
) -> None:
    """Raise unless ``path`` is a GGUF file with these bytes.

    A verdict is remembered beside the file and holds while size, inode and
    times of the file stay as they were; ``thorough`` reads it all again.

    Raises:
        ModelMissing: no such file.
        ModelCorrupt: another size, no GGUF file, or another SHA-256.
    """
    if not path.is_file():
        raise ModelMissing(f"There is no model file at {path}. Fetch it: troly models pull")
    stat = path.stat()
    if size is not None and stat.st_size != size:
        raise ModelCorrupt(
            f"{path} has {stat.st_size:,} bytes instead of {size:,}. "
            "Fetch it again: troly models pull --again"
        )
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelCorrupt(f"{path} is not a GGUF model file. Fetch it again or name another.")
    if sha256 is None:
        raise ModelCorrupt(
            f"Nobody vouches for {path}: give the SHA-256 its publisher states "
            "(model.sha256 in config.yml, or troly models pull KEY --sha256 HEX)."
        )
    memory = _verdict_path(path)
    if not thorough and _remembered(memory) == _mark(path, sha256):
        return
    found = sha256_of(path, advance)
    if found != sha256:
        memory.unlink(missing_ok=True)
        raise ModelCorrupt(
            f"{path} is damaged or not the official file (SHA-256 {found[:12]}… instead of "
            f"{sha256[:12]}…). Fetch it again: troly models pull --again"
        )
    remember_verdict(path, sha256)


def remember_verdict(path: Path, sha256: str) -> None:
    """Note that ``path``, as it is now, was read and has this SHA-256."""
    memory = _verdict_path(path)
    with contextlib.suppress(OSError):  # a read-only folder: the next start reads it all again
        temporary = memory.with_name(f"{memory.name}.{os.getpid()}")
        temporary.write_text(json.dumps(_mark(path, sha256)), encoding="ascii")
        temporary.replace(memory)


def pinned_sha256(path: Path) -> str | None:
    """The SHA-256 an operator gave when pulling this file, for models the catalogue has none of."""
    try:
        text = _pin_path(path).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if len(text) == 64 else None


def pin_sha256(path: Path, sha256: str) -> None:
    """Remember what the operator vouched for."""
    _pin_path(path).write_text(sha256 + "\n", encoding="ascii")


def _pin_path(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _mark(path: Path, sha256: str) -> list[object]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, sha256]


def _verdict_path(path: Path) -> Path:
    return path.with_name(path.name + ".verified.json")


def _remembered(memory: Path) -> object:
    try:
        return json.loads(memory.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
