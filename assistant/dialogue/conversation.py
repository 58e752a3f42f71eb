"""One way for every door: a message in, the events of what is said to it out."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace

from assistant.answering import Assistant
from assistant.choices import cards_of
from assistant.dialogue.decision import Choice, Decision, DecisionKind, decision_json
from assistant.dialogue.direct import DirectDialogue
from assistant.dialogue.in_order import InOrder
from assistant.dialogue.memory import Memory
from assistant.dialogue.notices import Notices
from assistant.dialogue.others import STEP, Others, stays
from assistant.dialogue.ports import Dialogue, Feedback, Journeys, Officers
from assistant.dialogue.reading import instead_of
from assistant.dialogue.settling import EVENT, PRESS, Settled, placed_words, pressed_words, settle
from assistant.dialogue.showing import shortened, with_sources
from assistant.dialogue.slash import command_in
from assistant.dialogue.speaking import OF_LAST_ANSWER, WITHOUT, Speaker, final_events
from assistant.dialogue.state import ConversationState, Heard, Offer
from assistant.dialogue.under_profile import kept, of_another
from assistant.errors import StateError
from assistant.procedures import Procedures
from assistant.steps.resolve_follow_up import last_answered
from assistant.vocabulary import Answer, AnswerEvent, EventKind, Question, Status, Turn

log = logging.getLogger(__name__)

#: Seconds that a message waits for the one before it in the same conversation.
_PATIENCE = 60.0
#: After this many questions in a row without an answer a person is offered.
_LOST = 2
_NO_ANSWER = (Status.NO_SOURCE, Status.OUT_OF_SCOPE, Status.FAILED_SEARCH, Status.SOURCE_EXPIRED)


class Conversation:
    """Decides, carries out, remembers. Safe to use from several threads at once."""

    def __init__(
        self,
        assistant: Assistant,
        dialogue: Dialogue,
        memory: Memory,
        *,
        officers: Officers | None = None,
        journeys: Journeys | None = None,
        feedback: Feedback | None = None,
        days: int = 30,
        patience: float = _PATIENCE,
        direct: DirectDialogue | None = None,
        notices: Notices | None = None,
        decided: Callable[[Decision], object] = lambda _: None,
        forgotten: Callable[[str], object] = lambda _: None,
        receipts: bool = True,
    ) -> None:
        """``decided`` hears of each decision as it is carried out, ``forgotten`` of who is
        deleted; without ``receipts`` answers leave none."""
        self._assistant = assistant
        self._dialogue = dialogue
        self._memory = memory
        self._others = Others(memory, officers, journeys, feedback, whole=self._sees_all)
        self._patience = patience
        self._notices = notices
        self._decided, self._forgotten, self._receipts = decided, forgotten, receipts
        self._direct = direct or DirectDialogue(assistant)
        self._speak = Speaker(assistant, days=days)
        self._order = InOrder()

    # --- what doors call --------------------------------------------------------------------

    def reply(self, heard: Heard) -> Iterator[AnswerEvent]:
        """The events of one message; the last is ``final``. Never raises for what was typed."""
        with self._order.turn(heard.conversation, self._patience) as mine:
            if not mine:
                yield from self._say("busy")
                return
            if heard.message and (turn := self._delivered(heard)):
                yield from final_events(self._speak.made(turn.answer, turn.status, turn.choices))
                return
            state = self._state(heard)
            settled = self._settled(heard, state)
            self._decided(settled.decision)
            yield from self._carry_out(heard, state, settled)

    def buttons(self, conversation: str) -> tuple[Choice, ...]:
        """The choices of the last turn, each with the payload that its button has to carry."""
        try:
            state = self._memory.state(conversation)
        except StateError:
            return ()
        return _offered(state)

    def notice(self, conversation: str) -> str:
        """What must be said first, until `noticed` keeps that it was; or "". `StateError`."""
        if self._notices is None or not self._notices.due(conversation):
            return ""
        return self._speak.replies("notice").text

    def noticed(self, conversation: str, within: sqlite3.Connection | None = None) -> None:
        """Keep that the notice was delivered, also ``within`` a transaction on the same file."""
        if self._notices is not None:
            self._notices.told(conversation, within)

    def branch(self, source: str, target: str) -> None:
        """Let ``target`` go on from where ``source`` stands; without one it begins anew."""
        try:
            self._memory.branch(source, target)
        except StateError as error:
            log.warning("no branch: %s", error)

    def forget(self, conversation: str) -> None:
        """Delete a conversation now, with what others keep of it. Raises where it cannot be."""
        self._dialogue.forget(conversation)
        self._others.forget(conversation)
        self._memory.forget(conversation)
        if self._notices is not None:
            self._notices.forget(conversation)
        self._forgotten(conversation)

    def active(self, seconds: float) -> int:
        """How many conversations had a word lately; 0 where that is not known."""
        with suppress(StateError):
            return self._memory.active(seconds)
        return 0

    def health(self) -> Mapping[str, object]:
        return self._dialogue.health()

    def _procedures(self, heard: Heard) -> Procedures:
        return self._assistant.way(heard.profile, heard.within).procedures

    def _sees_all(self, heard: Heard) -> bool:
        return not self._assistant.way(heard.profile).profile.keeps_to_a_part  # as life events do

    # --- deciding ---------------------------------------------------------------------------

    def _state(self, heard: Heard) -> ConversationState:
        try:
            state = self._memory.state(heard.conversation)
        except StateError as error:  # the conversation goes on without its past
            log.warning("no memory: %s", error)
            state = ConversationState(heard.conversation)
        if of_another(state, heard):
            self._forget_context(heard)
            state = ConversationState(heard.conversation, count=state.count)
        return replace(state, turns=self._retold(heard)) if not state.turns else state

    def _retold(self, heard: Heard) -> tuple[Turn, ...]:
        """The door's history; its last question is asked anew for what it was about."""
        if not heard.history:
            return ()
        *before, last = heard.history
        question = replace(self._question(last.question, heard, tuple(before)), use_model=False)
        again = Turn.of(last.question, self._assistant.ask(question, keep=False))
        return (*before, replace(again, answer=last.answer))

    def _delivered(self, heard: Heard) -> Turn | None:
        try:
            return self._memory.has_answered(heard.conversation, heard.message)
        except StateError:
            return None

    def _settled(self, heard: Heard, state: ConversationState) -> Settled:
        """The decision, after what this conversation makes of it."""
        pressed = pressed_words(heard, state)
        if pressed is None:
            pressed = placed_words(heard, state, self._procedures(heard))
        if pressed == "":
            gone = Decision(DecisionKind.SAY, "choose", 1.0, "direct", reply="choose_gone")
            return Settled(gone, heard)
        if pressed is not None:
            heard = replace(heard, text=pressed)
        if command := command_in(heard.text):
            if command.say:
                return Settled(
                    Decision(DecisionKind.SAY, command.name, 1.0, "direct", reply=command.say),
                    heard,
                )
            heard = replace(heard, text=command.words)
        read = self._direct.read(heard)
        if self._direct.guard(read) is None and (step := self._others.go_on(heard, state)):
            told = Decision(DecisionKind.JOURNEY, "inform", 1.0, "direct", reason="a step")
            return Settled(told, heard, spoken=step)
        decision = self._dialogue.decide(heard, state)
        return settle(decision, heard, read, state, self._procedures(heard))

    # --- carrying out -----------------------------------------------------------------------

    def _carry_out(
        self, heard: Heard, state: ConversationState, settled: Settled
    ) -> Iterator[AnswerEvent]:
        decision, asked = settled.decision, settled.heard
        state = replace(state, slots=kept({**state.slots, **decision.slots}, heard))
        match decision.kind:
            case DecisionKind.ANSWER:
                yield from self._answer(heard, asked, state, decision)
            case DecisionKind.ASK:
                titles = tuple(choice.title for choice in decision.choices)
                answer = self._speak.listed(settled.asks, titles, Status.CLARIFY)
                names = tuple(choice.payload for choice in decision.choices)
                meant = cards_of(names, self._procedures(heard))
                answer = replace(answer, means=tuple(card.code if card else "" for card in meant))
                # A list of procedures: by number or words ResolveFollowUp knows which is meant.
                turn = replace(Turn.of(heard.text, answer), choices=names, slots=settled.slots)
                yield from self._told(heard, state, decision, answer, turn=turn)
            case DecisionKind.COMMAND:
                yield from self._command(heard, state, decision)
            case DecisionKind.HAND_OFF:
                answer = self._speak.spoken(self._others.hand_off(heard, state), "hand_off")
                yield from self._told(heard, state, decision, answer)
            case DecisionKind.JOURNEY:
                begun = settled.spoken or self._others.begin(decision.journey, heard)
                if begun is None:  # the first procedure of a life event can still be asked for
                    asked = replace(asked, text=instead_of(decision.journey) or asked.text)
                    yield from self._answer(heard, asked, state, decision)
                else:
                    answer = self._speak.spoken(begun, "inform")
                    slots = {**state.slots, EVENT: decision.journey or state.slots.get(EVENT, "")}
                    state = replace(state, pending=begun.pending, slots=slots)
                    step = replace(decision, asks=STEP)
                    yield from self._told(heard, state, step, answer, keeps_pending=True)
            case DecisionKind.SAY:
                answer = self._speak.said(decision, self._question(heard.text, heard, ()))
                yield from self._told(heard, state, decision, answer)

    def _answer(
        self, heard: Heard, asked: Heard, state: ConversationState, decision: Decision
    ) -> Iterator[AnswerEvent]:
        text = decision.question or asked.text
        question = self._question(text, heard, state.turns)
        answered = self._assistant.answer(question, keep=self._receipts)
        with closing(answered) as events:  # type: ignore[type-var]
            for event in events:
                if event.kind is not EventKind.FINAL:
                    yield event
                    continue
                answer: Answer = event.data
                lost = answer.status in _NO_ANSWER
                state = replace(state, unanswered=state.unanswered + 1 if lost else 0)
                if state.unanswered >= _LOST:
                    more = self._speak.replies("more")
                    answer = replace(
                        answer,
                        text=f"{answer.text}\n{more.text}",
                        suggestions=tuple(dict.fromkeys((*answer.suggestions, *more.choices))),
                    )
                # What "1" meant, so that the same can be asked again.
                turn = Turn.of(text, answer)
                yield from self._told(heard, state, decision, answer, turn=turn)

    def _question(self, text: str, heard: Heard, history: tuple[Turn, ...]) -> Question:
        return Question(
            text, heard.scope, as_of=heard.as_of, profile=heard.profile, history=history,
            use_model=heard.use_model, cancel=heard.cancel, within=heard.within,
        )  # fmt: skip

    def _again(self, heard: Heard, state: ConversationState) -> Answer | None:
        """The last answer anew, from what its question was and what came before it."""
        turn = last_answered(state.turns)
        if turn is None:
            return None
        before = state.turns[: state.turns.index(turn)]
        question = replace(self._question(turn.question, heard, before), use_model=False)
        return self._assistant.ask(question, keep=False)

    def _command(
        self, heard: Heard, state: ConversationState, decision: Decision
    ) -> Iterator[AnswerEvent]:
        name = decision.command
        again = self._again(heard, state) if name in OF_LAST_ANSWER else None
        answer: Answer | None = None
        last = state.turns[-1] if state.turns else None
        match name:
            case "start_over":
                self._forget_context(heard)
                state = ConversationState(heard.conversation, offers=state.offers)
                answer = self._speak.sentence("start_over")
            case "delete_my_data" if state.pending != "delete":
                state = replace(state, pending="delete")
                answer = self._speak.sentence("delete_ask")
                yield from self._told(heard, state, decision, answer, keeps_pending=True)
                return
            case "delete_my_data":
                yield from self._delete(heard)
                return
            case "repeat" if last and last.status is Status.CLARIFY:
                offered = state.offers[-1].titles if state.offers else last.choices
                answer = self._speak.made(last.answer, Status.CLARIFY, offered)
                yield from self._told(heard, state, decision, answer, turn=last)
                return
            case "repeat" if again:
                answer = again
            case "repeat" if last:
                answer = self._speak.made(last.answer, Status.SMALL_TALK, last.choices)
            case "simpler" if again:
                answer = shortened(again, self._speak.replies("simpler").text)
            case "show_sources" if again and again.citations:
                answer = with_sources(again, self._speak.replies("sources").text)
            case "feedback_good" | "feedback_bad":
                yield from self._opinion(heard, state, decision)
                return
            case "resume_checklist":
                taken = self._others.again(heard, state)
                if taken is not None:
                    state = replace(state, pending=taken.pending)
                    answer = self._speak.spoken(taken, "resume_none")
                    step = replace(decision, asks=STEP)
                    yield from self._told(heard, state, step, answer, keeps_pending=True)
                    return
        if answer is None:
            answer = self._speak.sentence(WITHOUT.get(name, "inform"), profile=heard.profile)
        # What is said once more is no new subject: follow-ups go past it.
        turn = replace(Turn.of(heard.text, answer), status=Status.SMALL_TALK)
        yield from self._told(heard, state, decision, answer, turn=turn)

    def _opinion(
        self, heard: Heard, state: ConversationState, decision: Decision
    ) -> Iterator[AnswerEvent]:
        good = decision.command == "feedback_good"
        reason = decision.slots.get("reason", "")
        if good or reason:
            self._others.feedback(heard, state, good=good, reason=reason)
            answer = self._speak.sentence("feedback_good" if good else "feedback_kept")
            yield from self._told(heard, state, decision, answer)
            return
        answer = self._speak.sentence("feedback_bad")
        state = replace(state, pending="feedback")
        yield from self._told(heard, state, decision, answer, keeps_pending=True)

    def _delete(self, heard: Heard) -> Iterator[AnswerEvent]:
        try:
            self.forget(heard.conversation)
        except Exception as error:  # nothing is said to be deleted that is not
            log.warning("could not delete: %s", error)
            yield from self._say("busy")
            return
        yield from self._say("delete_done")

    def _forget_context(self, heard: Heard) -> None:
        try:
            self._memory.start_over(heard.conversation)
        except StateError as error:
            log.warning("could not start over: %s", error)

    # --- what is said, and remembered -------------------------------------------------------

    def _told(
        self,
        heard: Heard,
        state: ConversationState,
        decision: Decision,
        answer: Answer,
        *,
        turn: Turn | None = None,
        keeps_pending: bool = False,
    ) -> Iterator[AnswerEvent]:
        if before := self._others.answers(heard.conversation):
            answer = replace(answer, text=before + answer.text)
        turn = turn or Turn.of(heard.text, answer)
        offers = state.offers
        if answer.suggestions:
            asks = decision.asks or decision.command or decision.intent
            meant = tuple(self._speak.meaning(name, turn, answer) for name in turn.choices)
            new = Offer(secrets.token_hex(6), asks, answer.suggestions, meant, state.count + 1)
            offers = (*offers, new)
        state = replace(
            state,
            offers=offers,
            pending=state.pending if keeps_pending or stays(state.pending) else "",
            count=state.count + 1,
        )
        told, choices = decision_json(decision)["decision"], _offered(state)
        try:
            self._memory.remember(
                state, turn, told, heard.message, lambda db: heard.also(db, answer, choices)
            )
        except StateError as error:  # a full disk costs the memory, not the answer
            log.warning("the turn is not remembered: %s", error)
        try:
            yield from final_events(answer)
        finally:  # whoever stops listening now has been told
            self._dialogue.told(heard, decision, answer)

    def _say(self, name: str) -> Iterator[AnswerEvent]:
        yield from final_events(self._speak.sentence(name))


def _offered(state: ConversationState) -> tuple[Choice, ...]:
    """The choices of the last turn, as buttons."""
    last = state.offers[-1] if state.offers else None
    if last is None or last.turn != state.count:
        return ()
    return tuple(Choice(t[:200], f"{PRESS}:{last.id}:{n}") for n, t in enumerate(last.titles))
