"""One sample: a hundred questions, asked one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from evals.tasks.measured import made, questions
from evals.tasks.task import Sources
from evals.vocabulary import Sample

_QUESTIONS = 100
_SECONDS = 180.0  # who writes with a model answers as many as fit


def samples(sources: Sources) -> Sequence[Sample]:
    """The questions, and how long asking them may take in all."""
    given = {"questions": questions(sources, _QUESTIONS), "seconds": _SECONDS}
    return [made("latency", "one-after-the-other", given)]
