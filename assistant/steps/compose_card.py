"""The deterministic answer of a procedure: its lines on the slots asked for, each cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.asked import TOLD_BY, VALIDITY
from assistant.citing import cite
from assistant.claims import wrong_offices
from assistant.english import line_in_english
from assistant.notes import tells
from assistant.old_places import REFORM, cited_places, place_lines
from assistant.procedures import Procedures
from assistant.replies import Replies, day
from assistant.vocabulary import Amount, Draft, Line
from knowledge_base.card_text import HEADINGS, card_lines
from knowledge_base.documents import (
    Document,
    FeeState,
    ProcedureCard,
    TimeUnit,
    Validity,
    validity_on,
)
from knowledge_base.search import KnowledgeBase
from knowledge_base.wording import UNIT, money, number

_FOLLOW_UPS = ("dossier", "fees", "times", "where", "steps")
#: Slots whose lines a person asking for another slot also needs to see.
_TOGETHER = {
    "fees": ("fees",),
    "where": ("where",),
    "online": ("online",),
    "authority": ("authority", "where"),
    **TOLD_BY,
}


@dataclass(frozen=True, slots=True)
class ComposeCard:
    """Lines, what is missing, what was wrong in the question, and notices."""

    knowledge: KnowledgeBase
    procedures: Procedures
    replies: Replies

    def __call__(self, draft: Draft) -> Draft:
        card = draft.card
        if draft.kind != "procedure" or card is None:
            return draft
        document = self._document(card.code, draft)
        if document is None:
            return draft
        english = draft.understood.english
        replies = self.replies.speaking(english)
        places = tuple(cited_places(draft, replies, self.knowledge))
        lines = (
            *self._lines(card, document, draft.slots, english=english),
            *self._notes(card, document, draft),
            *self._lines_on_others(draft),
            *places,
        )
        missing = tuple(slot for slot in draft.slots if _is_missing(slot, card))
        unread = tuple(slot for slot in draft.slots if slot in card.unreadable)
        return replace(
            draft,
            lead=self._lead(draft, card, places),
            lines=lines,
            missing=(*missing, *unread),
            notices=(*draft.notices, *self._notices(draft, card, missing, unread)),
            suggestions=(*self._follow_ups(draft, card), *draft.suggestions),
        )

    def _document(self, code: str, draft: Draft) -> Document | None:
        found = (
            self.knowledge.document(f"{source}:{code}", draft.question.scope)
            for source in ("procedure", "portal")
        )
        return next((document for document in found if document), None)

    def _lines_on_others(self, draft: Draft) -> Iterator[Line]:
        """What was asked of other procedures in the same message."""
        for code, slots in draft.also:
            card, document = self.procedures.card(code), self._document(code, draft)
            if card is None or document is None:
                continue
            in_force = validity_on(card.valid_from, card.valid_to, draft.as_of)
            if in_force is not Validity.NOT_IN_FORCE:
                yield from self._lines(card, document, slots, english=False)

    def _notes(self, card: ProcedureCard, document: Document, draft: Draft) -> Iterator[Line]:
        """Notes that belong to the answer, where notes are not shown anyway."""
        if any("notes" in _TOGETHER.get(slot, (slot,)) for slot in draft.slots):
            return
        for line in self._lines(card, document, ("notes",), english=draft.understood.english):
            quote = line.citation.quote
            if line.slot == "notes" and tells(quote, draft.slots, draft.understood, draft.as_of):
                yield line

    def _lines(
        self, card: ProcedureCard, document: Document, slots: Sequence[str], *, english: bool
    ) -> Iterator[Line]:
        wanted = [s for slot in slots for s in _TOGETHER.get(slot, (slot,))]
        spans = card_lines(card)
        for slot in dict.fromkeys(("summary", *wanted)):
            of_slot = [line for line in spans if line.slot == slot]
            if slot == "summary":
                of_slot = of_slot[:1]
            for line in of_slot:
                # A line that has drifted from the stored text cannot be cited, so it is left out.
                if document.text[line.start : line.end] == line.text:
                    said = line_in_english(card, line) if english else line.text
                    citation = cite(document, line.start, line.end, (HEADINGS[slot],))
                    yield Line(slot, said, citation)

    def _lead(self, draft: Draft, card: ProcedureCard, places: Sequence[Line]) -> str:
        replies = self.replies.speaking(draft.understood.english)
        parts = [
            correction(replies, _comparable(draft), card),
            *_wrong_offices(replies, draft, card),
            *place_lines(draft, replies, cited=places),
        ]
        return " ".join(part for part in parts if part)

    def _notices(
        self, draft: Draft, card: ProcedureCard, missing: Sequence[str], unread: Sequence[str]
    ) -> Iterator[str]:
        replies = self.replies.speaking(draft.understood.english)
        for notice, slots in (("missing", missing), ("unreadable", unread)):
            if slots:
                names = ", ".join(replies.slot(slot) for slot in slots)
                yield replies.notice(notice, slots=names)
        checked = card.source_of("all").checked_on
        if card.valid_from is None and checked and draft.as_of < checked:
            yield replies.notice(
                "validity_unknown", checked_on=day(checked), as_of=day(draft.as_of)
            )
        if draft.as_of < REFORM:
            yield replies.notice("before_reform")

    def _follow_ups(self, draft: Draft, card: ProcedureCard) -> tuple[str, ...]:
        if draft.understood.english:
            return ()
        left = [
            slot for slot in _FOLLOW_UPS if slot not in draft.slots and slot not in card.unknown
        ]
        asked = [self.replies.suggestion(slot) for slot in left]
        return tuple(text for text in asked if text)[:3]


def _is_missing(slot: str, card: ProcedureCard) -> bool:
    """Whether the source says nothing of a slot, or of any of those that tell it together."""
    told_by = [each for each in TOLD_BY.get(slot, (slot,)) if each != "notes" or card.notes]
    return bool(told_by) and all(each in card.unknown for each in told_by)


def _comparable(draft: Draft) -> tuple[Amount, ...]:
    """Claims about what is answered: how long a paper is valid is no time the office takes."""
    slots = draft.slots
    return tuple(
        claim
        for claim in draft.understood.claims
        if ("fees" if claim.unit == "đồng" else "times") in slots
        and not (claim.unit != "đồng" and VALIDITY in slots)
    )


def _wrong_offices(replies: Replies, draft: Draft, card: ProcedureCard) -> Iterator[str]:
    """ "Không đúng là nộp ở UBND phường.", where the source speaks of no such office at all."""
    if "authority" in card.unknown or "where" in card.unknown:
        return
    told = f"{card.authority} {card.where}"
    for office in wrong_offices(draft.understood.offices, told):
        yield replies.notice("wrong_number", claimed=f"nộp ở {office}")


def correction(replies: Replies, claims: Sequence[Amount], card: ProcedureCard) -> str:
    """ "Không đúng là 500.000 đồng." or "Đúng là …", for figures the person put forward."""
    said = []
    for claim in claims:
        known = _known(card, claim.unit)
        slot = "fees" if claim.unit == "đồng" else "times"
        if not known or (slot in card.unreadable and claim.value not in known):
            continue  # what could not be read may be the very figure
        words = (
            money(int(claim.value))
            if claim.unit == "đồng"
            else f"{number(claim.value)} {claim.unit}"
        )
        said.append(
            replies.notice(
                "right_number" if claim.value in known else "wrong_number", claimed=words
            )
        )
    return " ".join(said)


def _known(card: ProcedureCard, unit: str) -> set[float]:
    """The figures the card has in the claim's place: fees for money, times for durations."""
    if unit == "đồng":
        fees = [fee for channel in card.channels for fee in channel.fees]
        known = {float(fee.amount) for fee in fees if fee.amount is not None}
        return known | {0.0 for fee in fees if fee.state is FeeState.FREE}
    times = [time for channel in card.channels for time in channel.times]
    same_unit = {t.amount for t in times if t.amount is not None and UNIT.get(t.unit) == unit}
    # "8 ngày" for "8 ngày làm việc" is not right, and must be answered as not right.
    return same_unit or {-1.0 for t in times if t.unit is not TimeUnit.SAME_DAY}
