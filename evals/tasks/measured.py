"""What the tasks that measure a machine share: their questions, quantiles, energy."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.errors import MissingData
from evals.samples import chosen
from evals.tasks.task import Sources
from evals.vocabulary import Sample

_POWER = Path("/sys/class/powercap")


def questions(sources: Sources, count: int) -> list[str]:
    """The same questions every time: ``count`` of the citizens', spread over the set.

    Where that set is not at hand, of all others. Raises `MissingData` where
    there are none at all.
    """
    every = sources.named("citizens") or [s for each in sources.sets for s in each.samples]
    single = [s for s in every if len(s.turns) == 1 and s.text.strip()]
    found = [sample.text for sample in chosen(single, "all", count)]
    if not found:
        raise MissingData("there is no set with questions to measure with")
    return found


def made(task: str, name: str, given: Any, kind: str = "") -> Sample:
    """A sample of a task that makes its own; its hash is that of what it holds."""
    data = json.dumps(given, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8")
    digest = hashlib.sha256(data).hexdigest()[:16]
    return Sample(name, task, (), kind or name, "test", None, digest, given=given)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all do not exceed (nearest rank).

    >>> quantile([4.0, 1.0, 3.0, 2.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def joules(root: Path = _POWER) -> float | None:
    """What the counters of this machine's processors stand at; None where they cannot be read."""
    total, known = 0, False
    for zone in sorted(root.glob("intel-rapl:*")):
        if zone.name.count(":") > 1:  # a part of a zone that is counted already
            continue
        try:
            total += int((zone / "energy_uj").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        known = True
    return total / 1e6 if known else None
