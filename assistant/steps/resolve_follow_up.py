"""Put back what a follow-up leaves out: "còn lệ phí?" after an answer on passports."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.old_places import asks_what_became, beside_units
from assistant.procedures import Procedures
from assistant.tables import Phrase
from assistant.vocabulary import Draft, Status, Turn
from knowledge_base.documents import ProcedureCard

_ANSWERED = (Status.ANSWERED, Status.ANSWERED_PARTLY)
#: A name this well said is a new subject, whatever was talked about before.
_NEW_SUBJECT = 0.62
_OPENERS = tuple(
    Phrase(tuple(words.split()))
    for words in ("thế", "vậy", "còn", "nếu", "thì sao", "what about", "and")
)


@dataclass(frozen=True, slots=True)
class ResolveFollowUp:
    """Only answered turns count: a refusal is nothing to build on."""

    procedures: Procedures

    def __call__(self, draft: Draft) -> Draft:
        turn = last_answered(draft.question.history)
        if turn is None:
            return draft
        card = self.procedures.card(turn.card_code) if turn.card_code else None
        if card is None or not self._continues(draft, card):
            return draft
        slots = draft.understood.slots or turn.slots
        return replace(
            draft,
            standalone=f"{card.short_name}: {draft.text}",
            card=card,
            slots=slots,
            verdicts={**draft.verdicts, "follow_up_of": card.code},
        )

    def _continues(self, draft: Draft, card: ProcedureCard) -> bool:
        said = draft.understood
        if said.document_numbers or said.procedure_codes or asks_what_became(said):
            return False
        content = beside_units(said)  # "thế ở quận 1 thì sao?" goes on about the same
        best = self.procedures.match(said.subject, said.content)
        if best and best[0].code != card.code and best[0].score >= _NEW_SUBJECT:
            return False
        if not content:
            return bool(said.slots) or opens_as_follow_up(said.syllables)
        if not said.slots and not opens_as_follow_up(said.syllables):
            return False
        known = self.procedures.words_of(card)
        strange = [word for word in content if not known.knows(word)]
        return len(strange) * 2 <= len(content) and len(content) <= 5


def last_answered(history: tuple[Turn, ...]) -> Turn | None:
    """The latest turn that was answered."""
    return next((turn for turn in reversed(history) if turn.status in _ANSWERED), None)


def opens_as_follow_up(spoken: tuple[str, ...]) -> bool:
    """Whether a question starts (or ends) the way follow-ups do."""
    return any(phrase.at(spoken[:2]) == 0 or phrase.at(spoken[-2:]) >= 0 for phrase in _OPENERS)
