"""Citations looked up again from the kept texts, without believing anything the answer says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date

from evals.facts import days
from evals.ground import Ground
from evals.tasks.citations.lines import MARK, fact_lines, supported
from evals.tasks.numbers.score import STATING, not_in_force
from evals.vocabulary import AnswerRead, CitationRead, Output, Sample, Score, unscored

_ARTICLE = re.compile(r"điều\s+(\d+[a-zđ]{0,2})\b", re.IGNORECASE)
_NUMBER_OF_A_LAW = re.compile(r"\d+/(?:\d{4}/)?[a-zđ]\S*")
_NAMES_A_DAY = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|\d\s*[/-]\s*\d|(?:tháng|thang|ngày|ngay|năm|nam)\s*\d"
    r"|\b(?:hôm|hom|last|next)\b"
    r"|(?:năm|nam|tháng|thang) (?:ngoái|ngoai|sau|trước|truoc|tới|toi|nay)"
)


def score(sample: Sample, output: Output, ground: Ground) -> list[Score]:
    """Every citation of every answer, and the lines of those that state something."""
    found: list[Score] = []
    said = ""
    for turn, answer in zip(sample.turns, output.answers, strict=True):
        said += " " + turn.text
        day = day_asked(sample, said, answer)
        for citation in answer.citations:
            found += _citation(citation, answer, day, ground)
        found += _lines(answer)
    return found or [unscored("quote stands", "cites nothing, and states nothing")]


def day_asked(sample: Sample, said: str, answer: AnswerRead) -> date | None:
    """The day the answer has to hold on: the sample's, unless the question names another."""
    words = _NUMBER_OF_A_LAW.sub(" ", said.lower())
    if sample.as_of is None or _NAMES_A_DAY.search(words):
        return answer.as_of or sample.as_of
    return sample.as_of


def _citation(
    citation: CitationRead, answer: AnswerRead, day: date | None, ground: Ground
) -> Iterator[Score]:
    name = f"[{citation.number}] {citation.document_id}"
    text = ground.text(citation.sha256)
    if text is None and not ground.complete:
        yield unscored("quote stands", f"{name}: the text is of another corpus")
    else:
        fault = _quote_fault(citation, text)
        yield Score(
            "quote stands", float(not fault), f"{name}: {fault or 'as cited'}", blocker=True
        )
    known = ground.documents.get(citation.document_id)
    if (known is None or known.sha256 != citation.sha256) and not ground.complete:
        yield unscored("right document", f"{name}: not among the documents at hand")
    else:
        fault = _document_fault(citation, ground)
        yield Score(
            "right document", float(not fault), f"{name}: {fault or 'its own'}", blocker=True
        )
    yield Score(
        "linked", float(citation.url.startswith("http")), f"{name}: {citation.url or 'no url'}"
    )
    if day is not None and known is not None:
        yield _in_force(citation, answer, day, ground)


def _quote_fault(citation: CitationRead, text: str | None) -> str:
    if not citation.quote.strip():
        return "quotes nothing"
    if text is None:
        return "no stored text has this hash"
    if citation.start is None or citation.end is None:
        return "does not say where in the text"
    if text[citation.start : citation.end] != citation.quote:
        elsewhere = text.find(citation.quote)
        return f"stands at {elsewhere}" if elsewhere >= 0 else "does not stand in the text"
    quote_sha256 = hashlib.sha256(citation.quote.encode()).hexdigest()
    if citation.quote_sha256 and citation.quote_sha256 != quote_sha256:
        return "its own hash is wrong"
    return ""


def _document_fault(citation: CitationRead, ground: Ground) -> str:
    known = ground.documents.get(citation.document_id)
    if known is None:
        return "no such document"
    if known.sha256 != citation.sha256:
        return "not the version one trusts"
    if citation.document_number and known.number and citation.document_number != known.number:
        return f"shown as {citation.document_number}, is {known.number}"
    if citation.title and citation.title != known.title:
        return f"shown as “{citation.title}”, is “{known.title}”"
    return ""


def _in_force(citation: CitationRead, answer: AnswerRead, day: date, ground: Ground) -> Score:
    """What does not hold on the day may be quoted, with a warning and with its true days.

    A text that is still to come may also be quoted with the day it begins on.
    """
    known = ground.documents[citation.document_id]
    name = f"[{citation.number}] {citation.document_id} on {day}"
    why = known.why_not(day, _article(citation))
    begins = known.effective_from
    dated = begins is not None and begins > day and begins in set(days(answer.text))
    if why and not (_warned(citation, answer) or dated):
        return Score("in force", 0.0, f"{name}: {why}; not said", blocker=True)
    for shown, true in (
        (citation.effective_from, known.effective_from),
        (citation.effective_to, known.effective_to),
    ):
        if shown is not None and shown != true:
            return Score("in force", 0.0, f"{name}: shows {shown} for {true}", blocker=True)
    return Score("in force", 1.0, f"{name}: {why + '; said' if why else 'holds'}", blocker=True)


def _article(citation: CitationRead) -> str:
    steps = (_ARTICLE.match(step) for step in reversed(citation.path))
    return next((match[1].lower() for match in steps if match), "")


def _warned(citation: CitationRead, answer: AnswerRead) -> bool:
    """On a line that cites it, or on one that cites nothing and so speaks of all."""
    mine = f"[{citation.number}]"
    return any(
        not_in_force(line)
        for line in answer.text.splitlines()
        if mine in line or not MARK.search(line)
    )


def _lines(answer: AnswerRead) -> Iterator[Score]:
    numbers = {citation.number: citation for citation in answer.citations}
    marks = {int(mark) for mark in MARK.findall(answer.text)}
    if marks or numbers:
        dangling, unused = sorted(marks - numbers.keys()), sorted(numbers.keys() - marks)
        why = "; ".join(
            f"{what} {', '.join(map(str, which))}"
            for what, which in (("no citation", dangling), ("not in the text:", unused))
            if which
        )
        yield Score(
            "marks match", float(not why), why or "each mark its citation", blocker=bool(dangling)
        )
    if answer.status not in STATING:
        return
    lines = list(fact_lines(answer))
    if not lines:
        return
    bare = [line for line in lines if not MARK.search(line)]
    why = f"without a source: {bare[0][:80]}" if bare else f"all {len(lines)} lines"
    yield Score("cited", 1 - len(bare) / len(lines), why, weight=len(lines))
    for line in lines:
        cited = [numbers[int(n)].quote for n in MARK.findall(line) if int(n) in numbers]
        if cited:
            fault = supported(line, cited, answer)
            yield Score("citation supports", float(not fault), fault or line[:80])
