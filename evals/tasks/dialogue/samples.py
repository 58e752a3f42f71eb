"""The transcripts, one sample each."""

from __future__ import annotations

from collections.abc import Sequence

from evals.samples import sample_of
from evals.tasks.task import Sources
from evals.transcripts import transcripts
from evals.vocabulary import Sample

#: Very long conversations are played where the two dialogues are compared, not at every commit.
_LONGEST = 40


def samples(_: Sources) -> Sequence[Sample]:
    """All but the very long ones; the name of one is its id."""
    return [
        sample_of(
            {
                "_id": each.name,
                "turns": [{"text": line.person or f"[{line.press}]"} for line in each.lines],
                "kind": each.kind,
                "split": each.split,
                "given": each.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            },
            "dialogue",
        )
        for each in transcripts()
        if sum(line.times for line in each.lines) <= _LONGEST
    ]
