"""Our texts reach the target; an office's sentence scores below its plain twin."""

from __future__ import annotations

from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score, failed, unscored

#: So many points apart, a pair is told apart.
_APART = 15.0


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """One text of ours, or one pair."""
    read = output.value
    if not isinstance(read, dict):
        return [failed("plain", "nothing was measured")]
    if sample.kind == "twin":
        apart = (read["plain"] or 0.0) - (read["office"] or 0.0)
        told = f"{read['office']} against {read['plain']}"
        return [Score("told apart", float(apart >= _APART), told)]
    if read["text"] is None:
        return [unscored("plain", "a text without words")]
    value, told = read["text"], f"{read['text']}: {sample.given['text'][:80]}"
    return [
        Score("plain", float(value >= read["target"]), told),
        Score("score", value / 100, told),
    ]
