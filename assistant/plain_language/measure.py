"""One figure for how plain a text is, from 0 (an office's) to 100: docs/plain-language.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.plain_language.sentences import Sentence, sentences

#: So many syllables are read at one go; from how many a sentence should be cut.
EASY, LONG = 18, 25
#: What our own sentences must reach.
TARGET = 75

#: Points lost: for each of the kind, and at most.
_LOST: Mapping[str, tuple[float, float]] = {
    "phrase": (6.0, 24.0),
    "word": (5.0, 15.0),
    "abbreviation": (6.0, 18.0),
    "passive": (8.0, 8.0),
    "brackets": (8.0, 8.0),
}
_PER_SYLLABLE, _MOST_LENGTH = 1.4, 45.0
_CLAUSES, _PER_CLAUSE, _MOST_CLAUSES = 3, 4.0, 16.0
_RARE, _PER_RARE, _MOST_RARE = 0.08, 70.0, 15.0

_GRADES = ((80, "dễ đọc"), (65, "khá dễ đọc"), (50, "hơi khó"), (35, "khó"), (0, "rất khó"))


@dataclass(frozen=True, slots=True)
class Measured:
    """A sentence with its score."""

    sentence: Sentence
    score: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A text: its score is the mean of its sentences, each as heavy as it has syllables."""

    sentences: tuple[Measured, ...]

    @property
    def score(self) -> float:
        weight = sum(one.sentence.syllables for one in self.sentences)
        total = sum(one.score * one.sentence.syllables for one in self.sentences)
        return round(total / weight, 1) if weight else 0.0

    @property
    def grade(self) -> str:
        return grade(self.score)

    @property
    def hard(self) -> tuple[Measured, ...]:
        """The sentences below the target, the hardest first."""
        below = [one for one in self.sentences if one.score < TARGET]
        return tuple(sorted(below, key=lambda one: one.score))


def measure(text: str) -> Measure:
    """The measure of a text; without a word in it there are no sentences."""
    return Measure(tuple(Measured(one, score(one)) for one in sentences(text)))


def score(sentence: Sentence) -> float:
    """100 less what length, clauses, rare syllables and office words cost."""
    length = min(max(0, sentence.syllables - EASY) * _PER_SYLLABLE, _MOST_LENGTH)
    clauses = min(max(0, sentence.clauses - _CLAUSES) * _PER_CLAUSE, _MOST_CLAUSES)
    rare = min(max(0.0, sentence.rare - _RARE) * _PER_RARE, _MOST_RARE)
    found = Counter(fault.kind for fault in sentence.faults)
    words = sum(min(found[kind] * each, most) for kind, (each, most) in _LOST.items())
    return round(max(0.0, 100.0 - length - clauses - rare - words), 1)


def grade(value: float) -> str:
    """The score in words."""
    return next(name for least, name in _GRADES if value >= least)


def means(measures: Sequence[Measure]) -> float:
    """The mean of several texts, each counted once."""
    return round(sum(one.score for one in measures) / len(measures), 1) if measures else 0.0
