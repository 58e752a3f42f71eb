"""Every turn of a conversation, and the conversation as a whole."""

from __future__ import annotations

from evals.facts import holds
from evals.ground import Ground
from evals.tasks.answers.score import excused, false_facts, right_source, source_told
from evals.vocabulary import AnswerRead, Output, Sample, Score, Target, unscored


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """A turn is right when status, source and facts are; a conversation, when all its turns are."""
    if len(sample.turns) < 2:
        return [unscored("right turn", "one message alone")]
    found = []
    for at, (turn, answer) in enumerate(zip(sample.turns, output.answers, strict=True), 1):
        if turn.target is not None:
            wrong = _wrong(turn.target, answer)
            found.append(Score("right turn", float(not wrong), f"turn {at}: {wrong or 'right'}"))
    whole = all(each.value == 1.0 for each in found)
    wrong = "; ".join(each.explanation for each in found if each.value != 1.0)
    return [*found, Score("right conversation", float(whole), wrong or "all turns right")]


def _wrong(target: Target, answer: AnswerRead) -> str:
    """What is wrong with an answer, or nothing."""
    if target.status is not None and answer.status not in target.status:
        return f"{answer.status}; right: {', '.join(target.status)}"
    if right_source(target, answer) is False:
        return source_told(target, answer)
    needed = () if excused(target, answer) else target.facts
    missing = [str(fact) for fact in needed if not holds(fact, answer.text)]
    false = list(false_facts(target, answer))
    parts = [f"missing {'; '.join(missing)}"] if missing else []
    return " · ".join([*parts, *([f"false {'; '.join(false)}"] if false else [])])
