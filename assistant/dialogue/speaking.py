"""Answers that are no answers of the assistant: sentences, lists, what others say."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from assistant.answering import Assistant
from assistant.as_of import today
from assistant.dialogue.decision import Decision
from assistant.dialogue.ports import Spoken
from assistant.dialogue.replies import DialogueReplies, known_replies
from assistant.dialogue.under_profile import spoken
from assistant.profiles.profile import CITIZEN
from assistant.vocabulary import Answer, AnswerEvent, EventKind, Question, Status, Turn

#: Commands about the last answer, and what is said where a command finds nothing to work on.
OF_LAST_ANSWER = ("repeat", "simpler", "show_sources")
WITHOUT = {
    "repeat": "repeat_none",
    "simpler": "simpler_none",
    "show_sources": "sources_none",
    "resume_checklist": "resume_none",
}


class Speaker:
    """Makes `Answer`s of sentences; ``days`` is how long a conversation is kept."""

    def __init__(self, assistant: Assistant, *, days: int) -> None:
        self._assistant = assistant
        config = assistant.config
        self.replies = DialogueReplies(
            config.contacts, assistant.replies, days=days, desk_days=config.desk.keep_days
        )

    def sentence(self, name: str, choices: tuple[str, ...] = (), profile: str = CITIZEN) -> Answer:
        """A reviewed sentence, with buttons of its own or as a list of ``choices``.

        One that there is not, from a Rasa of another version, is asked back instead.
        """
        name = name if name in known_replies() else "inform"
        said = self.replies(name)
        if choices:
            return self.listed(said.text, choices, said.status)
        if own := spoken(name, self._assistant.way(profile).profile):
            return self.made(own[0], said.status, own[1])
        return self.made(said.text, said.status, said.choices)

    def said(self, decision: Decision, question: Question) -> Answer:
        """The sentence of a decision; to who is in danger, with what the law protects by."""
        choices = tuple(choice.title for choice in decision.choices)
        answer = self.sentence(decision.reply, choices, question.profile)
        if answer.status is not Status.CRISIS:
            return answer
        told = self._assistant.ask(question, keep=False)
        return told if told.status is Status.CRISIS and told.citations else answer

    def listed(self, text: str, titles: tuple[str, ...], status: Status) -> Answer:
        """``text`` and numbered choices."""
        lines = [text, *(f"{n}. {title}" for n, title in enumerate(titles, 1))]
        return self.made("\n".join(lines), status, titles)

    def spoken(self, told: Spoken | None, otherwise: str) -> Answer:
        """What another part says; the sentence ``otherwise`` where it has nothing to say."""
        if told is None:
            return self.sentence(otherwise)
        if told.choices and told.text.rstrip().endswith("?"):
            return self.listed(told.text, told.choices, Status.SMALL_TALK)
        return self.made(told.text, Status.SMALL_TALK, told.choices)

    def made(self, text: str, status: Status, choices: tuple[str, ...]) -> Answer:
        """An answer of nothing but ``text``."""
        return Answer(
            id=uuid.uuid4().hex, status=status, text=text, citations=(), card=None,
            as_of=today(), ai_generated=False, model=None,
            corpus_version=self._assistant.corpus_version, suggestions=choices, trace=(),
        )  # fmt: skip

    def meaning(self, title: str, turn: Turn, answer: Answer) -> str:
        """What a suggestion means on its own, a week later."""
        if turn.status is Status.CLARIFY and turn.slots:
            asked = self._assistant.replies.suggestion(turn.slots[0])
            return f"{title}: {asked}" if asked else title
        if answer.card is not None and title.endswith("?"):
            return f"{answer.card.short_name}: {title}"
        return title


def final_events(answer: Answer) -> Iterator[AnswerEvent]:
    """The events that an answer which is there already ends with."""
    if answer.suggestions:
        yield AnswerEvent(EventKind.SUGGESTIONS, answer.suggestions)
    yield AnswerEvent(EventKind.FINAL, answer)
