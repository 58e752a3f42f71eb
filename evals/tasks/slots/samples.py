"""Records of procedures, of which it is known what they say."""

from __future__ import annotations

from collections.abc import Sequence

from evals.loaders import procedures
from evals.loaders.reading import those_here
from evals.tasks.task import Sources
from evals.vocabulary import Sample


def samples(sources: Sources) -> Sequence[Sample]:
    """The records that are here. Raises `MissingData` where none is."""
    return those_here("slots", (procedures.portal, procedures.ministry), sources)
