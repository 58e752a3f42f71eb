"""Whether a found passage of a law holds on a day, by everything the record knows of that law.

Days of a passage are those of its own document. That another text repealed the
article, or replaced the whole, stands in that other text: so the graph is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from knowledge_base.documents import DocumentKind, Passage
from knowledge_base.law.graph import Graph
from knowledge_base.law.keys import document_key
from knowledge_base.law.validity import Event, Verdict, validity_of
from knowledge_base.store import Record

_ARTICLE = re.compile(r"Điều\s+(\d+[a-zđ]{0,2})\b")


def standing(record: Record | None, passage: Passage, on: date) -> Verdict:
    """The verdict for a passage; one that is of no law has only its own days."""
    of_law = passage.kind is DocumentKind.LAW or passage.article
    key = document_key(passage.number) if of_law else ""
    events: Iterable[Event] = ()
    if key and record is not None:
        codified = bool(passage.article)
        events = touching(Graph(record).events(key), article_of(passage), codified=codified)
    return validity_of(passage.effective_from, passage.effective_to, events, on)


def article_of(passage: Passage) -> str:
    """The label of the article a passage is of ("5", "12a"), or the empty string."""
    if passage.article:
        return passage.article
    found = (_ARTICLE.match(step) for step in reversed(passage.path))
    return next((match[1] for match in found if match), "")


def touching(
    events: Iterable[tuple[str, Event]], article: str, *, codified: bool
) -> Iterator[Event]:
    """Events of one article: its own, and those of the whole document that are not told apart."""
    known = list(events)
    told = {event.by for label, event in known if label and event.included}
    for label, event in known:
        if label and label == article:
            # What changed a law is in the codified text of it, and in no other.
            yield event if codified else replace(event, included=False)
        elif not label and not (event.kind == "amended_by" and event.by in told):
            yield event
