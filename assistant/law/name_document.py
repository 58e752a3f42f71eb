"""A number that stands for several documents, or for none: choices, or what is near."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.law.lines import internal
from assistant.law.question import Document, Intent, LawQuestion, asked
from assistant.numbered import sentences_ending
from assistant.replies import Replies
from assistant.vocabulary import Draft, Ending, Line, Status
from knowledge_base.law.keys import asked_numbers
from knowledge_base.law.library import Library, mentions
from knowledge_base.search import KnowledgeBase

_MOST = 5  # choices


@dataclass(frozen=True, slots=True)
class NameDocument:
    """Ends the way where it is not known which document is meant, or the record has it not.

    What guides a document can be told without having it; so can what others say ended it.
    """

    knowledge: KnowledgeBase
    replies: Replies

    def __call__(self, draft: Draft) -> Draft | Ending:
        found = asked(draft)
        if found is None or found.intent in (Intent.LIST, Intent.GUIDES):
            return draft
        if found.intent is Intent.WHICH:
            place = str(found.places[0]) if found.places else found.text
            text = f"Anh/chị hỏi {place} của văn bản nào? Ví dụ: “{place} Luật Cư trú”, "
            return Ending(draft, Status.CLARIFY, f"{text}“{place} Nghị định 30/2020/NĐ-CP”.")
        library = self.knowledge.library(draft.question.scope)
        if library is None:
            return draft
        for document in found.documents:
            if len(document.keys) > 1:
                return self._choices(draft, found, document, library)
            if not document.keys:
                return self._absent(draft, found, document, library)
        return draft

    def _choices(
        self, draft: Draft, found: LawQuestion, document: Document, library: Library
    ) -> Ending:
        names, asks = [], []
        for key in document.keys[:_MOST]:
            entry = library.names.entries.get(key)
            number = library.graph.written(key)
            names.append(f"{entry.title} ({number})" if entry else number)
            whole = found.text[: document.start] + number + found.text[document.end :]
            asks.append(whole if document.end else number)
        lines = [f"“{document.said}” có thể là nhiều văn bản. Anh/chị hỏi văn bản nào?"]
        lines += [f"{n}. {name}" for n, name in enumerate(names, 1)]
        return Ending(replace(draft, suggestions=tuple(asks)), Status.CLARIFY, "\n".join(lines))

    def _absent(
        self, draft: Draft, found: LawQuestion, document: Document, library: Library
    ) -> Draft | Ending:
        number = next((n for n in asked_numbers(document.said) if n.whole), None)
        told = tuple(_ended(library, number.key, document.said)) if number else ()
        if told and found.intent is Intent.STANDING:
            lead = self.replies.notice("told_by_others", number=document.said)
            return replace(draft, kind="law", lead=lead, lines=told)
        near = [library.graph.written(key) for key in document.near]
        hint = f" Số hiệu gần giống: {', '.join(near)}." if near else ""
        said = mentions(library.graph, document.said)
        text = f"Kho không có văn bản “{document.said}” nên không trả lời phỏng đoán.{said}{hint}"
        asks = tuple(
            found.text[: document.start] + name + found.text[document.end :] for name in near[:3]
        )
        ending = replace(draft, suggestions=asks if document.end else ())
        return Ending(ending, Status.NO_SOURCE, f"{text} {self.replies.human}")


def _ended(library: Library, key: str, said: str) -> list[Line]:
    """Sentences of stored documents that say they ended the one that is not here."""
    lines: list[Line] = []
    for edge in library.graph.incoming(key):
        document = library.document(edge.document_id)
        if document is not None and edge.kind in ("replaces", "repeals", "amends"):
            for line in sentences_ending(document, said):
                lines.append(replace(line, citation=internal(line.citation, document)))
                break
    return list({line.citation.quote_sha256: line for line in lines}.values())[:3]
