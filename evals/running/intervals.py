"""Means with what chance makes of them: the bootstrap, seeded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

RESAMPLES = 1000
SEED = 20260701
_Z = 1.96  # of 95 %


def interval(values: Sequence[float], weights: Sequence[float]) -> tuple[float, float, float]:
    """Weighted mean and the 95 % interval of resampled means. (0, 0, 0) of nothing."""
    v, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if not len(v) or w.sum() <= 0:
        return 0.0, 0.0, 0.0
    mean = float((v * w).sum() / w.sum())
    low, high = np.percentile(_resampled(v, w), [2.5, 97.5])
    return mean, float(low), float(high)


def share(values: Sequence[float], weights: Sequence[float]) -> tuple[float, float, float]:
    """As `interval`, for values from 0 to 1; where all are 0 or all are 1, by Wilson.

    Drawing again from three right answers gives three right answers, which
    would make three of three a certainty.
    """
    mean, low, high = interval(values, weights)
    if values and mean in (0.0, 1.0):
        apart = _Z**2 / (len(values) + _Z**2)
        return mean, (1 - apart if mean else 0.0), (1.0 if mean else apart)
    return mean, low, high


def paired(
    ours: Sequence[float], theirs: Sequence[float], weights: Sequence[float]
) -> tuple[float, float, float]:
    """Mean difference on the same samples, with its 95 % interval."""
    apart = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    return interval(apart.tolist(), weights)


def drawn_again(count: int) -> npt.NDArray[np.int64]:
    """How often each of ``count`` samples is drawn, each time. Shape: (RESAMPLES, count)."""
    drawn = np.random.default_rng(SEED)
    return drawn.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)


def _resampled(values: Doubles, weights: Doubles) -> Doubles:
    """Means of samples drawn again with replacement. Shape: (RESAMPLES,)."""
    times = drawn_again(len(values))
    total = times @ weights
    means = np.divide(times @ (values * weights), total, out=np.zeros(RESAMPLES), where=total > 0)
    return np.asarray(means[total > 0], dtype=np.float64)
