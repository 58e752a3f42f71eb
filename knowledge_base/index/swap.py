"""Which index serves: ``index/CURRENT`` is a link to ``index/<key>``, moved in one step.

::

    index/CURRENT -> <key>      what readers open
    index/<key>/                a finished, verified index; never changed afterwards
    index/<key>.tmp-<pid>/      one being built; left over only where a builder was killed
    index/.lock                 held by the one builder
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

CURRENT = "CURRENT"
FILES = "files.json"  # sizes of everything that must not change after the build
KEPT = 2


def current(index_folder: Path) -> Path | None:
    """The folder of the index that serves, or None when there is none."""
    try:
        name = (index_folder / CURRENT).readlink()
    except OSError:
        return None
    folder = index_folder / name
    return folder if folder.is_dir() else None


def temporary(index_folder: Path, key: str) -> Path:
    """Where this process builds the index ``key``."""
    return index_folder / f"{key}.tmp-{os.getpid()}"


def publish(built: Path, key: str) -> Path:
    """Make the finished index in ``built`` the one that serves; returns its folder.

    Everything is on disk before the link moves, so at every moment the link
    names a whole index, whatever happens to this process or the machine.
    """
    index_folder = built.parent
    _flush(built)
    final = index_folder / key
    if final.exists():  # the same index, found damaged: readers that have it open keep their files
        final.replace(index_folder / f"{key}.tmp-{os.getpid()}-old")
    built.replace(final)
    before = current(index_folder)
    point_to(final)
    _prune(index_folder, {final, before or final})
    return final


def point_to(folder: Path) -> None:
    """Move the link to ``folder`` atomically and durably."""
    link = folder.parent / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(folder.parent / CURRENT)
    _fsync(folder.parent)


def keep_only(folder: Path) -> None:
    """Remove every other index: they hold texts that may not be here any more."""
    for other in folder.parent.iterdir():
        if other.is_dir() and not other.is_symlink() and other != folder:
            shutil.rmtree(other, ignore_errors=True)


def remove_leftovers(index_folder: Path) -> int:
    """Remove what killed builders left. Only for the holder of the lock."""
    found = [path for path in index_folder.glob("*.tmp-*") if path.is_dir()]
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    for link in index_folder.glob(f".{CURRENT}-*"):
        link.unlink(missing_ok=True)
    return len(found)


def note_files(folder: Path) -> None:
    """Write down the sizes of an index's files, so that a cut file is noticed cheaply."""
    sizes = {str(path.relative_to(folder)): path.stat().st_size for path in _files(folder)}
    (folder / FILES).write_text(json.dumps(sizes, indent=1), encoding="utf-8")


def is_whole(folder: Path) -> bool:
    """Whether every file of a published index is there with its size (no reading)."""
    try:
        sizes = json.loads((folder / FILES).read_text("utf-8"))
        return bool(sizes) and all(
            (folder / name).stat().st_size == size for name, size in sizes.items()
        )
    except (OSError, ValueError, AttributeError):
        return False


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        # Chroma writes into its own files when it opens them.
        if path.is_file() and path.relative_to(folder).parts[0] not in ("chroma", FILES):
            yield path


def _prune(index_folder: Path, keep: set[Path]) -> None:
    finished = [
        path
        for path in index_folder.iterdir()
        if path.is_dir() and not path.is_symlink() and ".tmp-" not in path.name
    ]
    newest = sorted(finished, key=lambda path: path.stat().st_mtime, reverse=True)
    kept = keep | set(newest[: max(0, KEPT - len(keep))])
    for path in finished:
        if path not in kept:
            shutil.rmtree(path, ignore_errors=True)
    remove_leftovers(index_folder)


def _flush(folder: Path) -> None:
    for path in folder.rglob("*"):
        _fsync(path)
    _fsync(folder)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
