"""Nothing a model says is shown unless the cited spans say it.

Checked per sentence: money, durations with their unit, dates, articles,
document numbers, procedure codes, links, every other number; that a figure
which holds only under a condition (or for one way of filing) comes with it;
that the sentence says something and asks nothing; words that promise an
outcome and negations, where the source has none; and that every word is known
from the source, the question or a list of function words. What fails is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant import amounts
from assistant.tables import Phrase, first, phrases
from assistant.vocabulary import Amount
from knowledge_base.vietnamese import clean, tokens

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\d\s])|\n+")
_LABEL = re.compile(r"^[^:;(]{3,40}(?:\((?P<hows>[^)]*)\))?: ")
#: Share of the words of a condition that a sentence must repeat.
_CONDITION_SHARE = 0.6

_MONEY = "đồng"
_ASIDE = re.compile(r" ?\([^()]*\)")

Figure = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a sentence may not be shown; empty when it may."""

    fault: str = ""
    detail: str = ""

    @property
    def passed(self) -> bool:
        return not self.fault


@dataclass(frozen=True, slots=True)
class Condition:
    """Words under which a figure holds: of the way of filing, and of the case."""

    filing: frozenset[str]
    case: frozenset[str]
    inside: bool = False  # the figure is itself a word of the condition


class Evidence:
    """What the cited spans of one answer say, taken apart once."""

    def __init__(
        self, quotes: Iterable[str], *, question: str = "", subject: str = "", contacts: str = ""
    ) -> None:
        """``quotes`` are cited; ``subject`` and ``contacts`` may be named, not argued from."""
        spans = [clean(quote) for quote in quotes]
        self._text = "\n".join(spans)
        allowed = f"{self._text}\n{contacts}"
        self._dates = {value for value, _, _ in amounts.dates(self._text)}
        self._identifiers = amounts.identifiers(allowed)
        self._numbers = amounts.numbers(f"{allowed}\n{subject}")  # "… cho người dưới 14 tuổi"
        self._question = frozenset(tokens(question))
        self._asked = self._question | frozenset(tokens(subject))
        self._told = frozenset(tokens(self._text))
        self._spoken = f" {' '.join(tokens(self._text))} "
        self._lines = [" ".join(_bounded(tokens(line))) for line in self._text.splitlines()]
        self._figures: dict[Figure, list[Condition]] = {}
        for line in self._text.splitlines():
            for figure, condition in _figures_of(line):
                self._figures.setdefault(figure, []).append(condition)

    def check(self, sentence: str) -> Verdict:
        """Whether one sentence is backed."""
        sentence = clean(sentence)
        spoken = tokens(sentence)
        for check in (self._check_figures, self._check_names):
            verdict = check(sentence, frozenset(spoken))
            if not verdict.passed:
                return verdict
        return self._check_words(spoken)

    def _check_figures(self, sentence: str, spoken: frozenset[str]) -> Verdict:
        for clause in sentence.split(";"):  # a semicolon ends a case, as in the cited lines
            said = frozenset(tokens(clause))
            for amount in _amounts(clause):
                figure = amount.value, amount.unit
                if figure not in self._figures:
                    return Verdict("figure", amount.words)
                if not self._holds_here(figure, said, spoken):
                    return Verdict("condition", amount.words)
        has_money, has_time = bool(amounts.money(sentence)), bool(amounts.durations(sentence))
        if has_money and not has_time and first("wording", "time_words", tokens(sentence)):
            return Verdict("figure", "a fee where a time was announced")
        return Verdict()

    def _holds_here(self, figure: Figure, said: frozenset[str], spoken: frozenset[str]) -> bool:
        """Whether a clause (``said``) names the case of a figure, and none other more."""
        rivals = [
            condition.case
            for other, conditions in self._figures.items()
            if other != figure and (other[1] == _MONEY) == (figure[1] == _MONEY)
            for condition in conditions
            if condition.case and not condition.inside
        ]
        # Of two cases that are said in full, the one with more words is meant.
        rival = max(((_share(c, said), len(c & said)) for c in rivals), default=(0.0, 0))
        for condition in self._figures[figure]:
            own = _share(condition.case, said), len(condition.case & said)
            if min(own[0], _share(condition.filing, spoken)) < _CONDITION_SHARE:
                continue
            if rival <= own if condition.case else rival[0] < _CONDITION_SHARE:
                return True
        return False

    def _check_names(self, sentence: str, _: frozenset[str]) -> Verdict:
        for value, _start, _end in amounts.dates(sentence):
            if value not in self._dates:
                return Verdict("date", value.isoformat())
        for strange in sorted(amounts.identifiers(sentence) - self._identifiers):
            return Verdict("identifier", strange)
        for strange in sorted(amounts.numbers(sentence) - self._numbers):
            return Verdict("number", strange)
        return Verdict()

    def _as_in_source(self, phrase: Phrase, spoken: Sequence[str]) -> bool:
        """Whether a phrase stands, wherever it does, between the words it has in a cited line.

        "nếu đủ điều kiện" of the source may be repeated; "anh/chị đủ điều kiện" may not be made.
        """
        around = _bounded(spoken)
        start = 1
        while (at := phrase.at(around[start:])) >= 0:
            start += at
            window = " ".join(around[start - 1 : start + len(phrase.syllables) + 1])
            if not any(f" {window} " in f" {line} " for line in self._lines):
                return False
            start += 1
        return True

    def _check_words(self, spoken: Sequence[str]) -> Verdict:
        question = first("wording", "questions", spoken)
        if question:
            return Verdict("question", " ".join(question.syllables))
        for phrase in phrases("wording", "promises"):
            if not self._as_in_source(phrase, spoken):
                return Verdict("promise", " ".join(phrase.syllables))
        for phrase in phrases("wording", "negations"):
            words = " ".join(phrase.syllables)
            if phrase.at(spoken) >= 0 and f" {words} " not in self._spoken:
                return Verdict("negation", words)
        free = {p.syllables[0] for p in phrases("wording", "free") if len(p.syllables) == 1}
        words_told = [word for word in spoken if not word[0].isdigit() and word not in free]
        strange = [w for w in words_told if w not in self._told and w not in self._asked]
        if strange:
            return Verdict("words", " ".join(strange[:5]))
        news = [word for word in spoken if word not in self._question]
        if not any(word[0].isdigit() or word not in free for word in news):
            return Verdict("echo", "")
        return Verdict()


