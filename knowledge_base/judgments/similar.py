"""Judgments like a case: by the words and the sense of the facts, and by the articles applied.

Every result says why: which articles and circumstances it shares, with the words of both sides,
and which it does not. How a case ended is never used to rank it.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge_base.judgments.circumstances import Circumstance, circumstances
from knowledge_base.judgments.judgment import Judgment
from knowledge_base.stop_words import STOP_WORDS
from knowledge_base.vietnamese import fold, words

if TYPE_CHECKING:
    from knowledge_base.index.embedding import Embedder, VectorCache, Vectors

_K1, _B = 1.2, 0.75
_PIECE = 90  # syllables of a piece that is embedded
_PIECES = 12
#: Articles that nearly every judgment applies say little: weight falls with how many have them.
_WEIGHTS = {"words": 0.30, "sense": 0.20, "articles": 0.30, "circumstances": 0.20}
_LEAST = 0.2  # below this nothing is like the case


@dataclass(frozen=True, slots=True)
class Case:
    """What is looked for: ``text[start:end]`` are the facts; articles and kind where known."""

    text: str
    start: int
    end: int
    keys: dict[str, float]
    branch: str = ""
    relation: str = ""
    own_id: str = ""

    @classmethod
    def of_facts(cls, text: str) -> Case:
        """A situation told in words, masked."""
        return cls(text, 0, len(text), {})

    @classmethod
    def of_judgment(cls, one: Judgment) -> Case:
        facts = one.facts if one.facts.end else one.reasoning
        return cls(
            one.text, facts.start, facts.end or len(one.text), one.weights(),
            one.branch.value, one.relation.value, one.id,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shared:
    """A circumstance both have, in the words of each."""

    name: str
    here: Circumstance
    there: Circumstance


@dataclass(frozen=True, slots=True)
class Likeness:
    """One judgment that is like the case; ``parts`` say how its ``score`` in [0, 1] came about."""

    judgment: Judgment
    score: float
    parts: dict[str, float]
    articles: tuple[str, ...]
    shared: tuple[Shared, ...]
    only_here: tuple[Circumstance, ...]
    only_there: tuple[Circumstance, ...]


def similar(
    case: Case,
    among: Sequence[Judgment],
    *,
    limit: int = 5,
    embedder: Embedder | None = None,
    cache: VectorCache | None = None,
) -> list[Likeness]:
    """The judgments most like the case, best first. Without ``embedder``, by words alone."""
    others = [j for j in among if j.id != case.own_id]
    if not others:
        return []
    facts = [_facts(j) for j in others]
    asked = case.text[case.start : case.end]
    by_words = _bm25(_terms(asked), [_terms(text) for text in facts])
    by_sense = _dense(asked, facts, embedder, cache)
    rare = _rarity(others)
    here = {c.name: c for c in circumstances(case.text, case.start, case.end)}
    found = []
    for n, other in enumerate(others):
        span = Case.of_judgment(other)
        there = {c.name: c for c in circumstances(other.text, span.start, span.end)}
        common = _common(case.keys, other.weights(), rare)
        parts = {
            "words": by_words[n],
            "sense": by_sense[n],
            "articles": common[0],
            "circumstances": _jaccard(here, there),
        }
        weights = {k: w for k, w in _WEIGHTS.items() if _known(k, case, here, embedder)}
        score = sum(parts[k] * w for k, w in weights.items()) / sum(weights.values())
        score *= _agreement(case, other)
        found.append(
            Likeness(
                other,
                round(score, 4),
                {k: round(parts[k], 4) for k in parts},
                common[1],
                tuple(Shared(name, here[name], there[name]) for name in here if name in there),
                tuple(c for name, c in here.items() if name not in there),
                tuple(c for name, c in there.items() if name not in here),
            )
        )
    found.sort(key=lambda one: (-one.score, one.judgment.id))
    return [one for one in found if one.score >= _LEAST and _of_substance(one)][:limit]


def _of_substance(one: Likeness) -> bool:
    """The sense alone is no likeness: something must be the same in words, too."""
    parts = one.parts
    return parts["words"] >= 0.12 or parts["circumstances"] > 0 or parts["articles"] >= 0.15


def _facts(one: Judgment) -> str:
    case = Case.of_judgment(one)
    return one.text[case.start : case.end]


def _known(part: str, case: Case, here: dict[str, Circumstance], embedder: Embedder | None) -> bool:
    if part == "articles":
        return bool(case.keys)
    if part == "sense":
        return embedder is not None
    return part != "circumstances" or bool(here)


def _agreement(case: Case, other: Judgment) -> float:
    """Of one branch, and of one relation or crime, counts for more."""
    factor = 1.0
    if case.branch and other.branch.value and case.branch != other.branch.value:
        factor *= 0.6
    if case.relation and other.relation.value:
        one, two = set(fold(case.relation).split()), set(fold(other.relation.value).split())
        factor *= 0.85 + 0.15 * len(one & two) / max(1, len(one | two))
    return factor


def _terms(text: str) -> list[str]:
    """Syllables and pairs of them, folded, without signs of people and function words."""
    plain = [fold(w) for w in words(text) if w not in STOP_WORDS and not w[-1:].isdigit()]
    return plain + [f"{a} {b}" for a, b in pairwise(plain)]


def _bm25(query: list[str], documents: list[list[str]]) -> list[float]:
    """Scores as shares of what the query would score with itself."""
    counts = [Counter(d) for d in documents]
    mean = sum(map(len, documents)) / max(1, len(documents)) or 1.0
    holding = Counter(term for c in counts for term in c)
    size = len(documents)

    def weight(term: str) -> float:
        return math.log(1 + (size - holding[term] + 0.5) / (holding[term] + 0.5))

    def score(count: Counter[str], length: int) -> float:
        norm = _K1 * (1 - _B + _B * length / mean)
        return sum(
            weight(t) * count[t] * (_K1 + 1) / (count[t] + norm) for t in asked if t in count
        )

    asked = set(query)
    own = score(Counter(query), len(query)) or 1.0
    return [min(1.0, score(c, len(d)) / own * 2.0) for c, d in zip(counts, documents, strict=True)]


def _dense(
    query: str, documents: list[str], embedder: Embedder | None, cache: VectorCache | None
) -> list[float]:
    """How near the pieces of the query come to those of each document, on a scale of 0 to 1."""
    if embedder is None:
        return [0.0] * len(documents)
    import numpy as np

    asked = _vectors(_pieces(query), embedder, cache)
    scores = []
    for text in documents:
        theirs = _vectors(_pieces(text), embedder, cache)
        near = float(np.mean(np.max(asked @ theirs.T, axis=1)))
        scores.append(min(1.0, max(0.0, (near - 0.80) / 0.15)))  # e5 is hardly ever below 0.8
    return scores


def _pieces(text: str) -> list[str]:
    plain = text.split()
    return [" ".join(plain[n : n + _PIECE]) for n in range(0, len(plain), _PIECE)][:_PIECES] or [""]


def _vectors(texts: list[str], embedder: Embedder, cache: VectorCache | None) -> Vectors:
    import numpy as np

    hashes = [hashlib.sha256(f"facts {text}".encode()).hexdigest() for text in texts]
    kept = dict(cache.get_vectors(embedder.name, hashes)) if cache else {}
    missing = [n for n, h in enumerate(hashes) if h not in kept]
    if missing:
        made = embedder.passages([texts[n] for n in missing])
        new = {hashes[n]: made[i].astype(np.float16).tobytes() for i, n in enumerate(missing)}
        kept |= new
        if cache:
            cache.put_vectors(embedder.name, new)
    rows = [np.frombuffer(kept[h], np.float16).astype(np.float32) for h in hashes]
    return np.vstack(rows)


def _rarity(among: Sequence[Judgment]) -> dict[str, float]:
    held = Counter(key for one in among for key in one.weights())
    return {key: 1.0 / (1.0 + math.log(count)) for key, count in held.items()}


def _common(
    mine: dict[str, float], theirs: dict[str, float], rare: dict[str, float]
) -> tuple[float, tuple[str, ...]]:
    """Weighted share of articles in common; the law of procedure counts little."""

    def weight(key: str) -> float:
        return rare.get(key, 1.0) * (0.15 if key.split("#")[0] in _PROCEDURE else 1.0)

    both = sorted((k for k in mine if k in theirs), key=lambda k: -weight(k))
    together = sum(min(mine[k], theirs[k]) * weight(k) for k in both)
    every = sum(max(mine.get(k, 0), theirs.get(k, 0)) * weight(k) for k in {*mine, *theirs}) or 1.0
    return together / every, tuple(both)


_PROCEDURE = frozenset(
    (
        "92/2015/qh13",
        "101/2015/qh13",
        "93/2015/qh13",
        "24/2004/qh11",
        "19/2003/qh11",
        "64/2010/qh12",
    )
)


def _jaccard(one: dict[str, Circumstance], two: dict[str, Circumstance]) -> float:
    return len(one.keys() & two.keys()) / max(1, len(one.keys() | two.keys()))
