"""Fifty answers in a fresh process: as configured, and by words alone."""

from __future__ import annotations

from collections.abc import Sequence

from evals.tasks.measured import made, questions
from evals.tasks.task import Sources
from evals.vocabulary import Sample

_QUESTIONS = 50
_SECONDS = 120.0


def samples(sources: Sources) -> Sequence[Sample]:
    """The same questions twice; the second time search goes without vectors."""
    given = {"questions": questions(sources, _QUESTIONS), "seconds": _SECONDS}
    return [
        made("memory", "as-configured", {**given, "embedder": None}),
        made("memory", "words-alone", {**given, "embedder": "none"}),
    ]
