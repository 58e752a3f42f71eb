"""Megabytes as they were measured."""

from __future__ import annotations

from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score, unscored

_MEASURES = {
    "resident_mb": "resident MB",
    "private_mb": "private MB",
    "peak_mb": "peak MB",
    "children_mb": "model MB",
}


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """Of the process itself; of the model's process apart, where there is one.

    By words alone the names are others, so that they do not mix with what
    people run.
    """
    value = output.value
    if value is None:
        return [unscored("resident MB", "this one has no such setting")]
    apart = " by words" if sample.kind == "words-alone" else ""
    told = f"after {value['answers']} answers"
    return [
        Score(f"{measure}{apart}", value[key], told)
        for key, measure in _MEASURES.items()
        if value.get(key)
    ]
