"""What a conversation hands on to: who decides, officers, journeys, feedback. All but one may
be missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.dialogue.decision import Decision
from assistant.dialogue.memory import Told
from assistant.dialogue.state import ConversationState, Heard
from assistant.vocabulary import Answer

#: How what is pending begins where it is a checklist.
JOURNEY = "journey:"

#: What stands between the sender of a conversation and the number of its part.
PARTS = "."


class Dialogue(Protocol):
    """Says what is to be done about a turn. Never raises for what a person typed."""

    def decide(self, heard: Heard, state: ConversationState) -> Decision: ...
    def told(self, heard: Heard, decision: Decision, answer: Answer) -> None:
        """What the person was told, so that the next decision can build on it."""
        ...

    def forget(self, conversation: str) -> None:
        """Delete what is kept of a conversation. Raises where it cannot be."""
        ...

    def health(self) -> Mapping[str, object]:
        """What works, for ``/readyz``."""
        ...


class RasaClient(Protocol):
    """What `assistant.dialogue.runtime.client` offers; every failure is an exception."""

    def decide(
        self, conversation: str, text: str, metadata: Mapping[str, Any] | None = None
    ) -> Decision: ...
    def told(self, conversation: str, events: Sequence[Mapping[str, Any]]) -> None: ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence for the person, and the words of buttons below it.

    ``pending``: what the next message may answer (`Journeys.go_on`).
    """

    text: str
    choices: tuple[str, ...] = ()
    pending: str = ""


class Officers(Protocol):
    """Takes a conversation over to people (the desk)."""

    def hand_off(
        self, heard: Heard, transcript: Sequence[Told], *, topic: str, words: str
    ) -> Spoken: ...
    def answers(self, conversation: str) -> tuple[str, ...]:
        """What officers have answered since; told now, so not again."""
        ...

    def forget(self, conversation: str) -> None: ...


class Journeys(Protocol):
    """Life events."""

    def begin(self, journey: str, heard: Heard) -> Spoken: ...
    def go_on(self, pending: str, heard: Heard) -> Spoken | None:
        """What follows on an answer to what was pending; None where it is no answer."""
        ...

    def again(self, pending: str, heard: Heard) -> Spoken | None:
        """A checklist taken up again, by the code in the words or in what was pending."""
        ...

    def forget(self, conversation: str) -> None:
        """Delete the checklists begun in a conversation. Raises where it cannot be."""
        ...


class Feedback(Protocol):
    """Keeps what people think of an answer."""

    def feedback(self, heard: Heard, *, good: bool, question: str, reason: str) -> None: ...
