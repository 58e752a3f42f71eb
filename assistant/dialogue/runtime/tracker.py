"""What Rasa remembers of conversations: forgotten when they are old, or when asked."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing

from assistant.dialogue.ports import PARTS
from assistant.dialogue.runtime.places import Places
from assistant.errors import StateError


def forget_conversation(places: Places, conversation: str) -> int:
    """Delete all of one conversation, with its parts; how many events there were.

    Raises:
        StateError: the file cannot be written; nothing was deleted.
    """
    parts = f"{conversation}{PARTS}"
    after = f"{conversation}{chr(ord(PARTS) + 1)}"  # the first name that is none of them
    which = "sender_id = ? OR (sender_id >= ? AND sender_id < ?)"
    return _delete(places, which, (conversation, parts, after))


def forget_older(places: Places, days: int) -> int:
    """Delete conversations in which nothing was said for ``days``; how many events there were.

    Raises:
        StateError: as `forget_conversation`.
    """
    old = "sender_id IN (SELECT sender_id FROM events GROUP BY sender_id HAVING max(timestamp) < ?)"
    return _delete(places, old, (time.time() - days * 86400,))


def _delete(places: Places, which: str, values: Sequence[object]) -> int:
    if not places.tracker.exists():
        return 0
    try:
        with closing(sqlite3.connect(places.tracker, timeout=5)) as db:
            db.execute("PRAGMA secure_delete = ON")  # the words are gone from the file, too
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
                return 0
            with db:
                return db.execute(f"DELETE FROM events WHERE {which}", values).rowcount  # noqa: S608
    except sqlite3.Error as error:
        raise StateError(
            f"Chưa xoá được hội thoại trong {places.tracker} ({error}). Thử lại; nếu vẫn vậy, dừng "
            "troly rồi xoá tệp này: câu trả lời không mất gì."
        ) from error
