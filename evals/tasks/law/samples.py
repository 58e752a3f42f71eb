"""Texts of the law, of which it is known what they are."""

from __future__ import annotations

from collections.abc import Sequence

from evals.errors import MissingData
from evals.loaders import law
from evals.loaders.reading import readable
from evals.tasks.task import Sources
from evals.vocabulary import Sample


def samples(sources: Sources) -> Sequence[Sample]:
    """Those of the sets that are here. Raises `MissingData` where none is."""
    found: list[Sample] = []
    missing: list[str] = []
    for load in (law.codified, law.published, law.old, law.files):
        try:
            with readable(load.__name__):
                found += load(sources.data)
        except MissingData as error:
            missing.append(str(error))
    if not found:
        raise MissingData("; ".join(dict.fromkeys(missing)))
    for why in missing:
        sources.skip("law", why)
    return found
