"""Take the documents in as the officers' server does, and ask them; nothing is kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from assistant.uploads.answering import UploadAnswers, Vectors
from assistant.uploads.holding import held_of
from assistant.uploads.taking_in import taken
from assistant.uploads.vocabulary import Held
from assistant.vocabulary import Question
from evals.subjects.port import Setting, Subject
from evals.tasks.uploads.samples import SET
from evals.vocabulary import Sample
from knowledge_base.scope import citizen
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings


def generate(sample: Sample, _: Subject, setting: Setting) -> dict[str, Any]:
    """The status, each quote with its file, and whether it stands there word for word."""
    settings = setting.config.knowledge_base
    documents, vectors = _documents(sample.given["half"], settings.model_dump_json())
    knowledge = KnowledgeBase(setting.home, settings)
    try:
        answers = UploadAnswers(setting.config, knowledge, vectors)
        answer = answers.ask(Question(sample.given["ask"], citizen()), documents)
    finally:
        knowledge.close()
    by_id = {held.document.id: held for held in documents}
    quotes = []
    for one in answer.citations:
        held = by_id.get(one.document_id)
        there = held is not None and held.document.text[one.start : one.end] == one.quote
        name = held.upload.name if held else ""
        quotes.append({"file": name, "quote": one.quote, "verbatim": there})
    return {"status": answer.status.value, "text": answer.text, "quotes": quotes}


@lru_cache(maxsize=2)
def _documents(half: str, told: str) -> tuple[tuple[Held, ...], Vectors]:
    settings = KnowledgeSettings.model_validate_json(told)
    vectors = Vectors(settings)
    files = sorted((SET / half).iterdir())
    held = (held_of(taken(file, settings), file.name, file.stem, vectors) for file in files)
    return tuple(held), vectors
