"""Officers, journeys, feedback as a conversation calls them: what breaks costs its own answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from assistant.choices import by_number
from assistant.dialogue.memory import Memory
from assistant.dialogue.ports import JOURNEY, Feedback, Journeys, Officers, Spoken
from assistant.dialogue.settling import LONGEST_CHOICE
from assistant.dialogue.state import ConversationState, Heard
from assistant.steps.resolve_follow_up import last_answered
from knowledge_base.vietnamese import tokens

log = logging.getLogger(__name__)

#: What choices of a life event are asked for.
STEP = "step"


class Others:
    """The parts beside the assistant, each of which may be missing."""

    def __init__(
        self,
        memory: Memory,
        officers: Officers | None,
        journeys: Journeys | None,
        feedback: Feedback | None,
        *,
        whole: Callable[[Heard], bool] = lambda _: True,
    ) -> None:
        """``whole``: whether who is asked answers about everything, as life events need."""
        self._memory = memory
        self._officers = officers
        self._journeys = journeys
        self._feedback = feedback
        self._whole = whole

    def hand_off(self, heard: Heard, state: ConversationState) -> Spoken | None:
        """What is said by the desk; None where the person is told the way that always works."""
        if self._officers is None:
            return None
        topic = next((turn.card_code for turn in reversed(state.turns) if turn.card_code), "")
        try:
            transcript = self._memory.transcript(heard.conversation)
            return self._officers.hand_off(heard, transcript, topic=topic, words=heard.text)
        except Exception:
            log.exception("no hand-off")
            return None

    def answers(self, conversation: str) -> str:
        """What officers have answered since, as paragraphs; "" where nothing is new."""
        try:
            answers = self._officers.answers(conversation) if self._officers else ()
        except Exception:
            log.exception("no answers of officers")
            return ""
        return "".join(f"{answer}\n\n" for answer in answers)

    def begin(self, journey: str, heard: Heard) -> Spoken | None:
        """The first step of a life event; None where its first procedure is asked for instead."""
        if self._journeys is None or not self._whole(heard):
            return None
        try:
            return self._journeys.begin(journey, heard)
        except Exception:
            log.exception("no journey")
            return None

    def go_on(self, heard: Heard, state: ConversationState) -> Spoken | None:
        """The next step of a checklist, where the message is an answer to its last."""
        if self._journeys is None or not stays(state.pending) or not self._whole(heard):
            return None
        last = state.offers[-1] if state.offers else None
        if (
            last
            and last.asks != STEP
            and by_number(tokens(heard.text[:LONGEST_CHOICE]), len(last.titles))
        ):
            return None  # a number is of the list that was shown last
        try:
            return self._journeys.go_on(state.pending, heard)
        except Exception:
            log.exception("no next step")
            return None

    def again(self, heard: Heard, state: ConversationState) -> Spoken | None:
        """A checklist taken up again."""
        if self._journeys is None or not self._whole(heard):
            return None
        return self._journeys.again(state.pending, heard)

    def feedback(self, heard: Heard, state: ConversationState, *, good: bool, reason: str) -> None:
        """Keep what a person thinks of the last answer."""
        turn = last_answered(state.turns)
        if self._feedback is None or turn is None:
            return
        try:
            self._feedback.feedback(heard, good=good, question=turn.question, reason=reason)
        except Exception:
            log.exception("feedback was not kept")

    def forget(self, conversation: str) -> None:
        """Delete what the others keep of a conversation. Raises where it cannot be."""
        if self._officers is not None:
            self._officers.forget(conversation)
        if self._journeys is not None:
            self._journeys.forget(conversation)


def stays(pending: str) -> bool:
    """A checklist stays at hand while other things are asked."""
    return pending.startswith(JOURNEY)
