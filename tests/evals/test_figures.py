"""The figures of the retrieval benchmark, against values computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evals.benchmarks.figures import NAMES, difference, estimates, measures


def figures(ranking: list[str], gold: set[str]) -> dict[str, float]:
    return dict(zip(NAMES, measures(ranking, frozenset(gold)), strict=True))


def test_a_perfect_ranking_is_all_ones() -> None:
    assert set(figures(["a", "b", "c"], {"a", "b"}).values()) == {1.0}


def test_the_second_place() -> None:
    found = figures(["x", "a", "y", "b"], {"a", "b"})
    assert found["hit@1"] == 0
    assert found["hit@3"] == 1
    assert found["R@10"] == 1
    assert found["MRR@10"] == 0.5
    gain, best = 1 / math.log2(3) + 1 / math.log2(5), 1 + 1 / math.log2(3)
    assert found["nDCG@10"] == pytest.approx(gain / best)


def test_what_comes_after_the_tenth_does_not_count() -> None:
    ranking = [f"x{at}" for at in range(10)] + ["a"]
    assert set(figures(ranking, {"a"}).values()) == {0.0}
    assert figures([*ranking[:9], "a"], {"a"})["MRR@10"] == pytest.approx(0.1)


def test_more_right_documents_than_places() -> None:
    gold = {f"g{at}" for at in range(20)}
    found = figures(sorted(gold)[:10], gold)
    assert found["R@10"] == 0.5
    assert found["nDCG@10"] == pytest.approx(1)


def test_an_id_counts_once_and_nothing_found_is_zero() -> None:
    assert figures(["a", "a"], {"a", "b"})["R@10"] == 0.5
    assert set(figures([], {"a"}).values()) == {0.0}


def test_intervals_hold_the_mean_and_are_the_same_each_time() -> None:
    hits = np.repeat([[1.0] * 5, [0.0] * 5], [75, 25], axis=0)
    first, again = estimates(hits), estimates(hits)
    assert first == again
    found = first["hit@1"]
    assert found.mean == 0.75
    # Normal approximation: 0.75 ± 1.96 · sqrt(0.75 · 0.25 / 100).
    assert found.low == pytest.approx(0.665, abs=0.02)
    assert found.high == pytest.approx(0.835, abs=0.02)


def test_a_difference_is_paired() -> None:
    ours = np.repeat([[1.0] * 5, [0.0] * 5], [80, 20], axis=0)
    theirs = np.repeat([[1.0] * 5, [0.0] * 5], [70, 30], axis=0)
    found = difference(ours, theirs)
    assert found.hit.mean == pytest.approx(0.1)
    assert found.hit.low > 0  # ten queries better, none worse
    assert found.chance < 0.01
    assert difference(ours, ours).chance == 1
