"""The desk of one installation, put together in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.config import Config
from assistant.desk.accounts import Accounts
from assistant.desk.feedback import Feedback
from assistant.desk.officers import Officers
from assistant.desk.outbox import StoredOutbox
from assistant.desk.queue import Queue


@dataclass(frozen=True, slots=True)
class OfficerDesk:
    """The sides of the desk: of citizens, of officers, of doors, what people think, and who may
    act as an officer over HTTP."""

    queue: Queue
    officers: Officers
    outbox: StoredOutbox
    feedback: Feedback
    accounts: Accounts


def open_desk(state_database: Path, config: Config) -> OfficerDesk:
    """The desk that keeps its tickets in ``state_database``; nothing is opened yet.

    Raises:
        ConfigError: `desk.holidays` names a file that cannot be read.
    """
    queue = Queue(state_database, config.desk, config.contacts)
    return OfficerDesk(
        queue, Officers(queue), StoredOutbox(queue), Feedback(queue), Accounts(queue)
    )
