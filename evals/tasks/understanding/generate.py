"""Asking the program's own functions what a text says, before anything is searched."""

from __future__ import annotations

from typing import Any

from assistant.as_of import day_asked
from assistant.steps.understand_question import understand
from evals.errors import EvalError
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting, Subject
from evals.vocabulary import Sample
from knowledge_base.places import mentioned
from knowledge_base.query_terms import analyse
from knowledge_base.search import KnowledgeBase
from knowledge_base.typed import repair


def generate(sample: Sample, subject: Subject, _: Setting) -> Any:
    """What was read: a text, a day (ISO, or None), places, or numbers and codes."""
    if not isinstance(subject, InProcess):
        raise EvalError(f"{subject.name} is not asked in this process: it cannot be seen reading.")
    knowledge = subject.assistant.knowledge
    match sample.kind:
        case "dates":
            day = day_asked(sample.text, sample.as_of)
            return day.isoformat() if day else None
        case "places":
            return _places(sample.text, knowledge)
        case "codes":
            return _codes(sample.text, knowledge)
        case _:
            return _meant(sample.text, knowledge)


def _meant(text: str, knowledge: KnowledgeBase) -> str:
    """As the search reads it, before formal abbreviations are written out."""
    restorer = knowledge.opened().restorer
    reader = restorer.reader if restorer else None
    return repair(text, extra=knowledge.settings.abbreviations, reader=reader).text


def _places(text: str, knowledge: KnowledgeBase) -> dict[str, list[str]]:
    """Today's provinces, and where the former wards that are named lie today."""
    meant = knowledge.as_spoken(text)
    units = understand(text, meant).old_units
    provinces = [place.province.name for place in mentioned(meant)]
    provinces += [unit.province.name for unit in units]
    return {
        "provinces": list(dict.fromkeys(provinces)),
        "now": list(dict.fromkeys(name for unit in units for name in unit.now)),
    }


def _codes(text: str, knowledge: KnowledgeBase) -> dict[str, list[str]]:
    """What is looked up: "30/2020/nd-cp" where the number is whole, "30/2020/nd" by its kind."""
    terms = analyse(text, knowledge.opened().restorer, knowledge.settings.abbreviations)
    named = terms.citation
    return {
        "numbers": [keys[0].replace("|", "/") for keys in named.asked],
        "codes": list(named.codes),
        "articles": list(named.articles),
    }
