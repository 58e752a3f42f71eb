"""Every figure of an answer stands in what it cites; none of a right source is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from evals.facts import composed, holds, money, periods
from evals.ground import Ground
from evals.tasks.answers.score import ANSWERED, right_source
from evals.tasks.numbers.figures import Figure, exact, figures, keys
from evals.vocabulary import AnswerRead, FactKind, Output, Sample, Score, Target, unscored

STATING = ANSWERED | {"sources_conflict"}

#: Two-level government began on this day; fixed notices name it.
_REFORM = date(2025, 7, 1)

_FIGURES = (FactKind.MONEY, FactKind.DURATION, FactKind.DATE, FactKind.NUMBER)
_DENIED = re.compile(r"\bkhông (?:đúng|phải)\b|\bchưa đúng\b|\bsai\b|\bnot\b|\bno longer\b")
DENIAL = re.compile(r"^(?:không|chưa) (?:đúng|phải)(?: là)? |^that is not ")
#: Of notices only these are checked: they name wards and districts that have numbers.
_IN_NOTICES = ("money", "period", "date", "percent", "document")


def score(sample: Sample, output: Output, ground: Ground) -> list[Score]:
    """Every turn that was answered."""
    found: list[Score] = []
    said: list[str] = []
    for turn, answer in zip(sample.turns, output.answers, strict=True):
        said.append(turn.text)
        if answer.status not in STATING:
            continue
        found.append(_supported(answer, said, ground))
        if turn.target is not None:
            found += _right(turn.target, answer, turn.text)
    return found or [unscored("figures supported", "nothing was answered")]


def _supported(answer: AnswerRead, said: Iterable[str], ground: Ground) -> Score:
    measure = "figures supported"
    if not answer.citations:
        return unscored(measure, "cites nothing that figures could stand in")
    known = keys("\n".join(citation.quote for citation in answer.citations))
    known |= {key for text in said for key in keys(text)} | set(_given(answer, ground))
    stated = list(_stated(answer))
    strange = [figure for figure in stated if figure.key not in known]
    if not stated:
        return unscored(measure, "states no figure")
    told = ", ".join(dict.fromkeys(f"{figure.words} ({figure.kind})" for figure in strange))
    value = 1 - len(strange) / len(stated)
    why = f"in no quote: {told}" if strange else f"all {len(stated)} stand in quotes"
    return Score(measure, value, why, weight=len(stated), blocker=True)


def _stated(answer: AnswerRead) -> Iterator[Figure]:
    notices = {composed(line) for notice in answer.notices for line in notice.splitlines()}
    for line in answer.text.splitlines():
        if DENIAL.match(composed(line)):  # what somebody believed is named to be put right
            continue
        notice = composed(line) in notices
        for figure in figures(line):
            if figure.kind != "link" and (not notice or figure.kind in _IN_NOTICES):
                yield figure


def _given(answer: AnswerRead, ground: Ground) -> Iterator[tuple[str, str]]:
    """What may be stated without a quote: days and numbers of what is cited, and of the reform."""
    days: set[object] = {_REFORM, answer.as_of}
    for citation in answer.citations:
        known = ground.documents.get(citation.document_id)
        if known is None:
            yield from exact(f"{citation.title} {citation.document_number}")
            continue
        yield from exact(f"{known.title} {known.number}")
        days |= {known.effective_from, known.effective_to}
        for end in known.ended:
            days.add(end.since)
            yield from exact(end.by)
    card = answer.card or {}
    for name in ("name", "short_name", "english_name"):
        yield from exact(str(card.get(name, "")))
    for source in card.get("sources", ()):
        days.add(source.get("checked_on") if isinstance(source, dict) else None)
    for day in days - {None}:
        yield from exact(str(day))


def _right(target: Target, answer: AnswerRead, question: str) -> list[Score]:
    """Figures against the target's, under a source that is right: elsewhere they are not judged."""
    measure = "figures right"
    told_off = [fact for fact in target.absent if fact.type in _FIGURES]
    if not (target.facts or target.allowed or told_off):
        return []
    if answer.status not in ANSWERED or right_source(target, answer) is False:
        return []
    judged, false = 0, []
    lines = [line for line in answer.text.splitlines() if not _denies(line, question)]
    for kind, read in (("money", money), ("duration", periods)):
        allowed = target.allowed.get(kind)  # type: ignore[call-overload]
        if allowed is None:
            continue
        known = {str(value) for value in allowed} | {"0"}
        known |= {_value(fact) for fact in target.facts if fact.type.value == kind}
        found = dict.fromkeys(str(value) for line in lines for value in read(line))
        judged += len(found)
        false += [value for value in found if value not in known]
    text = "\n".join(lines)
    judged += sum(fact.type in _FIGURES and holds(fact, text) for fact in target.facts)
    caveat = not_in_force(answer.text)
    wrong = [str(fact) for fact in told_off if holds(fact, text) and not caveat]
    judged += len(wrong)
    if not judged:
        return [unscored(measure, "states none of the figures that are judged")]
    false += wrong
    why = f"wrong: {'; '.join(false)}" if false else f"{judged} figures agree with the target"
    return [Score(measure, 1 - len(false) / judged, why, weight=judged, blocker=True)]


def _denies(line: str, question: str) -> bool:
    """Whether a line names a figure of the question only to deny it ("Không đúng là …")."""
    asked, stated = exact(question), exact(line)
    return bool(stated) and stated <= asked and bool(_DENIED.search(composed(line)))


def not_in_force(text: str) -> bool:
    """Whether an answer warns that what it quotes does not, or may not, hold."""
    return bool(_CAVEAT.search(composed(text)))


_CAVEAT = re.compile(
    r"không có hiệu lực|chưa có hiệu lực|hết hiệu lực|không còn (?:hiệu lực|áp dụng)"
    r"|chưa rõ nội dung này còn hiệu lực|chưa áp dụng|bị bãi bỏ|đã được thay thế|được thay thế bởi"
    r"|\bnot (?:yet )?in force|no longer (?:in force|applies)|not yet effective|was repealed"
)


def _value(fact: object) -> str:
    value, kind = getattr(fact, "value", None), getattr(fact, "type", None)
    if kind is FactKind.MONEY:
        return str(value)
    return f"{float(value or 0):g} {getattr(fact, 'unit', '')}"
