"""``access.sqlite`` in the restricted folder: opened for one piece of work at a time.

::

    accounts   who may sign in: hash of the password, secret of the codes, groups
    sessions   who has: the hash of the token, never the token
    attempts   failures by account and by address, for the waits between them
    log        what was granted and refused; each row holds the hash of the one before
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.state_file import state_connected

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL, subject TEXT NOT NULL DEFAULT '', password TEXT NOT NULL DEFAULT '',
    secret TEXT NOT NULL DEFAULT '', last_step INTEGER NOT NULL DEFAULT 0,
    groups TEXT NOT NULL, added_at REAL NOT NULL, seen_at REAL NOT NULL DEFAULT 0,
    revoked_at REAL);
CREATE UNIQUE INDEX IF NOT EXISTS accounts_by_subject ON accounts (subject) WHERE subject <> '';
CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    begun_at REAL NOT NULL, seen_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS sessions_by_account ON sessions (account);
CREATE TABLE IF NOT EXISTS attempts (
    who TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, event TEXT NOT NULL,
    who TEXT NOT NULL, detail TEXT NOT NULL, sha256 TEXT NOT NULL);
"""


@dataclass(slots=True)
class AccessDatabase:
    """The file; safe between threads and processes. Methods may raise `StateError`."""

    path: Path
    clock: Callable[[], float] = time.time
    _made: bool = field(default=False, init=False)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        with self._opened() as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is stored when this ends, or nothing."""
        with self._opened() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        folder = self.path.parent
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        with state_connected(self.path, isolation=None) as db:
            if not self._made:
                db.executescript(_SCHEMA)
                self._made = True
            yield db


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
