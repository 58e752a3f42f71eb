"""What a run's ``timings`` say: percentiles of each step, and how the times spread."""

from __future__ import annotations

import bisect
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evals.running.folder import RunFolder, read_jsonl

EDGES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000,
         200_000, 500_000)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one thing, sorted."""

    ms: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """The least time that ``share`` of them do not exceed."""
        return self.ms[max(math.ceil(share * len(self.ms)) - 1, 0)]


@dataclass(frozen=True, slots=True)
class Spread:
    """Counts between the edges that hold any: ``edges`` has one more than ``counts``."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]

    def place(self, ms: float) -> float:
        """Where a time stands, counted in bars from the left; bars are even in the logarithm."""
        at = min(max(bisect.bisect_right(self.edges, ms) - 1, 0), len(self.counts) - 1)
        low, high = self.edges[at], self.edges[at + 1]
        inside = math.log(max(ms, low, 0.01) / max(low, 0.01)) / math.log(high / max(low, 0.01))
        return at + min(max(inside, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Timed:
    """One subject's: whole answers, and each step of the last answer to a sample."""

    answers: Times
    steps: dict[str, Times]


def read_timings(folder: RunFolder) -> dict[str, Timed]:
    """By subject. A line that cannot be read is left out: it is one time of many."""
    whole: dict[str, list[float]] = defaultdict(list)
    steps: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((folder.path / "timings").glob("*/*.jsonl")):
        subject = path.parent.name
        for _, row in read_jsonl(path):
            if row is None:
                continue
            listed = row.get("ms")
            whole[subject] += _known(listed if isinstance(listed, list) else [listed])
            told = row.get("steps")
            for step, ms in (told if isinstance(told, dict) else {}).items():
                steps[subject][step] += _known([ms])
    return {
        subject: Timed(
            Times(tuple(sorted(found))),
            {step: Times(tuple(sorted(ms))) for step, ms in steps[subject].items() if ms},
        )
        for subject, found in whole.items()
        if found
    }


def _known(values: Sequence[object]) -> list[float]:
    return [
        float(ms)
        for ms in values
        if isinstance(ms, int | float)
        and not isinstance(ms, bool)
        and math.isfinite(ms)
        and ms >= 0
    ]


def spread(times: Times) -> Spread:
    """The histogram of ``times``, cut to the edges around the least and the most."""
    edges: list[float] = [0, *EDGES]
    if times.ms[-1] >= edges[-1]:
        edges.append(times.ms[-1] * 1.01)
    counts = [0] * (len(edges) - 1)
    for ms in times.ms:
        counts[bisect.bisect_right(edges, ms) - 1] += 1
    first = next(at for at, count in enumerate(counts) if count)
    last = max(at for at, count in enumerate(counts) if count)
    return Spread(tuple(edges[first : last + 2]), tuple(counts[first : last + 1]))
