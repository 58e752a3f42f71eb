"""Last look: the wording once more as a whole, and every citation against the stored text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.citing import holds
from assistant.replies import Replies
from assistant.steps.phrase_answer import evidence_of
from assistant.verification import sentences
from assistant.vocabulary import Draft, Ending, Status
from knowledge_base.search import KnowledgeBase


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
        evidence = evidence_of(replace(draft, lines=lines))
        kept = [part for part in sentences(draft.wording) if evidence.check(part).passed]
        return replace(draft, lines=lines, wording=" ".join(kept))
