"""Checklists that are taken up again: kept by a code that only the person has.

Kept are the kind of event, its day, the choices and what is done: nothing that
says who it is. The table holds a hash of the code, so that reading it takes up
nobody's list, and a hash of the conversation it was begun in, so that it goes
with that.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.as_of import today
from assistant.errors import InputError, StateError
from assistant.journeys.checklist import Kept, Mark, StepStatus
from assistant.state_file import state_connected

FORMAT = 1
KEPT_DAYS = 730  # since it was last looked at

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
_LENGTH = 12
_SCHEMA = """
CREATE TABLE IF NOT EXISTS checklists (
    code_sha256 TEXT PRIMARY KEY, kept TEXT NOT NULL, seen TEXT NOT NULL,
    conversation TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS checklists_by_day ON checklists (seen);
"""
_BY_CONVERSATION = (
    "CREATE INDEX IF NOT EXISTS checklists_by_conversation ON checklists (conversation)"
)

UNKNOWN = (
    "Không tìm thấy danh sách có mã này. Hãy kiểm tra lại mã (12 chữ và số), "
    "hoặc bắt đầu một danh sách mới."
)


class _MarkRead(BaseModel):
    model_config = ConfigDict(extra="forbid")
    status: StepStatus
    on: date | None = None
    title: str = ""


class _KeptRead(BaseModel):
    model_config = ConfigDict(extra="forbid")
    format: int = Field(ge=1, le=FORMAT)
    journey: str
    event_date: date | None = None
    answers: dict[str, str] = {}
    marks: dict[str, _MarkRead] = {}
    revision: str = ""


def kept_json(kept: Kept) -> dict[str, Any]:
    """What `read_kept` reads."""
    return {
        "format": FORMAT,
        "journey": kept.journey,
        "event_date": kept.event_date.isoformat() if kept.event_date else None,
        "answers": dict(kept.answers),
        "marks": {
            name: {
                "status": mark.status.value,
                "on": mark.on.isoformat() if mark.on else None,
                "title": mark.title,
            }
            for name, mark in kept.marks.items()
        },
        "revision": kept.revision,
    }


def read_kept(data: Any) -> Kept:
    """A kept checklist from JSON. Raises `StateError` where it is damaged or of a later version."""
    try:
        read = _KeptRead.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise StateError(
            f"Danh sách đã lưu không đọc được ({where}): có thể do bản troly mới hơn lưu, "
            "hoặc dữ liệu bị hỏng. Hãy cập nhật troly, hoặc bắt đầu một danh sách mới."
        ) from None
    marks = {name: Mark(m.status, m.on, m.title) for name, m in read.marks.items()}
    return Kept(read.journey, read.event_date, read.answers, marks, read.revision)


def new_code() -> str:
    """A code like ``7K2M-9QXA-4TRW``: 12 signs, 59 bits."""
    signs = ""
    while signs.isalpha() or not signs.strip("0123456789"):  # both, so that it is known for a code
        signs = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(signs[i : i + 4] for i in range(0, _LENGTH, 4))


def read_code(typed: str) -> str:
    """The code as it was given out, however it was typed. Raises `InputError`."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) != _LENGTH or set(signs) - set(_LETTERS):
        raise InputError(UNKNOWN)
    return "-".join(signs[i : i + 4] for i in range(0, _LENGTH, 4))


class Checklists:
    """The kept checklists of one installation, in ``state.sqlite``. Safe to use from threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, kept: Kept, conversation: str = "") -> str:
        """Keep a checklist, begun in ``conversation`` where there is one; returns its code."""
        code = new_code()
        with self._open() as db:
            oldest = (today() - timedelta(days=KEPT_DAYS)).isoformat()
            db.execute("DELETE FROM checklists WHERE seen < ?", (oldest,))
            db.execute(
                "INSERT INTO checklists (code_sha256, kept, seen, conversation)"
                " VALUES (?, ?, ?, ?)",
                (_sha256(code), _dumped(kept), today().isoformat(), _named(conversation)),
            )
        return code

    def get(self, code: str) -> Kept:
        """What is kept under a code. Raises `InputError` where nothing is."""
        key = _sha256(read_code(code))
        with self._open() as db:
            row = db.execute(
                "SELECT kept, seen FROM checklists WHERE code_sha256 = ?", (key,)
            ).fetchone()
            if row is None:
                raise InputError(UNKNOWN)
            day = today().isoformat()
            if row[1] != day:
                with suppress(sqlite3.Error):  # a list can be read on a full disk, too
                    db.execute("UPDATE checklists SET seen = ? WHERE code_sha256 = ?", (day, key))
        return _loaded(row[0])

    def update(self, code: str, change: Callable[[Kept], Kept]) -> Kept:
        """Change what is kept in one step, so that of two changes at once none is lost."""
        key = _sha256(read_code(code))
        with self._open() as db:
            row = db.execute("SELECT kept FROM checklists WHERE code_sha256 = ?", (key,)).fetchone()
            if row is None:
                raise InputError(UNKNOWN)
            changed = change(_loaded(row[0]))
            db.execute(
                "UPDATE checklists SET kept = ?, seen = ? WHERE code_sha256 = ?",
                (_dumped(changed), today().isoformat(), key),
            )
        return changed

    def forget(self, code: str) -> bool:
        """Delete what is kept under a code; whether there was anything."""
        with self._open() as db:
            found = db.execute(
                "DELETE FROM checklists WHERE code_sha256 = ?", (_sha256(read_code(code)),)
            )
            return found.rowcount > 0

    def forget_all_of(self, conversation: str) -> int:
        """Delete the lists begun in ``conversation``; how many there were."""
        with self._open() as db:
            found = db.execute(
                "DELETE FROM checklists WHERE conversation = ?", (_named(conversation),)
            )
            return found.rowcount

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock, state_connected(self._path, isolation=None) as db:
            db.executescript(_SCHEMA)
            db.execute("BEGIN IMMEDIATE")
            _bring_up_to_date(db)
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")


def _bring_up_to_date(db: sqlite3.Connection) -> None:
    """Tables of before lists belonged to a conversation."""
    columns = {each[0] for each in db.execute("SELECT * FROM checklists LIMIT 1").description}
    if "conversation" not in columns:
        db.execute("ALTER TABLE checklists ADD COLUMN conversation TEXT NOT NULL DEFAULT ''")
    db.execute(_BY_CONVERSATION)


def _sha256(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()


def _named(conversation: str) -> str:
    return _sha256(conversation) if conversation else ""


def _dumped(kept: Kept) -> str:
    return json.dumps(kept_json(kept), ensure_ascii=False)


def _loaded(text: str) -> Kept:
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    return read_kept(data)
