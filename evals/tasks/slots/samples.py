"""Records of procedures, of which it is known what they say."""

from __future__ import annotations

from collections.abc import Sequence

from evals.errors import MissingData
from evals.loaders import procedures
from evals.loaders.reading import readable
from evals.tasks.task import Sources
from evals.vocabulary import Sample


def samples(sources: Sources) -> Sequence[Sample]:
    """The records that are here. Raises `MissingData` where none is."""
    found: list[Sample] = []
    missing: list[str] = []
    for load in (procedures.portal, procedures.ministry):
        try:
            with readable(load.__name__):
                found += load(sources.data)
        except MissingData as error:
            missing.append(str(error))
    if not found:
        raise MissingData("; ".join(dict.fromkeys(missing)))
    for why in missing:
        sources.skip("slots", why)
    return found
