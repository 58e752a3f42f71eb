"""The officers' side of the desk: who takes a ticket, what is answered, and how it is listed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from assistant.desk.codes import nearest, read_code
from assistant.desk.queue import Queue
from assistant.desk.replies import word
from assistant.desk.rows import change, full, short, stamp
from assistant.desk.sweeping import sweep
from assistant.desk.tickets import (
    ACTIONS,
    LONGEST_ANSWER,
    LONGEST_NOTE,
    Outdated,
    Ticket,
    TicketStatus,
    UnknownTicket,
    Unusable,
    WrongState,
    masked,
    officer_name,
    plain,
)

_CURSOR = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)~(\d{1,18})")
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Tickets in the order of the queue; ``next`` asks for the following page, if there is one."""

    tickets: tuple[Ticket, ...]
    next: str | None


class Officers:
    """What officers do with the tickets of ``queue``.

    Every method may raise `assistant.errors.StateError`; those that name a ticket
    `UnknownTicket`, those that change it `WrongState`, `Outdated` and `Unusable`.
    ``version`` is that of the ticket as the officer read it; None does not ask.
    """

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._database = queue.database

    def ticket(self, code: str) -> Ticket:
        """The ticket of this code, with its conversation, changes and answers."""
        with self._database.read() as db:
            return full(db, _row(db, code))

    def tickets(
        self, statuses: Iterable[TicketStatus] = (), *, after: str = "", limit: int = 50
    ) -> Page:
        """Tickets in ``statuses`` (all where empty), longest waiting first.

        Raises:
            ValueError: ``after`` is no cursor of an earlier page.
        """
        self._queue.sweep()
        place = _place(after)
        limit = min(max(1, limit), MOST_LISTED)
        wanted = [status.value for status in statuses] or [each.value for each in TicketStatus]
        marks = ",".join("?" * len(wanted))
        with self._database.read() as db:
            rows = db.execute(
                f"SELECT * FROM desk_tickets WHERE status IN ({marks})"  # noqa: S608 - marks only
                " AND (waiting_since, seq) > (?, ?) ORDER BY waiting_since, seq LIMIT ?",
                (*wanted, *place, limit + 1),
            ).fetchall()
            found = tuple(short(db, row) for row in rows[:limit])
        more = len(rows) > limit
        last = f"{rows[limit - 1]['waiting_since']}~{rows[limit - 1]['seq']}" if more else None
        return Page(found, last)

    def everything(self) -> Iterable[Ticket]:
        """Every ticket in full, in the order of the queue, read page by page."""
        after = ""
        while True:
            page = self.tickets(after=after, limit=MOST_LISTED)
            for each in page.tickets:
                try:
                    yield self.ticket(each.code)
                except UnknownTicket:  # erased since the page was read
                    continue
            if page.next is None:
                return
            after = page.next

    def counts(self) -> dict[str, int]:
        """How many tickets there are in each status."""
        with self._database.read() as db:
            rows = db.execute("SELECT status, count(*) AS n FROM desk_tickets GROUP BY status")
            found = {row["status"]: row["n"] for row in rows}
        return {status.value: found.get(status.value, 0) for status in TicketStatus}

    def take(self, code: str, officer: str, *, version: int | None = None) -> Ticket:
        """The ticket is ``officer``'s from now on; twice by the same officer is once."""
        return self.act("take", code, officer, version=version)

    def release(
        self, code: str, officer: str, *, note: str = "", version: int | None = None
    ) -> Ticket:
        """Give the ticket back; it keeps its place in the queue. Any officer may: the
        one who holds it may be away."""
        return self.act("release", code, officer, note=note, version=version)

    def answer(
        self, code: str, officer: str, text: str, *, note: str = "", version: int | None = None
    ) -> Ticket:
        """Answer, which also takes the ticket; the answer waits for its delivery."""
        return self.act("answer", code, officer, text=text, note=note, version=version)

    def close(
        self, code: str, officer: str, *, note: str = "", version: int | None = None
    ) -> Ticket:
        """Nothing more is to be done; answers that wait are still delivered."""
        return self.act("close", code, officer, note=note, version=version)

    def act(
        self, action: str, code: str, officer: str, *,
        text: str = "", note: str = "", version: int | None = None,
    ) -> Ticket:  # fmt: skip
        """One of `ACTIONS`, by its name; ``text`` is for "answer" alone."""
        text = _said(text) if action == "answer" else ""
        name = officer_name(officer)
        plain(note, LONGEST_NOTE, "Ghi chú")
        now = self._queue.clock()
        at = stamp(now)
        with self._database.write() as db:
            sweep(db, now, self._queue.settings)
            row = _row(db, code)
            if self._is_done(db, row, action, name, text):
                return full(db, row)
            _refuse_wrong_state(row, action, name)
            if version is not None and version != row["version"]:
                raise Outdated(
                    f"Phiếu {row['code']} đã thay đổi sau khi được mở xem. "
                    "Hãy xem lại phiếu rồi làm lại."
                )
            if text:
                db.execute(
                    "INSERT INTO desk_replies (ticket, at, officer, text) VALUES (?, ?, ?, ?)",
                    (row["seq"], at, name, text),
                )
            status = ACTIONS[action][1]
            holder = {"release": ""}.get(action, name)
            change(
                db, [row], at, by=name, action=action, status=status,
                note=masked(note, LONGEST_NOTE), officer=holder,
            )  # fmt: skip
            return full(db, _row(db, row["code"]))

    @staticmethod
    def _is_done(
        db: sqlite3.Connection, row: sqlite3.Row, action: str, name: str, text: str
    ) -> bool:
        """Whether the same officer has just done the same: a button pressed twice."""
        if action == "take":
            return bool(row["status"] == TicketStatus.TAKEN and row["officer"] == name)
        if action != "answer" or row["status"] != TicketStatus.ANSWERED:
            return False
        last = db.execute(
            "SELECT officer, text FROM desk_replies WHERE ticket = ? ORDER BY id DESC LIMIT 1",
            (row["seq"],),
        ).fetchone()
        return last is not None and (last["officer"], last["text"]) == (name, text)


