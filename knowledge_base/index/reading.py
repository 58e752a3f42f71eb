"""A query as one index understands it: what its clipped words stand for, and its terms."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from knowledge_base.index import initials, laws
from knowledge_base.index.artefact import Index
from knowledge_base.index.diacritics import Restorer
from knowledge_base.index.fusion import Mask, Weights, largest, lexical_scores, names_fit
from knowledge_base.index.lexical import term_hashes
from knowledge_base.query_terms import QueryTerms, TermWeights, analyse
from knowledge_base.typed import by_keys, keyed
from knowledge_base.vietnamese import clean, fold, tokens

_LOOKED_AT = 50  # rows, to say what a reading finds


def as_read(
    text: str,
    index: Index,
    restorer: Restorer,
    abbreviations: Mapping[str, str],
    *,
    allowed: Mask | None = None,
    weights: Weights = Weights(),  # noqa: B008  (frozen)
) -> QueryTerms:
    """The terms of a query. A clipped word is read as what the allowed rows have most of.

    The name of a law that is indexed says where to look; the rest, what for.
    """
    terms = _read(text, index, restorer, abbreviations, allowed, weights)
    named = laws.named_in(terms.folded[: terms.own], index.laws)
    return terms.within(chain.from_iterable(named.values()), TermWeights().place)


def _read(
    text: str,
    index: Index,
    restorer: Restorer,
    abbreviations: Mapping[str, str],
    allowed: Mask | None,
    weights: Weights,
) -> QueryTerms:
    typed = tokens(clean(text))
    if not any(map(initials.is_clipped, typed)):
        return analyse(text, restorer, abbreviations)

    def read_with(readings: Mapping[str, str]) -> QueryTerms:
        return analyse(text, restorer, {**readings, **abbreviations}, segment=False)

    def evidence(readings: Mapping[str, str]) -> float:
        terms = read_with(readings)
        scores = lexical_scores(index, terms, weights)
        if allowed is not None:
            scores[~allowed] = 0
        rows = largest(scores, _LOOKED_AT)
        if len(rows) == 0:
            return 0.0
        fits, ordered = names_fit(index, terms, rows)
        return float((scores[rows] + weights.named * fits + weights.order * ordered).max())

    def is_known(word: str) -> bool:
        return bool(index.folded.frequencies(term_hashes([fold(word)]))[0])

    keys = by_keys(text)  # "cos" is "có" there, not the initials of a heading
    unsaid = [word for word in typed if word not in abbreviations and not (keys and keyed(word))]
    readings = initials.chosen(unsaid, index.initials, is_known, evidence)
    return analyse(text, restorer, {**readings, **abbreviations})
