"""The dialogue through Rasa, with the rules beside it for what is dangerous and for bad days."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from assistant.dialogue.cases import case_slots
from assistant.dialogue.decision import Decision, DecisionKind
from assistant.dialogue.direct import COMMANDS, DirectDialogue, Read
from assistant.dialogue.memory import conversation_key
from assistant.dialogue.ports import PARTS, RasaClient
from assistant.dialogue.reading import instead_of, speaks_against, turn_intent
from assistant.dialogue.replies import known_replies
from assistant.dialogue.state import ConversationState, Heard
from assistant.vocabulary import Answer

log = logging.getLogger(__name__)

#: A classifier less sure than this is not followed where the rules read something else.
_SURE = 0.6
#: A bare no corrects nothing yet, whatever it sounds like.
_WORD_FOR_WORD = frozenset({"deny", "affirm"})
#: What nobody gets who did not say it: all is forgotten, or the language changed.
_ONLY_IF_SAID = frozenset({"start_over", "use_english"})
#: Turns after which Rasa begins with an empty tracker.
_PART = 30
#: What an empty slot of Rasa's becomes in a custom payload.
_EMPTY = frozenset({"", "None", "null"})


def _sender(conversation: str, count: int) -> str:
    """Whom Rasa takes a turn for: every `_PART` turns somebody else.

    A turn costs Rasa the more the longer its tracker is, and what has been said is
    remembered by the conversation, not by Rasa.
    """
    part = count // _PART
    key = conversation_key(conversation)
    return f"{key}{PARTS}{part}" if part else key


def _makes_sense(decision: Decision) -> bool:
    """Whether it can be carried out; what has to be asked back is for the conversation to say."""
    match decision.kind:
        case DecisionKind.SAY:
            return decision.reply in known_replies()
        case DecisionKind.COMMAND:
            return decision.command in COMMANDS
        case DecisionKind.JOURNEY:
            return bool(instead_of(decision.journey))
        case DecisionKind.ASK:
            return False
    return True


class RasaDialogue:
    """Asks Rasa; decides by rules where it fails, is unsure, or must not be asked."""

    def __init__(
        self,
        client: RasaClient,
        direct: DirectDialogue,
        forget: Callable[[str], object] = lambda _: None,
    ) -> None:
        """``forget`` deletes what Rasa keeps under a sender (`conversation_key`) and its parts."""
        self._client = client
        self._direct = direct
        self._forget = forget
        #: The senders that turns under way were decided for; one at a time in a conversation.
        self._senders: dict[str, str] = {}
        self._failures = 0
        self._error = ""
        self._since: float | None = None

    def decide(self, heard: Heard, state: ConversationState) -> Decision:
        """One decision; ``by`` and ``reason`` say whose and why. Never raises."""
        read = self._direct.read(heard)
        if guarded := self._direct.guard(read):
            return guarded
        own = self._direct.decide(heard, state)
        try:
            sender = _sender(heard.conversation, state.count)
            self._senders[heard.conversation] = sender
            theirs = self._client.decide(sender, read.text, {"turn": state.count + 1})
        except Exception as error:
            self._failed(error)
            return replace(own, reason=f"Rasa: {type(error).__name__}; {own.reason}"[:500])
        self._failures, self._error, self._since = 0, "", None
        # What is asked back is settled by the rules: they know whose age was told.
        cases = case_slots()
        told = {k: v for k, v in theirs.slots.items() if v not in _EMPTY and k not in cases}
        theirs = replace(theirs, slots={**told, **own.slots}, by="rasa")
        why = self._doubt(theirs, own, read)
        said = f"Rasa: {theirs.intent} {theirs.confidence:.2f}"
        return replace(own, reason=f"{why}; {said}") if why else theirs

    def _doubt(self, theirs: Decision, own: Decision, read: Read) -> str:
        """Why the rules are followed; empty where Rasa is."""
        asks = own.kind is DecisionKind.ANSWER
        if not _makes_sense(theirs):
            return "nothing that can be done"
        if own.intent == "choose" or (asks and own.intent == "correct"):
            return "in the conversation"
        if read.understood is not None and read.understood.english:
            return "it learned Vietnamese"
        if own.intent != theirs.intent and (
            theirs.intent in _ONLY_IF_SAID or own.intent == turn_intent(read.spoken)
        ):
            return "said in so many words"
        if own.intent in _WORD_FOR_WORD and theirs.intent == "correct":
            return "nothing is said in its place"
        if theirs.kind is own.kind:
            return ""
        if 0.0 < theirs.confidence < _SURE:
            return "unsure"
        if theirs.kind is DecisionKind.JOURNEY and speaks_against(theirs.journey, read.spoken):
            return "no such event"
        understood = read.understood
        # A paper that is named is doubt enough of an event or of danger (which the rules know,
        # too: "khai tử"); talk is doubted for a question.
        grave = theirs.kind is DecisionKind.JOURNEY or theirs.intent in ("crisis", "abuse")
        told = grave or (understood and understood.slots)
        if asks and understood and told and self._direct.names_procedure(understood):
            return "a procedure is named"
        return ""

    def told(self, heard: Heard, decision: Decision, answer: Answer) -> None:
        """Append to Rasa's tracker what was said and offered; a failure costs nothing else."""
        sender = self._senders.pop(heard.conversation, "")
        if decision.by != "rasa" or not sender:
            return
        now = time.time()
        slots = {"answered": answer.status.value, "last_card": answer.card and answer.card.code}
        events: list[Mapping[str, object]] = [
            {"event": "slot", "name": name, "value": value, "timestamp": now}
            for name, value in slots.items()
        ]
        events.append({"event": "bot", "text": answer.text[:500], "timestamp": now})
        try:
            self._client.told(sender, events)
        except Exception as error:
            self._failed(error)

    def forget(self, conversation: str) -> None:
        """Delete Rasa's tracker of the conversation; raises where it cannot be."""
        self._senders.pop(conversation, None)
        self._forget(conversation_key(conversation))

    def health(self) -> Mapping[str, object]:
        """``dialogue`` is "rasa", or "direct" with the reason while Rasa is away."""
        if not self._failures:
            return {"dialogue": "rasa"}
        return {
            "dialogue": "direct",
            "rasa": self._error,
            "rasa_failures": self._failures,
            "rasa_away_seconds": round(time.monotonic() - (self._since or time.monotonic())),
        }

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        self._since = self._since or time.monotonic()
        self._error = type(error).__name__
        log.warning("Rasa gave no decision (%s): %s", type(error).__name__, error)
