"""Channels switched off by a person, held because a provider refuses us, and chats where the
bot is silent or cannot write."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from bots.delivery.tables import Tables


@dataclass(frozen=True, slots=True)
class Switch:
    """The state of a channel. ``off_reason`` and ``held_reason`` are "" where it is not."""

    channel: str
    off_reason: str = ""
    off_by: str = ""
    off_at: float = 0.0
    held_reason: str = ""
    held_at: float = 0.0

    @property
    def state(self) -> str:
        """ "off", "held" or "on"."""
        return "off" if self.off_reason else "held" if self.held_reason else "on"


@dataclass(frozen=True, slots=True)
class Chat:
    """Until when the bot leaves a chat to a person (seconds since 1970), and whether it is gone."""

    paused_until: float = 0.0
    gone: bool = False


class Switches:
    """Every method may raise `StateError`."""

    def __init__(self, tables: Tables, *, clock: Callable[[], float] = time.time) -> None:
        self._tables = tables
        self._clock = clock

    # --- channels -----------------------------------------------------------------------------

    def of(self, channel: str) -> Switch:
        return self.all().get(channel, Switch(channel))

    def all(self) -> dict[str, Switch]:
        """By channel; a channel that never was off nor held may be missing."""
        with self._tables.reading() as db:
            rows = db.execute("SELECT * FROM delivery_channels").fetchall()
        return {row["channel"]: Switch(**dict(row)) for row in rows}

    def turn_off(self, channel: str, *, reason: str, by: str) -> None:
        """People are told ``reason``; ``by`` is who decided it."""
        self._change(channel, "off_reason = ?, off_by = ?, off_at = ?", (reason, by, self._clock()))

    def turn_on(self, channel: str) -> None:
        self._change(channel, "off_reason = '', off_by = '', off_at = 0", ())

    def hold(self, channel: str, reason: str) -> None:
        """Nothing is sent until an operator has put right what ``reason`` says."""
        self._change(channel, "held_reason = ?, held_at = ?", (reason, self._clock()))

    def release(self, channel: str) -> None:
        self._change(channel, "held_reason = '', held_at = 0", ())

    def _change(self, channel: str, changes: str, values: tuple[object, ...]) -> None:
        with self._tables.writing(durable=True) as db:
            db.execute(
                "INSERT INTO delivery_channels (channel) VALUES (?)"
                " ON CONFLICT (channel) DO NOTHING",
                (channel,),
            )
            db.execute(
                f"UPDATE delivery_channels SET {changes} WHERE channel = ?",  # noqa: S608
                (*values, channel),
            )

    # --- chats --------------------------------------------------------------------------------

    def chat(self, channel: str, chat: str) -> Chat:
        with self._tables.reading() as db:
            row = db.execute(
                "SELECT * FROM delivery_chats WHERE channel = ? AND chat = ?", (channel, chat)
            ).fetchone()
        return Chat(row["paused_until"], bool(row["gone"])) if row else Chat()

    def pause(self, db: sqlite3.Connection, channel: str, chat: str, until: float) -> None:
        """In a transaction of the caller's: a person answers here until then."""
        self._mark(db, channel, chat, "paused_until", until)

    def gone(self, db: sqlite3.Connection, channel: str, chat: str) -> None:
        """In a transaction of the caller's: nothing can be written to this chat."""
        self._mark(db, channel, chat, "gone", 1)

    def is_back(self, db: sqlite3.Connection, channel: str, chat: str) -> None:
        """In a transaction of the caller's: a chat that was gone is not."""
        db.execute(
            "UPDATE delivery_chats SET gone = 0 WHERE channel = ? AND chat = ? AND gone = 1",
            (channel, chat),
        )

    def left(self, channel: str, chat: str) -> None:
        """`gone`, in a transaction of its own."""
        with self._tables.writing() as db:
            self.gone(db, channel, chat)

    def _mark(
        self, db: sqlite3.Connection, channel: str, chat: str, column: str, value: float
    ) -> None:
        db.execute(
            f"INSERT INTO delivery_chats (channel, chat, {column}, at) VALUES (?, ?, ?, ?)"  # noqa: S608
            f" ON CONFLICT (channel, chat) DO UPDATE SET {column} = excluded.{column},"
            " at = excluded.at",
            (channel, chat, value, self._clock()),
        )
