"""A profile that sees a part answers from that part, and says where the rest is answered.

Among the few procedures of a field something always comes nearest: "làm hộ
chiếu" would find a passport of a kind in any of them. So all there is is asked
first, and where it points outside the profile does not guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.pipeline import Result
from assistant.procedures import Procedures
from assistant.profiles.elsewhere import Elsewhere
from assistant.replies import Replies
from assistant.vocabulary import Beyond, Candidate, Draft, Ending, Status
from knowledge_base.search import KnowledgeBase

#: How much likelier something outside must be than what is inside, to go before it.
_CLEARLY = 0.1
_CERTAIN = ("code", "follow-up", "name")
_UNANSWERED = (Status.NO_SOURCE, Status.OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True)
class LookBeyond:
    """Ask all there is what it would answer; nothing of it is shown."""

    retrieve: Callable[[Draft], Result]
    decide: Callable[[Draft], Result]
    whole: KnowledgeBase
    inside: KnowledgeBase
    procedures: Procedures  # those inside
    all_procedures: Procedures

    def __call__(self, draft: Draft) -> Draft:
        found = self.retrieve(draft)
        outcome = self.decide(found) if isinstance(found, Draft) else found
        return replace(draft, beyond=self._told(outcome))

    def _told(self, outcome: Result) -> Beyond:
        draft = outcome if isinstance(outcome, Draft) else outcome.draft
        best = draft.candidates[0] if draft.candidates else None
        score = best.score if best else 0.0
        if isinstance(outcome, Ending) and outcome.status is Status.CLARIFY and draft.candidates:
            codes = [candidate.code for candidate in draft.candidates]
            inside = any(self.procedures.card(code) for code in codes)
            return Beyond(True, inside, "", self._fields(codes), score=score)
        if draft.card is not None:
            code = draft.card.code
            codes = [code, *(each for each, _ in draft.also)]
            outside = [each for each in codes if self.procedures.card(each) is None]
            if len(outside) == len(codes):
                return Beyond(True, False, code, self._fields(codes), score=score)
            return Beyond(True, True, code, (), self._fields(outside), score)
        if isinstance(outcome, Ending):
            return Beyond(False)
        cited = {line.citation.document_id for line in draft.lines}
        ids = [hit.passage.document_id for hit in draft.hits] or sorted(cited)
        first = ids[0] if ids else ""
        inside = self.inside.sees(first, draft.question.scope)
        known = self.whole.opened().facts().of_document(first)
        score = draft.hits[0].score if draft.hits else 1.0
        return Beyond(True, inside, "", known.fields if known else (), score=score)

    def _fields(self, codes: Iterable[str]) -> tuple[str, ...]:
        cards = filter(None, map(self.all_procedures.card, codes))
        return tuple(dict.fromkeys(card.field for card in cards if card.field))


@dataclass(frozen=True, slots=True)
class KeepToProfile:
    """The gate of a profile that sees a part; what is not in it is said to be elsewhere."""

    decide: Callable[[Draft], Result]
    elsewhere: Elsewhere
    replies: Replies

    def __call__(self, draft: Draft) -> Result:
        outcome, beyond = self.decide(draft), draft.beyond
        if beyond is None:
            return outcome
        if not beyond.found:
            return self._not_found(outcome, draft, beyond)
        if not beyond.inside and not _stands(outcome, draft, beyond):
            return self._refuse(draft, beyond.fields)
        if beyond.also and isinstance(outcome, Draft):
            told = self.elsewhere.rest(beyond.also, english=draft.understood.english)
            return replace(outcome, notices=(*outcome.notices, told))
        return self._reworded(outcome)

    def _not_found(self, outcome: Result, draft: Draft, beyond: Beyond) -> Result:
        """What all there is does not answer, a part of it does not answer better."""
        if isinstance(outcome, Ending):
            return self._reworded(outcome)
        return outcome if _is_certain(draft.candidates) else self._refuse(draft, beyond.fields)

    def _reworded(self, outcome: Result) -> Result:
        if not isinstance(outcome, Ending) or outcome.status not in _UNANSWERED:
            return outcome
        told = self.elsewhere.only(english=outcome.draft.understood.english)
        return replace(outcome, text=f"{told} {outcome.text}")

    def _refuse(self, draft: Draft, fields: tuple[str, ...]) -> Ending:
        english = draft.understood.english
        human = self.replies.speaking(english).human
        text = f"{self.elsewhere.told(fields, english=english)} {human}"
        return Ending(replace(draft, candidates=(), hits=()), Status.OUT_OF_SCOPE, text)


def _stands(outcome: Result, draft: Draft, beyond: Beyond) -> bool:
    """Whether what the profile found goes before what is outside of it."""
    if isinstance(outcome, Ending):
        clarifies = outcome.status is Status.CLARIFY
        return clarifies and any(_scores(draft.candidates, beyond))
    if outcome.kind == "procedure":
        return _is_certain(draft.candidates) or any(_scores(draft.candidates[:1], beyond))
    score = outcome.hits[0].score if outcome.hits else 1.0
    return score >= beyond.score - _CLEARLY


def _is_certain(candidates: tuple[Candidate, ...]) -> bool:
    return bool(candidates) and candidates[0].reason in _CERTAIN


def _scores(candidates: Iterable[Candidate], beyond: Beyond) -> Iterator[bool]:
    return (candidate.score >= beyond.score - _CLEARLY for candidate in candidates)
