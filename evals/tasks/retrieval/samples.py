"""Queries with the documents that answer them: the citizens' over what is bundled, and public sets.

Ids of the bundled corpus are those of its documents (``procedure:1.004222``);
of a public set, those of its publisher.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from evals.benchmarks import sets
from evals.errors import MissingData
from evals.loaders.reading import placed, readable
from evals.samples import sample_of
from evals.tasks.task import Sources
from evals.vocabulary import Sample

OWN_SET = "citizens"
EACH = 100  # queries of a public set; which ones, their ids decide


def samples(sources: Sources) -> Sequence[Sample]:
    """All there are; what of the public sets is not here is told."""
    found = [made for each in sources.named(OWN_SET) if (made := _own(each)) is not None]
    if sources.data is None:
        sources.skip("retrieval: public sets", "no folder is named with --data")
        return found
    for name in sets.known():
        try:
            with readable(str(sources.data / sets.folder(name))):
                found += _public(name, sources.data)
        except MissingData as error:
            sources.skip(f"retrieval: {name}", str(error))
    return found


def _own(sample: Sample) -> Sample | None:
    """A citizen's question as a query; None where nothing that is stored answers it."""
    target = sample.target
    gold = [*(f"procedure:{code}" for code in target.codes), *target.documents]
    if not gold or len(sample.turns) > 1:
        return None
    row = {
        "_id": f"{OWN_SET}:{sample.id}",
        "text": sample.text,
        "kind": sample.kind,
        "split": sample.split,
        "target": {"expected": gold},
    }
    return sample_of(row, OWN_SET, sample.as_of)


def _public(name: str, data: Path) -> Iterator[Sample]:
    split = sets.split(name, data)
    asked = sorted(sets.questions(name, data), key=lambda q: sha256(q.id.encode()).digest())
    for question in asked[:EACH]:
        row = {
            "_id": f"{name}:{question.id}",
            "text": question.text,
            "kind": question.kind,
            "split": split,
            "target": {"expected": sorted(question.gold)},
        }
        yield placed(sample_of(row, name), data=data)
