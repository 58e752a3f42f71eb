"""Turn away what is no question; clean and mask what is."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from assistant.as_of import today
from assistant.config import Limits
from assistant.english_words import is_english
from assistant.legal_support.support import LegalSupport
from assistant.patterns import told, without_swearing
from assistant.personal_data import mask, without_signs
from assistant.politeness import calm, without_politeness
from assistant.replies import Replies
from assistant.tables import first, phrases
from assistant.vocabulary import Draft, Ending, Status
from knowledge_base.errors import KnowledgeError
from knowledge_base.search import KnowledgeBase
from knowledge_base.vietnamese import clean, is_bare, tokens

#: Above this share of characters that no keyboard types, the input is a file, not a question.
_BINARY_SHARE = 0.1

#: How a question ends that has a pattern of this kind in it; the first kind decides.
ENDS = {
    "crisis": Status.CRISIS,
    "unsafe": Status.REFUSED_UNSAFE,
    "personal": Status.NEEDS_PERSONAL_DATA,
    "outcome": Status.REFUSED_OUTCOME,
}
_ENGLISH_TALK = frozenset(("you", "morning", "goodbye"))  # "hello" and "thanks" are said here, too
_FIRST = "crisis"  # help does not wait for a dictionary


@dataclass(frozen=True, slots=True)
class ScreenQuestion:
    """Length, hidden characters, language, crisis, abuse, personal data, small talk.

    ``knowledge`` puts back the diacritics of what is typed without them; where it is missing
    or cannot, the words are screened as they were typed.
    """

    replies: Replies
    limits: Limits
    knowledge: KnowledgeBase | None = None
    support: LegalSupport | None = None  # tells who is in danger what protects them

    def __call__(self, draft: Draft) -> Draft | Ending:
        raw = draft.question.text
        text = " ".join(clean(_without_broken(raw)).split())
        if not text:
            return self._end(draft, Status.REFUSED_EMPTY)
        if _looks_binary(raw) or not any(character.isalnum() for character in text):
            return self._end(draft, Status.REFUSED_UNREADABLE)
        if len(raw) > self.limits.question_characters:
            return self._end(
                draft,
                Status.REFUSED_TOO_LONG,
                characters=len(raw),
                limit=self.limits.question_characters,
            )
        if _is_foreign_script(text):
            return self._end(draft, Status.REFUSED_LANGUAGE)
        whole = tokens(text)
        draft = self._read(replace(draft, text=mask(text)))
        spoken = tokens(draft.text)
        meant = tokens(draft.spoken)
        for kind, status in ENDS.items():
            # "xin lỗi mẹ" before a farewell is no courtesy.
            if told(kind, spoken) or told(kind, meant) or (kind == _FIRST and told(kind, whole)):
                return self._end(self._protected(draft) if kind == _FIRST else draft, status)
        for row, status in (
            ("personal", Status.NEEDS_PERSONAL_DATA),
            ("opinion", Status.OUT_OF_SCOPE),
        ):
            if first("talk", row, spoken):
                return self._end(draft, status)
        whose = first("talk", "personal_whose", spoken)
        asked = first("talk", "personal_what", spoken) or {"chưa", "chua"} & set(spoken[-2:])
        if whose and asked:
            return self._end(draft, Status.NEEDS_PERSONAL_DATA)
        small = small_talk(spoken)
        if small:
            replies = self.replies.speaking(not _ENGLISH_TALK.isdisjoint(spoken))
            return Ending(draft, Status.SMALL_TALK, replies.small_talk(small))
        return draft

    def _read(self, draft: Draft) -> Draft:
        """``draft`` without swear words and courtesies; with its diacritics, if typed without."""
        text = without_politeness(without_swearing(calm(draft.text)))
        if self.knowledge is None or not is_bare(text) or told(_FIRST, tokens(text)):
            return replace(draft, text=text)
        try:
            return replace(draft, text=text, spoken=self.knowledge.as_spoken(without_signs(text)))
        except KnowledgeError:
            return replace(draft, text=text)

    def _protected(self, draft: Draft) -> Draft:
        """``draft`` with what the law offers to who is in danger, where it offers something."""
        if self.support is None or is_english(tokens(draft.text)):
            return draft
        now = draft.question.as_of or today()
        try:
            return self.support.about(draft, now, in_danger=True) or draft
        except KnowledgeError:
            return draft  # the numbers to call are told in any case

    def _end(self, draft: Draft, status: Status, **blanks: object) -> Ending:
        replies = self.replies.speaking(is_english(tokens(draft.text)))
        return Ending(draft, status, replies.status(status, **blanks))


def small_talk(spoken: list[str]) -> str | None:
    """The kind of small talk the whole message is, if it is nothing else."""
    polite = {word for phrase in phrases("talk", "politeness") for word in phrase.syllables}
    for kind in ("about", "goodbye", "thanks", "greeting"):
        for phrase in phrases("talk", kind):
            at = phrase.at(spoken)
            if at < 0:
                continue
            rest = spoken[:at] + spoken[at + len(phrase.syllables) :]
            if all(word in polite for word in rest):
                return kind
    return None


def _without_broken(raw: str) -> str:
    """``raw`` without lone surrogates, which stand for bytes that are no text: UTF-8 has none."""
    return raw.encode("utf-8", "ignore").decode("utf-8")


def _looks_binary(raw: str) -> bool:
    odd = sum(
        character == "\ufffd"
        or (
            unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")
            and character not in "\n\r\t"
        )
        for character in raw
    )
    return odd > max(2, len(raw) * _BINARY_SHARE)


def _is_foreign_script(text: str) -> bool:
    """Whether most letters are of a script that is neither Vietnamese nor English."""
    letters = [character for character in text if character.isalpha()]
    foreign = sum(not unicodedata.name(character, "").startswith("LATIN") for character in letters)
    return foreign * 2 > len(letters)
