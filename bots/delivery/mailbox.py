"""The inbox: what came in is durable before anybody is told so, and is settled once.

A row holds a person's words only until its turn is committed; then ids, times and a
hash are left, so that the same update delivered again is known, for `KEPT_DAYS`.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import StateError
from bots.delivery.channel import Incoming, Kind
from bots.delivery.tables import Tables, key_of
from bots.delivery.turns import MOST, TOGETHER, Plan, Waiting, is_stop, next_turn

#: Seconds after which a turn that was taken is taken to be abandoned.
LEASE = 240.0
#: Longer than any provider delivers an update again (a Zalo retry is taken for seven days).
KEPT_DAYS = 8
#: Longer texts are no questions; what is cut off is not kept.
_LONGEST = 8_000
_FIELDS = ("person", "text", "payload", "message", "what", "update")


class LeaseLostError(StateError):
    """The turn was stopped or taken over: what was worked out for it must not be kept."""


@dataclass(frozen=True, slots=True)
class Head:
    """A chat where something waits, and its first row."""

    channel: str
    chat: str
    seq: int
    last: int  # its last row: where that is the same, nothing new came
    told: bool  # that it has to wait
    urgent: bool  # it does not wait for its turn


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn to be settled by who holds its ``lease``, and by nobody else."""

    channel: str
    chat: str
    lease: str
    plan: Plan

    @property
    def name(self) -> str:
        """Of the turn, the same however often it is taken."""
        return key_of(self.channel, self.chat, str(self.plan.rows[0].seq))


class _Accepting:
    """One message on its way into the table."""

    def __init__(self, incoming: Incoming) -> None:
        self.incoming = incoming
        self.settled = False
        self.is_new = False
        self.error: StateError | None = None


