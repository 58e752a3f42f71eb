"""What baselines answer from and how they cite: the same stored texts, by the same spans."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from typing import Any

from evals.errors import MissingData
from evals.subjects.port import Setting
from knowledge_base.documents import Document
from knowledge_base.prepare import ensure_ready
from knowledge_base.store import Record


def stored(setting: Setting) -> tuple[dict[str, Document], str]:
    """Current public documents by id, and the corpus version. Raises `MissingData` of none."""
    ensure_ready(setting.home, setting.config.knowledge_base, foreground_seconds=float("inf"))
    with closing(Record(setting.home.record())) as record:
        documents = {document.id: document for document in record.documents()}
        if not documents:
            raise MissingData(
                f"{setting.home.path} holds no documents: set knowledge_base.bundled_corpus to "
                "true in config.yml, or add documents with troly ingest"
            )
        return documents, record.corpus_version()


def citation(document: Document, start: int, end: int, number: int) -> dict[str, Any]:
    """A span of a document in the shape of docs/answer-json.md."""
    quote = document.text[start:end]
    return {
        "number": number,
        "document_id": document.id,
        "document_number": document.number,
        "title": document.title,
        "path": [],
        "quote": quote,
        "start": start,
        "end": end,
        "sha256": document.sha256,
        "quote_sha256": hashlib.sha256(quote.encode("utf-8")).hexdigest(),
        "url": document.url,
        "effective_from": _day(document.effective_from),
        "effective_to": _day(document.effective_to),
    }


def answer(
    status: str,
    text: str,
    citations: Sequence[dict[str, Any]],
    as_of: date | None,
    *,
    model: str | None = None,
) -> dict[str, Any]:
    """An answer in the shape of docs/answer-json.md, as far as a baseline has one."""
    return {
        "status": status,
        "text": text,
        "citations": list(citations),
        "card": None,
        "as_of": _day(as_of),
        "ai_generated": model is not None,
        "model": model,
        "suggestions": [],
        "slots": [],
        "notices": [],
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
