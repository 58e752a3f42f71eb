"""Every version a document ever had, as far as it is kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge_base.documents import Section
from knowledge_base.rows import sections_from_json
from knowledge_base.store import Record


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its text and what is needed to compare it with another.

    ``at`` is when it was stored (UTC). ``sections`` are empty for versions that
    were left before they were kept.
    """

    document_id: str
    sha256: str
    at: str
    title: str
    number: str
    text: str
    sections: tuple[Section, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    current: bool = False


def versions_of(record: Record, document_id: str) -> list[Version]:
    """The versions of a document, oldest first; empty when it is unknown."""
    row = record.one("SELECT * FROM documents WHERE id = ?", document_id)
    if row is None:
        return []
    left = [
        (str(change["from_sha"]), json.loads(change["before"]))
        for change in record.rows(
            "SELECT from_sha, before FROM changes WHERE document_id = ? AND kind = 'changed'"
            " AND before <> '' ORDER BY seq",
            document_id,
        )
    ]
    known = [_version(record, row, sha, before) for sha, before in left]
    since = left[0][1]["put_at"] if left else row["put_at"]
    older = [
        _version(record, row, old["sha256"], {"put_at": old["put_at"], "title": row["title"]})
        for old in record.rows(
            "SELECT sha256, put_at FROM history WHERE id = ? AND put_at < ? ORDER BY rowid",
            document_id,
            since,
        )
    ]
    now = _version(record, row, row["sha256"], row, current=row["withdrawn_at"] == "")
    return [v for v in (*older, *known, now) if v is not None]


def _version(
    record: Record,
    row: sqlite3.Row,
    sha: str,
    of: sqlite3.Row | Mapping[str, Any],
    *,
    current: bool = False,
) -> Version | None:
    text = record.version(sha)
    if text is None:
        return None
    kept = dict(of)
    return Version(
        document_id=row["id"],
        sha256=sha,
        at=kept["put_at"],
        title=kept["title"],
        number=kept.get("number", row["number"]),
        text=text,
        sections=sections_from_json(kept.get("sections", "[]")),
        effective_from=_day(kept.get("effective_from", "")),
        effective_to=_day(kept.get("effective_to", "")),
        current=current,
    )


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
