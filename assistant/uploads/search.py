"""Which units of the chosen documents say something about a question: words, then meaning.

Words are counted without diacritics and in pairs (BM25), because people leave diacritics out
and Vietnamese words are mostly two syllables; a unit that has them with their diacritics, too,
is worth a little more. Meaning is the likeness of e5 vectors, where there are any.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from assistant.uploads.units import embedded_text
from assistant.uploads.vocabulary import Held, Unit
from knowledge_base.query_terms import QueryTerms, TermWeights
from knowledge_base.stop_words import STOP_WORDS
from knowledge_base.vietnamese import expand_abbreviations, fold, tokens

_K1, _B = 1.2, 0.5
_PATH, _STEM, _TITLE = 0.6, 0.5, 0.25  # what a word counts above the unit, in a list's opening …
_ACCENTS = 0.25  # share of a word's weight that only its diacritics earn
_PAIR = 1.3
_FEW, _USUAL = 3, 0.015

#: Texts to unit vectors, one row a text; None where there are none.
Embed = Callable[[Sequence[str]], Any]
#: Units of a long document, whose vectors are not kept, that are embedded for one question.
_LOOKED_AT = 32


@dataclass(frozen=True, slots=True)
class Found:
    """A unit of a document. ``covered`` is the share of the question's words that it, or what
    it stands under, has; ``alike`` the cosine of the vectors, 0 where there are none."""

    held: Held
    unit: Unit
    score: float
    covered: float
    alike: float
    apart: float = 0.0  # how far the nearest unit's cosine is from that of the third

    @property
    def text(self) -> str:
        return self.held.document.text[self.unit.start : self.unit.end]


@dataclass(frozen=True)
class Searched:
    """Documents whose words are counted. Made for a question, and forgotten with it."""

    documents: tuple[Held, ...]
    embed: Embed | None = None  # of units

    def find(
        self, terms: QueryTerms, vector: Sequence[float] | None, limit: int = 12
    ) -> tuple[Found, ...]:
        """The units that share a word or a meaning with the question, best first."""
        words = _weights(terms)
        pairs = _pairs(terms)
        wanted = {w: self._idf.of(w) * weight for w, weight in words.items()}
        content = _content(terms)
        whole = sum(self._idf.of_word(w) for w in content) or self._idf.default
        said = frozenset(terms.accented[: terms.own])
        scored = []
        for n, (held, unit) in enumerate(self._rows):
            bag = self._bags[n]
            score = sum(idf * bag.frequency(w) for w, idf in wanted.items() if w in bag.counts)
            score += sum(
                self._idf.of(pair) * much * bag.frequency(pair)
                for pair, much in pairs.items()
                if pair in bag.counts
            )
            covered = sum(self._idf.of_word(w) * bag.has(w) for w in content) / whole
            if score and said:
                score *= 1 - _ACCENTS + _ACCENTS * len(said & bag.accented) / len(said)
            scored.append(Found(held, unit, score, covered, 0.0))
        alike = self._alike(scored, vector)
        apart = _apart([each for each in alike if each])
        top = max((one.score for one in scored), default=0.0) or 1.0
        fused = [
            replace(one, score=one.score / top + _meaning(near), alike=near, apart=apart)
            for one, near in zip(scored, alike, strict=True)
            if one.score or near
        ]
        fused.sort(key=lambda one: (-one.score, one.unit.start))
        return tuple(fused[:limit])

    @cached_property
    def _rows(self) -> tuple[tuple[Held, Unit], ...]:
        return tuple((held, unit) for held in self.documents for unit in held.units)

    @cached_property
    def _bags(self) -> tuple[_Bag, ...]:
        found: list[_Bag] = []
        for held in self.documents:
            if "bags" not in held.counted:
                held.counted["bags"] = [_bag(held, unit) for unit in held.units]
            found += held.counted["bags"]
        return tuple(found)

    @cached_property
    def _idf(self) -> _Idf:
        return _Idf.of_bags(self._bags)

    def _alike(self, scored: Sequence[Found], vector: Sequence[float] | None) -> list[float]:
        """The cosine of each unit; 0 where it is not known."""
        found = [0.0] * len(scored)
        if vector is None:
            return found
        first = 0
        for held in self.documents:
            last = first + len(held.units)
            if held.vectors is not None:
                found[first:last] = [float(x) for x in held.vectors @ vector]
            elif self.embed is not None:
                best = sorted(range(first, last), key=lambda n: -scored[n].score)[:_LOOKED_AT]
                best = [n for n in best if scored[n].score]
                texts = [embedded_text(held.document, scored[n].unit) for n in best]
                made = self.embed(texts)
                for n, near in zip(best, made @ vector if made is not None else (), strict=False):
                    found[n] = float(near)
            first = last
        return found


def _apart(alike: Sequence[float]) -> float:
    """How much the nearest unit stands out; of two units one cannot tell, so as usual."""
    ranked = sorted(alike, reverse=True)
    return ranked[0] - ranked[2] if len(ranked) > _FEW else _USUAL


def _meaning(alike: float) -> float:
    """How much a cosine adds: e5's lie between .75 (nothing in common) and .92."""
    return max(0.0, min(1.0, (alike - 0.78) / 0.12))


