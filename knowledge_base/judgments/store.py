"""Judgments that were imported: a record of their own, beside those that people are answered from.

Only masked texts come here, below the restricted folder: a process that serves citizens has no
path to it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge_base.documents import Document, DocumentKind, Section
from knowledge_base.errors import StoreClosed
from knowledge_base.home import Home
from knowledge_base.judgments.judgment import Applied, Judgment, Outcome, Party, Read, Span
from knowledge_base.store import Change, Record

LABEL = "judgment"  # what an officer's group must hold to be shown one
COLLECTION = "judgments"


class Judgments:
    """The judgments of one home; safe for many threads."""

    def __init__(self, home: Home) -> None:
        home.make_restricted()
        folder = folder_of(home)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._record = Record(folder / "record.sqlite")

    @property
    def record(self) -> Record:
        """The record itself, which also keeps the vectors."""
        return self._record

    def put(self, judgment: Judgment) -> Change:
        """Keep a judgment; it is on the disk when this returns.

        Another text of the same number and court takes the place of the one before.
        """
        query = "SELECT id FROM documents WHERE source_id = ? AND withdrawn_at = ''"
        ids = [str(row["id"]) for row in self._record.rows(query, judgment.number.value)]
        for other in filter(None, map(self.get, ids)):
            if other.court.value == judgment.court.value and other.id != judgment.id:
                self._record.remove([other.id], with_texts=True)
                self._record.put(_document(judgment))
                return "changed"
        return self._record.put(_document(judgment))

    def forget(self, *ids: str) -> int:
        """Remove judgments with every version of their texts."""
        return self._record.remove(ids, with_texts=True)

    def get(self, judgment_id: str) -> Judgment | None:
        document = self._record.document(judgment_id)
        return _judgment(document) if document else None

    def find(self, named: str) -> list[Judgment]:
        """By id, by number, or by the beginning of a number ("14/2024")."""
        asked = named.strip().lower()
        found = [j for j in self.every() if asked in (j.id.lower(), j.number.value.lower())]
        return found or [
            j for j in self.every() if asked and j.number.value.lower().startswith(asked)
        ]

    def every(self) -> Iterator[Judgment]:
        """All of them, by id."""
        for document in self._record.documents():
            yield _judgment(document)

    def count(self) -> int:
        return self._record.count()

    def close(self) -> None:
        self._record.close()

    def __enter__(self) -> Judgments:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def folder_of(home: Home) -> Path:
    """Where the judgments of a home are. Raises `StoreClosed` in a home for citizens."""
    return home.restricted / "judgments"


def any_kept(home: Home) -> bool:
    """Whether a home has judgments that this process may open; opens nothing."""
    try:
        return (folder_of(home) / "record.sqlite").is_file()
    except StoreClosed:
        return False


def _document(judgment: Judgment) -> Document:
    kept = dataclasses.asdict(judgment)
    del kept["text"]
    sections = tuple(
        Section((name,), span.start, span.end)
        for name, span in (
            ("Nội dung vụ án", judgment.facts),
            ("Nhận định của Tòa án", judgment.reasoning),
            ("Quyết định", judgment.decision),
            ("Nội dung án lệ", judgment.rule),
        )
        if span.end
    )
    return Document(
        id=judgment.id,
        source_id=judgment.number.value or judgment.id,
        kind=DocumentKind.JUDGMENT,
        title=judgment.name,
        text=judgment.text,
        sha256=judgment.sha256,
        labels=(LABEL,),
        collection=COLLECTION,
        sections=sections,
        meta={"judgment": json.dumps(kept, ensure_ascii=False)},
    )


def _judgment(document: Document) -> Judgment:
    kept: dict[str, Any] = json.loads(document.meta["judgment"])
    fields = ("number", "court", "decided_on", "level", "branch", "relation")
    kept |= {name: Read(**kept[name]) for name in fields}
    kept |= {name: Span(**kept[name]) for name in ("facts", "reasoning", "decision")}
    # Records from before án lệ were read have neither.
    kept["source"] = Read(**kept.get("source", {}))
    kept["rule"] = Span(**kept.get("rule", {}))
    kept["parties"] = tuple(Party(p["role"], tuple(p["signs"])) for p in kept["parties"])
    kept["applied"] = tuple(Applied(**a) for a in kept["applied"])
    kept["outcomes"] = tuple(
        Outcome(**{**o, "amounts": tuple(o["amounts"])}) for o in kept["outcomes"]
    )
    kept["remarks"] = tuple(kept["remarks"])
    return Judgment(text=document.text, **kept)
