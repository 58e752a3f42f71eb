"""The set of this project, and everyday chat from a public one where it is here."""

from __future__ import annotations

from collections.abc import Sequence

from evals.errors import MissingData
from evals.loaders.typed import CHAT, chat
from evals.tasks.task import Sources
from evals.vocabulary import Sample

__all__ = ["CHAT", "samples"]


def samples(sources: Sources) -> Sequence[Sample]:
    """Every set that chooses this task, then the public one."""
    found = [sample for each in sources.of_task("understanding") for sample in each.samples]
    try:
        found += chat(sources.data)
    except MissingData as error:
        sources.skip(f"understanding: {CHAT}", str(error))
    return found
