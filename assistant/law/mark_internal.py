"""Say of every quote of a text that is not for everybody that it is internal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.law.lines import INTERNAL, internal
from assistant.vocabulary import Draft
from knowledge_base.search import KnowledgeBase

NOTICE = "Nguồn ghi “(nội bộ)” chỉ dùng trong cơ quan: không gửi cho người dân, không đưa ra ngoài."


@dataclass(frozen=True, slots=True)
class MarkInternal:
    """Also the quotes that the search found."""

    knowledge: KnowledgeBase

    def __call__(self, draft: Draft) -> Draft:
        lines = []
        for line in draft.lines:
            document = self.knowledge.document(line.citation.document_id, draft.question.scope)
            citation = internal(line.citation, document) if document else line.citation
            lines.append(replace(line, citation=citation))
        marked = any(line.citation.title.endswith(INTERNAL) for line in lines)
        notices = (*draft.notices, NOTICE) if marked else draft.notices
        return replace(draft, lines=tuple(lines), notices=notices)
