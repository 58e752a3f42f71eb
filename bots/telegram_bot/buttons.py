"""What buttons carry: 64 bytes at most go to Telegram, longer payloads are kept here."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from pathlib import Path

from assistant.errors import StateError
from assistant.state_file import state_opened

log = logging.getLogger(__name__)

#: Bytes of UTF-8 that Telegram carries for us.
MOST = 64
#: Starts what stands for a longer payload.
_KEY = "k:"
_DAYS = 30.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS telegram_buttons (
    key TEXT PRIMARY KEY, payload TEXT NOT NULL, at REAL NOT NULL) STRICT;
"""


class Buttons:
    """Payloads by what Telegram is given for them. Blocks for the disk where they are long."""

    def __init__(self, database: Path, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def data_of(self, payload: str) -> str:
        """At most 64 bytes that mean ``payload``, the same each time.

        Raises:
            StateError: it is too long to be carried and cannot be kept.
        """
        if 0 < len(payload.encode()) <= MOST and not payload.startswith(_KEY):
            return payload
        key = _KEY + hashlib.sha256(payload.encode()).hexdigest()[:40]
        now = self._clock()
        with state_opened(self._database, _SCHEMA) as db:
            db.execute("DELETE FROM telegram_buttons WHERE at < ?", (now - _DAYS * 86400,))
            db.execute(
                "INSERT INTO telegram_buttons VALUES (?, ?, ?) ON CONFLICT (key)"
                " DO UPDATE SET payload = excluded.payload, at = excluded.at",
                (key, payload, now),
            )
        return key

    def payload_of(self, data: str) -> str:
        """What a pressed button carried; what nobody knows (any more) is handed on as it is."""
        if not data.startswith(_KEY):
            return data
        try:
            with state_opened(self._database, _SCHEMA) as db:
                found = db.execute(
                    "SELECT payload FROM telegram_buttons WHERE key = ?", (data,)
                ).fetchone()
        except StateError as error:
            log.warning("a button cannot be looked up: %s", error)
            return data
        return str(found["payload"]) if found else data
