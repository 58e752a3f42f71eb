"""Answers as JSON (the contract) and as text for a terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from enum import Enum
from typing import Any

from assistant.vocabulary import Answer, Citation
from knowledge_base.documents import ProcedureCard

#: Said beside a source whose text was read from pictures of pages.
FROM_PICTURES = "(đọc từ ảnh quét)"


def plain(value: Any) -> Any:
    """``value`` with dates as ISO text, enums as their value, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, frozenset, set)):
        return [plain(inner) for inner in value]
    return value


def citation_json(citation: Citation) -> dict[str, Any]:
    """One citation; ``sha256`` is that of the whole stored text that the offsets point into."""
    found: dict[str, Any] = plain(asdict(citation))
    return found


def card_json(card: ProcedureCard | None) -> dict[str, Any] | None:
    """A card with all its slots."""
    return plain(asdict(card)) if card else None


def answer_json(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer, as documented in docs/answer-json.md."""
    return {
        "id": answer.id,
        "status": answer.status.value,
        "text": answer.text,
        "citations": [citation_json(citation) for citation in answer.citations],
        "card": card_json(answer.card),
        "as_of": answer.as_of.isoformat(),
        "ai_generated": answer.ai_generated,
        "model": answer.model,
        "corpus_version": answer.corpus_version,
        "suggestions": list(answer.suggestions),
        "means": list(answer.means),
        "slots": list(answer.slots),
        "notices": list(answer.notices),
        "trace": [{"step": step.step, "ms": step.ms} for step in answer.trace],
    }


def deterministic_json(answer: Answer) -> str:
    """What two runs on the same corpus must agree on, byte for byte."""
    data = answer_json(answer)
    for varying in ("id", "trace"):
        data.pop(varying)
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def sources_text(citations: tuple[Citation, ...], *, quotes: bool = False) -> str:
    """Numbered sources as lines of text; with ``quotes`` the verbatim text too."""
    lines = []
    for citation in citations:
        number = f" · {citation.document_number}" if citation.document_number else ""
        path = f" · {' › '.join(citation.path)}" if citation.path else ""
        scanned = f" {FROM_PICTURES}" if citation.ocr else ""
        lines.append(f"[{citation.number}] {citation.title}{number}{path}{scanned}")
        if citation.url:
            lines.append(f"    {citation.url}")
        if quotes:
            lines.extend(f"    “{part}”" for part in citation.quote.splitlines() if part.strip())
    return "\n".join(lines)
