"""Landlock (Linux 5.13): this process and its children lose one folder, whoever they run as."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_OF_FILES = _WRITE_FILE | _READ_FILE
_BENEATH = 1
_NO_NEW_PRIVILEGES = 38


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def deny(folder: Path) -> bool:
    """Nothing in ``folder`` can be read, listed or written from now on; False where the kernel
    has no Landlock, which changes nothing.

    Landlock knows only what is allowed: so everything beside ``folder`` and beside each
    folder above it is, as it is there now. What is made later right in one of the folders
    above cannot be opened either; in the others it can. Call it before threads are made.
    """
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    handled = _Ruleset(_OF_FILES | _READ_DIR)
    ruleset = libc.syscall(_CREATE, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    if ruleset < 0:
        return False
    try:
        below = folder
        for above in folder.parents:
            for entry in _entries(above):
                if entry.name != below.name and not entry.is_symlink():
                    _allow(libc, ruleset, Path(entry.path), entry.is_dir(follow_symlinks=False))
            below = above
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []  # what cannot be listed by this user is not opened by it either


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, folder: bool) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = _OF_FILES | (_READ_DIR if folder else 0)
        rule = _Beneath(rights, handle)
        libc.syscall(_ADD, ruleset, _BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(handle)
