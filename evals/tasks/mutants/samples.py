"""One sample a seeded fault."""

from __future__ import annotations

from collections.abc import Sequence

from evals.mutants import MUTANTS
from evals.samples import sample_of
from evals.tasks.task import Sources
from evals.vocabulary import Sample

_SEED = 1


def samples(sources: Sources) -> Sequence[Sample]:
    """All mutants; the seed says where in the corpus a fault is made."""
    return [
        sample_of(
            {
                "_id": mutant.name,
                "text": mutant.title,
                "kind": "blocker" if mutant.blocker else "other",
                "given": {"seed": _SEED + sources.seed},
            },
            "mutants",
        )
        for mutant in MUTANTS
    ]
