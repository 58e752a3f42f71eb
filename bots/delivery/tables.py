"""What delivery keeps in ``state.sqlite``: what came in, what goes out, chats, switches.

Plain SQL throughout (no SQLite functions), so that the same statements can run elsewhere.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.state_file import state_connected

_SCHEMA = """
CREATE TABLE IF NOT EXISTS delivery_inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, update_key TEXT NOT NULL,
    chat TEXT NOT NULL, kind TEXT NOT NULL, came REAL NOT NULL, body TEXT NOT NULL,
    digest TEXT NOT NULL, state TEXT NOT NULL, lease TEXT NOT NULL DEFAULT '',
    until REAL NOT NULL DEFAULT 0, told INTEGER NOT NULL DEFAULT 0,
    UNIQUE (channel, update_key));
CREATE INDEX IF NOT EXISTS delivery_inbox_open ON delivery_inbox (channel, chat, seq)
    WHERE state <> 'done';
CREATE TABLE IF NOT EXISTS delivery_outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, chat TEXT NOT NULL,
    turn TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, words TEXT NOT NULL,
    state TEXT NOT NULL, made REAL NOT NULL, not_before REAL NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0, maybe_sent INTEGER NOT NULL DEFAULT 0,
    plain INTEGER NOT NULL DEFAULT 0, though_off INTEGER NOT NULL DEFAULT 0,
    message TEXT NOT NULL DEFAULT '', ended REAL NOT NULL DEFAULT 0,
    UNIQUE (turn, number));
CREATE INDEX IF NOT EXISTS delivery_outbox_open ON delivery_outbox (channel, chat, seq)
    WHERE state IN ('ready', 'sending');
CREATE TABLE IF NOT EXISTS delivery_chats (
    channel TEXT NOT NULL, chat TEXT NOT NULL, paused_until REAL NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL, PRIMARY KEY (channel, chat));
CREATE TABLE IF NOT EXISTS delivery_channels (
    channel TEXT PRIMARY KEY, off_reason TEXT NOT NULL DEFAULT '', off_by TEXT NOT NULL DEFAULT '',
    off_at REAL NOT NULL DEFAULT 0, held_reason TEXT NOT NULL DEFAULT '',
    held_at REAL NOT NULL DEFAULT 0);
"""


class Tables:
    """Connections to the tables; each `writing` is one transaction. Raises `StateError`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._made: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with state_connected(self.path, isolation=None) as db:
            self._prepare(db)
            yield db

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction; ``durable``: on the disk itself before the block is left."""
        with self.reading() as db:
            db.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Make the tables once, and again where the file was moved away."""
        found = self.path.stat()
        if self._made != (found.st_dev, found.st_ino):
            db.executescript(_SCHEMA)
            self._made = (found.st_dev, found.st_ino)


def key_of(*parts: str) -> str:
    """What stands for ids that need not be kept."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