def sentences(text: str) -> list[str]:
    """``text`` in sentences; "200.000 đồng" and "1.001456" are not cut."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def _amounts(text: str) -> tuple[Amount, ...]:
    return (*amounts.money(text), *amounts.durations(text))


def _figures_of(line: str) -> Iterator[tuple[Figure, Condition]]:
    """Figures of a line with the words of the condition they stand under.

    ``Phí (trực tiếp): 200.000 đồng; cấp lại: 400.000 đồng`` gives both under the
    filing {trực, tiếp}, and 400.000 under the case {cấp, lại}. A label without
    brackets, or one that names several ways of filing, is no condition.
    """
    label = _LABEL.match(line)
    hows = label["hows"] if label and label["hows"] else ""
    filing = frozenset(tokens(hows)) if hows and "," not in hows else frozenset()
    body = line[label.end() :] if label else line
    for clause in body.split(";"):
        case, colon, values = clause.rpartition(":")
        for amount in _amounts(values):
            yield (amount.value, amount.unit), Condition(filing, _words(_ASIDE.sub("", case)))
        for amount in _amounts(case if colon else ""):  # a figure inside a condition is part of it
            yield (amount.value, amount.unit), Condition(filing, _words(case), inside=True)


def _bounded(words: Sequence[str]) -> list[str]:
    """``words`` between signs for the start and the end."""
    return ["^", *words, "$"]


def _words(text: str) -> frozenset[str]:
    return frozenset(tokens(text))


def _share(words: frozenset[str], said: frozenset[str]) -> float:
    """How much of ``words`` was said; all of nothing is 1."""
    return len(words & said) / len(words) if words else 1.0