class Mailbox:
    """`bots.delivery.channel.Inbox` over `Tables`; safe in several threads and processes.

    ``clock`` is seconds since 1970; leases go by ``ticks``, which no one can set back.
    ``arrived`` hears, in whichever thread, of what newly came in. ``together``: seconds
    within which pieces are one turn.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
        arrived: Callable[[Incoming], object] = lambda _: None,
    ) -> None:
        self.tables = Tables(path)
        self.clock = clock
        self.arrived = arrived
        self.together = TOGETHER
        self._ticks = ticks
        self._queued: list[_Accepting] = []
        self._queue_lock = threading.Lock()
        self._write_lock = threading.Lock()

    # --- coming in ----------------------------------------------------------------------------

    def accept(self, incoming: Incoming) -> bool:
        """See `Inbox.accept`. Who come at the same time share one write to the disk."""
        if incoming.kind is Kind.RECEIPT:
            return False
        mine = _Accepting(incoming)
        with self._queue_lock:
            self._queued.append(mine)
        with self._write_lock:
            if not mine.settled:
                with self._queue_lock:
                    batch, self._queued = self._queued, []
                self._write(batch)
        if mine.error is not None:
            raise mine.error
        if mine.is_new:
            self.arrived(incoming)
        return mine.is_new

    def _write(self, batch: Sequence[_Accepting]) -> None:
        try:
            with self.tables.writing(durable=True) as db:
                for each in batch:
                    each.is_new = self._insert(db, each.incoming)
        except Exception as error:  # whatever it is, nobody is told that it was kept
            told = StateError(f"what came in is not kept: {error}")
            for each in batch:
                each.error, each.is_new = told, False
        finally:
            for each in batch:
                each.settled = True

    def _insert(self, db: sqlite3.Connection, incoming: Incoming) -> bool:
        kept = {name: getattr(incoming, name)[:_LONGEST] for name in _FIELDS}
        body = json.dumps({**kept, "at": incoming.at}, ensure_ascii=True)
        row = (
            incoming.channel, key_of(incoming.channel, incoming.update), _storable(incoming.chat),
            incoming.kind.value, self.clock(), body, key_of(body),
            "urgent" if is_stop(incoming) else "ready",
        )  # fmt: skip
        done = db.execute(
            "INSERT INTO delivery_inbox"
            " (channel, update_key, chat, kind, came, body, digest, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, update_key) DO NOTHING",
            row,
        )
        return done.rowcount > 0

    # --- turns --------------------------------------------------------------------------------

    def heads(self, limit: int = 500) -> tuple[Head, ...]:
        """Chats where a turn may be taken, the one that waits longest first."""
        with self.tables.reading() as db:
            rows = db.execute(
                "SELECT channel, chat, min(seq) AS seq, max(seq) AS last, max(told) AS told,"
                " max(CASE WHEN state = 'urgent' THEN 1 ELSE 0 END) AS urgent"
                " FROM delivery_inbox WHERE state <> 'done' GROUP BY channel, chat"
                " HAVING max(CASE WHEN state = 'leased' AND until > ? AND until < ? THEN 1 ELSE 0"
                " END) = 0 OR max(CASE WHEN state = 'urgent' THEN 1 ELSE 0 END) = 1"
                " ORDER BY min(seq) LIMIT ?",
                (*self._lease_bounds(), limit),
            ).fetchall()
        return tuple(
            Head(
                row["channel"],
                row["chat"],
                row["seq"],
                row["last"],
                bool(row["told"]),
                bool(row["urgent"]),
            )
            for row in rows
        )

    def take(
        self, channel: str, chat: str, admits: Callable[[Plan], bool] = lambda _: True
    ) -> Taken | float | None:
        """The next turn of a chat, leased; or when there may be one.

        None where nothing waits, or where ``admits`` does not let the turn in now.
        """
        with self.tables.writing() as db:
            rows = db.execute(
                "SELECT * FROM delivery_inbox WHERE channel = ? AND chat = ? AND state <> 'done'"
                " ORDER BY seq LIMIT ?",
                (channel, chat, MOST + 1),
            ).fetchall()
            low, high = self._lease_bounds()
            running = [
                row for row in rows if row["state"] == "leased" and low < row["until"] < high
            ]
            if urgent := next((row for row in rows if row["state"] == "urgent"), None):
                before = [_waiting(row) for row in rows if row["seq"] < urgent["seq"]]
                plan = Plan((*before, _waiting(urgent)), _waiting(urgent).incoming.text)
                return self._lease(db, channel, chat, plan)
            if running or not rows:
                return None
            waiting = [_waiting(row) for row in rows]
            plan_or_time = next_turn(waiting, self.clock(), self.together)
            if isinstance(plan_or_time, float):
                return plan_or_time
            if not admits(plan_or_time):
                return None
            return self._lease(db, channel, chat, plan_or_time)

    def _lease(self, db: sqlite3.Connection, channel: str, chat: str, plan: Plan) -> Taken:
        """Who held rows of it before has lost them."""
        lease = secrets.token_hex(8)
        db.executemany(
            "UPDATE delivery_inbox SET state = 'leased', lease = ?, until = ? WHERE seq = ?",
            [(lease, self._ticks() + LEASE, row.seq) for row in plan.rows],
        )
        return Taken(channel, chat, lease, plan)

    def _lease_bounds(self) -> tuple[float, float]:
        """A lease that ends between these holds; a later end is of before this machine started."""
        now = self._ticks()
        return now, now + LEASE + 1

    def settle(self, db: sqlite3.Connection, taken: Taken) -> None:
        """In a transaction of the caller's: the turn is done, its words and whose it was are wiped.

        Raises `LeaseLostError` where somebody else holds it.
        """
        done = db.execute(
            "UPDATE delivery_inbox SET state = 'done', body = '', digest = '', chat = '',"
            " lease = '' WHERE lease = ? AND state = 'leased'",
            (taken.lease,),
        )
        if done.rowcount != len(taken.plan.rows):
            raise LeaseLostError("the turn was stopped or taken over")

    def is_open(self, taken: Taken) -> bool:
        """Whether the turn is still to be settled by who holds this lease."""
        with self.tables.reading() as db:
            found = db.execute(
                "SELECT 1 FROM delivery_inbox WHERE lease = ? AND state = 'leased'", (taken.lease,)
            ).fetchone()
        return found is not None

    def give_back(self, taken: Taken) -> None:
        """The turn was not settled; it may be taken again."""
        with self.tables.writing() as db:
            _freed(db, "lease = ?", (taken.lease,))

    def give_all_back(self) -> None:
        """Nobody works on anything: whoever did has died."""
        with self.tables.writing() as db:
            _freed(db, "1 = 1", ())

    def told_to_wait(self, db: sqlite3.Connection, head: Head) -> None:
        """In a transaction of the caller's: the person knows that the answer will take a while."""
        db.execute("UPDATE delivery_inbox SET told = 1 WHERE seq = ?", (head.seq,))

    # --- keeping ------------------------------------------------------------------------------

    def forget(self, channel: str, chat: str) -> None:
        """Erase what is kept of a chat; that updates are known stays, by hash alone."""
        place = (channel, chat)
        with self.tables.writing(durable=True) as db:
            db.execute(
                "UPDATE delivery_inbox SET chat = '', body = '', digest = '', state = 'done',"
                " lease = '' WHERE channel = ? AND chat = ?",
                place,
            )
            for table in ("delivery_outbox", "delivery_chats"):
                db.execute(f"DELETE FROM {table} WHERE channel = ? AND chat = ?", place)  # noqa: S608
        self.scrub()

    def scrub(self) -> None:
        """The log of writes holds what was erased until it is begun anew."""
        with self.tables.reading() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def sweep(self) -> None:
        """Delete what has been settled for longer than an update may come again."""
        before = self.clock() - KEPT_DAYS * 86_400
        with self.tables.writing() as db:
            db.execute("DELETE FROM delivery_inbox WHERE state = 'done' AND came < ?", (before,))
            db.execute(
                "DELETE FROM delivery_outbox WHERE state NOT IN ('ready', 'sending')"
                " AND ended < ?", (before,),
            )  # fmt: skip
            db.execute("DELETE FROM delivery_chats WHERE gone = 0 AND paused_until < ?", (before,))
        self.scrub()

    def figures(self) -> tuple[int, float]:
        """How many messages wait to be answered, and the age of the oldest in seconds."""
        with self.tables.reading() as db:
            row = db.execute(
                "SELECT count(*) AS n, min(came) AS came FROM delivery_inbox WHERE state <> 'done'"
            ).fetchone()
        return row["n"], max(0.0, self.clock() - row["came"]) if row["n"] else 0.0


def _storable(text: str) -> str:
    """Without halves of surrogate pairs, which no table takes."""
    return text.encode("utf-8", "replace").decode()


def _freed(db: sqlite3.Connection, where: str, values: tuple[str, ...]) -> None:
    rows = db.execute(
        f"SELECT * FROM delivery_inbox WHERE state = 'leased' AND {where}",  # noqa: S608
        values,
    ).fetchall()
    db.executemany(
        "UPDATE delivery_inbox SET state = ?, lease = '' WHERE seq = ?",
        [("urgent" if is_stop(_waiting(row).incoming) else "ready", row["seq"]) for row in rows],
    )


def _waiting(row: sqlite3.Row) -> Waiting:
    body = json.loads(row["body"])
    incoming = Incoming(
        channel=row["channel"], chat=row["chat"], kind=Kind(row["kind"]), at=body["at"],
        **{name: body[name] for name in _FIELDS},
    )  # fmt: skip
    return Waiting(row["seq"], row["came"], incoming)