def _said(text: str) -> str:
    said = plain(text, LONGEST_ANSWER, "Câu trả lời")
    if not any(character.isalnum() for character in said):
        raise Unusable("Câu trả lời đang trống. Hãy viết nội dung rồi gửi lại.")
    return said


def _refuse_wrong_state(row: sqlite3.Row, action: str, name: str) -> None:
    status = TicketStatus(row["status"])
    what, code = word("actions", action), row["code"]
    if status is TicketStatus.TAKEN and row["officer"] != name and action != "release":
        raise WrongState(
            f"Phiếu {code} đang do {row['officer']} xử lý nên không {what} được. Hãy trao đổi với "
            f"{row['officer']}, hoặc trả phiếu lại hàng chờ: troly desk release {code}."
        )
    if status not in ACTIONS[action][0]:
        raise WrongState(
            f"Phiếu {code} {word('statuses', status)} nên không {what} được. "
            "Xem phiếu còn mở bằng: troly desk list."
        )


def _row(db: sqlite3.Connection, code: str) -> sqlite3.Row:
    asked = read_code(code)
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM desk_tickets WHERE code = ?", (asked,)
    ).fetchone()
    return row if row is not None else _unknown(db, code, asked)


def _unknown(db: sqlite3.Connection, code: str, asked: str | None) -> NoReturn:
    if asked and db.execute("SELECT 1 FROM desk_erased WHERE code = ?", (asked,)).fetchone():
        raise UnknownTicket(f"Phiếu {asked} đã được xóa theo yêu cầu của người dân.")
    # The open ones first: whoever mistypes a code has one of them in hand.
    rows = db.execute(
        "SELECT code FROM desk_tickets"
        " ORDER BY status NOT IN ('waiting', 'taken', 'answered'), seq DESC LIMIT 2000"
    )
    near = nearest(code, [row["code"] for row in rows])
    shown = " ".join(plain(code[:40], 100, "Mã phiếu").split())
    hint = f"Có phải {near}?" if near else "Xem các mã đang có bằng: troly desk list."
    raise UnknownTicket(f"Không có phiếu “{shown}”. {hint}")


def _place(after: str) -> tuple[str, int]:
    if not after:
        return "", 0
    match = _CURSOR.fullmatch(after)
    if match is None:
        raise ValueError("not a cursor")
    return match[1], int(match[2])
