"""From a query to ranked rows: lexical and dense evidence on one calibrated scale.

Lexical evidence is BM25 as a share of what a perfect match of this query would
score; dense evidence is the cosine in standard deviations above what this query
gets from an average passage of this index. Both mean the same in a corpus of a
hundred passages and of a hundred thousand, so one pair of weights serves all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.index.artefact import Index
from knowledge_base.index.lexical import K1, Floats, Hashes, Ints, pair_hashes, term_hashes
from knowledge_base.query_terms import QueryTerms

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Weights:
    """Tuned by ``evals/benchmarks/retrieval.py`` on development queries only."""

    accented: float = 0.5  # share of the channel with diacritics; the rest is the folded one
    accented_bare: float = 0.25  # the same for a query typed without them
    dense: float = 0.05  # one standard deviation, in shares of a perfect lexical match
    dense_bare: float = 0.04
    document: float = 0.25  # the whole document's match beside the passage's
    cited: float = 1.0  # a document the query names
    cited_article: float = 3.0  # … and the article
    slope: float = 6.0  # the fused sum to a score in [0, 1]
    middle: float = 0.45
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

    def supported(self) -> list[int]:
        """Positions that pass the gate.

        Sharing words is not enough: a hit that the embedder finds no nearer
        than any other passage must cover most of the query's content, and one
        that covers little must be near in meaning. What the query names by
        number always passes.
        """
        dense = np.nan_to_num(self.dense, nan=0.0)
        known = ~np.isnan(self.dense)
        passes = (self.cited > 0) | np.where(
            known,
            (self.coverage + 0.2 * dense >= 0.75) & (dense >= 0.5),
            self.coverage >= 0.6,
        )
        return [int(position) for position in np.flatnonzero(passes)]

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
    _MEAN, _DEVIATION, _STRENGTH = 0.80, 0.025, 30.0

    def __init__(self, vectors: npt.NDArray[np.float16]) -> None:
        sample = np.asarray(vectors[:: max(1, len(vectors) // 20_000)], dtype=np.float32)
        self._count = float(len(sample))
        self._mean = sample.mean(axis=0) if len(sample) else np.zeros(vectors.shape[1], np.float32)
        centred = sample - self._mean
        self._covariance = centred.T @ centred / max(len(sample), 1)

    def standardise(self, cosines: Floats, query: Floats) -> Floats:
        own, prior = self._count, self._STRENGTH
        mean = (own * float(self._mean @ query) + prior * self._MEAN) / (own + prior)
        variance = float(query @ self._covariance @ query)
        variance = (own * variance + prior * self._DEVIATION**2) / (own + prior)
        return ((cosines - mean) / np.sqrt(variance)).astype(np.float32)


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
    """BM25 of every row, as a share of a perfect match. Shape: (rows,)."""
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
    ones = _perfect(index, found)
    if weights.document:
        whole = np.zeros(len(index.document_ids), dtype=np.float32)
        index.documents.add_scores(whole, found.folded, found.weights)
        scores += weights.document * whole[index.document]
    return scores / ones


def _perfect(index: Index, found: _Hashed) -> float:
    """About what a passage made of the query itself would score."""
    total = float(index.folded.idf(found.folded) @ found.weights)
    return max(total * (K1 + 1), 1e-6)


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
    if allowed is not None:
        lexical[~allowed] = 0
        cited[~allowed] = 0
    wanted = max(weights.lexical_candidates, 3 * depth)
    candidates = [_largest(lexical + cited, wanted)]
    dense_on = query is not None and scale is not None and index.vectors is not None
    if dense_on:
        assert query is not None
        candidates.append(
            _nearest(index, query, max(weights.dense_candidates, 2 * depth), allowed, where, exact)
        )
    rows = np.unique(np.concatenate(candidates)).astype(np.int32)
    if allowed is not None:
        rows = rows[allowed[rows]]
    nothing = np.full(len(rows), np.nan, dtype=np.float32)
    cosine, deviations = nothing, nothing
    fused = lexical[rows] + cited[rows]
    if dense_on:
        assert query is not None and scale is not None and index.vectors is not None
        cosine = index.vectors[rows].astype(np.float32) @ query
        deviations = scale.standardise(cosine, query)
        fused = fused + (weights.dense_bare if terms.bare else weights.dense) * deviations
    order = np.argsort(-fused, kind="stable")
    rows, fused = rows[order], fused[order]
    return Ranked(
        rows=rows,
        scores=(1 / (1 + np.exp(-weights.slope * (fused - weights.middle)))).astype(np.float32),
        lexical=lexical[rows],
        dense=deviations[order],
        cosine=cosine[order],
        coverage=coverage(index, terms, rows),
        cited=cited[rows],
    )


def _largest(scores: Floats, count: int) -> Ints:
    """Rows of the ``count`` largest positive scores."""
    if len(scores) > count:
        rows = np.argpartition(-scores, count)[:count]
    else:
        rows = np.arange(len(scores))
    return rows[scores[rows] > 0].astype(np.int32)


def _nearest(
    index: Index,
    query: Floats,
    count: int,
    allowed: Mask | None,
    where: dict[str, Any] | None,
    exact: bool,
) -> Ints:
    assert index.vectors is not None
    if not exact and index.chroma is not None:
        found = index.chroma.nearest(query, min(count, len(index)), where)
        return np.array(found, dtype=np.int32)
    rows = np.arange(len(index)) if allowed is None else np.flatnonzero(allowed)
    cosine = np.concatenate(
        [
            np.asarray(index.vectors[rows[start : start + 8192]], dtype=np.float32) @ query
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
    for key in (*terms.citation.numbers, *terms.citation.codes):
        _add(index, bonus, key, weights.cited)
        for article in terms.citation.articles:
            _add(index, bonus, f"{key}#{article}", weights.cited_article)
    return bonus


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
