"""Passages as lines of JSON, as the index keeps them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from knowledge_base.documents import DocumentKind, Passage


def passage_to_json(passage: Passage) -> dict[str, Any]:
    """A passage as it stands in passages.jsonl, without what is empty."""
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in asdict(passage).items()
        if value not in ("", None, ())
    }


def passage_from_json(found: dict[str, Any]) -> Passage:
    """The passage of a line of passages.jsonl."""
    for key in ("path", "labels", "other_names"):
        found[key] = tuple(found.get(key, ()))
    for key in ("effective_from", "effective_to"):
        if key in found:
            found[key] = date.fromisoformat(found[key])
    for key in ("title", "number", "text", "source_id"):
        found.setdefault(key, "")
    found["kind"] = DocumentKind(found["kind"])
    return Passage(**found)
