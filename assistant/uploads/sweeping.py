"""Deletes uploads when their time is up, for as long as the officers' server runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from assistant.uploads.store import Uploads

log = logging.getLogger(__name__)

#: Seconds between two looks. Between them nothing expired is answered from either.
EVERY = 60.0


class Sweeper:
    """A thread that sweeps; at once when it starts, when half-made uploads are wiped, too.

    ``owners``: who may have uploads; what others left (a revoked account) goes with the rest.
    """

    def __init__(
        self,
        uploads: Uploads,
        every: float = EVERY,
        owners: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        self._uploads = uploads
        self._owners = owners
        self._every = every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="uploads", daemon=True)

    def start(self) -> None:
        """Sweep once, now, and from then on in a thread of its own."""
        self._sweep(start=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop; what expires from now on is deleted at the next start."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _work(self) -> None:
        while not self._stopped.wait(self._every):
            self._sweep()

    def _sweep(self, *, start: bool = False) -> None:
        try:
            gone = self._uploads.sweep(start=start)
            if self._owners is not None:
                gone += self._uploads.keep_only(self._owners())
        except Exception as error:  # a full or read-only disk must not end the sweeping
            log.error("uploads could not be swept: %s", type(error).__name__)
            return
        if gone:
            log.info("%d uploads deleted: their time was over, or their owner gone", gone)
