"""Metamorphic: whatever is right, a question typed otherwise must be answered alike."""

from __future__ import annotations

from evals.ground import Ground
from evals.tasks.task import Pairs
from evals.vocabulary import AnswerRead, Output, Sample, Score


def score(sample: Sample, output: Output, ground: Ground) -> list[Score]:  # noqa: ARG001
    """Nothing of one question alone: see `score_pair`."""
    return []


def score_pair(pair: Pairs, _: Ground) -> list[Score]:
    """Status and cited places of both."""
    (origin, first), (variant, second) = sorted(pair, key=lambda each: each[0].id)
    one, other = first.answer, second.answer
    same = one.status == other.status and places(one) == places(other)
    why = "alike" if same else f"{_told(one)} ≠ {_told(other)} for “{variant.text}”"
    return [
        Score("same answer", float(same), why),
        Score("same status", float(one.status == other.status), f"{origin.text} · {why}"),
    ]


def places(answer: AnswerRead) -> tuple[tuple[str, int | None, int | None], ...]:
    """What an answer cites, in order."""
    return tuple((c.document_id, c.start, c.end) for c in answer.citations)


def _told(answer: AnswerRead) -> str:
    return f"{answer.status} {answer.code or ','.join(c.document_id for c in answer.citations[:1])}"
