"""What a conversation makes of a decision: a yes needs something it says yes to.

The same for Rasa and for the rules: what is pending, which list was shown, and
what has to be asked first is known here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.choices import by_number, cards_of
from assistant.dialogue.cases import beside_case, case_slots, chosen_case, kept_case, to_ask
from assistant.dialogue.decision import Choice, Decision, DecisionKind
from assistant.dialogue.direct import Read
from assistant.dialogue.ports import Spoken
from assistant.dialogue.reading import after_correction, instead_of, turn_intent
from assistant.dialogue.replies import reasons
from assistant.dialogue.state import ConversationState, Heard, Offer
from assistant.procedures import Procedures
from assistant.steps.resolve_follow_up import last_answered
from assistant.vocabulary import Status, Understanding
from knowledge_base.vietnamese import fold, tokens

#: More than this is no choice from a list, in characters.
LONGEST_CHOICE = 200
#: How the payload of a button of ours begins; then the id of its offer, then its place.
PRESS = "chon"
#: More syllables than these that carry something, and a question, is no answer to a case.
_MOST_BESIDE = 4
#: A name this well said is a procedure of its own.
_NAMED = 0.62
#: Turns between a question back and its answer.
_BESIDE_IT = (Status.SMALL_TALK, Status.OUT_OF_SCOPE, Status.NO_SOURCE, Status.CRISIS)
#: Talk that the answer to a question back may be taken for.
_TALK = ("chitchat", "inform", "thank", "greet", "correct")
#: The slot that keeps which life event was told.
EVENT = "life_event_told"
_DELETES, _KEEPS = {"xoa"}, {"khong", "ko", "dung", "thoi", "giu"}


@dataclass(frozen=True, slots=True)
class Settled:
    """The decision as it is carried out, on what was ``heard``.

    ``asks`` is the sentence of a question back, ``slots`` what the question it
    interrupts was after; ``spoken`` what is said where that is known already.
    """

    decision: Decision
    heard: Heard
    asks: str = ""
    slots: tuple[str, ...] = ()
    spoken: Spoken | None = None


def pressed_words(heard: Heard, state: ConversationState) -> str | None:
    """The words that a pressed button stands for; "" where it is not known; None without one."""
    if not heard.payload:
        return None
    kind, _, rest = heard.payload.partition(":")
    offer_id, _, place = rest.partition(":")
    offer = state.offer(offer_id) if kind == PRESS else None
    if offer is None or not place.isdecimal() or int(place[:3]) >= len(offer.meanings):
        return heard.text if heard.text.strip() else ""
    return offer.meanings[int(place[:3])]


def placed_words(heard: Heard, state: ConversationState, procedures: Procedures) -> str | None:
    """The words of a suggestion named by its number, where it is no procedure."""
    last = state.offers[-1] if state.offers and state.turns else None
    if last is None or state.pending:
        return None
    place = by_number(tokens(heard.text[:LONGEST_CHOICE]), len(last.titles))
    if not place:
        return None
    if state.turns[-1].status is Status.SMALL_TALK and last.turn == state.count:
        return last.meanings[place - 1]  # a list that talk brought: nobody else knows it
    if cards_of([last.titles[place - 1]], procedures)[0]:
        return None
    # A list of cases is resolved by the assistant, as a list of procedures is.
    return None if state.turns[-1].status is Status.CLARIFY else last.meanings[place - 1]


def settle(
    decision: Decision,
    heard: Heard,
    read: Read,
    state: ConversationState,
    procedures: Procedures,
) -> Settled:
    """``decision`` in this conversation."""
    if state.pending and (answered := _pending(decision, heard, state.pending)):
        return Settled(answered, heard)
    last = state.turns[-1] if state.turns else None
    listed = last is not None and last.status is Status.CLARIFY and bool(last.choices)
    denies = decision.kind is DecisionKind.SAY and decision.reply == "deny"
    said = _case_said(read, state, procedures) if denies else None  # "chưa có" may be a case
    if not said and decision.kind is DecisionKind.SAY and decision.reply in ("affirm", "deny"):
        return Settled(_yes_or_no(decision, listed, state), heard)
    if _may_be_case(decision) and _case_said(read, state, procedures):
        decision = replace(decision, kind=DecisionKind.ANSWER, journey="", reply="")
    if decision.kind is not DecisionKind.ANSWER and not said:
        return Settled(decision, heard)
    if decision.intent == "choose" and not listed and _beyond(heard, state):
        return Settled(_say(decision, "choose_none"), heard)
    if said := said or _case_said(read, state, procedures):
        question, slots = said
        slots = {**decision.slots, **slots}
        told = replace(decision, kind=DecisionKind.ANSWER, intent="inform", reply="")
        return Settled(replace(told, question=question, slots=slots), heard)
    if decision.intent == "correct" and listed:  # none of the list: a question of its own
        return Settled(replace(decision, question=after_correction(read.spoken)), heard)
    if read.understood is None or read.ends is not None or decision.intent == "choose":
        return Settled(decision, heard)
    event = instead_of(state.slots.get(EVENT, ""))
    if event and _asks_on(read.understood) and last_answered(state.turns) is None:
        return Settled(replace(decision, question=f"{event}: {heard.text}"), heard)
    asked = to_ask(read.understood, read.spoken, state.slots, procedures)
    if asked is None:
        kept = kept_case(read.understood, read.spoken, state.slots, procedures)
        question = f"{kept}: {decision.question or heard.text}" if kept else decision.question
        return Settled(replace(decision, question=question), heard)
    choices = tuple(map(Choice, asked.titles, asked.names))
    asking = replace(
        decision, kind=DecisionKind.ASK, asks=asked.slot, choices=choices, reason=asked.case
    )
    return Settled(asking, heard, asked.text, read.understood.slots)


def _beyond(heard: Heard, state: ConversationState) -> bool:
    """Whether there is no choice, or a number and nothing else is said, and not so many are."""
    if not state.offers:
        return True
    said = heard.text.strip().rstrip(".)")
    most = len(state.offers[-1].titles)
    return said.isdecimal() and len(said) <= 3 and not 1 <= int(said) <= most


def _asks_on(understood: Understanding) -> bool:
    """Whether something is asked and nothing named that it is asked of ("lệ phí?")."""
    return bool(understood.slots) and not understood.content


def _pending(decision: Decision, heard: Heard, pending: str) -> Decision | None:
    """What a message says to the question that was put last, if it says anything to it."""
    said = {fold(word) for word in tokens(heard.text[:LONGEST_CHOICE])}
    if pending == "delete":
        place = by_number(tokens(heard.text[:LONGEST_CHOICE]), 2)
        if said & _KEEPS or decision.intent == "deny" or place == 2:
            return _say(decision, "delete_kept")
        if said & _DELETES or decision.intent == "affirm" or place == 1:
            return _command(decision, "delete_my_data")
    if pending == "feedback" and len(said) <= 6:
        known = reasons()
        place = by_number(tokens(heard.text[:LONGEST_CHOICE]), len(known))
        folded = fold(" ".join(tokens(heard.text[:LONGEST_CHOICE])))
        reason = known[place - 1] if place else next((r for r in known if fold(r) == folded), "")
        if reason:
            return replace(_command(decision, "feedback_bad"), slots={"reason": reason})
    return None


def _yes_or_no(decision: Decision, listed: bool, state: ConversationState) -> Decision:
    if decision.reply == "deny":
        return _say(decision, "deny_list") if listed else decision
    if listed:
        titles: Sequence[str] = state.offers[-1].titles if state.offers else ()
        choices = tuple(Choice(title, title) for title in titles[:5])
        return replace(_say(decision, "affirm_list"), choices=choices)
    return decision if state.turns else _say(decision, "affirm_start")


def _case_said(
    read: Read, state: ConversationState, procedures: Procedures
) -> tuple[str, dict[str, str]] | None:
    """The procedure that a case just asked about means ("con mình 10 tuổi"), and its slot."""
    last = _case_asked(state)
    if last is None:
        return None
    if (u := read.understood) and u.slots and len(u.content) > _MOST_BESIDE:
        return None  # a question of its own
    if u and (beside := beside_case(last.asks, u.content)):
        best = procedures.everything.match(beside, beside)
        if best and best[0].score >= _NAMED and not _is_offered(best[0].code, last, procedures):
            return None  # about something else
    for spoken in read.spoken:
        found = chosen_case(last.asks, last.titles, spoken)
        if found and turn_intent([spoken]) in (None, "deny"):
            place, value = found
            meant = last.meanings[place]
            if u and u.slots:  # "một mình tôi thì phí bao nhiêu": what is asked now
                meant = f"{meant.partition(': ')[0]}: {read.text}"
            return meant, {last.asks: value}
    return None


def _may_be_case(decision: Decision) -> bool:
    """Whether what looks like something else may be the answer to a question back.

    "bị mất" to "mất hay đổi?" is no life event; a death is one wherever it is told.
    """
    if decision.kind is DecisionKind.JOURNEY:
        return decision.journey != "event_death"
    return decision.kind is DecisionKind.SAY and decision.reply in _TALK


def _is_offered(code: str, offer: Offer, procedures: Procedures) -> bool:
    card = procedures.card(code)
    return card is not None and any(card.short_name in meant for meant in offer.meanings)


def _case_asked(state: ConversationState) -> Offer | None:
    """The cases that are still to be chosen from; what was said beside it does not close it."""
    told = [turn for turn in state.turns if turn.status not in _BESIDE_IT]
    if not told or told[-1].status is not Status.CLARIFY:
        return None
    slots = case_slots()
    return next((offer for offer in reversed(state.offers) if offer.asks in slots), None)


def _say(decision: Decision, reply: str) -> Decision:
    return replace(decision, kind=DecisionKind.SAY, reply=reply, command="", journey="")


def _command(decision: Decision, command: str) -> Decision:
    return replace(
        decision, kind=DecisionKind.COMMAND, intent=command, command=command, reply="", journey=""
    )
