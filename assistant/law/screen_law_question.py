"""Screening for who works with the law: to ask what an article on bribery says is no bribe."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.law.question import documents_in
from assistant.steps.screen_question import ScreenQuestion
from assistant.vocabulary import Draft, Ending, Status
from knowledge_base.law.references import places_in
from knowledge_base.search import KnowledgeBase


@dataclass(frozen=True, slots=True)
class ScreenLawQuestion:
    """As everywhere; only that a question which names an article of a law is not refused as unsafe.

    A crisis, personal data and what is no text end the way here, too.
    """

    screen: ScreenQuestion
    knowledge: KnowledgeBase

    def __call__(self, draft: Draft) -> Draft | Ending:
        found = self.screen(draft)
        if isinstance(found, Ending) and found.status is Status.REFUSED_UNSAFE:
            text = found.draft.text
            library = self.knowledge.library(draft.question.scope) if places_in(text) else None
            if library is not None and documents_in(text, library, draft.as_of):
                return found.draft
        return found
