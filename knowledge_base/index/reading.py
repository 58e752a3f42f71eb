"""A query as one index understands it: what its clipped words stand for, and its terms."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge_base.index import initials
from knowledge_base.index.artefact import Index
from knowledge_base.index.diacritics import Restorer
from knowledge_base.index.fusion import Mask, Weights, lexical_scores
from knowledge_base.index.lexical import term_hashes
from knowledge_base.query_terms import QueryTerms, analyse
from knowledge_base.vietnamese import fold


def as_read(
    text: str,
    index: Index,
    restorer: Restorer,
    abbreviations: Mapping[str, str],
    *,
    allowed: Mask | None = None,
    weights: Weights = Weights(),  # noqa: B008  (frozen)
) -> QueryTerms:
    """The terms of a query. A clipped word is read as what the allowed rows have most of."""
    terms = analyse(text, restorer, abbreviations)
    if not any(map(initials.is_clipped, terms.accented)):
        return terms

    def read_with(readings: Mapping[str, str]) -> QueryTerms:
        return analyse(text, restorer, {**readings, **abbreviations}, segment=False)

    def evidence(readings: Mapping[str, str]) -> float:
        scores = lexical_scores(index, read_with(readings), weights)
        if allowed is not None:
            scores = scores[allowed]
        return float(scores.max()) if len(scores) else 0.0

    def is_known(word: str) -> bool:
        return bool(index.folded.frequencies(term_hashes([fold(word)]))[0])

    readings = initials.chosen(terms.accented, index.initials, is_known, evidence)
    return analyse(text, restorer, {**readings, **abbreviations}) if readings else terms
