"""Asking each stage of the search by itself, beside the plain ways it is made of."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from evals.benchmarks import sets, ways
from evals.benchmarks.figures import DEPTH
from evals.benchmarks.textbook import Textbook
from evals.benchmarks.ways import WITHOUT_VECTORS, Place, Remembering, Ways
from evals.errors import EvalError
from evals.noise import strip
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting, Subject
from evals.tasks.retrieval.samples import OWN_SET
from evals.vocabulary import Sample
from knowledge_base.home import Home
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

STAGES = ("bm25", "dense", "rrf", "words", "troly")
LARGE = 5_000_000  # bytes; the vectors of a larger corpus take hours: it is searched by words
_DAY = date(2026, 11, 22)


def generate(sample: Sample, subject: Subject, setting: Setting) -> Any:
    """``{"rankings": {stage: ids, best first}}``; the stages that need vectors only where
    there are some."""
    if not isinstance(subject, InProcess):
        raise EvalError(f"{subject.name} is not asked in this process: its stages cannot be seen.")
    work = setting.work / "retrieval"
    if sample.dataset == OWN_SET:
        opened, names = bundled_ways(subject.assistant.knowledge, work)
    else:
        settings = setting.config.knowledge_base
        data = Path(sample.given["data"])
        opened, names = _public(sample.dataset, data, work, settings.model_dump_json())
    opened.as_of = sample.as_of or _DAY
    rankings = {name: opened.way(name)(sample.text)[:DEPTH] for name in STAGES if name in names}
    if sample.dataset == OWN_SET:
        ids = _ids(subject.assistant.knowledge.home)
        rankings = {name: [ids.get(key, key) for key in found] for name, found in rankings.items()}
    return {"rankings": rankings}


@lru_cache(maxsize=1)
def bundled_ways(knowledge: KnowledgeBase, work: Path) -> tuple[Ways, frozenset[str]]:
    """Ways over the corpus that the subject answers from, and which there are.

    The plain indexes are made of the same stored texts, anew for each run: it
    takes less than checking whether they are still right.
    """
    settings = knowledge.settings
    place = Place(work, "bundled", knowledge.home)
    for bare in (False, True):
        file = place.textbook(bare)
        file.parent.mkdir(parents=True, exist_ok=True)
        texts = [(d.source_id, f"{d.title}\n{d.text}") for d in _documents(knowledge.home)]
        Textbook.build(texts, strip).save(file) if bare else Textbook.build(texts).save(file)
    vectors = knowledge.opened().index.vectors is not None
    made = Ways(place, settings, _embedder(settings.threads), _DAY, opened=knowledge)
    return made, frozenset(STAGES if vectors else WITHOUT_VECTORS)


@lru_cache(maxsize=1)  # samples come set by set: one corpus is open at a time
def _public(name: str, data: Path, work: Path, given: str) -> tuple[Ways, frozenset[str]]:
    """Ways over the corpus of a public set, whose indexes are made where they are not yet.

    ``given``: the settings of the knowledge base as JSON.
    """
    settings = KnowledgeSettings.model_validate_json(given)
    test = sets.prepare(name, data, work / "sets")
    small = test.published.stat().st_size <= LARGE and settings.embedder != "none"
    names = STAGES if small else WITHOUT_VECTORS
    used = settings.model_copy(
        update={"embedder": settings.embedder if small else "none", "bundled_corpus": False}
    )
    place = ways.prepare(test, work, used, [name for name in STAGES if name in names])
    return Ways(place, used, _embedder(settings.threads), _DAY), frozenset(names)


@cache
def _embedder(threads: int) -> Remembering:
    return ways.embedder_of(KnowledgeSettings(threads=threads))


def _documents(home: Home) -> list[Any]:
    record = Record(home.record())
    try:
        return list(record.documents())
    finally:
        record.close()


@lru_cache(maxsize=1)
def _ids(home: Home) -> dict[str, str]:
    """Ids of documents by the ids they have where they come from."""
    return {document.source_id: document.id for document in _documents(home)}
