"""Read which documents, articles and clauses a question names, and what it asks of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.as_of import today
from assistant.law.question import Intent, day_beside, read
from assistant.vocabulary import Draft
from knowledge_base.search import KnowledgeBase


@dataclass(frozen=True, slots=True)
class ReadLawQuestion:
    """Leaves what it read in ``verdicts["law"]``; a question that names no law goes on as it is."""

    knowledge: KnowledgeBase

    def __call__(self, draft: Draft) -> Draft:
        library = self.knowledge.library(draft.question.scope)
        if library is None or draft.understood.english or draft.card is not None:
            return draft
        found = read(draft, library)
        if found.intent is Intent.NONE:
            return draft
        # "Nghị định 30/2041/NĐ-CP ngày 20/11/2041": the day of issue is not the day asked about;
        # "… trước ngày 15/05/2043" is, though it stands behind a decree.
        asked = draft.question.as_of or today()
        day = day_beside(found.text, found, library, asked) or asked
        if day != draft.as_of:
            draft = replace(draft, as_of=day)
            found = read(draft, library)
        return replace(draft, verdicts={**draft.verdicts, "law": found})
