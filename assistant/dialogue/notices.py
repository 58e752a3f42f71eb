"""What a person has to be told before the first answer: that this is an AI, and what is kept.

Kept with the version of the words and the time, so that it can be shown that it was said;
said again when the words have changed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from assistant.dialogue.memory import conversation_key
from assistant.state_file import state_opened

#: Of the words of `notice` in replies.vi.yml; a test ties the two together.
VERSION = "2026-11-22"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS notices (
    conversation TEXT PRIMARY KEY, version TEXT NOT NULL, at REAL NOT NULL);
"""
_DAY = 86_400.0


class Notices:
    """Who has been told what. Every method raises `StateError` where the file cannot be used."""

    def __init__(
        self, path: Path, *, days: int = 365, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._days = days
        self._clock = clock

    def due(self, conversation: str) -> bool:
        """Whether this conversation has not been told in these words."""
        with state_opened(self._path, _SCHEMA) as db:
            row = db.execute(
                "SELECT version FROM notices WHERE conversation = ?",
                (conversation_key(conversation),),
            ).fetchone()
        return row is None or row["version"] != VERSION

    def told(self, conversation: str, within: sqlite3.Connection | None = None) -> None:
        """Keep that it was said now; what nobody has used for ``days`` goes.

        ``within``: a transaction on the same file, which keeps it or does not.
        """
        now = self._clock()
        with nullcontext(within) if within else state_opened(self._path) as db:
            db.execute(_SCHEMA)
            db.execute(
                "INSERT INTO notices VALUES (?, ?, ?) ON CONFLICT (conversation) "
                "DO UPDATE SET version = excluded.version, at = excluded.at",
                (conversation_key(conversation), VERSION, now),
            )
            db.execute("DELETE FROM notices WHERE at < ?", (now - self._days * _DAY,))

    def forget(self, conversation: str) -> None:
        """The person is a stranger again, and will be told again."""
        with state_opened(self._path, _SCHEMA) as db:
            db.execute(
                "DELETE FROM notices WHERE conversation = ?", (conversation_key(conversation),)
            )
