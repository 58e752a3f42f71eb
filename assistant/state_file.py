"""Opening ``state.sqlite``: one way, with errors that say what to do.

Where `URL` stands in the environment, the same tables are kept on PostgreSQL in place of
that file (`assistant.state_postgres`); files of other names stay files.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from assistant.errors import StateError

#: The variable that names a PostgreSQL database. It may hold a password: it is never told.
URL = "TROLY_STATE_URL"
_NAME = "state.sqlite"


class StoreError(sqlite3.OperationalError):
    """Of a store that is no file; its words say what to do."""


def is_elsewhere(path: Path) -> bool:
    """Whether the state of ``path`` is kept on PostgreSQL."""
    return path.name == _NAME and bool(os.environ.get(URL))


def keep_in_files() -> None:
    """From now on this process keeps state in files alone: for what is only tried or measured."""
    os.environ.pop(URL, None)


def state_exists(path: Path) -> bool:
    """Whether anything may have been kept."""
    return is_elsewhere(path) or path.exists()


@contextmanager
def state_opened(path: Path, schema: str = "") -> Iterator[sqlite3.Connection]:
    """A connection whose changes are committed together when the block ends.

    ``schema`` is run first where it is given: statements that do nothing the
    second time. Raises `StateError`.
    """
    with state_connected(path) as db:
        if schema:
            db.executescript(schema)
        with db:
            yield db


@contextmanager
def state_connected(
    path: Path, *, isolation: Literal["DEFERRED"] | None = "DEFERRED"
) -> Iterator[sqlite3.Connection]:
    """A connection; with ``isolation`` None whoever asks begins and ends transactions.

    What is deleted is overwritten. Raises `StateError`.
    """
    db = state_connection(path, isolation=isolation)
    try:
        yield db
    except sqlite3.Error as error:
        raise unusable(path, error) from error
    finally:
        db.close()


def state_connection(
    path: Path, *, isolation: Literal["DEFERRED"] | None = "DEFERRED"
) -> sqlite3.Connection:
    """The same, to be closed by whoever asks, in the thread that asks. Raises `StateError`."""
    if is_elsewhere(path):
        from assistant.state_postgres import connection

        return connection(begins=isolation is not None)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=10, isolation_level=isolation)
    except (OSError, sqlite3.Error) as error:
        raise StateError(f"{path} cannot be opened: {error}.") from error
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA foreign_keys=ON")
        db.execute("PRAGMA secure_delete=ON")
    except sqlite3.Error as error:
        db.close()
        raise unusable(path, error) from error
    return db


def unusable(path: Path, error: sqlite3.Error) -> StateError:
    """What is to be raised where a connection fails."""
    if isinstance(error, StoreError):
        return StateError(str(error))
    return StateError(
        f"{path} cannot be used: {error}. Free some disk space, or move "
        "the file away to start a new one."
    )
