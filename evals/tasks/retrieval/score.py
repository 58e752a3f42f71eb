"""Whether each stage ranks what answers the query first, high, or among the first ten."""

from __future__ import annotations

from collections.abc import Iterator

from evals.benchmarks.figures import NAMES, f2, measures
from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score, failed


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """Figures of every stage that was asked, named ``hit@1 troly``."""
    gold = frozenset(map(str, sample.target.expected or ()))
    rankings = output.value.get("rankings") if isinstance(output.value, dict) else None
    if not gold or not isinstance(rankings, dict) or not rankings:
        return [failed("hit@1 troly", "no ranking came back, or nothing is known to be right")]
    found: list[Score] = []
    for stage, ranking in rankings.items():
        found += _stage(stage, list(map(str, ranking)), gold)
    return found


def _stage(stage: str, ranking: list[str], gold: frozenset[str]) -> Iterator[Score]:
    at = next((n for n, key in enumerate(ranking, 1) if key in gold), 0)
    right = ", ".join(sorted(gold)[:3])
    first = ranking[0] if ranking else "nothing"
    why = f"right: {right}; found as number {at}" if at else f"right: {right}; first: {first}"
    for name, value in zip(NAMES, measures(ranking, gold), strict=True):
        yield Score(f"{name} {stage}", float(value), why)
    yield Score(f"F2@3 {stage}", f2(ranking, gold), why)
