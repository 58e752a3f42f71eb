"""Questions over invented documents of offices; all documents of a half are chosen at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from evals.samples import sample_of
from evals.tasks.task import Sources
from evals.vocabulary import SPLITS, Sample

#: ``questions.yml``, and a folder of documents for each half.
SET = Path(__file__).parents[2] / "datasets" / "uploads"


def samples(_: Sources) -> Sequence[Sample]:
    """One a question."""
    asked = yaml.safe_load((SET / "questions.yml").read_text(encoding="utf-8"))
    found = []
    for split in SPLITS:
        for each in asked[split]:
            row = {
                "_id": each["id"], "text": each["ask"], "kind": each["kind"], "split": split,
                "given": {**each, "half": split},
            }  # fmt: skip
            found.append(sample_of(row, "uploads"))
    return found
