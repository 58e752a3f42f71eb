"""Whether a question ends in a status that is right for it, and a choice offers the right one."""

from __future__ import annotations

from collections.abc import Iterator

from evals.ground import Ground
from evals.tasks.answers.score import right_source
from evals.vocabulary import AnswerRead, Output, Sample, Score, Target, unscored


def score(sample: Sample, output: Output, ground: Ground) -> list[Score]:
    """Every turn whose target names a status."""
    found: list[Score] = []
    for turn, answer in zip(sample.turns, output.answers, strict=True):
        if turn.target is not None:
            found += list(_turn(turn.target, answer, ground))
    return found or [unscored("right status", "any status is right")]


def _turn(target: Target, answer: AnswerRead, ground: Ground) -> Iterator[Score]:
    if target.status is not None:
        right = answer.status in target.status
        yield Score(
            "right status", float(right), f"{answer.status}; right: {', '.join(target.status)}"
        )
    if target.choices:
        yield _choices(target, answer, ground)


def _choices(target: Target, answer: AnswerRead, ground: Ground) -> Score:
    """An answer about one of the choices is as good as offering it."""
    if right_source(Target(codes=target.choices), answer):
        return Score("right choices", 1.0, f"answered {answer.code}")
    names = {
        known.title.casefold(): code
        for code in target.choices
        if (known := ground.documents.get(f"procedure:{code}"))
    }
    offered = [s for s in answer.suggestions if any(name in s.casefold() for name in names)]
    offered += [code for code in answer.means if code in target.choices]
    why = f"offered: {' | '.join(answer.suggestions) or 'nothing'}"
    return Score("right choices", float(bool(offered)), why)
