"""What another law said, or says, in place of a quoted one: by what replaced what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.citing import cite
from assistant.vocabulary import Draft, Line
from knowledge_base.documents import DocumentKind, Hit, Passage
from knowledge_base.law.graph import Graph
from knowledge_base.law.keys import document_key
from knowledge_base.query import Filter, Query
from knowledge_base.search import KnowledgeBase

_SENTENCES = re.compile(r"\S.*?[.!?;](?=\s|$)", re.DOTALL)
_LONGEST = 480  # characters of one quote
_MOST = 2  # quotes of the other law
#: Parts of bundled texts that are about the text itself.
_ABOUT_ITSELF = ("sources", "relations", "summary")


@dataclass(frozen=True, slots=True)
class Other:
    """A law that holds on the other day; ``lines`` are empty where its text is not stored."""

    part: str  # "then" | "now"
    number: str
    lines: tuple[Line, ...]


def other_day(
    passage: Passage, draft: Draft, first: date, now: date, knowledge: KnowledgeBase
) -> Other | None:
    """The law of the day ``first`` where the quoted one is younger; today's where it has ended."""
    graph = knowledge.graph()
    if graph is None or passage.kind is not DocumentKind.LAW or not passage.number:
        return None
    key = document_key(passage.number) or passage.number
    began = passage.effective_from
    if began is not None and first < began:
        part, day, numbers = "then", first, list(_replaced(graph, key))
    else:
        part, day, numbers = "now", now, list(_replacing(graph, key, now))
    if not numbers:
        return None
    found = [(number, _hits(number, draft, day, graph, knowledge)) for number in numbers]
    number, hits = max(found, key=lambda pair: pair[1][0].score if pair[1] else -1.0)
    return Other(part, number, tuple(_quoted(part, hits, draft, knowledge)))


def _replaced(graph: Graph, key: str) -> Iterator[str]:
    """Numbers of what a document replaced as a whole."""
    for edge in graph.outgoing(key):
        if edge.kind == "replaces" and not edge.target_article:
            yield edge.target
    for edge in graph.incoming(key):
        if edge.kind == "replaced_by" and not edge.source_article:
            yield edge.source


def _replacing(graph: Graph, key: str, now: date) -> Iterator[str]:
    """Numbers of what has replaced a document as a whole by ``now``."""
    for article, event in graph.events(key):
        if not article and event.kind == "replaced_by" and event.since and event.since <= now:
            yield event.by


def _hits(
    number: str, draft: Draft, day: date, graph: Graph, knowledge: KnowledgeBase
) -> tuple[Hit, ...]:
    ids = frozenset(graph.ids(number))
    if not ids:
        return ()
    hits = knowledge.search(
        Query(draft.standalone or draft.text),
        scope=draft.question.scope,
        as_of=day,
        within=Filter(document_ids=ids, include_not_in_force=True),
        limit=6,
        gate=False,
    )
    return tuple(hit for hit in hits if hit.passage.slot not in _ABOUT_ITSELF)[:_MOST]


def _quoted(
    part: str, hits: tuple[Hit, ...], draft: Draft, knowledge: KnowledgeBase
) -> Iterator[Line]:
    for hit in hits:
        passage = hit.passage
        document = knowledge.document(passage.document_id, draft.question.scope)
        if document is None or document.sha256 != passage.sha256:
            continue
        end = _until(document.text[passage.start : passage.end])
        citation = cite(document, passage.start, passage.start + end, passage.path)
        yield Line(part, " ".join(citation.quote.split()), citation)


def _until(text: str) -> int:
    """Where whole sentences end that are not too long together."""
    ends = [match.end() for match in _SENTENCES.finditer(text) if match.end() <= _LONGEST]
    return max(ends, default=min(len(text.rstrip()), _LONGEST))
