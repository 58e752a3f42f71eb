"""Killed or alive."""

from __future__ import annotations

from evals.ground import Ground
from evals.vocabulary import Output, Sample, Score


def score(sample: Sample, output: Output, _: Ground) -> list[Score]:
    """A dangerous mutant that lives forbids nothing by itself: it says the suite is blind there.

    That is worse than one wrong answer, so it blocks.
    """
    found = output.value
    killed = float(bool(found["killed"]))
    why = "; ".join(found["killed"][:4]) or f"alive: {found['changed']} samples changed in vain"
    scores = [Score("killed", killed, f"{sample.text}: {why}")]
    if sample.kind == "blocker":
        scores.append(Score("blocker killed", killed, why, blocker=True))
    return scores
