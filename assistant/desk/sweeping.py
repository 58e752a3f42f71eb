"""What time does to tickets: unread ones expire, settled ones are deleted."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from assistant.desk.rows import change, stamp
from assistant.desk.settings import DeskSettings
from assistant.desk.tickets import TicketStatus

#: Who changes a ticket where no person does.
NOBODY = "troly"


def sweep(db: sqlite3.Connection, now: datetime, settings: DeskSettings) -> None:
    """Expire, close and delete by age, within the caller's transaction."""
    at = stamp(now)
    idle = stamp(now - timedelta(days=settings.expire_days))
    old = stamp(now - timedelta(days=settings.keep_days))
    # The long kept go first, or what expires now could be deleted in the same breath.
    db.execute(
        "DELETE FROM desk_tickets WHERE status IN ('closed', 'expired') AND changed_at < ?", (old,)
    )
    db.execute("DELETE FROM desk_erased WHERE at < ?", (old,))
    db.execute("DELETE FROM desk_feedback WHERE at < ?", (old,))
    unread = db.execute(
        "SELECT * FROM desk_tickets WHERE status IN ('waiting', 'taken') AND changed_at < ?",
        (idle,),
    )
    change(db, unread, at, by=NOBODY, action="expire", status=TicketStatus.EXPIRED)
    read = db.execute(
        "SELECT * FROM desk_tickets WHERE status = 'answered' AND changed_at < ?", (idle,)
    )
    change(db, read, at, by=NOBODY, action="close", status=TicketStatus.CLOSED)
