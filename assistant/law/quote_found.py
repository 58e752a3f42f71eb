"""What the search found in laws, quoted by whole clauses of its articles, with their standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.law.quote_provision import Told, lines_of, speaks_of, told_of
from assistant.vocabulary import Draft
from knowledge_base.documents import DocumentKind, Hit
from knowledge_base.law.keys import document_key
from knowledge_base.law.library import Library
from knowledge_base.law.references import Place
from knowledge_base.law.standing import article_of
from knowledge_base.search import KnowledgeBase

_MOST = 2  # articles in one answer
_AS_GOOD = 0.9  # of the best hit


@dataclass(frozen=True, slots=True)
class QuoteFound:
    """Before the passages of every question: a law is quoted by clauses, not by sentences.

    Of a law that is stored in several forms the fullest is quoted, whichever was found.
    """

    knowledge: KnowledgeBase

    def __call__(self, draft: Draft) -> Draft:
        if draft.kind != "document" or not draft.hits or draft.understood.english:
            return draft
        library = self.knowledge.library(draft.question.scope)
        told = self._told(draft, library) if library is not None else []
        if not told:
            return draft
        notices = tuple(dict.fromkeys(notice for each in told for notice in each.notices))
        return replace(
            draft,
            lead="\n".join(dict.fromkeys(each.lead for each in told)),
            lines=tuple(line for each in told for line in lines_of(each, alone=len(told) == 1)),
            notices=(*draft.notices, *notices),
        )

    def _told(self, draft: Draft, library: Library) -> list[Told]:
        told: list[Told] = []
        for key, label in _articles(draft.hits):
            law = library.law(key)
            if law is None or law.article(label) is None:
                return told  # the best of all is something else: the passages answer
            if not speaks_of(law, label, draft.understood.content):
                continue
            made = told_of(library, law, Place(label), draft.as_of, draft.understood.content)
            if not isinstance(made, str):
                told.append(made)
            if len(told) == _MOST:
                break
        return told


def _articles(hits: Sequence[Hit]) -> list[tuple[str, str]]:
    """The articles of the best hits, each once; none where the best hit is no article of a law."""
    found: list[tuple[str, str]] = []
    # What a summary says of a document as a whole is no provision of it.
    hits = [hit for hit in hits if hit.passage.slot not in ("sources", "relations", "summary")]
    for hit in hits:
        if hit.score < _AS_GOOD * hits[0].score:
            break
        key, label = document_key(hit.passage.number), article_of(hit.passage)
        of_law = hit.passage.kind is DocumentKind.LAW or hit.passage.article
        if not of_law or not key or not label:
            break
        if (key, label) not in found:
            found.append((key, label))
    return found
