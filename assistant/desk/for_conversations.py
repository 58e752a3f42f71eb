"""The desk as a conversation uses it: hand over, bring the answer back, keep an opinion, forget."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.desk.feedback import Judgement, read_reason
from assistant.desk.opening import OfficerDesk
from assistant.desk.queue import HandOff
from assistant.desk.tickets import MOST_LINES, Line
from assistant.dialogue.memory import Told
from assistant.dialogue.ports import Spoken
from assistant.dialogue.state import Heard
from assistant.english_words import is_english
from knowledge_base.vietnamese import tokens

_BUTTON = "Gặp cán bộ"
#: Characters by which the language of a message is told.
_LOOKED_AT = 500


class DeskForConversations:
    """`assistant.dialogue.ports.Officers` and `Feedback`, over the desk of one installation.

    Every method may raise `assistant.errors.StateError`.
    """

    def __init__(self, desk: OfficerDesk) -> None:
        self._desk = desk

    def hand_off(
        self, heard: Heard, transcript: Sequence[Told], *, topic: str, words: str
    ) -> Spoken:
        """Hand the conversation over; who comes back for an answer that is there gets it first."""
        if answers := self.answers(heard.conversation):
            return Spoken("\n\n".join(answers), (_BUTTON,))
        lines = [*_lines(transcript[-MOST_LINES:]), Line("citizen", words)]
        asked = HandOff(
            heard.conversation, heard.door, tuple(lines), topic, "người dân yêu cầu", heard.address
        )
        if _in_english(transcript, words):
            asked = replace(asked, language="en")
        return Spoken(self._desk.queue.hand_off(asked).text)

    def answers(self, conversation: str) -> tuple[str, ...]:
        """What officers have answered meanwhile, as sentences; told now, so not again."""
        pending = self._desk.outbox.pending(conversation)
        speaking = self._desk.queue.speaking
        told = tuple(
            speaking(each.language).say(
                "officer_says", officer=each.officer, code=each.code, text=each.text
            )
            for each in pending
        )
        self._desk.outbox.delivered(conversation, [each.id for each in pending])
        return told

    def feedback(self, heard: Heard, *, good: bool, question: str, reason: str) -> None:
        """Keep an opinion of the answer to ``question``; the latest of one conversation counts.

        A conversation does not know ids of answers, so its question stands for one: as a
        hash, and masked in the comment, where an officer reads what it was about.
        """
        name = f"{heard.conversation}\n{question}".encode("utf-8", "surrogatepass")
        known = read_reason(reason)
        words = f": {reason}" if reason and known is None else ""
        judgement = Judgement(
            f"turn-{hashlib.sha256(name).hexdigest()[:16]}",
            heard.conversation,
            heard.door,
            good,
            (known,) if known else (),
            question + words,
        )
        self._desk.feedback.give(judgement)

    def forget(self, conversation: str) -> None:
        """Erase tickets, officers' answers and opinions of ``conversation``."""
        self._desk.queue.forget(conversation)


def _in_english(transcript: Sequence[Told], words: str) -> bool:
    """Whether English is written; a Vietnamese button says nothing of that."""
    if words.strip() == _BUTTON and transcript:
        words = transcript[-1].turn.question
    return is_english(tokens(words[:_LOOKED_AT]))


def _lines(transcript: Sequence[Told]) -> Iterator[Line]:
    for told in transcript:
        yield Line("citizen", told.turn.question)
        yield Line("assistant", told.turn.answer)
