"""Receipts: enough to replay an answer and to find those a changed document affects.

No personal data: the question is kept only as the screened and masked text the
steps worked on, and not at all where it was refused before masking.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assistant.as_of import today
from assistant.presentation import deterministic_json
from assistant.state_file import state_exists, state_opened
from assistant.vocabulary import Answer, Citation, Draft, Status, Turn
from knowledge_base.changes import Affected

_SCHEMA = """
CREATE TABLE IF NOT EXISTS receipts (
    id TEXT PRIMARY KEY, day TEXT NOT NULL, as_of TEXT NOT NULL, profile TEXT NOT NULL,
    status TEXT NOT NULL, corpus_version TEXT NOT NULL, rules TEXT NOT NULL, model TEXT,
    question TEXT NOT NULL, history TEXT NOT NULL, retrieved TEXT NOT NULL, cited TEXT NOT NULL,
    verdicts TEXT NOT NULL, trace TEXT NOT NULL, deterministic_sha256 TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS receipts_by_day ON receipts (day);
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One kept answer, as far as it is kept."""

    id: str
    as_of: date
    profile: str
    status: Status
    corpus_version: str
    rules: str
    model: str | None
    question: str
    history: tuple[Turn, ...]
    retrieved: tuple[str, ...]
    cited: tuple[str, ...]
    deterministic_sha256: str


def rules_version() -> str:
    """A hash of the tables and replies the deterministic answer depends on."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(
        [*folder.glob("tables/*.yml"), *folder.glob("*.yml"), *folder.glob("steps/*.py")]
    ):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def digest(answer: Answer) -> str:
    """The hash that a replay has to reproduce: everything but id and timings."""
    return hashlib.sha256(deterministic_json(answer).encode()).hexdigest()


class Receipts:
    """The receipts of one installation, in ``state.sqlite``."""

    def __init__(self, path: Path, *, days: int) -> None:
        self._path = path
        self._days = days
        self._lock = threading.Lock()
        self.rules = rules_version()
        self._prepared = False

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with state_opened(self._path, "" if self._prepared else _SCHEMA) as db:
            self._prepared = True
            yield db

    def keep(self, draft: Draft, answer: Answer, bare: Answer) -> None:
        """Store the receipt of ``answer``; ``bare`` is the same without a model's wording."""
        row = (
            answer.id, today().isoformat(), answer.as_of.isoformat(), draft.question.profile,
            answer.status.value, answer.corpus_version, self.rules, answer.model, draft.text,
            json.dumps([_without_words(turn) for turn in draft.question.history]),
            json.dumps([hit.passage.id for hit in draft.hits]),
            json.dumps([cited_span(citation) for citation in answer.citations]),
            json.dumps(draft.verdicts, ensure_ascii=False, default=str),
            json.dumps([asdict(step) for step in answer.trace]),
            digest(bare),
        )  # fmt: skip
        with self._lock, self._open() as db:
            db.execute(f"INSERT INTO receipts VALUES ({','.join('?' * len(row))})", row)  # noqa: S608
            oldest = (today() - timedelta(days=self._days)).isoformat()
            db.execute("DELETE FROM receipts WHERE day < ?", (oldest,))

    def citing(self, versions: Mapping[str, str]) -> Iterator[Affected]:
        """Receipts that cite these documents (hashes by id, empty: any version), newest first."""
        if not versions or not state_exists(self._path):
            return
        with self._lock, self._open() as db:
            rows = db.execute(
                "SELECT id, day, as_of, question, cited FROM receipts ORDER BY day DESC, rowid DESC"
            ).fetchall()
        for row in rows:
            spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
            for document_id, sha, span in map(_cited, json.loads(row["cited"])):
                if document_id in versions and versions[document_id] in ("", sha):
                    spans.setdefault((document_id, sha), []).extend(span)
            for (document_id, sha), found in spans.items():
                yield Affected(
                    "receipt", row["id"], row["day"], row["as_of"], row["question"],
                    document_id, sha, tuple(found),
                )  # fmt: skip

    def get(self, receipt_id: str) -> Receipt | None:
        """The receipt with this id (or the only one that starts with it)."""
        with self._lock, self._open() as db:
            rows = db.execute(
                "SELECT * FROM receipts WHERE id = ? OR substr(id, 1, ?) = ? LIMIT 2",
                (receipt_id, len(receipt_id), receipt_id if receipt_id.isalnum() else None),
            ).fetchall()
        return _from_row(rows[0]) if len(rows) == 1 else None


def cited_span(citation: Citation) -> str:
    """What a receipt keeps of a citation: ``document@version#start-end``."""
    return f"{citation.document_id}@{citation.sha256}#{citation.start}-{citation.end}"


_CITED = re.compile(r"(.+)@([0-9a-f]*)(?:#(\d+)-(\d+))?")


def _cited(kept: str) -> tuple[str, str, list[tuple[int, int]]]:
    """Document, version and place of a kept citation; receipts once kept no places."""
    match = _CITED.fullmatch(kept)
    if match is None:
        return kept, "", []
    return match[1], match[2], [(int(match[3]), int(match[4]))] if match[3] else []


def _without_words(turn: Turn) -> dict[str, Any]:
    """What a follow-up needs of an earlier turn, without what anybody said."""
    return asdict(replace(turn, question="", answer=""))


def _from_row(row: sqlite3.Row) -> Receipt:
    def turn(data: dict[str, Any]) -> Turn:
        told = {key: tuple(data.get(key, ())) for key in ("slots", "choices")}
        return Turn(**{**data, **told, "status": Status(data["status"])})

    return Receipt(
        id=row["id"],
        as_of=date.fromisoformat(row["as_of"]),
        profile=row["profile"],
        status=Status(row["status"]),
        corpus_version=row["corpus_version"],
        rules=row["rules"],
        model=row["model"],
        question=row["question"],
        history=tuple(turn(data) for data in json.loads(row["history"])),
        retrieved=tuple(json.loads(row["retrieved"])),
        cited=tuple(json.loads(row["cited"])),
        deterministic_sha256=row["deterministic_sha256"],
    )
