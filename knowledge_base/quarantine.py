"""Files that could not be read, kept with the reason until they are read or forgotten."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from knowledge_base.store import Record


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One file (or ``file:line``) that was put aside.

    ``code`` is a `QuarantineReason`, ``seen_at`` in UTC; ``sha256`` of its
    bytes is empty where they could not be read at all. ``name`` is the file's
    name inside its collection.
    """

    path: str
    sha256: str
    code: str
    reason: str
    collection: str
    labels: tuple[str, ...]
    seen_at: str = ""
    name: str = ""

    @property
    def file(self) -> Path:
        """The file itself, without the line."""
        if Path(self.path).exists():
            return Path(self.path)
        before, _, line = self.path.rpartition(":")
        return Path(before if line.isdigit() and before else self.path)


class Quarantine:
    """The quarantine of one record."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def put(self, found: Sequence[Quarantined]) -> None:
        """Put files aside; what was known of the same paths is replaced."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._record.transaction() as db:
            db.executemany(
                "REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (q.path, q.sha256, q.code, q.reason, q.collection,
                     json.dumps(q.labels, ensure_ascii=False), q.seen_at or now, q.name)
                    for q in found
                ],
            )  # fmt: skip

    def files(self, under: str = "") -> list[Quarantined]:
        """What is put aside, by path; below a folder or of one file if given."""
        where, values = _below(under)
        rows = self._record.rows(f"SELECT * FROM quarantine{where} ORDER BY path", *values)  # noqa: S608
        return [
            Quarantined(
                row["path"], row["sha256"], row["code"], row["reason"], row["collection"],
                tuple(json.loads(row["labels"])), row["seen_at"], row["name"],
            )
            for row in rows
        ]  # fmt: skip

    def forget(self, path: str) -> int:
        """Take a file, its lines, or everything below a folder off the list."""
        gone = [q.path for q in self.files(path)] if path else []
        if gone:
            with self._record.transaction() as db:
                db.executemany("DELETE FROM quarantine WHERE path = ?", [(p,) for p in gone])
        return len(gone)

    def counts(self) -> dict[str, int]:
        """How many by reason code, most first."""
        return dict(Counter(q.code for q in self.files()).most_common())


def _below(path: str) -> tuple[str, tuple[str, ...]]:
    """The condition for a file, its lines ("path:3") and what is in the folder ("path/…")."""
    if not path:
        return "", ()
    path = path.rstrip("/")
    # "0" comes after "/" and ";" after ":", so these are ranges that an index serves.
    where = " WHERE path = ? OR (path > ? AND path < ?) OR (path > ? AND path < ?)"
    return where, (path, f"{path}/", f"{path}0", f"{path}:", f"{path};")
