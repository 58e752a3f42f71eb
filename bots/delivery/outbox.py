"""The outbox: parts on their way to people, in order within a chat, each sent once.

A part that was being sent when the process died may have arrived. It is sent once
more, for a message twice is better than none; that is the only duplicate there is.
The words of a part, and whose they are, are wiped when it has arrived or is given up.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bots.delivery.channel import Part
from bots.delivery.tables import Tables


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A part in the outbox. ``plain``: it was refused as it was, and goes as plain words."""

    seq: int
    channel: str
    chat: str
    body: Mapping[str, Any] = field(repr=False)
    words: str = field(repr=False)
    made: float
    tries: int
    maybe_sent: int
    plain: bool

    @property
    def part(self) -> Part:
        return Part(self.body, self.words)


class Outgoings:
    """Parts by channel and chat. Every method may raise `StateError`."""

    def __init__(self, tables: Tables, *, clock: Callable[[], float] = time.time) -> None:
        self._tables = tables
        self._clock = clock

    def put(
        self,
        db: sqlite3.Connection,
        place: tuple[str, str],
        turn: str,
        parts: Sequence[Part],
        *,
        though_off: bool = False,
    ) -> None:
        """In a transaction of the caller's: parts of ``turn`` to a channel and chat.

        Parts of a turn that are there already are left as they are.
        """
        now = self._clock()
        db.executemany(
            "INSERT INTO delivery_outbox (channel, chat, turn, number, body, words, state, made,"
            " though_off) VALUES (?, ?, ?, ?, ?, ?, 'ready', ?, ?)"
            " ON CONFLICT (turn, number) DO NOTHING",
            [
                (*place, turn, number, json.dumps(part.body), part.text, now, int(though_off))
                for number, part in enumerate(parts)
            ],
        )

    def heads(self, channel: str, *, off: bool = False, limit: int = 64) -> tuple[Outgoing, ...]:
        """The first part of each chat that may be sent now, oldest first.

        ``off``: of those that say that the channel is switched off.
        """
        only = "AND though_off = 1" if off else ""
        with self._tables.reading() as db:
            rows = db.execute(
                "SELECT o.* FROM delivery_outbox o JOIN (SELECT chat, min(seq) AS first"  # noqa: S608
                " FROM delivery_outbox WHERE channel = ? AND state IN ('ready', 'sending')"
                f" {only} GROUP BY chat) f ON o.seq = f.first"
                " WHERE o.state = 'ready' AND o.not_before <= ? ORDER BY o.seq LIMIT ?",
                (channel, self._clock(), limit),
            ).fetchall()
        return tuple(_outgoing(row) for row in rows)

    def next_time(self, channel: str) -> float | None:
        """When something of the channel may be sent again; None where nothing waits."""
        with self._tables.reading() as db:
            row = db.execute(
                "SELECT min(not_before) AS at FROM delivery_outbox"
                " WHERE channel = ? AND state = 'ready'",
                (channel,),
            ).fetchone()
        return None if row["at"] is None else float(row["at"])

    def age(self, part: Outgoing) -> float:
        """Seconds since the part was made."""
        return self._clock() - part.made

    def sending(self, seq: int) -> bool:
        """From now on a death of the process leaves it unknown whether it arrived.

        False where somebody else sends it, or it is no longer to be sent.
        """
        with self._tables.writing() as db:
            done = db.execute(
                "UPDATE delivery_outbox SET state = 'sending', tries = tries + 1"
                " WHERE seq = ? AND state = 'ready'",
                (seq,),
            )
            return done.rowcount > 0

    def sent(self, seq: int, message: str) -> None:
        """It has arrived; ``message`` is the provider's id of it."""
        self._set(
            seq,
            "state = 'sent', body = '', words = '', chat = '', message = ?, ended = ?",
            (message, self._clock()),
        )

    def again(self, seq: int, after: float, *, maybe: bool = False, counts: bool = True) -> None:
        """Not now, but in ``after`` seconds; it is not counted as tried unless it ``counts``."""
        self._set(
            seq,
            "state = 'ready', not_before = ?, maybe_sent = maybe_sent + ?, tries = tries - ?",
            (self._clock() + after, int(maybe), int(not counts)),
        )

    def as_plain(self, seq: int) -> None:
        """Refused as it is: next time it goes as plain words."""
        self._set(seq, "state = 'ready', plain = 1, not_before = 0", ())

    def given_up(self, seq: int) -> None:
        self._set(
            seq, "state = 'failed', body = '', words = '', chat = '', ended = ?", (self._clock(),)
        )

    def drop(self, channel: str, chat: str) -> int:
        """Nothing more goes to this chat; how many parts that were."""
        with self._tables.writing() as db:
            return self.dropped(db, channel, chat)

    def dropped(self, db: sqlite3.Connection, channel: str, chat: str) -> int:
        """The same, in a transaction of the caller's."""
        done = db.execute(
            "UPDATE delivery_outbox SET state = 'dropped', body = '', words = '', chat = '',"
            " ended = ? WHERE channel = ? AND chat = ? AND state IN ('ready', 'sending')",
            (self._clock(), channel, chat),
        )
        return done.rowcount

    def erase_but(self, channel: str, chat: str, turn: str) -> None:
        """Delete what was to go to a chat, except the parts of ``turn``."""
        with self._tables.writing(durable=True) as db:
            db.execute(
                "DELETE FROM delivery_outbox WHERE channel = ? AND chat = ? AND turn <> ?",
                (channel, chat, turn),
            )

    def resume(self) -> int:
        """After a start: what was being sent when the process died is sent once more."""
        with self._tables.writing() as db:
            done = db.execute(
                "UPDATE delivery_outbox SET state = 'ready', not_before = 0,"
                " maybe_sent = maybe_sent + 1 WHERE state = 'sending'"
            )
            return done.rowcount

    def depth(self) -> dict[str, int]:
        """How many parts wait, by channel."""
        with self._tables.reading() as db:
            rows = db.execute(
                "SELECT channel, count(*) AS n FROM delivery_outbox"
                " WHERE state IN ('ready', 'sending') GROUP BY channel"
            ).fetchall()
        return {row["channel"]: row["n"] for row in rows}

    def _set(self, seq: int, changes: str, values: tuple[object, ...]) -> None:
        with self._tables.writing() as db:
            db.execute(
                f"UPDATE delivery_outbox SET {changes} WHERE seq = ?"  # noqa: S608
                " AND state IN ('ready', 'sending')",
                (*values, seq),
            )


def _outgoing(row: sqlite3.Row) -> Outgoing:
    return Outgoing(
        row["seq"], row["channel"], row["chat"], json.loads(row["body"]), row["words"],
        row["made"], row["tries"], row["maybe_sent"], bool(row["plain"]),
    )  # fmt: skip
