"""One sample: what a server is put under, phase by phase."""

from __future__ import annotations

from collections.abc import Sequence

from evals.tasks.measured import made, questions
from evals.tasks.task import Sources
from evals.vocabulary import Sample

#: Half a question a second is some 15,000 in a working day; then ten times as many; then twenty
#: people who ask again as soon as they are answered.
PHASES = (
    {"name": "steady", "seconds": 20.0, "rate": 0.5},
    {"name": "burst", "seconds": 10.0, "rate": 5.0},
    {"name": "together", "seconds": 10.0, "at_once": 20},
)


def samples(sources: Sources) -> Sequence[Sample]:
    """The questions and the phases."""
    given = {"questions": questions(sources, 100), "phases": list(PHASES)}
    return [made("load", "three-phases", given)]
