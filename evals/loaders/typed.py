"""Everyday chat beside what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.loaders.reading import chosen, rows_of
from evals.samples import sample_of
from evals.vocabulary import Sample

CHAT = "vilexnorm"
_MOST = 300


def chat(data: Path | None) -> Sequence[Sample]:
    """ViLexNorm: social media lines and their normal form. Raises `MissingData`."""
    rows, split = rows_of(data, CHAT, "pairs")
    return [
        sample_of(
            {
                "_id": f"{CHAT}:{key}",
                "text": row["original"],
                "kind": "chat",
                "split": split,
                "target": {"expected": row["normalized"]},
            },
            CHAT,
        )
        for key, row in chosen(rows, lambda row: row["original"], _MOST)
    ]
