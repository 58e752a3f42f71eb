"""Put back what a follow-up leaves out: "còn lệ phí?" after an answer on passports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.asked import ELIGIBILITY, slots_asked
from assistant.choices import by_label, by_number, by_words, cards_of, offer, offered
from assistant.confidence import CardWords
from assistant.old_places import asks_what_became, beside_units
from assistant.procedures import Procedures
from assistant.referring import Reference, reference
from assistant.replies import Replies
from assistant.vocabulary import Draft, Ending, Status, Turn
from knowledge_base.card_text import card_lines
from knowledge_base.documents import ProcedureCard
from knowledge_base.vietnamese import tokens

_ANSWERED = (Status.ANSWERED, Status.ANSWERED_PARTLY)
#: A name this well said is a new subject, whatever was talked about before.
_NEW_SUBJECT = 0.62
_FEW = 5  # content syllables of a message that leans on another
#: What a name must share with that of the procedure before to be the same matter in another case.
_ALIKE = 0.45
_ASIDE = re.compile(r"\([^()]*\)")
#: The share of a message that a line of the card must have to be what is asked for.
_SAYS = 0.6
_LAW = "law:"


@dataclass(frozen=True, slots=True)
class ResolveFollowUp:
    """Only answered turns count, and choices just offered: a refusal is nothing to build on."""

    procedures: Procedures
    replies: Replies

    def __call__(self, draft: Draft) -> Draft | Ending:
        history = draft.question.history
        if not history:
            return draft
        refers = reference(draft.understood)
        last = offered(history)
        if last is not None and (chosen := self._chosen(draft, refers, last)):
            return chosen
        turn = last_answered(history)
        if turn is None or (last is not None and last.status is Status.CLARIFY):
            return draft
        if refers.back and (earlier := self._earlier(refers, history)):
            return self._about(draft, earlier, refers, turn)
        card = self.procedures.card(turn.card_code) if turn.card_code else None
        if card is None:
            return self._of_document(draft, refers, turn)
        if not self._continues(draft, refers, card):
            asks_alike = not draft.understood.slots and (refers.corrects or refers.opens)
            return self._elsewhere(draft, refers, turn) if asks_alike else draft
        if other := self._named_instead(refers, card):
            return self._about(draft, other, refers, turn)
        if self._is_another_case(refers, card):
            return self._beside(draft, card, refers, turn)
        return self._about(draft, card, refers, turn)

    # --- choices ----------------------------------------------------------------------------

    def _chosen(self, draft: Draft, refers: Reference, turn: Turn) -> Draft | Ending | None:
        """The choice a message makes; the list again where it only asks on; None elsewhere."""
        must = turn.status is Status.CLARIFY
        cards = cards_of(turn.choices, self.procedures)
        place = by_number(tokens(draft.text), len(cards))
        if place is not None:
            return self._at(draft, place, cards, refers, turn)
        own = self.procedures.card(turn.card_code) if turn.card_code else None
        known = [card for card in (*cards, own) if card is not None]
        if (pressed := by_label(draft.text, known)) and pressed is not own:
            return self._about(draft, pressed, refers, turn)
        if not refers.content:
            asked = draft.understood.slots or refers.noun
            again = must and asked
            return offer(draft, turn.choices, asked, self.replies) if again else None
        card = by_words(refers.content, known, self.procedures, all_said=True)
        best = self._best_name(draft)
        elsewhere = best is not None and all(each.code != best[0] for each in known)
        if best and elsewhere and best[1] >= _NEW_SUBJECT and not (must and card):
            return None
        if card is None and must:
            card = by_words(refers.content, known, self.procedures)
        return self._about(draft, card, refers, turn) if card and card is not own else None

    def _at(
        self,
        draft: Draft,
        place: int,
        cards: Sequence[ProcedureCard | None],
        refers: Reference,
        turn: Turn,
    ) -> Draft | Ending | None:
        """The choice at a place; questions that were suggested are of the procedure before."""
        card = cards[place - 1] if place else None
        if card is not None:
            return self._about(draft, card, refers, turn)
        own = self.procedures.card(turn.card_code) if turn.card_code else None
        if place and own is not None:
            slots = slots_asked(tokens(turn.choices[place - 1]))
            return replace(self._about(draft, own, refers, turn), slots=slots or turn.slots)
        if turn.status is Status.CLARIFY:
            return offer(draft, turn.choices, turn.slots, self.replies)
        return None

    # --- a procedure ------------------------------------------------------------------------

    def _about(self, draft: Draft, card: ProcedureCard, refers: Reference, turn: Turn) -> Draft:
        """``draft`` as a question on ``card``."""
        return replace(
            draft,
            standalone=f"{card.short_name}: {draft.text}",
            card=card,
            slots=self._slots(draft, card, refers, turn),
            verdicts={**draft.verdicts, "follow_up_of": card.code},
        )

    def _slots(
        self, draft: Draft, card: ProcedureCard, refers: Reference, turn: Turn
    ) -> tuple[str, ...]:
        slots = draft.understood.slots or refers.noun
        if slots == (ELIGIBILITY,) and refers.there:
            return ("where",)  # "đang ở Huế thì làm ở đó được không?"
        if slots == ("online",) and refers.opens and not refers.asks:
            return tuple(dict.fromkeys((*turn.slots, "online")))  # "thế nộp online?" after the fee
        if slots:
            return slots
        if card.code == turn.card_code and not (refers.opens or refers.corrects):
            return tuple(self._slots_saying(card, refers.content)) or turn.slots
        return turn.slots

    def _slots_saying(self, card: ProcedureCard, content: Sequence[str]) -> Iterator[str]:
        """The slot whose lines have most of what is said, where they have enough of it."""
        total = sum(map(self.procedures.weight, set(content)))
        best: tuple[float, str] = (0.0, "")
        for line in card_lines(card):
            if line.slot in ("summary", "sources"):
                continue
            there = set(tokens(line.text))
            share = sum(self.procedures.weight(w) for w in set(content) if w in there)
            best = max(best, (share, line.slot), key=lambda pair: pair[0])
        if total and best[0] >= _SAYS * total:
            yield best[1]

    def _continues(self, draft: Draft, refers: Reference, card: ProcedureCard) -> bool:
        said = draft.understood
        if said.document_numbers or said.procedure_codes or asks_what_became(said):
            return False
        units = {*said.content} - {*beside_units(said)}
        content = [word for word in refers.content if word not in units]
        leans = refers.opens or refers.refers or refers.corrects
        best = self._best_name(draft, content if refers.moved else None)
        if content and best and best[0] != card.code and best[1] >= _NEW_SUBJECT:
            return leans and self._is_alike(card, best[0]) and len(content) <= _FEW
        if not content:
            return bool(said.slots or refers.noun) or leans
        if refers.refers or refers.corrects:
            return len(content) <= _FEW + 1
        if not said.slots and not refers.opens:
            return False
        known = self.procedures.words_of(card)
        strange = [word for word in content if not known.knows(word)]
        alike = len(strange) * 2 <= len(content) or (refers.opens and not said.slots)
        return alike and len(content) <= _FEW

    def _best_name(
        self, draft: Draft, content: Sequence[str] | None = None
    ) -> tuple[str, float] | None:
        """The procedure that the words of a message name best, and how well."""
        said = draft.understood
        subject, core = (said.subject, said.content) if content is None else (content, content)
        best = self.procedures.everything.match(tuple(subject), tuple(core))
        return (best[0].code, best[0].score) if best else None

    def _is_alike(self, card: ProcedureCard, code: str) -> bool:
        """Whether another procedure has most words of the name of ``card``."""
        other = self.procedures.card(code)
        return other is not None and self._likeness(card, other) >= _ALIKE

    def _likeness(self, card: ProcedureCard, other: ProcedureCard) -> float:
        """The share of the name of ``card`` that another's names have."""
        name = _name(card)
        mass = sum(map(self.procedures.weight, name))
        words = self.procedures.words_of(other)
        both = sum(self.procedures.weight(w) for w in name if words.names_it(w))
        return both / mass if mass else 0.0

    def _is_another_case(self, refers: Reference, card: ProcedureCard) -> bool:
        """Whether words are said that the names of ``card`` lack ("thế trẻ em thì sao?")."""
        words = self.procedures.words_of(card)
        leans = refers.opens or refers.corrects
        return leans and any(not words.names_it(word) for word in refers.content)

    def _named_instead(self, refers: Reference, card: ProcedureCard) -> ProcedureCard | None:
        """The procedure like ``card`` that is named in its place ("còn khai tử?" after births)."""
        if not (refers.opens or refers.corrects) or not refers.content:
            return None
        own = self.procedures.words_of(card)
        if all(own.names_it(word) for word in refers.content):
            return None
        named: list[tuple[float, ProcedureCard]] = []
        for match in self.procedures.match(refers.content, refers.content):
            other = self.procedures.card(match.code)
            if other is None or other.code == card.code or match.score < _NEW_SUBJECT:
                continue
            words = self.procedures.words_of(other)
            if all(words.names_it(word) for word in refers.content):
                named.append((self._said_of(other, refers.content, own), other))
        return max(named, key=lambda pair: pair[0])[1] if named else None

    def _said_of(self, other: ProcedureCard, content: Sequence[str], own: CardWords) -> float:
        """The share of a procedure's name that is said, or that it has in common with ``own``."""
        name = _name(other)
        weight = self.procedures.weight
        said = sum(weight(w) for w in name if w in content or own.names_it(w))
        return said / (sum(map(weight, name)) or 1.0)

    def _elsewhere(self, draft: Draft, refers: Reference, turn: Turn) -> Draft:
        """The same asked of something else; of a correction, what is meant is what counts."""
        if not (refers.corrects and refers.content):
            return replace(draft, slots=turn.slots)
        meant = tuple(refers.content)
        said = replace(draft.understood, subject=meant, content=meant)
        return replace(draft, standalone=" ".join(meant), understanding=said, slots=turn.slots)

    def _beside(self, draft: Draft, card: ProcedureCard, refers: Reference, turn: Turn) -> Draft:
        """``draft`` as a question on the matter of ``card`` in the case that is named now."""
        name = _name(card)
        said = replace(
            draft.understood,
            syllables=(*name, *draft.understood.syllables),
            subject=(*name, *refers.content),
            content=tuple(dict.fromkeys((*name, *refers.content))),
        )
        return replace(
            draft,
            standalone=" ".join(said.subject),
            understanding=said,
            slots=self._slots(draft, card, refers, turn),
            verdicts={**draft.verdicts, "follow_up_of": card.code},
        )

    def _earlier(self, refers: Reference, history: Sequence[Turn]) -> ProcedureCard | None:
        """The latest procedure of the conversation whose names have what is said."""
        for turn in reversed(history):
            card = self.procedures.card(turn.card_code) if turn.card_code else None
            if card is None or not refers.content:
                continue
            words = self.procedures.words_of(card)
            if all(words.names_it(word) for word in refers.content):
                return card
        return None

    # --- a document -------------------------------------------------------------------------

    def _of_document(self, draft: Draft, refers: Reference, turn: Turn) -> Draft:
        """A question on the law just quoted: "nó áp dụng từ khi nào?"."""
        number = turn.document_id.removeprefix(_LAW)
        said = draft.understood
        if not turn.document_id.startswith(_LAW) or "/" not in number or said.document_numbers:
            return draft
        best = self._best_name(draft)
        if not refers.refers or (best and best[1] >= _NEW_SUBJECT) or len(refers.content) > _FEW:
            return draft
        return replace(
            draft,
            standalone=f"{number} {draft.standalone}",
            understanding=replace(said, document_numbers=(number,)),
            verdicts={**draft.verdicts, "follow_up_of": turn.document_id},
        )


def last_answered(history: tuple[Turn, ...]) -> Turn | None:
    """The latest turn that was answered."""
    return next((turn for turn in reversed(history) if turn.status in _ANSWERED), None)


def _name(card: ProcedureCard) -> list[str]:
    """The syllables of a procedure's name, each once, without the case in brackets."""
    return list(dict.fromkeys(tokens(_ASIDE.sub(" ", card.short_name))))
