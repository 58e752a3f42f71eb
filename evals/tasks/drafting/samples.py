"""Sentences, sums, forms and spoilt papers of ``evals/datasets/drafting``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.samples import sample_of
from evals.tasks.task import Sources
from evals.vocabulary import SPLITS, Sample

_FOLDER = Path(__file__).parents[2] / "datasets" / "drafting"


def samples(_: Sources) -> Sequence[Sample]:
    """Both halves; the kind is what is asked of the program."""
    return [
        sample_of({**row, "split": split}, "drafting") for split in SPLITS for row in _rows(split)
    ]


def _rows(split: str) -> Iterator[dict[str, Any]]:
    given = yaml.safe_load((_FOLDER / f"{split}.yml").read_text("utf-8"))
    forms = {row["id"]: row["form"] for row in given["papers"]}
    for row in given["sentences"]:
        expected = {"fields": row["expect"], "unsaid": row["unsaid"]}
        yield _row("sentence", row["id"], {"text": row["text"]}, expected)
    for row in given["refused"]:
        yield _row("refused", row["id"], {"text": row["text"]}, True)
    for row in given["amounts"]:
        yield _row("amount", row["id"], {"number": row["number"]}, row["words"])
    for row in given["papers"]:
        yield _row("paper", row["id"], {"form": row["form"]}, row)
    for row in given["faults"]:
        yield _row("fault", row["id"], {"form": forms[row["of"]], "spoil": row}, row["code"])


def _row(kind: str, name: str, given: dict[str, Any], expected: Any) -> dict[str, Any]:
    return {
        "_id": f"drafting:{name}",
        "kind": kind,
        "given": given,
        "target": {"expected": expected},
    }
