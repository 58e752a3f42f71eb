"""Send the deterministic answer on its way before any model is asked."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from assistant.finish import Finisher
from assistant.vocabulary import AnswerEvent, Draft, Ending, EventKind, Status


@dataclass(frozen=True, slots=True)
class ShowCard:
    """One ``card`` event carrying the whole answer as it would stand without a model."""

    finisher: Finisher

    def __call__(self, draft: Draft) -> Generator[AnswerEvent, None, Draft | Ending]:
        if not draft.lines:
            return Ending(draft, Status.NO_SOURCE, self.finisher.replies.status(Status.NO_SOURCE))
        yield AnswerEvent(
            EventKind.CARD, self.finisher.deterministic(Ending(draft, Status.ANSWERED))
        )
        return draft
