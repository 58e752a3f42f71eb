"""A sample for each document of the set, and one for each question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.samples import sample_of
from evals.tasks.task import Sources
from evals.vocabulary import SPLITS, Sample

#: ``dev.yml`` and ``test.yml``.
SET = Path(__file__).parents[2] / "datasets" / "figures"


def samples(_: Sources) -> Sequence[Sample]:
    """Both halves."""
    return [sample_of(row, "figures") for split in SPLITS for row in _rows(split)]


def _rows(split: str) -> Iterator[dict[str, Any]]:
    held = yaml.safe_load((SET / f"{split}.yml").read_text("utf-8"))
    for document in held["documents"]:
        name = document["file"]
        yield _row(f"{split}:{name}", split, "document", [name], {"facts": document["facts"]})
        for number, asked in enumerate(document["questions"], 1):
            yield _row(f"{split}:{name}:{number}", split, "question", [name], asked)
    for number, asked in enumerate(held["together"], 1):
        yield _row(f"{split}:together:{number}", split, "question", asked["files"], asked)


def _row(
    name: str, split: str, kind: str, files: Sequence[str], expected: dict[str, Any]
) -> dict[str, Any]:
    return {
        "_id": f"figures:{name}",
        "text": expected.get("ask", ""),
        "kind": kind,
        "split": split,
        "given": {"files": list(files), "ask": expected.get("ask", "")},
        "target": {"expected": expected},
    }


def document(split: str, name: str) -> dict[str, Any]:
    """One document of a half, as the set has it."""
    held = yaml.safe_load((SET / f"{split}.yml").read_text("utf-8"))
    return next(each for each in held["documents"] if each["file"] == name)
