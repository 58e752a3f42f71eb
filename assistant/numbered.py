"""Documents asked for by a number that the search did not find: stored ones, and others.

Of a text that is not here, another may say that it replaced it, and since when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.citing import cite
from assistant.replies import Replies
from assistant.tables import first
from assistant.vocabulary import Draft, Line
from knowledge_base.documents import Document, Hit
from knowledge_base.query import Filter, Query
from knowledge_base.search import KnowledgeBase
from knowledge_base.vietnamese import fold

_SENTENCE = re.compile(r"\S.*?(?:[.!?](?=\s|$)|$)", re.MULTILINE)
#: What a sentence says that ends another text (folded).
_ENDS = ("thay the", "bai bo", "het hieu luc", "khong con dung", "thay cho")
_MOST = 2  # sentences


def passages_numbered(draft: Draft, knowledge: KnowledgeBase) -> tuple[Hit, ...]:
    """Passages of stored documents of the numbers asked for, the best first."""
    graph = knowledge.graph()
    numbers = draft.understood.document_numbers
    ids = {stored for number in numbers for stored in (graph.ids(number) if graph else ())}
    if not ids:
        return ()
    within = Filter(document_ids=frozenset(ids), include_not_in_force=True)
    hits = knowledge.search(
        Query(draft.standalone),
        scope=draft.question.scope,
        as_of=draft.as_of,
        within=within,
        limit=6,
        gate=False,
    )
    return tuple(hit for hit in hits if hit.passage.slot != "sources")


def asks_whether_in_force(draft: Draft) -> bool:
    """Whether a question asks if a text holds, since when, until when, or what replaced it."""
    return first("routes", "in_force", draft.understood.syllables) is not None


def told_by_others(draft: Draft, knowledge: KnowledgeBase, replies: Replies) -> Draft | None:
    """The answer of other texts, where it is asked whether one that is not here is in force."""
    if not asks_whether_in_force(draft):
        return None
    lines = tuple(lines_on_ended(draft, knowledge))
    number = ", ".join(draft.understood.document_numbers)
    lead = replies.speaking(draft.understood.english).notice("told_by_others", number=number)
    answered = replace(draft, kind="told", lines=lines, lead=lead, hits=(), candidates=())
    return answered if lines else None


def lines_on_ended(draft: Draft, knowledge: KnowledgeBase) -> Iterator[Line]:
    """Sentences of stored documents that say they ended the one asked for, which is not here."""
    graph = knowledge.graph()
    for number in draft.understood.document_numbers:
        for stored in graph.ended_by(number) if graph else ():
            document = knowledge.document(stored, draft.question.scope)
            if document is not None:
                yield from sentences_ending(document, number)


def sentences_ending(document: Document, number: str) -> Iterator[Line]:
    """Sentences that name the number and an end, those first that name the document itself."""
    found = []
    for match in _SENTENCE.finditer(document.text):
        said = fold(match[0])
        if fold(number) in said and any(word in said for word in _ENDS):
            found.append((fold(document.number) not in said, match.start(), match))
    for _, _, match in sorted(found, key=lambda each: each[:2])[:_MOST]:
        citation = cite(document, match.start(), match.end(), (document.title,))
        yield Line("passage", " ".join(match[0].split()), citation)
