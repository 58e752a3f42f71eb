"""One process delivers: of those on a home, and of all that share a database."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from assistant.errors import StateError
from assistant.state_file import is_elsewhere

if TYPE_CHECKING:
    from assistant.state_postgres import OnlyOne

_NAME = "delivery"
#: Seconds between tries to hold it again after the database was away, and for how long.
#: Shorter than the others' tries to take over, so that it mostly stays with who had it.
_AGAIN, _FOR = 0.25, 2.0


class TheOne:
    """Whether this process is the one. ``lock`` is the file that the one on a home holds."""

    def __init__(self, lock: Path, state: Path) -> None:
        self._path = lock
        self._state = state
        self._file: IO[str] | None = None
        self._held: OnlyOne | None = None

    def taken(self) -> bool:
        """Whether this process is the one, from now on or already. Raises `StateError`."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not is_elsewhere(self._state) or self._asked():
                self._file = file
        except BlockingIOError:
            pass
        finally:
            if self._file is None:
                file.close()
        return self._file is not None

    def still(self) -> bool:
        """Whether it is; False only where another machine has become the one meanwhile."""
        if self._held is None or self._held.held():
            return True
        self._held.close()
        end = time.monotonic() + _FOR
        while time.monotonic() < end:
            try:
                return self._asked()
            except StateError:  # the database is away: nobody can take anything
                time.sleep(_AGAIN)
        return True

    def close(self) -> None:
        if self._held is not None:
            self._held.close()
        if self._file is not None:
            self._file.close()

    def _asked(self) -> bool:
        from assistant.state_postgres import only_one

        found = only_one(_NAME)
        self._held = found or self._held
        return found is not None
