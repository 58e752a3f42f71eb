"""What citations are checked against: documents one trusts, and the texts that were cited.

A run writes its ground beside the answers, so that scoring later, or
elsewhere, needs neither the knowledge base nor the subject.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from knowledge_base.home import Home
from knowledge_base.store import Record

FILE = "ground.jsonl"
_SOURCES = "sources"
_EXCEPTION = re.compile(r"\btrừ\b")


@dataclass(frozen=True, slots=True)
class Ended:
    """Another text, ``by``, ended this document from the day ``since`` (or only one article)."""

    by: str
    since: date
    article: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A document of the trusted record. Days are inclusive; None is unknown or open."""

    id: str
    sha256: str
    kind: str
    title: str
    number: str
    effective_from: date | None
    effective_to: date | None
    ended: tuple[Ended, ...] = ()

    def stands_on(self, day: date, article: str = "") -> bool:
        """Whether nothing says that it, or the article of it, does not hold on ``day``."""
        return not self.why_not(day, article)

    def why_not(self, day: date, article: str = "") -> str:
        """Why it does not hold on ``day``; empty where nothing says so."""
        if self.effective_from is not None and day < self.effective_from:
            return f"holds from {self.effective_from} only"
        if self.effective_to is not None and day > self.effective_to:
            return f"held until {self.effective_to}"
        for end in self.ended:
            if end.since <= day and end.article in ("", article):
                return f"ended by {end.by} from {end.since}"
        return ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Trusted documents by id, and the cited texts of a run.

    ``complete``: every version a citation may name is among ``documents``; false
    where the subject answers from another corpus than the one at hand.
    """

    documents: Mapping[str, Known]
    corpus_version: str
    folder: Path | None = None
    complete: bool = True
    _texts: dict[str, str | None] = field(default_factory=dict, compare=False)

    def text(self, sha256: str) -> str | None:
        """The stored text with this hash, or None. A file that was altered is not returned."""
        if sha256 not in self._texts:
            self._texts[sha256] = self._read(sha256)
        return self._texts[sha256]

    def _read(self, sha256: str) -> str | None:
        if self.folder is None or not (sha256.isalnum() and len(sha256) == 64):
            return None
        try:
            data = (self.folder / _SOURCES / f"{sha256}.txt").read_bytes()
        except OSError:
            return None
        return data.decode("utf-8") if hashlib.sha256(data).hexdigest() == sha256 else None


def of_home(home: Home) -> Ground:
    """The public record of ``home`` as it stands now."""
    with closing(Record(home.record())) as record:
        ended = _ended(record)
        known = {
            document.id: Known(
                document.id,
                document.sha256,
                document.kind,
                document.title,
                document.number,
                document.effective_from,
                document.effective_to,
                ended.get(document.id, ()),
            )
            for document in record.documents()
        }
        return Ground(known, record.corpus_version())


def _ended(record: Record) -> dict[str, tuple[Ended, ...]]:
    """By document: what others, or it itself, say ended it.

    Ends without a day are left out, and those with an exception ("trừ …"):
    nothing sure follows from them.
    """
    ids = {
        row["number_key"]: row["id"]
        for row in record.rows("SELECT id, number_key FROM documents WHERE withdrawn_at = ''")
        if row["number_key"]
    }
    found: dict[str, set[Ended]] = {}
    for row in record.rows(
        "SELECT r.*, d.number FROM relations AS r JOIN documents AS d ON d.id = r.document_id"
        " WHERE d.withdrawn_at = '' AND r.since <> ''"
        " AND r.kind IN ('repeals', 'replaces', 'repealed_by', 'replaced_by')"
    ):
        by_another = row["kind"] in ("repeals", "replaces")
        key, article, by = (
            (row["target_key"], row["target_article"], row["number"])
            if by_another
            else (row["source_key"], row["source_article"], row["target_key"].upper())
        )
        if key in ids and not _EXCEPTION.search(row["note"]):
            end = Ended(by, date.fromisoformat(row["since"]), article)
            found.setdefault(ids[key], set()).add(end)
    return {
        name: tuple(sorted(ends, key=lambda e: (e.since, e.article, e.by)))
        for name, ends in found.items()
    }


def write(ground: Ground, folder: Path) -> None:
    """Keep ``ground`` in a run's folder, one document a line."""
    lines = [json.dumps({"corpus_version": ground.corpus_version})]
    lines += [
        json.dumps(asdict(known), ensure_ascii=False, default=str)
        for _, known in sorted(ground.documents.items())
    ]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(folder: Path) -> Ground:
    """The ground a run was made with; empty where it kept none."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    except OSError:
        return Ground({}, "", folder, complete=False)
    head, *rest = map(json.loads, lines)
    return Ground({row["id"]: _known(row) for row in rest}, head["corpus_version"], folder)


def keep_source(folder: Path, sha256: str, text: str) -> None:
    """Store a cited text by its hash, once. What does not have that hash is not stored."""
    data = text.encode("utf-8")
    if hashlib.sha256(data).hexdigest() != sha256:
        return
    file = folder / _SOURCES / f"{sha256}.txt"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".new")  # a kill or a full disk must not leave half of it
        beside.write_bytes(data)
        beside.replace(file)


def cited(answers: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """``(document_id, sha256)`` of every citation of these answers."""
    for answer in answers:
        for citation in answer.get("citations", ()):
            if isinstance(citation, dict) and citation.get("sha256"):
                yield str(citation.get("document_id", "")), str(citation["sha256"])


def _known(row: dict[str, Any]) -> Known:
    days = {
        key: date.fromisoformat(row[key]) if row[key] else None
        for key in ("effective_from", "effective_to")
    }
    ended = tuple(
        Ended(end["by"], date.fromisoformat(end["since"]), end["article"])
        for end in row.get("ended", ())
    )
    return Known(**{**row, **days, "ended": ended})
