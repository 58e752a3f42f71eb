"""The same question on two days: right on both, and different only where the law differs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evals.facts import composed, holds
from evals.ground import Ground
from evals.tasks.answers.score import ANSWERED, must_refuse, right_source, source_told
from evals.tasks.numbers.figures import figures
from evals.tasks.numbers.score import not_in_force
from evals.tasks.task import Pairs
from evals.vocabulary import AnswerRead, Output, Sample, Score

#: The tag of pairs between whose days nothing changed.
SAME = "same"
_MARK = re.compile(r"\[\d+\]")
_DOUBT = re.compile(
    "chưa có căn cứ để khẳng định thông tin này đúng|cannot say for certain that this holds"
)


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """The last answer of one side: its status, its source, its facts."""
    faults = list(_faults(sample, output.answer))
    why = "; ".join(faults) or output.answer.status
    return [Score("right on the day", float(not faults), why)]


def score_pair(pair: Pairs, ground: Ground) -> list[Score]:
    """Both sides together. An answer that never changes is right on one day at most."""
    sides = [score(sample, output, ground)[0] for sample, output in pair]
    wrong = [side.explanation for side in sides if side.value != 1.0]
    answers = [output.answer for _, output in pair]
    same = any(SAME in sample.tags for sample, _ in pair)
    stays = len({_substance(answer, warnings=not same) for answer in answers}) == 1
    told = " | ".join(f"{answer.as_of}: {_short(answer)}" for answer in answers)
    both = Score("both days right", float(not wrong), " | ".join(wrong) or "both")
    early = list(_ahead(pair))
    if same:
        return [both, *early, Score("the answer stays", float(stays), told)]
    if stays and not wrong:  # it tells what holds until when: right on both days as it is
        told = "right on both days as it stands"
    return [both, *early, Score("the answer changes", float(not stays or not wrong), told)]


def _ahead(pair: Pairs) -> Iterator[Score]:
    """On a day on which neither side's source may answer, none of them does as if it held.

    What the corpus says of its own days is checked by the task ``citations``;
    this is the check of the corpus.
    """
    targets = [sample.target for sample, _ in pair]
    named = {document for target in targets for document in target.documents}
    named |= {f"procedure:{code}" for target in targets for code in target.codes}
    for sample, output in pair:
        if named and must_refuse(sample.target):
            cited = {citation.document_id for citation in output.answer.citations}
            said = output.answer.text
            shown = bool(cited & named) and not (not_in_force(said) or _doubts(said))
            why = f"{output.answer.as_of}: {_short(output.answer)}"
            yield Score("not ahead of its time", float(not shown), why, blocker=True)


def _doubts(text: str) -> bool:
    """Whether an answer says that nobody can tell whether it held on that day."""
    return bool(_DOUBT.search(composed(text)))


def _faults(sample: Sample, answer: AnswerRead) -> list[str]:
    target = sample.target
    found: list[str] = []
    if target.status is not None and answer.status not in target.status:
        found.append(f"{answer.status}; right: {', '.join(target.status)}")
    if answer.status in ANSWERED and right_source(target, answer) is False:
        found.append(source_told(target, answer))
    found += [f"missing {fact}" for fact in target.facts if not holds(fact, answer.text)]
    if not not_in_force(answer.text):
        found += [f"false {fact}" for fact in target.absent if holds(fact, answer.text)]
    return found


def _substance(answer: AnswerRead, *, warnings: bool) -> tuple[object, ...]:
    """What an answer says, whatever day it prints: status, source, figures of its cited lines.

    ``warnings``: and what it says without a source ("… nên có thể khác"), without the figures.
    """
    if answer.status not in ANSWERED:
        return (answer.status,)
    cited, other = set(), set()
    for line in answer.text.splitlines():
        if _MARK.search(line):
            cited |= {figure.key for figure in figures(line)}
        else:
            other.add(re.sub(r"\d+", "", composed(line)))
    source = answer.code or next((c.document_id for c in answer.citations), "")
    return source, frozenset(cited), frozenset(other) if warnings else not_in_force(answer.text)


def _short(answer: AnswerRead) -> str:
    source = answer.code or next((c.document_id for c in answer.citations), "")
    return f"{answer.status} {source}".strip() + f" “{composed(answer.text)[:60]}”"
