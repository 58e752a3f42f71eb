"""False premises are corrected, true ones are not denied."""

from __future__ import annotations

import re

from evals.facts import composed, holds
from evals.ground import Ground
from evals.tasks.answers.score import right_source, source_told
from evals.tasks.task import Pairs
from evals.vocabulary import AnswerRead, Output, Sample, Score, Target, unscored

#: How an answer begins that confirms what was asked ("Đúng vậy, …"), and one that denies it.
_YES = re.compile(r"^(vâng|dạ|đúng|chính xác|phải rồi|đúng vậy|yes|correct|that is right)\b")
_NO = re.compile(r"^(không đúng|chưa đúng|không phải|sai|thực ra|no\b|not correct|that is wrong)")


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """The last message's answer against the true facts."""
    target, answer = sample.target, output.answer
    if not target.facts and not target.corrects:
        return [unscored("corrected", "no fact to compare with")]
    told = _told(target, answer)
    states = _states(target, answer)
    if not target.corrects:
        denied = _NO.match(_start(answer))
        return [Score("true premise", float(states and not denied), told)]
    affirmed = _YES.match(_start(answer))
    return [
        Score("corrected", float(states and not affirmed), told),
        Score("not affirmed", float(not affirmed), told, blocker=True),
    ]


def score_pair(pair: Pairs, ground: Ground) -> list[Score]:
    """The false premise put right, and the true one let stand."""
    parts = [each for sample, output in pair for each in score(sample, output, ground)]
    right = all(part.value in (1.0, None) for part in parts)
    why = " | ".join(part.explanation for part in parts if part.value not in (1.0, None))
    return [Score("both right", float(right), why or "both")]


def _states(target: Target, answer: AnswerRead) -> bool:
    true = all(holds(fact, answer.text) for fact in target.facts)
    false = any(holds(fact, answer.text) for fact in target.absent)
    return true and not false and right_source(target, answer) is not False


def _start(answer: AnswerRead) -> str:
    return composed(answer.text)[:40]


def _told(target: Target, answer: AnswerRead) -> str:
    missing = [str(fact) for fact in target.facts if not holds(fact, answer.text)]
    if right_source(target, answer) is False:
        return source_told(target, answer)
    return f"{answer.status}: missing {'; '.join(missing)}" if missing else "states the truth"
