"""The citizen's side of the desk: a conversation becomes a ticket, waits, and can be erased."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from statistics import median

from assistant.config import Contacts
from assistant.desk.codes import new_code
from assistant.desk.database import DeskDatabase
from assistant.desk.hours import WorkingHours
from assistant.desk.replies import LANGUAGES, DeskReplies
from assistant.desk.rows import change, full, moment, stamp, write_lines
from assistant.desk.settings import DeskSettings
from assistant.desk.sweeping import sweep
from assistant.desk.tickets import Line, Ticket, TicketStatus, masked, masked_transcript

_LONGEST_KEY, _LONGEST_REASON, _LONGEST_TOPIC = 200, 300, 80
#: Answers that the pace of the desk is measured by: the last so many, if there are so few.
_MOST_MEASURED, _FEWEST_MEASURED = 50, 3


@dataclass(frozen=True, slots=True)
class HandOff:
    """A conversation that is to go to an officer.

    ``conversation`` is the door's own name of it, the same each time, and kept only as a
    hash; ``address`` what a door that can push needs to reach the person later (empty where
    people come back by themselves); ``topic`` a procedure's code where one is known;
    ``reason`` why, for the officer; ``language`` what the person writes ("vi" or "en").
    """

    conversation: str
    channel: str
    transcript: tuple[Line, ...] = ()
    topic: str = ""
    reason: str = ""
    address: str = ""
    language: str = "vi"


class Outcome(StrEnum):
    """What became of a request for an officer."""

    QUEUED = "queued"
    OUTSIDE_HOURS = "outside_hours"  # queued, too
    AGAIN = "again"  # there was a ticket already
    TOO_MANY = "too_many"
    FULL = "full"
    UNSTAFFED = "unstaffed"


@dataclass(frozen=True, slots=True)
class Referral:
    """What the citizen is told. ``ticket`` is None where none was opened; ``ahead`` are the
    tickets that wait before it, ``expected`` when an answer is likely."""

    outcome: Outcome
    text: str
    ticket: Ticket | None = None
    ahead: int = 0
    expected: datetime | None = None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Queue:
    """Tickets of one installation, as citizens and their doors see them.

    Every method may raise `assistant.errors.StateError`.
    """

    def __init__(
        self,
        path: Path,
        settings: DeskSettings,
        contacts: Contacts,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.settings = settings
        self.hours = WorkingHours.of(settings)
        self._spoken = {
            language: DeskReplies(contacts, self.hours, language) for language in LANGUAGES
        }
        self.replies = self._spoken["vi"]
        self.clock = clock
        self.database = DeskDatabase(path)

    def speaking(self, language: str) -> DeskReplies:
        """The sentences in ``language``; Vietnamese for what there are none in."""
        return self._spoken.get(language, self.replies)

    def hand_off(self, asked: HandOff) -> Referral:
        """Open a ticket, or find the one that is open; a second request changes nothing but
        what the officer can read. What comes back with a ticket is on the disk."""
        replies = self.speaking(asked.language)
        if not self.settings.staffed:
            return Referral(Outcome.UNSTAFFED, replies.say("unstaffed"))
        conversation = key(asked.conversation)
        lines = masked_transcript(asked.transcript)  # outside the transaction: it takes a while
        now = self.clock()
        with self.database.write() as db:
            sweep(db, now, self.settings)
            row = _open_ticket(db, conversation)
            if row is not None:
                return self._again(db, row, lines, now, asked.language)
            if self._opened_today(db, conversation, now) >= self.settings.tickets_per_day:
                text = replies.say("too_many", limit=self.settings.tickets_per_day)
                return Referral(Outcome.TOO_MANY, text)
            if self._waiting(db) >= self.settings.most_waiting:
                return Referral(Outcome.FULL, replies.say("full"))
            seq = self._insert(db, asked, conversation, stamp(now))
            write_lines(db, seq, lines)
            return self._referral(db, _by_seq(db, seq), now)

    def standing(self, conversation: str) -> Referral | None:
        """How the latest ticket of ``conversation`` stands; None where it never had one."""
        with self.database.read() as db:
            row = db.execute(
                "SELECT * FROM desk_tickets WHERE conversation = ? ORDER BY seq DESC LIMIT 1",
                (key(conversation),),
            ).fetchone()
            return None if row is None else self._as_it_stands(db, row, self.clock())

    def forget(self, conversation: str) -> int:
        """Erase every ticket and all feedback of ``conversation``; how many rows went.

        Only the bare codes stay, so that an officer who looks for one is told why it is gone.
        """
        name = key(conversation)
        with self.database.write() as db:
            db.execute(
                "INSERT INTO desk_erased SELECT code, ? FROM desk_tickets WHERE conversation = ?"
                " ON CONFLICT (code) DO UPDATE SET at = excluded.at",
                (stamp(self.clock()), name),
            )
            gone = db.execute("DELETE FROM desk_tickets WHERE conversation = ?", (name,)).rowcount
            gone += db.execute("DELETE FROM desk_feedback WHERE conversation = ?", (name,)).rowcount
        if gone:
            self.database.leave_no_trace()
        return gone

    def sweep(self) -> None:
        """Expire what waited too long and delete what was kept long enough."""
        with self.database.write() as db:
            sweep(db, self.clock(), self.settings)

    # -- within a transaction ---------------------------------------------------------------

    def _again(
        self, db: sqlite3.Connection, row: sqlite3.Row, lines: tuple[Line, ...], now: datetime,
        language: str,
    ) -> Referral:  # fmt: skip
        seq = row["seq"]
        if language != row["language"]:
            db.execute("UPDATE desk_tickets SET language = ? WHERE seq = ?", (language, seq))
            row = _by_seq(db, seq)
        more = bool(lines) and write_lines(db, seq, lines)
        if row["status"] == TicketStatus.ANSWERED:
            waits = TicketStatus.WAITING
            change(db, [row], stamp(now), by="citizen", action="reopen", status=waits, officer="")
            return self._referral(db, _by_seq(db, seq), now)
        if more:
            db.execute(
                "UPDATE desk_tickets SET changed_at = ?, version = version + 1 WHERE seq = ?",
                (stamp(now), seq),
            )
        return self._as_it_stands(db, _by_seq(db, seq), now)

    def _insert(self, db: sqlite3.Connection, asked: HandOff, name: str, now: str) -> int:
        def taken(code: str) -> bool:
            query = "SELECT 1 FROM desk_tickets WHERE code = ? UNION SELECT 1 FROM desk_erased"
            return db.execute(f"{query} WHERE code = ?", (code, code)).fetchone() is not None

        code = new_code(taken)
        db.execute(
            "INSERT INTO desk_tickets (code, conversation, channel, address, topic, reason,"
            " language, status, opened_at, waiting_since, changed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?)",
            (
                code,
                name,
                masked(asked.channel, _LONGEST_TOPIC),
                asked.address[:_LONGEST_KEY].encode("utf-8", "replace").decode("utf-8"),
                masked(asked.topic, _LONGEST_TOPIC),
                masked(asked.reason, _LONGEST_REASON),
                asked.language if asked.language in LANGUAGES else "vi",
                now,
                now,
                now,
            ),
        )
        (seq,) = db.execute("SELECT seq FROM desk_tickets WHERE code = ?", (code,)).fetchone()
        db.execute(
            "INSERT INTO desk_changes (ticket, at, by, action, status, note)"
            " VALUES (?, ?, 'citizen', 'open', 'waiting', '')",
            (seq, now),
        )
        return int(seq)

    def _referral(self, db: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Referral:
        """What is said of a ticket that has just begun to wait."""
        is_open = self.hours.is_open(now)
        outcome = Outcome.QUEUED if is_open else Outcome.OUTSIDE_HOURS
        replies = self.speaking(row["language"])
        opens = "" if is_open else replies.opens(self.hours.next_open(now))
        return self._waits(db, row, now, outcome, outcome.value, opens=opens)

    def _as_it_stands(self, db: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Referral:
        status = TicketStatus(row["status"])
        if status is TicketStatus.WAITING:
            return self._waits(db, row, now, Outcome.AGAIN, "again_waiting")
        name = "again_taken" if status is TicketStatus.TAKEN else status.value
        text = self.speaking(row["language"]).say(name, code=row["code"])
        return Referral(Outcome.AGAIN, text, full(db, row))

    def _waits(
        self,
        db: sqlite3.Connection,
        row: sqlite3.Row,
        now: datetime,
        outcome: Outcome,
        name: str,
        **blanks: str,
    ) -> Referral:
        ahead = self._waiting(db, before=row)
        expected = self._expected(db, ahead, now)
        replies = self.speaking(row["language"])
        text = replies.say(
            name,
            code=row["code"],
            ahead=replies.ahead(ahead),
            when=replies.when(expected, now),
            **blanks,
        )
        return Referral(outcome, text, full(db, row), ahead, expected)

    def _expected(self, db: sqlite3.Connection, ahead: int, now: datetime) -> datetime | None:
        turns = ahead // self.settings.officers + 1
        return self.hours.after(now, turns * self._pace(db))

    def _pace(self, db: sqlite3.Connection) -> float:
        """Open minutes from taking a ticket to answering it, by the last answers."""
        rows = db.execute(
            "SELECT at, (SELECT max(t.at) FROM desk_changes t WHERE t.ticket = a.ticket"
            " AND t.action = 'take' AND t.id < a.id) AS taken"
            " FROM desk_changes a WHERE action = 'answer' ORDER BY at DESC LIMIT ?",
            (_MOST_MEASURED,),
        ).fetchall()
        times = [(moment(row["taken"]), moment(row["at"])) for row in rows if row["taken"]]
        if len(times) < _FEWEST_MEASURED:
            return self.settings.minutes_per_ticket
        return max(1.0, median(self.hours.minutes_between(*each) for each in times))

    def _waiting(self, db: sqlite3.Connection, before: sqlite3.Row | None = None) -> int:
        query = "SELECT count(*) FROM desk_tickets WHERE status = 'waiting'"
        if before is None:
            return int(db.execute(query).fetchone()[0])
        place = (before["waiting_since"], before["seq"])
        query += " AND (waiting_since, seq) < (?, ?)"
        return int(db.execute(query, place).fetchone()[0])

    def _opened_today(self, db: sqlite3.Connection, conversation: str, now: datetime) -> int:
        since = stamp(now - timedelta(days=1))
        query = "SELECT count(*) FROM desk_tickets WHERE conversation = ? AND opened_at > ?"
        return int(db.execute(query, (conversation, since)).fetchone()[0])


def key(conversation: str) -> str:
    """``conversation`` as it is stored: hashed. Raises ValueError where it is empty or too long."""
    if not 0 < len(conversation) <= _LONGEST_KEY:
        raise ValueError(f"a conversation is named by 1 to {_LONGEST_KEY} characters")
    return hashlib.sha256(conversation.encode("utf-8", "surrogatepass")).hexdigest()


def _open_ticket(db: sqlite3.Connection, conversation: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM desk_tickets WHERE conversation = ?"
        " AND status IN ('waiting', 'taken', 'answered')",
        (conversation,),
    ).fetchone()
    return row


def _by_seq(db: sqlite3.Connection, seq: int) -> sqlite3.Row:
    row: sqlite3.Row = db.execute("SELECT * FROM desk_tickets WHERE seq = ?", (seq,)).fetchone()
    return row
