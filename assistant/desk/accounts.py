"""Officers who may use the desk over HTTP: a name, and a token of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from assistant.desk.queue import Queue
from assistant.desk.rows import moment, stamp
from assistant.desk.tickets import DeskError, officer_name
from knowledge_base.vietnamese import fold

#: How a token begins, so that one that was published by mistake is recognised.
_PREFIX = "troly-"
_BYTES = 24
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Account:
    """One officer. ``seen_on`` is the last day the token was used (ISO, UTC; empty: never)."""

    name: str
    added_at: datetime
    seen_on: str = ""
    revoked_at: datetime | None = None


class Accounts:
    """The officers of one desk. Every method may raise `assistant.errors.StateError`."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def add(self, name: str) -> str:
        """A new officer; the token, which can never be read again.

        Raises `Unusable` for a name that is none, `DeskError` where it is taken.
        """
        name = officer_name(name)
        token = _PREFIX + secrets.token_urlsafe(_BYTES)
        with self._queue.database.write() as db:
            if _active(db, name) is not None:
                raise DeskError(
                    f"Đã có cán bộ tên “{name}”. Hãy đặt tên khác, hoặc thu hồi mã cũ trước: "
                    f'troly desk officer revoke "{name}".'
                )
            db.execute(
                "INSERT INTO desk_officers (name, folded, token_sha256, added_at)"
                " VALUES (?, ?, ?, ?)",
                (name, _folded(name), _sha256(token), stamp(self._queue.clock())),
            )
        return token

    def revoke(self, name: str) -> tuple[str, int]:
        """The token of ``name`` opens nothing any more.

        Returns the name as it is written, and how many tickets that officer still holds.
        Raises `DeskError` where there is no such officer.
        """
        name = officer_name(name)
        with self._queue.database.write() as db:
            row = _active(db, name)
            if row is None:
                known = ", ".join(each.name for each in _all(db) if each.revoked_at is None)
                hint = f"Đang có: {known}." if known else "Chưa có cán bộ nào."
                raise DeskError(f"Không có cán bộ tên “{name}” đang dùng mã. {hint}")
            db.execute(
                "UPDATE desk_officers SET revoked_at = ? WHERE id = ?",
                (stamp(self._queue.clock()), row["id"]),
            )
            held = db.execute(
                "SELECT count(*) FROM desk_tickets WHERE status = 'taken' AND officer = ?",
                (row["name"],),
            ).fetchone()[0]
        return str(row["name"]), int(held)

    def all(self) -> tuple[Account, ...]:
        """Every officer there is or was, in the order they came."""
        with self._queue.database.read() as db:
            return _all(db)

    def any(self) -> bool:
        """Whether anybody may use the desk over HTTP."""
        with self._queue.database.read() as db:
            found = db.execute("SELECT 1 FROM desk_officers WHERE revoked_at IS NULL LIMIT 1")
            return found.fetchone() is not None

    def opened_by(self, token: str) -> str | None:
        """Whose token this is; None for anything else. It is found by its hash, so how long
        that takes tells nothing of the tokens there are."""
        if not token.startswith(_PREFIX) or len(token) > _LONGEST:
            return None
        with self._queue.database.read() as db:
            row = db.execute(
                "SELECT id, name, seen_on FROM desk_officers"
                " WHERE token_sha256 = ? AND revoked_at IS NULL",
                (_sha256(token),),
            ).fetchone()
        if row is None:
            return None
        today = stamp(self._queue.clock())[:10]
        if row["seen_on"] != today:
            with self._queue.database.write() as db:
                db.execute("UPDATE desk_officers SET seen_on = ? WHERE id = ?", (today, row["id"]))
        return str(row["name"])


def _active(db: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM desk_officers WHERE folded = ? AND revoked_at IS NULL", (_folded(name),)
    ).fetchone()
    return row


def _all(db: sqlite3.Connection) -> tuple[Account, ...]:
    return tuple(
        Account(
            row["name"],
            moment(row["added_at"]),
            row["seen_on"],
            moment(row["revoked_at"]) if row["revoked_at"] else None,
        )
        for row in db.execute("SELECT * FROM desk_officers ORDER BY id")
    )


def _folded(name: str) -> str:
    """Two names that read alike are one: it is by them that colleagues know who answered."""
    return " ".join(fold(name).split())


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
