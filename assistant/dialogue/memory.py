"""What conversations leave behind, in ``state.sqlite``: masked, bounded, expiring."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant.dialogue.state import ConversationState, Offer
from assistant.errors import StateError
from assistant.personal_data import mask
from assistant.state_file import state_opened
from assistant.vocabulary import Status, Turn

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, last REAL NOT NULL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS conversations_by_last ON conversations (last);
CREATE TABLE IF NOT EXISTS conversation_turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, at REAL NOT NULL, message TEXT NOT NULL, decision TEXT NOT NULL,
    turn TEXT NOT NULL, PRIMARY KEY (conversation, number));
CREATE INDEX IF NOT EXISTS conversation_turns_by_message ON conversation_turns (message);
"""
_DAY = 86_400.0
_ANSWERED = (Status.ANSWERED, Status.ANSWERED_PARTLY)
#: Offers of a conversation that a button may still name, and turns of it that are kept.
_OFFERS, _KEPT = 20, 500
#: Turns that a copy of a conversation begins with.
_BRANCHED = 20
#: More than this of a message or an answer is not kept, in characters.
_LONGEST = 20_000
#: Seconds between two looks for what is too old.
_SWEEP = 600.0


@dataclass(frozen=True, slots=True)
class Told:
    """A kept exchange: ``at`` in seconds since 1970, ``decision`` as JSON."""

    at: float
    decision: dict[str, Any]
    turn: Turn


