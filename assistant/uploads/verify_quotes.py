"""Last look: every quote against the document it is said to be from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.citing import holds
from assistant.uploads.vocabulary import Held
from assistant.uploads.words import say
from assistant.vocabulary import Draft, Ending, Status


@dataclass(frozen=True, slots=True)
class VerifyQuotes:
    """A line whose citation does not hold is dropped; without lines there is no answer."""

    documents: tuple[Held, ...]

    def __call__(self, draft: Draft) -> Draft | Ending:
        texts = {held.document.id: held.document.text for held in self.documents}
        lines = tuple(
            line
            for line in draft.lines
            if holds(line.citation, texts.get(line.citation.document_id))
        )
        if not lines:
            return Ending(replace(draft, lines=()), Status.NO_SOURCE, say("not_found"))
        return replace(draft, lines=lines)
