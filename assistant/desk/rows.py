"""Tickets out of their rows, and the few statements that several acts share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from assistant.desk.tickets import Change, Line, Reply, Ticket, TicketStatus


def stamp(moment: datetime) -> str:
    """``moment`` as it is stored: UTC, of one length, so that text sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """What `stamp` made."""
    return datetime.fromisoformat(text)


def full(db: sqlite3.Connection, row: sqlite3.Row) -> Ticket:
    """The ticket of ``row`` with all that belongs to it."""
    seq, code = row["seq"], row["code"]
    lines = db.execute("SELECT by, text FROM desk_lines WHERE ticket = ? ORDER BY place", (seq,))
    transcript = tuple(Line(each["by"], each["text"]) for each in lines)
    changes = db.execute("SELECT * FROM desk_changes WHERE ticket = ? ORDER BY id", (seq,))
    replies = db.execute("SELECT * FROM desk_replies WHERE ticket = ? ORDER BY id", (seq,))
    said = [line.text for line in transcript if line.by == "citizen"]
    return _ticket(
        row,
        said[-1] if said else "",
        transcript,
        tuple(
            Change(
                moment(each["at"]), each["by"], each["action"], TicketStatus(each["status"]),
                each["note"],
            )
            for each in changes
        ),
        tuple(reply(each, code, row["language"]) for each in replies),
    )  # fmt: skip


def short(db: sqlite3.Connection, row: sqlite3.Row) -> Ticket:
    """The ticket of ``row`` as a list shows it."""
    last = db.execute(
        "SELECT text FROM desk_lines WHERE ticket = ? AND by = 'citizen'"
        " ORDER BY place DESC LIMIT 1",
        (row["seq"],),
    ).fetchone()
    return _ticket(row, last["text"] if last else "")


def _ticket(
    row: sqlite3.Row,
    question: str,
    transcript: tuple[Line, ...] = (),
    changes: tuple[Change, ...] = (),
    replies: tuple[Reply, ...] = (),
) -> Ticket:
    return Ticket(
        code=row["code"],
        channel=row["channel"],
        topic=row["topic"],
        reason=row["reason"],
        status=TicketStatus(row["status"]),
        officer=row["officer"],
        opened_at=moment(row["opened_at"]),
        changed_at=moment(row["changed_at"]),
        version=row["version"],
        question=question,
        transcript=transcript,
        changes=changes,
        replies=replies,
        language=row["language"],
    )


def reply(row: sqlite3.Row, code: str, language: str) -> Reply:
    delivered = row["delivered_at"]
    return Reply(
        row["id"], code, moment(row["at"]), row["officer"], row["text"],
        moment(delivered) if delivered else None, language,
    )  # fmt: skip


def write_lines(db: sqlite3.Connection, seq: int, lines: Sequence[Line]) -> bool:
    """Make ``lines`` the transcript of the ticket; whether that changed anything."""
    kept = db.execute("SELECT by, text FROM desk_lines WHERE ticket = ? ORDER BY place", (seq,))
    if [(line.by, line.text) for line in lines] == [(row["by"], row["text"]) for row in kept]:
        return False
    db.execute("DELETE FROM desk_lines WHERE ticket = ?", (seq,))
    db.executemany(
        "INSERT INTO desk_lines VALUES (?, ?, ?, ?)",
        [(seq, place, line.by, line.text) for place, line in enumerate(lines)],
    )
    return True


def change(
    db: sqlite3.Connection,
    rows: Iterable[sqlite3.Row],
    now: str,
    *,
    by: str,
    action: str,
    status: TicketStatus,
    note: str = "",
    officer: str | None = None,
) -> None:
    """Move tickets to ``status`` and write down who did it; ``officer`` None leaves him."""
    for row in list(rows):
        since = now if status is TicketStatus.WAITING else row["waiting_since"]
        # A ticket that is given back keeps its place in the queue.
        since = row["waiting_since"] if action == "release" else since
        db.execute(
            "UPDATE desk_tickets SET status = ?, officer = coalesce(?, officer), changed_at = ?,"
            " waiting_since = ?, version = version + 1 WHERE seq = ?",
            (status.value, officer, now, since, row["seq"]),
        )
        db.execute(
            "INSERT INTO desk_changes (ticket, at, by, action, status, note)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (row["seq"], now, by, action, status.value, note),
        )
