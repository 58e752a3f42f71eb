"""Read a question over uploaded documents; turn away what is none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.config import Limits
from assistant.replies import Replies
from assistant.steps.screen_question import ScreenQuestion
from assistant.uploads.words import has_phrase
from assistant.vocabulary import Draft, Ending, Status
from knowledge_base.errors import KnowledgeError
from knowledge_base.search import KnowledgeBase
from knowledge_base.stop_words import STOP_WORDS
from knowledge_base.vietnamese import expand_abbreviations, is_bare, tokens

#: What ends a question here. The rest is about what may be told to citizens; an officer asks
#: what the officer's own document says.
_ENDS = (
    Status.REFUSED_EMPTY,
    Status.REFUSED_TOO_LONG,
    Status.REFUSED_UNREADABLE,
    Status.REFUSED_LANGUAGE,
    Status.CRISIS,
    Status.SMALL_TALK,
)
_FEW = 3  # telling syllables of a question that leans on the one before


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """Fill ``text`` and ``standalone``, the question with its diacritics and what it leaves out."""

    replies: Replies
    limits: Limits
    knowledge: KnowledgeBase | None = None

    def __call__(self, draft: Draft) -> Draft | Ending:
        screened = ScreenQuestion(self.replies, self.limits)(draft)
        if isinstance(screened, Ending):
            if screened.status in _ENDS:
                return screened
            screened = screened.draft
        text = " ".join(draft.question.text.split())
        spoken = self._spoken(text)
        history = draft.question.history
        if history and _goes_on(spoken):
            spoken = f"{self._spoken(history[-1].question)} {spoken}"
        return replace(screened, text=text, standalone=spoken)

    def _spoken(self, text: str) -> str:
        if self.knowledge is not None and is_bare(text):
            try:
                return self.knowledge.as_spoken(text)
            except KnowledgeError:  # no index: what is asked is compared without diacritics
                pass
        return expand_abbreviations(text)


def _goes_on(text: str) -> bool:
    telling = [token for token in tokens(text) if token not in STOP_WORDS]
    if len(telling) <= 1:  # "ở đâu?"
        return True
    return has_phrase("goes_on", text, opens=True) and len(telling) <= _FEW
