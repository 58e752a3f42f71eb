"""The answer on a legal matter of a citizen: what the law says, until when, where to go."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.as_of import today
from assistant.legal_support.support import LegalSupport
from assistant.steps.decide_answerability import hard_slots
from assistant.tables import table
from assistant.vocabulary import Draft

#: Reasons that leave no doubt that a procedure is meant.
_CERTAIN = ("code", "follow-up", "name")


#: Slots that a matter fills as well: what to do, and by which law.
_OF_MATTERS = frozenset({"steps", "legal_basis"})


@dataclass(frozen=True, slots=True)
class ComposeMatter:
    """Before the gate: a matter has sources of its own, and needs no search."""

    support: LegalSupport | None  # none where a profile is for a part of what there is

    def __call__(self, draft: Draft) -> Draft:
        said = draft.understood
        if self.support is None or said.english:
            return draft
        if said.document_numbers or said.articles or said.procedure_codes:
            return draft
        now = draft.question.as_of or today()
        told = self.support.about(draft, now)
        if told is None or self._procedure_meant(draft, firm=self.support.is_firm(told)):
            return draft
        return told

    def _procedure_meant(self, draft: Draft, *, firm: bool) -> bool:
        """Whether a procedure is asked for so surely that the matter gives way."""
        best = draft.candidates[0] if draft.candidates else None
        if best is None:
            return False
        if best.reason in _CERTAIN:
            return True
        gate: dict[str, float] = table("gate")
        if hard_slots(draft) - _OF_MATTERS:
            return best.score >= gate["matter_below_asked"]
        return not firm and best.score >= gate["matter_below"]
