"""How the queue stands, in figures: for metrics and for whoever watches over the desk."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.desk.queue import Queue
from assistant.desk.rows import moment


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Tickets that wait, that an officer has, and that were answered and may be asked again.

    ``oldest_seconds`` is how long the one that waits longest has waited, closed hours
    included; 0 where none waits.
    """

    waiting: int = 0
    taken: int = 0
    answered: int = 0
    oldest_seconds: float = 0.0

    @property
    def open(self) -> int:
        """Tickets that are not settled."""
        return self.waiting + self.taken + self.answered


def queue_figures(queue: Queue) -> QueueFigures:
    """The figures of now; nothing is changed. Raises `assistant.errors.StateError`."""
    with queue.database.read() as db:
        rows = db.execute(
            "SELECT status, count(*) AS n, min(waiting_since) AS since FROM desk_tickets"
            " WHERE status IN ('waiting', 'taken', 'answered') GROUP BY status"
        ).fetchall()
    found = {row["status"]: row for row in rows}
    count = {name: int(row["n"]) for name, row in found.items()}
    oldest = 0.0
    if "waiting" in found:
        since = moment(found["waiting"]["since"])
        oldest = max(0.0, (queue.clock() - since).total_seconds())
    return QueueFigures(
        count.get("waiting", 0), count.get("taken", 0), count.get("answered", 0), oldest
    )
