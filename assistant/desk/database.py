"""The desk's own tables in ``state.sqlite``, and how earlier ones are brought up to date.

::

    desk_schema     the version of these tables; other parts keep theirs in the same file
    desk_tickets    one row a ticket; at most one open one a conversation
    desk_lines      the masked conversation of a ticket
    desk_changes    what happened to it
    desk_replies    answers of officers, until and after they were delivered
    desk_erased     codes of tickets that citizens had erased, with nothing else of them
    desk_feedback   one row an answer and conversation
    desk_officers   who may use the desk over HTTP, with the hash of a token

A conversation is kept as the hash of its name: who knows the name may take part in it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import StateError
from assistant.state_file import state_connected

_FIRST = """
CREATE TABLE desk_tickets (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL, channel TEXT NOT NULL, address TEXT NOT NULL,
    topic TEXT NOT NULL, reason TEXT NOT NULL,
    status TEXT NOT NULL, officer TEXT NOT NULL DEFAULT '', opened_at TEXT NOT NULL,
    waiting_since TEXT NOT NULL, changed_at TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1);
CREATE UNIQUE INDEX desk_tickets_open ON desk_tickets (conversation)
    WHERE status IN ('waiting', 'taken', 'answered');
CREATE INDEX desk_tickets_by_conversation ON desk_tickets (conversation, opened_at);
CREATE INDEX desk_tickets_by_status ON desk_tickets (status, waiting_since);
CREATE TABLE desk_lines (
    ticket INTEGER NOT NULL REFERENCES desk_tickets (seq) ON DELETE CASCADE,
    place INTEGER NOT NULL, by TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (ticket, place)) WITHOUT ROWID;
CREATE TABLE desk_changes (
    id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES desk_tickets (seq) ON DELETE CASCADE,
    at TEXT NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL, status TEXT NOT NULL,
    note TEXT NOT NULL);
CREATE INDEX desk_changes_by_ticket ON desk_changes (ticket);
CREATE INDEX desk_changes_by_action ON desk_changes (action, at);
CREATE TABLE desk_replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket INTEGER NOT NULL REFERENCES desk_tickets (seq) ON DELETE CASCADE,
    at TEXT NOT NULL, officer TEXT NOT NULL, text TEXT NOT NULL, delivered_at TEXT);
CREATE INDEX desk_replies_by_ticket ON desk_replies (ticket);
CREATE INDEX desk_replies_pending ON desk_replies (ticket) WHERE delivered_at IS NULL;
CREATE TABLE desk_erased (code TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE desk_feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, answer_id TEXT NOT NULL,
    conversation TEXT NOT NULL, channel TEXT NOT NULL, good INTEGER NOT NULL,
    reasons TEXT NOT NULL, comment TEXT NOT NULL, topic TEXT NOT NULL,
    UNIQUE (answer_id, conversation));
CREATE INDEX desk_feedback_by_time ON desk_feedback (at);
CREATE INDEX desk_feedback_by_conversation ON desk_feedback (conversation, at)
"""

_SECOND = """
ALTER TABLE desk_tickets ADD COLUMN language TEXT NOT NULL DEFAULT 'vi';
CREATE TABLE desk_officers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded TEXT NOT NULL,
    token_sha256 TEXT NOT NULL UNIQUE, added_at TEXT NOT NULL, seen_on TEXT NOT NULL DEFAULT '',
    revoked_at TEXT);
CREATE UNIQUE INDEX desk_officers_active ON desk_officers (folded) WHERE revoked_at IS NULL
"""

#: Each brings the tables one version further. Only ever add to the end.
MIGRATIONS = (_FIRST, _SECOND)


class DeskDatabase:
    """Opens ``state.sqlite`` for one piece of work at a time; safe between threads and processes.

    What a `write` has ended is on the disk: it survives a power cut.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._ready = False

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One consistent view. Raises `StateError`."""
        with self._opened() as db:
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """All of it is done, or nothing; writers wait for each other. Raises `StateError`."""
        with self._lock, self._opened() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                if db.in_transaction:  # a full disk may have rolled it back already
                    db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def leave_no_trace(self) -> None:
        """Empty the log of writes, which still holds what was deleted. At best: readers go on."""
        with self._opened() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with state_connected(self.path, isolation=None) as db:
            db.execute("PRAGMA synchronous=FULL")
            if not self._ready:
                bring_up_to_date(db, self.path)
                self._ready = True
            yield db


def bring_up_to_date(db: sqlite3.Connection, path: Path) -> None:
    """Make what is missing, or nothing of it.

    Raises:
        StateError: a newer troly made these tables.
    """
    db.execute("BEGIN IMMEDIATE")
    db.execute("CREATE TABLE IF NOT EXISTS desk_schema (version INTEGER NOT NULL)")
    row = db.execute("SELECT max(version) FROM desk_schema").fetchone()
    version: int = row[0] or 0
    if version > len(MIGRATIONS):
        db.execute("ROLLBACK")
        raise StateError(
            f"{path} was written by a newer troly. Update troly, or take another --home."
        )
    for statements in MIGRATIONS[version:]:
        for statement in statements.split(";\n"):
            db.execute(statement)
    if version < len(MIGRATIONS):
        db.execute("DELETE FROM desk_schema")
        db.execute("INSERT INTO desk_schema VALUES (?)", (len(MIGRATIONS),))
    db.execute("COMMIT")