def said_in(held: Held) -> str:
    """The syllables of a document without diacritics, between spaces."""
    if "said" not in held.counted:
        words = " ".join(fold(token) for token in tokens(held.document.text))
        held.counted["said"] = f" {words} "
    said: str = held.counted["said"]
    return said


@dataclass(frozen=True, slots=True)
class _Bag:
    counts: Mapping[str, float]
    accented: frozenset[str]
    share: float  # the length against the average, as BM25 discounts it

    def has(self, word: tuple[str, ...]) -> float:
        """Whether a word of one or more syllables is there: 1; 0.3 where only its syllables are."""
        if len(word) == 1:
            return float(word[0] in self.counts)
        if all(f"{a} {b}" in self.counts for a, b in pairwise(word)):
            return 1.0
        return 0.3 * sum(one in self.counts for one in word) / len(word)

    def frequency(self, word: str) -> float:
        count = self.counts[word]
        return count * (_K1 + 1) / (count + _K1 * self.share)


@dataclass(frozen=True, slots=True)
class _Idf:
    known: Mapping[str, float]
    default: float

    def of(self, word: str) -> float:
        return self.known.get(word, self.default)

    def of_word(self, word: tuple[str, ...]) -> float:
        """The rarest of a word's syllables and pairs says how telling it is."""
        pairs = (f"{a} {b}" for a, b in pairwise(word))
        return max(map(self.of, pairs)) if len(word) > 1 else self.of(word[0])

    @classmethod
    def of_bags(cls, bags: Sequence[_Bag]) -> _Idf:
        rows = len(bags)
        seen = Counter(word for bag in bags for word in bag.counts)
        # Few units make everything look rare: as if there were some more without the word.
        size = rows + 20
        known = {w: math.log(1 + (size - n + 0.5) / (n + 0.5)) for w, n in seen.items()}
        return cls(known, math.log(1 + (size + 0.5) / 0.5))


def _bag(held: Held, unit: Unit) -> _Bag:
    own = tokens(expand_abbreviations(held.document.text[unit.start : unit.end], document=True))
    counts: dict[str, float] = {}
    _add(counts, own, 1.0)
    _add(counts, tokens(" ".join(unit.path)), _PATH)
    _add(counts, tokens(unit.stem), _STEM)
    _add(counts, tokens(f"{held.document.title} {held.document.number}"), _TITLE)
    return _Bag(counts, frozenset(own), 1 - _B + _B * len(own) / 60)


def _add(counts: dict[str, float], words: Sequence[str], much: float) -> None:
    folded = [fold(word) for word in words]
    for word in folded:
        counts[word] = counts.get(word, 0.0) + much
    for left, right in pairwise(folded):
        pair = f"{left} {right}"
        counts[pair] = counts.get(pair, 0.0) + much


def _content(terms: QueryTerms) -> tuple[tuple[str, ...], ...]:
    """What a question is about, word by word, without the words that only ask."""
    words: list[list[str]] = []
    telling: list[bool] = []
    for n in range(terms.own):
        joined = n and terms.joints[n - 1] >= TermWeights().word
        if joined:
            words[-1].append(terms.folded[n])
        else:
            words.append([terms.folded[n]])
            telling.append(False)
        telling[-1] = telling[-1] or terms.accented[n] not in STOP_WORDS
    kept = [tuple(w) for w, tells in zip(words, telling, strict=True) if tells]
    return tuple(dict.fromkeys(kept or map(tuple, words)))


def _weights(terms: QueryTerms) -> dict[str, float]:
    found: dict[str, float] = {}
    for word, weight in zip(terms.folded, terms.weights, strict=True):
        found[word] = max(found.get(word, 0.0), weight)
    return found


def _pairs(terms: QueryTerms) -> dict[str, float]:
    found: dict[str, float] = {}
    both = zip(terms.folded, terms.folded[1:], terms.joints, strict=False)
    for left, right, joint in both:
        if joint:
            found[f"{left} {right}"] = joint * _PAIR
    return found
