"""Files that only this user reads, that are whole or not there, and that are wiped."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from pathlib import Path

#: Names of folders that are being filled, or emptied: nobody reads them, sweeping removes them.
COMING, GOING = ".coming-", ".going-"
_BLOCK = 1 << 20


def private(folder: Path) -> Path:
    """``folder``, made where it is missing, for this user alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def write(path: Path, data: bytes) -> None:
    """Write a new file of 0600, on the disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the names in ``folder`` on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def coming(folder: Path) -> Path:
    """A new folder inside ``folder`` that nobody sees until `appear`."""
    return private(folder / f"{COMING}{secrets.token_hex(8)}")


def appear(filled: Path, name: str) -> Path:
    """Give a filled folder its name: from now on it is there, as a whole."""
    sync_folder(filled)
    final = filled.with_name(name)
    filled.rename(final)
    sync_folder(final.parent)
    return final


def remove(folder: Path) -> bool:
    """Have ``folder`` gone at once under its name, then wiped; whether it was there."""
    going = folder.with_name(f"{GOING}{secrets.token_hex(8)}")
    try:
        folder.rename(going)
    except FileNotFoundError:
        return False
    wipe(going)
    return True


def wipe(folder: Path) -> None:
    """Overwrite every file below ``folder`` and remove it.

    On solid-state disks, snapshots and backups a copy may be left that no program reaches:
    that is why the folder belongs on an encrypted disk and in no backup.
    """
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and not path.is_symlink():
            with contextlib.suppress(OSError):
                _overwrite(path)
    shutil.rmtree(folder, ignore_errors=True)


def leftovers(folder: Path) -> list[Path]:
    """Folders that a process which died was filling or emptying."""
    if not folder.is_dir():
        return []
    return [each for each in folder.iterdir() if each.name.startswith((COMING, GOING))]


def size_of(folder: Path) -> int:
    """Bytes of all files below ``folder``."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.lstat().st_size if path.is_file() else 0
    return total


def _overwrite(path: Path) -> None:
    length = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        for start in range(0, length, _BLOCK):
            file.write(bytes(min(_BLOCK, length - start)))
        os.fsync(file.fileno())
