"""Ask under the profile of civil servants, over invented laws in a home of their own."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.citing import holds
from assistant.config import Config
from assistant.presentation import answer_json
from assistant.profiles.profile import Profile
from assistant.vocabulary import Question
from evals.errors import SubjectError
from evals.samples import BUNDLED
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting, Subject
from evals.vocabulary import Sample
from knowledge_base.errors import KnowledgeError
from knowledge_base.home import Home
from knowledge_base.ingest import Target, ingest_files
from knowledge_base.law.library import Library
from knowledge_base.law.shelves import Shelves
from knowledge_base.law.told_compare import comparison_json
from knowledge_base.prepare import refresh_index
from knowledge_base.scope import citizen
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

DOCUMENTS = BUNDLED / "civil_servant" / "documents"
_PROFILE = "civil_servant"


def generate(sample: Sample, subject: Subject, setting: Setting) -> dict[str, Any]:
    """The answer, and whether its quotes hold; of a comparison its JSON."""
    if not isinstance(subject, InProcess):
        raise SubjectError(f"{subject.name} cannot be given a home of its own")
    home, config = _laid_out(setting.work, setting.config.knowledge_base.model_dump_json())
    on = sample.as_of
    if on is None:
        raise SubjectError(f"{sample.id} names no day")
    if sample.given:
        return _compared(sample.given, home, on)
    assistant = subject.build(home, config, None)
    try:
        return _asked(sample.text, assistant, on)
    finally:
        assistant.close()


def _asked(text: str, assistant: Assistant, on: date) -> dict[str, Any]:
    asked = Question(text, citizen(), as_of=on, profile=_PROFILE, use_model=False)
    answer = assistant.ask(asked, keep=False)
    told = answer_json(answer)
    hold = [
        holds(each, assistant.knowledge.version(each.sha256, citizen()))
        for each in answer.citations
    ]
    return {**{key: told[key] for key in told if key not in ("id", "trace")}, "hold": hold}


def _compared(given: dict[str, str], home: Home, on: date) -> dict[str, Any]:
    library = Library(Shelves(Record(home.record())))
    days = tuple(
        date.fromisoformat(given[side]) if given.get(side) else None for side in ("before", "after")
    )
    try:
        made = library.compare(
            given["a"], given["b"], on, label=given.get("article", ""), days=(days[0], days[1])
        )
    except KnowledgeError as error:
        return {"error": str(error), "articles": []}
    return comparison_json(made)


@lru_cache(maxsize=2)
def _laid_out(work: Path, settings: str) -> tuple[Home, Config]:
    """The home with the set's documents in it, made once for a run."""
    given = KnowledgeSettings.model_validate_json(settings)
    own = given.model_copy(update={"bundled_corpus": False})
    home = Home(work / "civil-servant")
    for half in ("dev", "test"):
        files = sorted((DOCUMENTS / half).iterdir())
        report = ingest_files(files, Target(home, collection=half), own)
        if report.failed:
            raise SubjectError(f"the documents of the set were not taken in: {report.failed}")
    refresh_index(home, own)
    profile = Profile(title="Cán bộ", audience="officers", capability="answer_law")
    return home, Config(knowledge_base=own, profiles={_PROFILE: profile})
