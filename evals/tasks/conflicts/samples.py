"""Pairs of provisions written by hand, and pairs of documents seeded from the bundled texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.benchmarks.conflicts import bundled, half_of
from evals.samples import sample_of
from evals.tasks.conflicts.seeding import Made, pairs
from evals.tasks.task import Sources
from evals.vocabulary import SPLITS, Sample

_WRITTEN = Path(__file__).parents[2] / "datasets" / "conflicts"
_SEED = 11
_TEXTS = 8  # bundled texts of each half; a pair of each kind is made of one


def samples(_: Sources) -> Sequence[Sample]:
    """Both halves; a kind that begins with "clean" is of a pair without contradiction."""
    return [sample_of(row, "conflicts") for row in (*_written(), *_seeded())]


def _written() -> Iterator[dict[str, Any]]:
    for split in SPLITS:
        for file in sorted(_WRITTEN.glob(f"{split}*.yml")):
            for row in yaml.safe_load(file.read_text("utf-8"))["pairs"]:
                kind = row.get("kind") or "clean"
                yield _row(row["id"], split, f"written {kind}", row["a"], row["b"], "")


def _seeded() -> Iterator[dict[str, Any]]:
    texts = list(bundled())
    for split in SPLITS:
        for name, articles in [t for t in texts if half_of(t[0]) == split][:_TEXTS]:
            for made in pairs(name, articles, split, _SEED):
                yield _of(made)


def _of(made: Made) -> dict[str, Any]:
    clean = made.kind.startswith("clean")
    kind = f"seeded {'clean' if clean else made.kind}"
    place = "" if clean else made.was
    return _row(f"{made.id}", made.split, kind, made.first, made.second, place)


def _row(name: str, split: str, kind: str, a: str, b: str, place: str) -> dict[str, Any]:
    given = {"a": a, "b": b}
    expected = {"conflict": "clean" not in kind, "place": place}
    return {
        "_id": f"conflicts:{name}",
        "kind": kind,
        "split": split,
        "given": given,
        "target": {"expected": expected},
    }
