"""Texts of the law, of which it is known what they are."""

from __future__ import annotations

from collections.abc import Sequence

from evals.loaders import law
from evals.loaders.reading import those_here
from evals.tasks.task import Sources
from evals.vocabulary import Sample


def samples(sources: Sources) -> Sequence[Sample]:
    """Those of the sets that are here. Raises `MissingData` where none is."""
    return those_here("law", (law.codified, law.published, law.old, law.files), sources)
