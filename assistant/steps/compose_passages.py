"""The deterministic answer from documents: the sentences that carry the question, quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.citing import cite
from assistant.old_places import asks_where_it_is_now, cited_places, place_lines
from assistant.procedures import Procedures
from assistant.replies import Replies, day
from assistant.vocabulary import Draft, Line
from knowledge_base.card_text import BUNDLED
from knowledge_base.documents import Document, Hit, Validity
from knowledge_base.law.validity import TextState
from knowledge_base.names import same
from knowledge_base.search import KnowledgeBase
from knowledge_base.vietnamese import tokens

_SENTENCE = re.compile(r"\S.*?(?:[.!?;](?=\s|$)|$)", re.MULTILINE)
_NOT_QUOTED = ("Tên thường gọi:", "Nguồn:")
_LONGEST = 480  # characters of one quote
_MOST = 3  # quotes in one answer


@dataclass(frozen=True, slots=True)
class ComposePassages:
    """Quotes of the best document first; a second document only if it is as good."""

    knowledge: KnowledgeBase
    procedures: Procedures
    replies: Replies

    def __call__(self, draft: Draft) -> Draft:
        if draft.kind != "document" or not draft.hits:
            return draft
        lines = tuple(self._lines(draft))
        places = tuple(cited_places(draft, self._replies(draft), self.knowledge, provinces=False))
        notices = self._notices(draft, places)
        if any(line.citation.ocr for line in lines):
            notices = (*notices, self._replies(draft).notice("from_pictures"))
        lead = self._lead(draft, places)
        return replace(draft, lines=(*lines, *places), lead=lead, notices=notices)

    def _lines(self, draft: Draft) -> Iterator[Line]:
        seen: set[tuple[str, int]] = set()
        best = draft.hits[0].score
        for hit in draft.hits[: _MOST * 3]:
            if len(seen) >= _MOST or (seen and hit.score < best * 0.85):
                return
            document = self.knowledge.document(hit.passage.document_id, draft.question.scope)
            if document is None or document.sha256 != hit.passage.sha256:
                continue
            start, end = self._best_span(
                document, hit, draft.understood.syllables, draft.understood.content
            )
            if (document.id, start) in seen:
                continue
            seen.add((document.id, start))
            citation = cite(document, start, end, hit.passage.path)
            yield Line("passage", " ".join(citation.quote.split()), citation)

    def _best_span(
        self, document: Document, hit: Hit, said: Sequence[str], core: Sequence[str]
    ) -> tuple[int, int]:
        """The run of sentences of a passage that says most about the question."""
        spans = [
            _trim(document.text, hit.passage.start + a, hit.passage.start + b)
            for a, b in _sentences(document.text[hit.passage.start : hit.passage.end])
        ]
        wanted = set(core) or set(said)
        value = [self._value(document.text[a:b], wanted) for a, b in spans]
        first = last = max(range(len(spans)), key=lambda n: value[n])
        while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= _LONGEST:
            last += 1
        while first > 0 and spans[last][1] - spans[first - 1][0] <= _LONGEST:
            first -= 1
        return spans[first][0], spans[last][1]

    def _value(self, sentence: str, wanted: set[str]) -> float:
        there = set(tokens(sentence))
        return sum(self.procedures.weight(w) for w in wanted if any(same(w, t) for t in there))

    def _lead(self, draft: Draft, places: Sequence[Line]) -> str:
        passage = draft.hits[0].passage
        number = (
            f" ({passage.number})" if passage.number and passage.number not in passage.title else ""
        )
        replies = self._replies(draft)
        source = replies.notice("according_to", title=f"{passage.title}{number}")
        if not asks_where_it_is_now(draft.understood):
            return source
        return " ".join((*place_lines(draft, replies, provinces=False, cited=places), source))

    def _notices(self, draft: Draft, places: Sequence[Line]) -> tuple[str, ...]:
        passage = draft.hits[0].passage
        notices = draft.notices
        replies = self._replies(draft)
        if asks_where_it_is_now(draft.understood):  # the lead says where it is
            notices = (*notices, replies.notice("old_unit_source"))
        else:
            notices = (*notices, *place_lines(draft, replies, provinces=False, cited=places))
        verdict = self.knowledge.standing(passage, draft.as_of)
        if verdict.validity is Validity.NOT_IN_FORCE:
            words = {"as_of": day(draft.as_of), "reason": verdict.reason}
            return (*notices, replies.notice("not_in_force", **words))
        ended = bool(verdict.note or passage.effective_from)  # else no day of effect is known
        if ended and verdict.validity is Validity.UNKNOWN:
            return (*notices, replies.notice("maybe_not_in_force", reason=verdict.reason))
        summary = passage.collection == BUNDLED  # people keep it up to date
        if verdict.text is TextState.OLDER and not summary:
            return (*notices, replies.notice("amended", as_of=day(draft.as_of)))
        return notices

    def _replies(self, draft: Draft) -> Replies:
        return self.replies.speaking(draft.understood.english)


def _sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a passage, without lines that only list names."""
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip() and not line.startswith(_NOT_QUOTED):
            spans += [
                (start + match.start(), start + match.end())
                for match in _SENTENCE.finditer(line)
                if match[0].strip()
            ]
        elif spans:
            break  # a quote is one piece of text: it does not jump over a line left out
        start += len(line)
    return spans or [(0, len(text))]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - (len(inner) - len(inner.rstrip()))
