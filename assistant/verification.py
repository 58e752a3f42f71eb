"""Nothing a model says is shown unless every figure and name in it stands in a cited span.

Checked per sentence: money, durations with their unit, dates, articles,
document numbers, procedure codes, links, every remaining number; then words
that promise an outcome, negations the source does not make, and words that
neither the source nor the question has. A sentence that fails is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant import amounts
from assistant.tables import first, phrases
from knowledge_base.vietnamese import clean, fold, tokens

#: Share of a sentence's content words that source and question must know.
_KNOWN_SHARE = 0.9
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\d\s])|\n+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a sentence may not be shown; empty when it may."""

    fault: str = ""
    detail: str = ""

    @property
    def passed(self) -> bool:
        return not self.fault


class Evidence:
    """What the cited spans of one answer say, taken apart once."""

    def __init__(
        self, quotes: Iterable[str], question: str = "", contacts: Iterable[str] = ()
    ) -> None:
        spans = [clean(quote) for quote in quotes]
        self._text = "\n".join(spans)
        allowed = "\n".join([self._text, *contacts])
        self._money = {amount.value for amount in amounts.money(self._text)}
        self._durations = {(a.value, a.unit) for a in amounts.durations(self._text)}
        self._dates = {value for value, _, _ in amounts.dates(self._text)}
        self._identifiers = amounts.identifiers(allowed)
        self._numbers = amounts.numbers(allowed)
        self._words = frozenset(tokens(self._text)) | frozenset(tokens(question))
        self._folded = f" {' '.join(tokens(self._text))} "

    def check(self, sentence: str) -> Verdict:
        """Whether one sentence is backed."""
        sentence = clean(sentence)
        for amount in amounts.money(sentence):
            if amount.value not in self._money:
                return Verdict("money", amount.words)
        for amount in amounts.durations(sentence):
            if (amount.value, amount.unit) not in self._durations:
                return Verdict("duration", amount.words)
        for value, _, _ in amounts.dates(sentence):
            if value not in self._dates:
                return Verdict("date", str(value))
        for strange in sorted(amounts.identifiers(sentence) - self._identifiers):
            return Verdict("identifier", strange)
        for strange in sorted(amounts.numbers(sentence) - self._numbers):
            return Verdict("number", strange)
        spoken = tokens(sentence)
        promised = first("wording", "promises", spoken)
        if promised:
            return Verdict("promise", " ".join(promised.syllables))
        for phrase in phrases("wording", "negations"):
            words = " ".join(phrase.syllables)
            if phrase.at(spoken) >= 0 and f" {words} " not in self._folded:
                return Verdict("negation", words)
        return self._strange_words(spoken)

    def _strange_words(self, spoken: Sequence[str]) -> Verdict:
        free = {p.syllables[0] for p in phrases("wording", "free") if len(p.syllables) == 1}
        told = [word for word in spoken if word not in free and not word[0].isdigit()]
        strange = [word for word in told if word not in self._words]
        if any(not fold(word).isascii() for word in strange):
            return Verdict("script", strange[0])
        if told and len(strange) > (1 - _KNOWN_SHARE) * len(told):
            return Verdict("words", " ".join(strange[:5]))
        return Verdict()


def sentences(text: str) -> list[str]:
    """``text`` in sentences; "200.000 đồng" and "1.001456" are not cut."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]
