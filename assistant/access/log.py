"""What was granted and refused: append-only, each row holding the hash of the one before.

Names of accounts and kinds of refusals; never what anybody asked, typed or was shown.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.access.database import AccessDatabase, hashed

#: What is told of each event to a person who reads the log.
EVENTS = {
    "added": "thêm tài khoản",
    "revoked": "thu hồi",
    "restored": "cho dùng lại",
    "reset": "cấp lại mật khẩu và mã",
    "groups": "đổi nhóm",
    "signed_in": "đăng nhập",
    "signed_out": "đăng xuất",
    "refused": "từ chối đăng nhập",
    "ended": "phiên bị kết thúc",
    "alert": "CẢNH BÁO",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. ``who`` is an account's name; empty where there is none."""

    at: datetime
    event: str
    who: str
    detail: str


def note(db: sqlite3.Connection, now: float, event: str, who: str = "", detail: str = "") -> None:
    """Append a row, within the caller's transaction."""
    last = db.execute("SELECT sha256 FROM log ORDER BY id DESC LIMIT 1").fetchone()
    sha = _sha(last["sha256"] if last else "", now, event, who, detail)
    db.execute(
        "INSERT INTO log (at, event, who, detail, sha256) VALUES (?, ?, ?, ?, ?)",
        (now, event, who, detail, sha),
    )


def entries(database: AccessDatabase, most: int = 200) -> tuple[Entry, ...]:
    """The latest rows, oldest first."""
    with database.read() as db:
        rows = db.execute("SELECT * FROM log ORDER BY id DESC LIMIT ?", (most,)).fetchall()
    return tuple(
        Entry(datetime.fromtimestamp(row["at"], UTC), row["event"], row["who"], row["detail"])
        for row in reversed(rows)
    )


def broken_at(database: AccessDatabase) -> datetime | None:
    """When the first row was written that is not as it was; None where all are.

    The oldest row that is kept is taken as it is: what was before it has expired.
    """
    with database.read() as db:
        before = None
        for row in db.execute("SELECT * FROM log ORDER BY id"):
            if row["id"] == 1:
                before = ""
            made = _sha(before or "", row["at"], row["event"], row["who"], row["detail"])
            if before is not None and made != row["sha256"]:
                return datetime.fromtimestamp(row["at"], UTC)
            before = row["sha256"]
    return None


def sweep(database: AccessDatabase, days: int) -> None:
    """Delete what is older than ``days``, always from the beginning."""
    with database.write() as db:
        db.execute("DELETE FROM log WHERE at < ?", (database.clock() - days * 86_400,))


def _sha(before: str, at: float, event: str, who: str, detail: str) -> str:
    return hashed("\x1f".join((before, repr(at), event, who, detail)))
