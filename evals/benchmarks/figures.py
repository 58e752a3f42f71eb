"""How good rankings are: five figures a query, and what chance makes of their means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evals.running.intervals import drawn_again

Doubles = npt.NDArray[np.float64]

NAMES = ("hit@1", "hit@3", "R@10", "MRR@10", "nDCG@10")
DEPTH = 10


def measures(ranking: Sequence[str], gold: frozenset[str]) -> Doubles:
    """The figures `NAMES` of one ranking (ids, best first). Shape: (5,).

    Every right document is worth the same. R@10 is the share of ``gold``
    among the first ten, so it cannot reach 1 where more than ten are right.
    """
    right = [key in gold for key in list(dict.fromkeys(ranking))[:DEPTH]]
    gain = sum(1 / np.log2(at + 2) for at, is_right in enumerate(right) if is_right)
    best = sum(1 / np.log2(at + 2) for at in range(min(DEPTH, len(gold))))
    first = next((1 / (at + 1) for at, is_right in enumerate(right) if is_right), 0.0)
    return np.array(
        [float(any(right[:1])), float(any(right[:3])), sum(right) / len(gold), first, gain / best]
    )


def f2(ranking: Sequence[str], gold: frozenset[str], depth: int = 3) -> float:
    """F2 of the first ``depth`` documents: recall counts four times as much as precision."""
    found = sum(key in gold for key in list(dict.fromkeys(ranking))[:depth])
    return 5 * found / (4 * len(gold) + depth) if found else 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, and where 95 % of the means of resampled queries lie."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} ({self.low:.2f}–{self.high:.2f})"


def estimates(rows: Doubles) -> dict[str, Estimate]:
    """Each figure's mean over queries with its interval. ``rows``: (queries, 5)."""
    means = rows.mean(axis=0)
    low, high = np.percentile(_resampled(rows), [2.5, 97.5], axis=0)
    found = zip(NAMES, means, low, high, strict=True)
    return {name: Estimate(float(m), float(a), float(b)) for name, m, a, b in found}


@dataclass(frozen=True, slots=True)
class Difference:
    """How much one way is above another on the same queries, by hit@1 and by MRR@10.

    ``chance``: the share of resamples in which it is not above it, by hit@1.
    """

    hit: Estimate
    reciprocal: Estimate
    chance: float


def difference(rows: Doubles, others: Doubles) -> Difference:
    """The paired bootstrap of two ways over the same queries, in the same order."""
    apart = rows - others
    found = estimates(apart)
    chance = float((_resampled(apart)[:, 0] <= 0).mean())
    return Difference(found["hit@1"], found["MRR@10"], chance)


def _resampled(rows: Doubles) -> Doubles:
    """Means of the rows drawn again with replacement. Shape: (RESAMPLES, figures)."""
    return np.asarray(drawn_again(len(rows)) @ rows / len(rows), dtype=np.float64)
