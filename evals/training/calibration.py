"""The scale of scores: how likely a first hit is right, from what its score is made of.

``python -m evals.benchmarks.retrieval SET … --calibrate STRANGERS.jsonl`` fits it anew.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evals.benchmarks.sets import TestSet
from knowledge_base.index.fusion import rank
from knowledge_base.index.reading import as_read
from knowledge_base.search import KnowledgeBase

Doubles = npt.NDArray[np.float64]


def calibrate(pairs: Sequence[tuple[KnowledgeBase, TestSet]], strangers: Sequence[str]) -> Doubles:
    """Weights of share, nearness, coverage and names, and the bias, by logistic regression.

    First hits of the sets' queries are right or wrong; those of ``strangers``,
    questions that no set answers, are wrong.
    """
    rows: list[tuple[float, float, float, float]] = []
    right: list[float] = []
    for base, test in pairs:
        store = base.opened()
        asked = [(text, test.gold[key]) for key, text in test.queries.items()]
        for text, gold in [*asked, *((text, frozenset[str]()) for text in strangers)]:
            terms = as_read(text, store.index, store.restorer, base.settings.abbreviations)
            found = rank(
                store.index,
                terms,
                base.query_vector(terms, store.index),
                store.scale,
                base.weights(),
            )
            if len(found.rows) and not found.cited[0]:
                rows.append(found.signs(0))
                right.append(float(store.index.passage(int(found.rows[0])).source_id in gold))
    return _logistic(np.array(rows), np.array(right))


def _logistic(signs: Doubles, right: Doubles, steps: int = 3000) -> Doubles:
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    known = np.c_[(signs - mean) / spread, np.ones(len(signs))]
    found = np.zeros(known.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-known @ found))
        found -= 0.5 * (known.T @ (chance - right) / len(right) + 1e-3 * found)
    slopes = found[:-1] / spread
    return np.append(slopes, found[-1] - float(slopes @ mean))
