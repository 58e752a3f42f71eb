"""One process at a time: a lock that dies with its holder."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(
    path: Path, *, wait: bool = True, waiting: Callable[[], None] | None = None
) -> Iterator[bool]:
    """Hold ``path`` as a lock (``flock``: the kernel lets go when the process dies).

    Yields whether it is held, which without ``wait`` may be False. ``waiting``
    is called about once a second for as long as another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        held = _try(handle)
        while wait and not held:
            if waiting:
                waiting()
            for _ in range(10):
                time.sleep(0.1)
                held = _try(handle)
                if held:
                    break
        yield held
    finally:
        os.close(handle)


def _try(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
