"""Asks the assistant in this process and by one of its doors, and notes what differs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from evals.subjects import kinds
from evals.subjects.port import Setting, Subject
from evals.vocabulary import Sample

_PLACE = ("document_id", "start", "end", "sha256", "quote")


def generate(sample: Sample, subject: Subject, setting: Setting) -> list[dict[str, Any]]:
    """A row a message: which of status, text and citations are another at the door."""
    rows: list[dict[str, Any]] = []
    door = kinds([sample.given["door"]])[0].open(setting)
    try:
        for asked in sample.given["asked"]:
            day = date.fromisoformat(asked["as_of"]) if asked["as_of"] else sample.as_of
            pairs = zip(
                subject.converse(asked["messages"], day),
                door.converse(asked["messages"], day),
                strict=True,
            )
            for at, (inside, outside) in enumerate(pairs):
                here, there = seen(inside.answer), seen(outside.answer)
                differs = {key: [here[key], there[key]] for key in here if here[key] != there[key]}
                rows.append({"id": asked["id"], "turn": at, "differs": differs})
    finally:
        door.close()
    return rows


def seen(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What a person gets of an answer, whatever the door makes of the rest."""
    return {
        "status": answer.get("status"),
        "text": answer.get("text"),
        "citations": [[c.get(key) for key in _PLACE] for c in answer.get("citations", ())],
    }
