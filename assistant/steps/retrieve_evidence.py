"""Search once, and line up the procedures that may be meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from assistant.confidence import confidence, features
from assistant.doubts import with_doubts
from assistant.exact_name import called_by_name
from assistant.known_documents import KnownDocuments
from assistant.matters import matters
from assistant.old_places import asks_where_it_is_now
from assistant.procedures import Procedures
from assistant.replies import Replies
from assistant.siblings import tell_apart
from assistant.tables import table
from assistant.vocabulary import Candidate, Draft, Ending, Status
from knowledge_base.documents import DocumentKind, Hit, ProcedureCard
from knowledge_base.errors import KnowledgeError
from knowledge_base.legal_text import slug
from knowledge_base.names import NameMatch
from knowledge_base.places import mentioned
from knowledge_base.query import Filter, Query
from knowledge_base.search import KnowledgeBase
from knowledge_base.vietnamese import fold, tokens

_LIMIT = 30
#: A part of a question is less sure than the whole.
_OF_A_CLAUSE = 0.9
_OF_A_MATTER = 0.85
#: So many parts of a story are searched for apart: each search costs time.
_SEARCHED = 2


@dataclass(frozen=True, slots=True)
class RetrieveEvidence:
    """Hits of the knowledge base, and candidates by name and by hit."""

    knowledge: KnowledgeBase
    procedures: Procedures
    documents: KnownDocuments
    replies: Replies

    def __call__(self, draft: Draft) -> Draft | Ending:
        try:
            hits = self._search(draft, draft.standalone)
            candidates = self._candidates(draft, hits)
            both = self._both(draft, candidates)
        except KnowledgeError as error:
            text = self.replies.status(Status.FAILED_SEARCH)
            return Ending(
                replace(draft, verdicts={**draft.verdicts, "error": type(error).__name__}),
                Status.FAILED_SEARCH,
                text,
            )
        if both:
            (first, slots), *others = both
            rest = [candidate for candidate in candidates if candidate.code != first.code]
            also = tuple((candidate.code, of_it) for candidate, of_it in others)
            candidates = (first, *rest)
            draft = replace(draft, slots=slots, also=also)
        return replace(
            draft,
            hits=hits,
            candidates=candidates,
            named=self._named(draft),
        )

    def _search(self, draft: Draft, text: str) -> tuple[Hit, ...]:
        return self.knowledge.search(
            Query(text),
            scope=draft.question.scope,
            as_of=draft.as_of,
            within=Filter(include_not_in_force=True),
            limit=_LIMIT,
        )

    def _named(self, draft: Draft) -> tuple[Candidate, ...]:
        """Documents and places that the words name."""
        said = draft.understood
        provinces = {place.province.name for place in mentioned(draft.standalone)}
        if asks_where_it_is_now(said):
            provinces = {unit.province.name for unit in said.old_units}
        places = sorted(f"place:{slug(name)}" for name in provinces)
        found = [Candidate(key, 1.0, "place") for key in places if draft.kind == "place"]
        for match in self.documents.match(said.subject, said.content):
            found.append(Candidate(match.code, round(match.score, 4), match.name))
        return tuple(found)

    def _candidates(self, draft: Draft, hits: tuple[Hit, ...]) -> tuple[Candidate, ...]:
        if draft.card is not None:
            return (Candidate(draft.card.code, 1.0, "follow-up"),)
        said = draft.understood
        for code in said.procedure_codes:
            card = self.procedures.card(code)
            if card:
                return (Candidate(card.code, 1.0, "code"),)
        called = called_by_name(draft.text, self.procedures)
        ours = {card.code for card in called if card.english_name}  # what people have checked
        if called and not (len(called) > 1 and ours):
            return tuple(Candidate(card.code, 1.0, "name") for card in called[:5])
        found = _procedures(hits)
        best = self._scores(said.subject, said.content, found)
        for code, score in self._of_clauses(draft, found).items():
            best[code] = max(best.get(code, 0.0), score * _OF_A_CLAUSE)
        strength = table("gate")["told_apart"]
        if not said.english:  # names are compared in Vietnamese
            best = tell_apart(best, _as_said(draft), self.procedures, strength)
            best = with_doubts(best, said, self.procedures)
        candidates = [Candidate(code, round(score, 4), "words") for code, score in best.items()]
        candidates = [c for c in candidates if not ours or c.code in ours]
        return tuple(sorted(candidates, key=lambda c: (-c.score, c.code))[:8])

    def _both(
        self, draft: Draft, candidates: tuple[Candidate, ...]
    ) -> list[tuple[Candidate, tuple[str, ...]]]:
        """The procedures of a message that asks for two, with their slots; else none."""
        if not candidates or candidates[0].reason != "words" or draft.understood.english:
            return []
        gate = table("gate")
        whole = {candidate.code: candidate.score for candidate in candidates}
        sure: dict[str, tuple[Candidate, tuple[str, ...]]] = {}
        for matter in matters(draft.spoken or draft.text):
            found = _procedures(self._search(draft, " ".join(matter.subject)))
            scores = self._scores(matter.subject, matter.content, found)
            scores = tell_apart(scores, matter.subject, self.procedures, gate["told_apart"])
            # A part leaves out what the other says ("mua xe cũ … khai trước bạ"): both speak.
            scores = {
                each: max(sqrt(score * whole.get(each, 0.0)), score * _OF_A_MATTER)
                for each, score in scores.items()
            }
            code = max(scores, key=lambda each: (scores[each], each), default="")
            if not code or scores[code] < gate["also"] or code in sure:
                return []  # what is not said to be something else is about the same
            sure[code] = (Candidate(code, round(scores[code], 4), "words"), matter.slots)
        return list(sure.values()) if candidates[0].code in sure else []

    def _of_clauses(self, draft: Draft, found: Mapping[str, Hit]) -> dict[str, float]:
        """What the parts of a story mean, each apart; the likeliest are searched for, too."""
        best: dict[str, float] = {}
        read = [(c, self._scores(c.subject, c.content, found)) for c in draft.understood.clauses]
        read.sort(key=lambda pair: -max(pair[1].values(), default=0.0))
        for n, (clause, scores) in enumerate(read):
            if n < _SEARCHED:
                mine = _procedures(self._search(draft, " ".join(clause.subject)))
                scores = self._scores(clause.subject, clause.content, mine)
            for code, score in scores.items():
                best[code] = max(best.get(code, 0.0), score)
        return best

    def _scores(
        self, subject: Sequence[str], content: Sequence[str], found: Mapping[str, Hit]
    ) -> dict[str, float]:
        """How likely each procedure is that these words name or the search found."""
        named = {match.code: match for match in self.procedures.match(subject, content)}
        return {
            code: self._confidence(subject, content, card, named.get(code), found.get(code))
            for code in {*named, *found}
            if (card := self.procedures.card(code)) is not None
        }

    def _confidence(
        self,
        subject: Sequence[str],
        content: Sequence[str],
        card: ProcedureCard,
        name: NameMatch | None,
        hit: Hit | None,
    ) -> float:
        evidence = features(
            name,
            hit,
            self.procedures.words_of(card),
            content,
            subject,
            self.procedures.weight,
            self.procedures.highest,
        )
        return confidence(evidence, table("gate")["weights"])


def _procedures(hits: Sequence[Hit]) -> dict[str, Hit]:
    """The best hit of each procedure."""
    found: dict[str, Hit] = {}
    for hit in hits:
        if hit.passage.kind is DocumentKind.PROCEDURE:
            found.setdefault(hit.passage.source_id, hit)
    return found


def _as_said(draft: Draft) -> list[str]:
    """What was said as it was read, without official names that reading puts after its end."""
    typed = tokens(draft.text)
    said = list(draft.understood.syllables)
    last = fold(typed[-1]) if typed else ""
    end = next((n for n in range(len(said), 0, -1) if fold(said[n - 1]) == last), len(said))
    # Typed with diacritics, it counts as typed, too: "e-visa" may have been read as "em visa".
    return said[:end] if draft.text.isascii() else [*said[:end], "", *typed]
