"""Invented judgments, names between braces; situations; questions; pairs of laws."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.samples import sample_of
from evals.tasks.task import Sources
from evals.vocabulary import SPLITS, Sample

SET = Path(__file__).parents[2] / "datasets" / "judgments"
PAIRS = Path(__file__).with_name("article_pairs.yml")


def samples(sources: Sources) -> Sequence[Sample]:
    """One a text, a situation, a question, a pair of laws (those only with ``--data``)."""
    rows = [*_texts(), *_cases()]
    if sources.data is None or not (sources.data / "vlc_laws").is_dir():
        sources.skip("judgments: article pairs", "needs --data with old and new laws")
    else:
        rows += _pairs(sources.data)
    return [sample_of(row, "judgments") for row in rows]


def texts() -> list[dict[str, Any]]:
    """All texts of the set."""
    lines = (SET / "texts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _texts() -> Iterator[dict[str, Any]]:
    for row in texts():
        yield _row(row["_id"], row["_id"], "text", row["split"], row)


def _cases() -> Iterator[dict[str, Any]]:
    asked = yaml.safe_load((SET / "cases.yml").read_text(encoding="utf-8"))
    for split in SPLITS:
        for each in asked[split]["like"]:
            yield _row(f"like-{each['id']}", each["ask"], "like", split, each)
        for n, each in enumerate(asked[split]["verdict"], 1):
            yield _row(f"verdict-{split}-{n}", each["ask"], "verdict", split, each)


def _pairs(data: Path) -> Iterator[dict[str, Any]]:
    for each in yaml.safe_load(PAIRS.read_text(encoding="utf-8")):
        name = f"{each['old']} {each['new']}"
        yield _row(f"map {name}", name, "map", each["split"], {**each, "data": str(data)})


def _row(key: str, text: str, kind: str, split: str, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "_id": key, "text": text, "kind": kind, "split": split, "given": {**given, "what": kind},
    }  # fmt: skip
