"""Last look: the wording once more as a whole, and every citation against the stored text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from knowledge_base.search import KnowledgeBase

from assistant.citing import holds
from assistant.replies import Replies
from assistant.verification import Evidence, sentences
from assistant.vocabulary import Draft, Ending, Status


@dataclass(frozen=True, slots=True)
class VerifyAnswer:
    """A line whose citation does not hold is dropped; without lines there is no answer."""

    knowledge: KnowledgeBase
    replies: Replies

    def __call__(self, draft: Draft) -> Draft | Ending:
        lines = tuple(
            line
            for line in draft.lines
            if holds(
                line.citation, self.knowledge.version(line.citation.sha256, draft.question.scope)
            )
        )
        if not lines:
            return Ending(
                replace(draft, lines=()), Status.NO_SOURCE, self.replies.status(Status.NO_SOURCE)
            )
        evidence = Evidence((line.citation.quote for line in lines), draft.standalone)
        kept = [part for part in sentences(draft.wording) if evidence.check(part).passed]
        return replace(draft, lines=lines, wording=" ".join(kept))
