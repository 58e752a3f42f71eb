"""Key facts: true, missing and false ones; partial is told apart from wrong."""

from __future__ import annotations

from collections.abc import Iterator

from evals.facts import holds, money, periods
from evals.ground import Ground
from evals.vocabulary import AnswerRead, Fact, Output, Sample, Score, Target, unscored

ANSWERED = frozenset({"answered", "answered_partly"})


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """Every turn that has a target with facts or sources; others are unscored."""
    found: list[Score] = []
    for turn, answer in zip(sample.turns, output.answers, strict=True):
        if turn.target is not None:
            found += list(_turn(turn.target, answer))
    return found or [unscored("facts found", "nothing to compare with")]


def _turn(target: Target, answer: AnswerRead) -> Iterator[Score]:
    right = right_source(target, answer)
    if right is not None:
        yield Score("right source", float(right), source_told(target, answer))
    if excused(target, answer) and not target.absent:
        return
    if not (target.facts or target.absent or target.allowed):
        return
    if excused(target, answer):
        target = target.model_copy(update={"facts": ()})
    true = [fact for fact in target.facts if holds(fact, answer.text)]
    missing = [fact for fact in target.facts if fact not in true]
    false = list(false_facts(target, answer))
    why = _told(true, missing, false)
    if target.facts:
        yield Score("facts found", len(true) / len(target.facts), why, weight=len(target.facts))
    if true or false:
        stated = len(true) + len(false)
        yield Score("facts right", len(true) / stated, why, weight=stated)
    if target.facts:
        wrong = bool(false) or (right is False and answer.status in ANSWERED)
        yield Score("whole", float(not (missing or false)), why)
        yield Score("partial", float(bool(missing and true) and not wrong), why)
        yield Score("wrong", float(wrong), why)


def right_source(target: Target, answer: AnswerRead) -> bool | None:
    """Whether an acceptable source was answered from; None where that is no question.

    It is none where the target names no source, and where an answer was not
    given and did not have to be: a choice or refusal that the target accepts.
    """
    if not (target.codes or target.documents) or must_refuse(target) or excused(target, answer):
        return None
    cited = {citation.document_id for citation in answer.citations[:1]}
    by_code = answer.code in target.codes or bool(
        cited & {f"procedure:{code}" for code in target.codes}
    )
    return by_code or bool(cited & set(target.documents))


def must_refuse(target: Target) -> bool:
    """Whether every status that is right for it is something else than an answer."""
    return target.status is not None and not ANSWERED.intersection(target.status)


def excused(target: Target, answer: AnswerRead) -> bool:
    """Whether this is no answer, and the target says that none is needed."""
    return answer.status not in ANSWERED and answer.status in (target.status or ())


def source_told(target: Target, answer: AnswerRead) -> str:
    """What was answered from, and what would have been right."""
    got = answer.code or next((c.document_id for c in answer.citations), answer.status)
    return f"{got}; right: {', '.join((*target.codes, *target.documents))}"


def false_facts(target: Target, answer: AnswerRead) -> Iterator[str]:
    """What must not be in the answer and is, and figures that no accepted source has."""
    for fact in target.absent:
        if holds(fact, answer.text):
            yield str(fact)
    if answer.status not in ANSWERED:
        return
    for kind, read in (("money", money), ("duration", periods)):
        allowed = target.allowed.get(kind)  # type: ignore[call-overload]
        if allowed is None:
            continue
        known = {str(value) for value in allowed}
        known |= {_value(fact) for fact in target.facts if fact.type.value == kind}
        yield from sorted({str(v) for v in read(answer.text)} - known - {"0"})


def _value(fact: Fact) -> str:
    if fact.type.value == "money":
        return str(fact.value)
    return f"{float(fact.value or 0):g} {fact.unit}"


def _told(true: list[Fact], missing: list[Fact], false: list[str]) -> str:
    parts = []
    if missing:
        parts.append("missing: " + "; ".join(map(str, missing)))
    if false:
        parts.append("false: " + "; ".join(false))
    return " · ".join(parts) or f"{len(true)} of {len(true)} facts"
