"""Sessions: a random token in a cookie, of which only the hash is kept, and for how long."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from assistant.access.accounts import Account, account_of
from assistant.access.database import AccessDatabase, hashed
from assistant.access.log import note

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
#: Seconds between writes of when a session was last seen.
_GRAIN = 10.0


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in that holds. ``id`` is the hash of its token."""

    id: str
    account: Account


class Sessions:
    """The sessions of one installation; ``idle`` and ``longest`` in seconds."""

    def __init__(self, database: AccessDatabase, *, idle: float, longest: float) -> None:
        self._database = database
        self._idle, self._longest = idle, longest

    def begin(self, account: Account) -> str:
        """A new session; the token, 256 random bits, for its cookie alone."""
        token, now = secrets.token_urlsafe(32), self._database.clock()
        with self._database.write() as db:
            db.execute(
                "DELETE FROM sessions WHERE begun_at < ? OR seen_at < ?",
                (now - self._longest, now - self._idle),
            )
            db.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?)", (hashed(token), account.id, now, now)
            )
        return token

    def of(self, token: str) -> Session | None:
        """The session of a token while it holds and its account may sign in."""
        if not _TOKEN.fullmatch(token):
            return None
        now, name = self._database.clock(), hashed(token)
        with self._database.read() as db:
            row = db.execute(
                "SELECT a.*, s.begun_at, s.seen_at AS last FROM sessions AS s"
                " JOIN accounts AS a ON a.id = s.account"
                " WHERE s.token = ? AND a.revoked_at IS NULL",
                (name,),
            ).fetchone()
        if row is None:
            return None
        if now - row["begun_at"] > self._longest or now - row["last"] > self._idle:
            self.end(name, why="hết hạn")
            return None
        if now - row["last"] > _GRAIN:
            with self._database.write() as db:
                db.execute("UPDATE sessions SET seen_at = ? WHERE token = ?", (now, name))
        return Session(name, account_of(row))

    def end(self, session: str, *, why: str = "") -> None:
        """End one session; with a reason it was not its officer who did."""
        with self._database.write() as db:
            row = db.execute(
                "SELECT name FROM accounts JOIN sessions ON account = id WHERE token = ?",
                (session,),
            ).fetchone()
            if row is not None:
                db.execute("DELETE FROM sessions WHERE token = ?", (session,))
                now = self._database.clock()
                note(db, now, "ended" if why else "signed_out", row["name"], why)

    def end_all(self, account: int) -> int:
        """End every session of an account; how many there were."""
        with self._database.write() as db:
            name = db.execute("SELECT name FROM accounts WHERE id = ?", (account,)).fetchone()
            ended = db.execute("DELETE FROM sessions WHERE account = ?", (account,)).rowcount
            if name is not None:
                now = self._database.clock()
                note(db, now, "signed_out", name["name"], "mọi nơi")
        return ended
