"""How far two graders agree: percentage, Cohen's κ, weighted κ, with what chance makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.running.intervals import RESAMPLES, SEED

Doubles = npt.NDArray[np.float64]
_DIGITS = 4


def agreement(ours: Sequence[int], theirs: Sequence[int], steps: int) -> dict[str, Any]:
    """Agreement of two graders who put the same n things into ``steps`` ordered classes 0, 1, ….

    ``agreement``, ``kappa`` and ``weighted`` (linear weights: one step apart is
    half as bad as two, of three) with ``_low`` and ``_high``, the 95 % interval
    of resampled things. A κ is None where it does not exist: nobody used more
    than one class.
    """
    a, b = np.asarray(ours, dtype=np.intp), np.asarray(theirs, dtype=np.intp)
    if a.shape != b.shape:
        raise ValueError("two graders of the same things have as many grades")
    found: dict[str, Any] = {"n": len(a)}
    cells = np.zeros((len(a), steps * steps))
    cells[np.arange(len(a)), a * steps + b] = 1.0
    total = cells.sum(axis=0, keepdims=True)
    drawn = _resampled(cells) if len(a) else np.zeros((0, steps * steps))
    apart = np.abs(np.subtract.outer(np.arange(steps), np.arange(steps))).astype(np.float64)
    for name, cost in (("kappa", (apart > 0).astype(np.float64)), ("weighted", apart)):
        found |= _told(name, kappas(total, cost), kappas(drawn, cost))
    same = np.eye(steps).ravel()
    with np.errstate(invalid="ignore"):
        found |= _told("agreement", total @ same / total.sum(), drawn @ same / max(1, len(a)))
    return found


def kappas(tables: Doubles, cost: Doubles) -> Doubles:
    """1 - observed cost / expected cost of each table of counts; NaN where none was to expect.

    Shapes: ``tables`` (m, steps²), rows are our classes; ``cost`` (steps, steps). Result (m,).
    """
    steps = len(cost)
    shares = tables.reshape(-1, steps, steps)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = shares / shares.sum(axis=(1, 2), keepdims=True)
        expected = shares.sum(axis=2)[:, :, None] * shares.sum(axis=1)[:, None, :]
        below = (expected * cost).sum(axis=(1, 2))
        above = (shares * cost).sum(axis=(1, 2))
        ratio = np.where(below > 1e-12, above / below, np.nan)
    return np.asarray(1.0 - ratio, dtype=np.float64)


def _resampled(cells: Doubles) -> Doubles:
    """Tables of things drawn again with replacement. Shape: (RESAMPLES, steps²)."""
    count = len(cells)
    drawn = np.random.default_rng(SEED)
    times = drawn.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    return np.asarray(times @ cells, dtype=np.float64)


def _told(name: str, value: Doubles, drawn: Doubles) -> dict[str, float | None]:
    known = drawn[np.isfinite(drawn)]
    middle = float(value[0]) if len(value) and np.isfinite(value[0]) else None
    if middle is None or not len(known):
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    low, high = np.percentile(known, [2.5, 97.5])
    return {
        name: round(middle, _DIGITS),
        f"{name}_low": round(float(low), _DIGITS),
        f"{name}_high": round(float(high), _DIGITS),
    }
