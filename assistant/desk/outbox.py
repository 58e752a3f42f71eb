"""Answers of officers on their way to citizens. Doors ask here; each delivers in its own way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from assistant.desk.queue import Queue, key
from assistant.desk.rows import reply, stamp
from assistant.desk.tickets import Reply


class Outbox(Protocol):
    """What a door needs to bring officers' answers to people.

    An answer is pending until `delivered` names it: a door that dies in
    between delivers it again rather than never.
    """

    def pending(self, conversation: str) -> tuple[Reply, ...]:
        """Answers to ``conversation`` that were not delivered, oldest first."""
        ...

    def addresses(self, channel: str) -> tuple[str, ...]:
        """`HandOff.address` of those for whom something is pending; for doors that can push."""
        ...

    def delivered(self, conversation: str, replies: Iterable[int]) -> int:
        """These answers have arrived; how many of them were still pending."""
        ...


class StoredOutbox:
    """`Outbox` in ``state.sqlite``. Every method may raise `assistant.errors.StateError`."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def pending(self, conversation: str) -> tuple[Reply, ...]:
        with self._queue.database.read() as db:
            rows = db.execute(
                "SELECT r.*, t.code, t.language FROM desk_replies r"
                " JOIN desk_tickets t ON t.seq = r.ticket"
                " WHERE t.conversation = ? AND r.delivered_at IS NULL ORDER BY r.id",
                (key(conversation),),
            ).fetchall()
        return tuple(reply(row, row["code"], row["language"]) for row in rows)

    def addresses(self, channel: str) -> tuple[str, ...]:
        with self._queue.database.read() as db:
            rows = db.execute(
                "SELECT t.address, min(r.id) AS first FROM desk_replies r"
                " JOIN desk_tickets t ON t.seq = r.ticket"
                " WHERE t.channel = ? AND t.address <> '' AND r.delivered_at IS NULL"
                " GROUP BY t.address ORDER BY first",
                (channel,),
            ).fetchall()
        return tuple(row["address"] for row in rows)

    def delivered(self, conversation: str, replies: Iterable[int]) -> int:
        at, name = stamp(self._queue.clock()), key(conversation)
        with self._queue.database.write() as db:
            return sum(
                db.execute(
                    "UPDATE desk_replies SET delivered_at = ? WHERE id = ? AND delivered_at IS NULL"
                    " AND ticket IN (SELECT seq FROM desk_tickets WHERE conversation = ?)",
                    (at, number, name),
                ).rowcount
                for number in replies
            )
