"""Growing waits between failures, for each account and each address they come from."""

from __future__ import annotations

import sqlite3

from assistant.access.database import AccessDatabase, hashed
from assistant.access.errors import TooManyTries

#: Failures that cost nothing yet, for an account and for an address (many people share one).
FREE_OF_ACCOUNT, FREE_OF_ADDRESS = 4, 20
_LONGEST = 900.0  # seconds of one wait
_FORGOTTEN = 86_400.0  # seconds after which failures do not count any more


def keys_of(name: str, address: str) -> tuple[tuple[str, int], ...]:
    """What failures are counted under: hashes, for a name may be a password typed too early."""
    found = [("name " + hashed(name), FREE_OF_ACCOUNT)]
    if address:
        found.append(("from " + hashed(address), FREE_OF_ADDRESS))
    return tuple(found)


def begin(database: AccessDatabase, keys: tuple[tuple[str, int], ...]) -> None:
    """Count a try before it is looked at, so that many at once do not slip through.

    Raises `TooManyTries` while a wait is on; that try does not make it longer.
    """
    now = database.clock()
    with database.write() as db:
        left = max(_left(db, who, free, now) for who, free in keys)
        if left > 0:
            raise TooManyTries(int(left) + 1)
        for who, _ in keys:
            db.execute(
                "INSERT INTO attempts VALUES (?, 1, ?) ON CONFLICT (who) DO UPDATE SET"
                " failures = CASE WHEN last_at < ? THEN 1 ELSE failures + 1 END, last_at = ?",
                (who, now, now - _FORGOTTEN, now),
            )
        db.execute("DELETE FROM attempts WHERE last_at < ?", (now - _FORGOTTEN,))


def succeeded(db: sqlite3.Connection, keys: tuple[tuple[str, int], ...]) -> None:
    """Whoever got in starts anew; the address keeps the failures of others."""
    db.execute("DELETE FROM attempts WHERE who = ?", (keys[0][0],))
    for who, _ in keys[1:]:
        db.execute("UPDATE attempts SET failures = max(0, failures - 1) WHERE who = ?", (who,))


def _left(db: sqlite3.Connection, who: str, free: int, now: float) -> float:
    row = db.execute("SELECT failures, last_at FROM attempts WHERE who = ?", (who,)).fetchone()
    if row is None or row["failures"] < free or now - row["last_at"] > _FORGOTTEN:
        return 0.0
    wait = min(_LONGEST, 2.0 ** min(row["failures"] - free + 1, 20))
    return float(row["last_at"] + wait - now)
