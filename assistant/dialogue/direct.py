"""The dialogue without Rasa: deterministic rules over the assistant's own reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.answering import Assistant
from assistant.as_of import today
from assistant.choices import by_number
from assistant.dialogue import reading
from assistant.dialogue.cases import said_cases
from assistant.dialogue.decision import Decision, DecisionKind
from assistant.dialogue.state import ConversationState, Heard
from assistant.legal_support.recognise import recognise
from assistant.steps.screen_question import ScreenQuestion
from assistant.steps.understand_question import UnderstandQuestion
from assistant.vocabulary import Answer, Draft, Question, Status, Understanding
from knowledge_base.vietnamese import tokens

#: What these intents do, where it is not to say the sentence of the same name.
COMMANDS = frozenset(
    {"start_over", "delete_my_data", "show_sources", "repeat", "simpler", "feedback_good",
     "feedback_bad", "resume_checklist"}
)  # fmt: skip
#: How the screen ends a message that no dialogue is needed for.
_SCREENED = {
    Status.CRISIS: "crisis",
    Status.NEEDS_PERSONAL_DATA: "ask_file_status",
    Status.REFUSED_UNSAFE: "out_of_scope",
    Status.REFUSED_OUTCOME: "out_of_scope",
    Status.OUT_OF_SCOPE: "out_of_scope",
}
#: A name this well said is a question on it, whatever else is said.
_NAMED = 0.62
#: How far a number is a place in a list where there is none.
_PLACES = 9
_RULE: Literal["direct"] = "direct"


@dataclass(frozen=True, slots=True)
class Read:
    """A message as far as its own words go. ``ends``: how the screen ended it, if it did."""

    text: str
    spoken: tuple[tuple[str, ...], ...]
    understood: Understanding | None
    ends: Status | None


class DirectDialogue:
    """Decides by rules alone; the same message and state always give the same decision."""

    def __init__(self, assistant: Assistant) -> None:
        self._screen = ScreenQuestion(
            assistant.replies, assistant.config.limits, assistant.knowledge
        )
        self._longest = assistant.config.limits.question_characters
        self._understand = UnderstandQuestion(assistant.knowledge)
        self._procedures = assistant.procedures
        #: One message; another thread's may take its place, which costs a second reading.
        self._last: tuple[Heard, Read] | None = None

    def read(self, heard: Heard) -> Read:
        """What the words say; asked again about the same message, it is not worked out again."""
        last = self._last
        if last is None or last[0] is not heard:
            last = self._last = (heard, self._read(heard))
        return last[1]

    def _read(self, heard: Heard) -> Read:
        text = heard.text[: self._longest + 1]  # more is turned away, whatever it says
        draft = Draft(Question(text, heard.scope), as_of=heard.as_of or today())
        screened = self._screen(draft)
        ends = None if isinstance(screened, Draft) else screened.status
        draft = screened if isinstance(screened, Draft) else screened.draft
        understood = self._understand(draft).understood if draft.text else None
        return Read(draft.text, reading.readings(draft) if draft.text else ((),), understood, ends)

    def decide(self, heard: Heard, state: ConversationState) -> Decision:
        """One decision; never raises for what a person typed."""
        read = self.read(heard)
        return self.guard(read) or self._decide(read, state)

    def guard(self, read: Read) -> Decision | None:
        """What is never left to a classifier: danger, unreadable input, abuse."""
        if read.ends is Status.CRISIS:
            return _say("crisis", "help does not wait")
        if reading.is_abuse(read.spoken) and read.ends is not Status.REFUSED_UNSAFE:
            return _say("abuse", "nothing but swearing")
        if read.ends in (Status.NEEDS_PERSONAL_DATA, Status.SMALL_TALK, None):
            return None
        intent = _SCREENED.get(read.ends, "inform")
        return _answer(intent, {}, f"the screen: {read.ends.value}")

    def _decide(self, read: Read, state: ConversationState) -> Decision:
        spoken, understood = read.spoken, read.understood
        if understood is None:
            return _answer("inform", {}, "no words")
        if reading.takes_up_journey(spoken):
            return _command("resume_checklist")
        last = state.offers[-1] if state.offers else None
        count = len(last.titles) if last else _PLACES
        if by_number(tokens(read.text), count) is not None:
            return _answer("choose", {}, "a place in the list")
        intent = reading.turn_intent(spoken)
        if intent is not None and not self._is_question(intent, understood):
            return _turn(intent)
        if read.ends is Status.NEEDS_PERSONAL_DATA:
            return _say("ask_file_status", "a file of one's own", reply="file_status")
        event = reading.event_of(understood, spoken)
        if event and recognise(tokens(read.text), understood.syllables):
            event = ""  # "bố mất, anh trai lấy hết đất" asks what the law says
        if event and not (understood.content and reading.asks_to_confirm(spoken)):
            return Decision(
                DecisionKind.JOURNEY, event, 1.0, _RULE, journey=event, reason="a life event"
            )
        slots = said_cases(spoken[0])  # "chung cu" is no "cũ"
        if reading.corrects(spoken) and state.turns:
            kind = "correct" if understood.content else "deny"
            return _answer(kind, slots, "a correction") if understood.content else _turn(kind)
        named = understood.procedure_codes or understood.document_numbers
        if not (understood.content or understood.slots or named or state.turns):
            return _say("inform", "asks for nothing")
        return _answer(reading.asked_intent(understood, spoken), slots, "a question")

    def _is_question(self, intent: str, understood: Understanding) -> bool:
        """Whether a phrase of talk stands in a question on a procedure ("giờ làm việc" aside)."""
        if intent in ("delete_my_data", "talk_to_officer", "ask_working_hours", "crisis"):
            return False
        return bool(understood.slots) and self.names_procedure(understood)

    def names_procedure(self, understood: Understanding) -> bool:
        """Whether the words name a procedure well."""
        best = self._procedures.match(understood.subject, understood.content)
        return bool(best) and best[0].score >= _NAMED

    def told(self, heard: Heard, decision: Decision, answer: Answer) -> None:
        """Rules need no memory beside the state."""

    def forget(self, conversation: str) -> None:
        """There is nothing to delete."""

    def health(self) -> Mapping[str, object]:
        return {"dialogue": "direct"}


def _answer(intent: str, slots: Mapping[str, str], reason: str) -> Decision:
    return Decision(DecisionKind.ANSWER, intent, 1.0, _RULE, slots=dict(slots), reason=reason)


def _say(intent: str, reason: str, reply: str = "") -> Decision:
    return Decision(DecisionKind.SAY, intent, 1.0, _RULE, reply=reply or intent, reason=reason)


def _command(name: str) -> Decision:
    return Decision(DecisionKind.COMMAND, name, 1.0, _RULE, command=name, reason="a command")


def _turn(intent: str) -> Decision:
    if intent in COMMANDS:
        return _command(intent)
    if intent == "talk_to_officer":
        return Decision(DecisionKind.HAND_OFF, intent, 1.0, _RULE, reason="asked for a person")
    return _say(intent, "no question")
