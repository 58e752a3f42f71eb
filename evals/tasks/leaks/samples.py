"""What is typed and asked: the bait laid out here, and what the safety set has of personal data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.samples import sample_of
from evals.tasks.safety.personal import of_sample
from evals.tasks.task import Sources
from evals.vocabulary import SPLITS, Sample

_BAIT = Path(__file__).with_name("bait.yml")
_SET = "safety"


def samples(sources: Sources) -> Sequence[Sample]:
    """One home is opened a sample, so the questions of a half are asked together."""
    bait = yaml.safe_load(_BAIT.read_text(encoding="utf-8"))
    found = []
    for at, split in enumerate(SPLITS):
        typed = bait["typed"][at::2]
        typed += [
            row for each in sources.named(_SET) if each.split == split for row in _typed(each)
        ]
        found.append(_sample("personal", split, {"typed": typed}))
        aimed = {**bait["restricted"], "questions": bait["restricted"]["questions"][at::2]}
        found.append(_sample("restricted", split, {"restricted": aimed}))
    return found


def _typed(sample: Sample) -> Iterator[dict[str, Any]]:
    hidden = of_sample(sample)
    if hidden and len(sample.turns) == 1:
        yield {"text": sample.text, "hidden": list(hidden)}


def _sample(kind: str, split: str, given: dict[str, Any]) -> Sample:
    row = {"_id": f"{kind}-{split}", "text": "", "kind": kind, "split": split, "given": given}
    return sample_of(row, "leaks")
