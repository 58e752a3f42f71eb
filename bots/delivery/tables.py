"""What delivery keeps in ``state.sqlite``: what came in, what goes out, chats, switches.

Plain SQL throughout (no SQLite functions), so that the same statements can run elsewhere.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.state_file import state_connection, unusable

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
    """Connections to the tables, one for each thread; each `writing` is one transaction.

    Where the file was moved away, a new one is begun. Raises `StateError`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._of_thread = threading.local()
        self._making = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        opened = self._opened()
        try:
            yield opened.db
        except sqlite3.Error as error:
            self._close()
            raise unusable(self.path, error) from error

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction; ``durable``: on the disk itself before the block is left."""
        with self.reading() as db:
            db.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
                raise

    def _opened(self) -> _Opened:
        opened: _Opened | None = getattr(self._of_thread, "opened", None)
        if opened is not None and opened.file == _file(self.path):
            return opened
        self._close()
        with self._making:  # two threads at once on a new file get in each other's way
            db = state_connection(self.path, isolation=None)
            try:
                db.executescript(_SCHEMA)
            except sqlite3.Error as error:
                db.close()
                raise unusable(self.path, error) from error
        opened = _Opened(db, _file(self.path))
        self._of_thread.opened = opened
        return opened

    def _close(self) -> None:
        opened: _Opened | None = getattr(self._of_thread, "opened", None)
        self._of_thread.opened = None
        if opened is not None:
            opened.db.close()


@dataclass(frozen=True, slots=True)
class _Opened:
    db: sqlite3.Connection
    file: tuple[int, int]


def _file(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def key_of(*parts: str) -> str:
    """What stands for ids that need not be kept."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
