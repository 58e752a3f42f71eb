"""What citations are checked against: documents one trusts, and the texts that were cited.

A run writes its ground beside the answers, so that scoring later, or
elsewhere, needs neither the knowledge base nor the subject.
"""

from __future__ import annotations

import hashlib
import json
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

    def stands_on(self, day: date) -> bool:
        """Whether nothing says that it does not hold on ``day``."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)


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
        known = {
            document.id: Known(
                document.id,
                document.sha256,
                document.kind,
                document.title,
                document.number,
                document.effective_from,
                document.effective_to,
            )
            for document in record.documents()
        }
        return Ground(known, record.corpus_version())


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
        file.write_bytes(data)


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
    return Known(**{**row, **days})
