"""The measure of a text, as ``troly plain`` gives it."""

from __future__ import annotations

from typing import Any

from assistant.plain_language.measure import TARGET, measure
from evals.subjects.port import Setting, Subject
from evals.vocabulary import Sample


def generate(sample: Sample, _: Subject, __: Setting) -> Any:
    """The scores of the texts of a sample; None for one without words."""
    given = sample.given
    texts = {key: measure(given[key]) for key in ("text", "office", "plain") if key in given}
    scores = {key: one.score if one.sentences else None for key, one in texts.items()}
    return {**scores, "target": TARGET}