class Memory:
    """Conversations by the hash of their name.

    ``turns`` are handed to a decision, as long as none of the last ``context_hours``
    is missing a word; all are deleted ``days`` after the last. Every method raises
    `StateError` where the file cannot be used.
    """

    def __init__(
        self,
        path: Path,
        *,
        turns: int = 6,
        days: int = 30,
        context_hours: float = 12.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._turns = turns
        self._days = days
        self._context = context_hours * 3600
        self._clock = clock
        self._prepared = False
        self._swept = 0.0

    # --- reading ----------------------------------------------------------------------------

    def state(self, conversation: str) -> ConversationState:
        """What is known of a conversation; after a long silence only what buttons need."""
        key = conversation_key(conversation)
        with self._open() as db:
            row = db.execute(
                "SELECT last, state FROM conversations WHERE id = ?", (key,)
            ).fetchone()
            if row is None:
                return ConversationState(conversation)
            kept = json.loads(row["state"])
            offers = tuple(_offer(each) for each in kept.get("offers", ()))
            known = ConversationState(conversation, offers=offers, count=kept.get("count", 0))
            if row["last"] < self._clock() - self._context:
                return known
            rows = db.execute(
                "SELECT turn FROM conversation_turns WHERE conversation = ? AND number > ? "
                "ORDER BY number DESC LIMIT ?",
                (key, kept.get("since", 0), self._turns),
            ).fetchall()
            turns = [_turn(each["turn"]) for each in reversed(rows)]
            if rows and self._turns and not any(turn.status in _ANSWERED for turn in turns):
                # However long the talk beside it: a follow-up is about what was answered last.
                turns = [*self._answered(db, key, kept.get("since", 0)), *turns]
        return replace(
            known,
            turns=tuple(turns),
            slots=kept.get("slots", {}),
            pending=kept.get("pending", ""),
            unanswered=kept.get("unanswered", 0),
        )

    @staticmethod
    def _answered(db: sqlite3.Connection, key: str, since: int) -> list[Turn]:
        """The last exchange that ended in an answer, if any did."""
        row = db.execute(
            "SELECT turn FROM conversation_turns WHERE conversation = ? AND number > ? "
            "AND (turn LIKE ? OR turn LIKE ?) ORDER BY number DESC LIMIT 1",
            (key, since, *(f'%"status": "{status}"%' for status in _ANSWERED)),
        ).fetchone()
        return [_turn(row["turn"])] if row else []

    def transcript(self, conversation: str) -> tuple[Told, ...]:
        """All kept exchanges of a conversation, oldest first."""
        with self._open() as db:
            rows = db.execute(
                "SELECT at, decision, turn FROM conversation_turns WHERE conversation = ? "
                "ORDER BY number",
                (conversation_key(conversation),),
            ).fetchall()
        return tuple(
            Told(row["at"], json.loads(row["decision"]), _turn(row["turn"])) for row in rows
        )

    def has_answered(self, conversation: str, message: str) -> Turn | None:
        """The exchange that a message of this id led to, where it was delivered before."""
        with self._open() as db:
            row = db.execute(
                "SELECT turn FROM conversation_turns WHERE conversation = ? AND message = ?",
                (conversation_key(conversation), conversation_key(message)),
            ).fetchone()
        return _turn(row["turn"]) if row else None

    # --- writing ----------------------------------------------------------------------------

    def remember(
        self,
        state: ConversationState,
        turn: Turn,
        decision: dict[str, Any],
        message: str = "",
        also: Callable[[sqlite3.Connection], object] = lambda _: None,
    ) -> None:
        """Add ``turn`` to the conversation whose ``state`` is now this one.

        ``also`` writes in the same transaction.
        """
        key, now = conversation_key(state.conversation), self._clock()
        asked, said = turn.question[:_LONGEST], turn.answer[:_LONGEST]
        masked = replace(turn, question=mask(asked), answer=mask(said))
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")  # two processes never take the same number
            since = self._since(db, key)
            db.execute(
                "INSERT INTO conversations VALUES (?, ?, ?) ON CONFLICT (id) "
                "DO UPDATE SET last = excluded.last, state = excluded.state",
                (key, now, _state_json(state, since)),
            )
            (number,) = db.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM conversation_turns "
                "WHERE conversation = ?",
                (key,),
            ).fetchone()
            db.execute(
                "INSERT INTO conversation_turns VALUES (?, ?, ?, ?, ?, ?)",
                (
                    key, number, now, conversation_key(message) if message else "",
                    mask(json.dumps(decision, ensure_ascii=False)),
                    json.dumps(asdict(masked), ensure_ascii=False),
                ),
            )  # fmt: skip
            db.execute(
                "DELETE FROM conversation_turns WHERE conversation = ? AND number <= ?",
                (key, number - _KEPT),
            )
            if now - self._swept > _SWEEP:
                self._swept = now
                self._expire(db, now)
            also(db)

    def start_over(self, conversation: str) -> None:
        """Nothing said so far counts any more; it is kept until it expires."""
        key = conversation_key(conversation)
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            (number,) = db.execute(
                "SELECT coalesce(max(number), 0) FROM conversation_turns WHERE conversation = ?",
                (key,),
            ).fetchone()
            empty = _state_json(ConversationState(conversation), number)
            db.execute("UPDATE conversations SET state = ? WHERE id = ?", (empty, key))

    def branch(self, source: str, target: str) -> None:
        """Make ``target`` a copy of ``source`` and its latest turns, in place of what it was.

        Nothing happens where there is no ``source``.
        """
        old, new = conversation_key(source), conversation_key(target)
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            if not db.execute("SELECT 1 FROM conversations WHERE id = ?", (old,)).fetchone():
                return
            db.execute("DELETE FROM conversations WHERE id = ?", (new,))
            db.execute(
                "INSERT INTO conversations SELECT ?, last, state FROM conversations WHERE id = ?",
                (new, old),
            )
            db.execute(
                "INSERT INTO conversation_turns SELECT ?, number, at, message, decision, turn "
                "FROM conversation_turns WHERE conversation = ? AND number > ("
                "SELECT max(number) FROM conversation_turns WHERE conversation = ?) - ?",
                (new, old, old, _BRANCHED),
            )

    def active(self, seconds: float) -> int:
        """How many conversations had a word within the last ``seconds``."""
        with self._open() as db:
            (count,) = db.execute(
                "SELECT count(*) FROM conversations WHERE last > ?", (self._clock() - seconds,)
            ).fetchone()
        return int(count)

    def forget(self, conversation: str) -> None:
        """Delete everything of a conversation, now."""
        with self._open() as db:
            db.execute("DELETE FROM conversations WHERE id = ?", (conversation_key(conversation),))
        with self._open() as db:  # the log of writes still holds what was deleted
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def sweep(self) -> None:
        """Delete what has expired."""
        with self._open() as db:
            self._expire(db, self._clock())

    def _expire(self, db: sqlite3.Connection, now: float) -> None:
        db.execute("DELETE FROM conversations WHERE last < ?", (now - self._days * _DAY,))

    @staticmethod
    def _since(db: sqlite3.Connection, key: str) -> int:
        row = db.execute("SELECT state FROM conversations WHERE id = ?", (key,)).fetchone()
        return int(json.loads(row["state"]).get("since", 0)) if row else 0

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with state_opened(self._path, "" if self._prepared else _SCHEMA) as db:
            self._prepared = True
            try:
                yield db
            except (ValueError, TypeError, KeyError) as error:  # what stands in a row is no state
                raise StateError(
                    f"{self._path} holds a conversation that cannot be read: {error}."
                ) from error


def conversation_key(name: str) -> str:
    """What stands for a conversation where its name must not be kept."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _state_json(state: ConversationState, since: int) -> str:
    kept = {
        "slots": {name: mask(value) for name, value in state.slots.items()},
        "offers": [asdict(offer) for offer in state.offers[-_OFFERS:]],
        "pending": state.pending,
        "unanswered": state.unanswered,
        "count": state.count,
        "since": since,
    }
    return json.dumps(kept, ensure_ascii=False)


def _offer(kept: dict[str, Any]) -> Offer:
    titles: Sequence[str] = kept["titles"]
    meanings = tuple(kept["meanings"])
    return Offer(kept["id"], kept["asks"], tuple(titles), meanings, kept.get("turn", 0))


def _turn(kept: str) -> Turn:
    data = json.loads(kept)
    told = {key: tuple(data.get(key, ())) for key in ("slots", "choices")}
    return Turn(**{**data, **told, "status": Status(data["status"])})
