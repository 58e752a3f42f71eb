"""One sample a door: the same questions and conversations for each."""

from __future__ import annotations

from collections.abc import Sequence

from evals.samples import chosen
from evals.subjects import KINDS
from evals.tasks.measured import made
from evals.tasks.task import Sources
from evals.vocabulary import Sample

#: What the others are compared with, and what does not word its answers alike each time.
_INSIDE = frozenset({"troly", "troly-model"})
_QUESTIONS, _CONVERSATIONS = 30, 6


def samples(sources: Sources) -> Sequence[Sample]:
    """Every door of troly there is: a new one is asked as soon as it is a subject."""
    asked = [
        *chosen(sources.named("citizens"), "all", _QUESTIONS),
        *chosen(sources.named("follow_ups"), "all", _CONVERSATIONS),
    ]
    if not asked:
        asked = list(chosen([s for each in sources.sets for s in each.samples], "all", _QUESTIONS))
    rows = [
        {
            "id": each.id,
            "messages": [turn.text for turn in each.turns],
            "as_of": each.as_of.isoformat() if each.as_of else None,
        }
        for each in asked
    ]
    doors = [kind.name for kind in KINDS if kind.role == "own" and kind.name not in _INSIDE]
    return [made("channels", door, {"door": door, "asked": rows}) for door in doors]
