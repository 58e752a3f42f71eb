"""Whether a door gives the answer that the assistant gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score

_PARTS = ("status", "text", "citations")
_LONGEST = 120


def score(_sample: Sample, output: Output, _ground: Ground) -> list[Score]:
    """Each message for itself; the sample's kind is the door."""
    return [each for row in output.value for each in _scores(row)]


def _scores(row: Mapping[str, Any]) -> Iterator[Score]:
    differs = row["differs"]
    why = f"{row['id']}, message {row['turn'] + 1}"
    for part, (here, there) in differs.items():
        why += f" · {part}: {_short(here)} → {_short(there)}"
    yield Score("same answer", float(not differs), why)
    for part in _PARTS:
        yield Score(f"same {part}", float(part not in differs), why)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
