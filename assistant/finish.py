"""The one place where an Answer is made: text put together, citations numbered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.old_places import PLACE
from assistant.replies import Replies
from assistant.vocabulary import Answer, Citation, Draft, Ending, Line, Status, StepTrace
from knowledge_base.search import KnowledgeBase

#: Statuses whose text is the lines of the draft rather than a fixed sentence.
ANSWERED = (Status.ANSWERED, Status.ANSWERED_PARTLY, Status.SOURCES_CONFLICT)


@dataclass(frozen=True, slots=True)
class Finisher:
    """Turns the end of the way into an `Answer`."""

    replies: Replies
    knowledge: KnowledgeBase

    def __call__(self, ending: Ending, trace: tuple[StepTrace, ...]) -> Answer:
        draft, status = ending.draft, ending.status
        if status is Status.ANSWERED and draft.missing:
            status = Status.ANSWERED_PARTLY
        told = status in ANSWERED or (status is Status.CRISIS and bool(draft.lines))
        citations, numbered = numbered_lines(draft.lines) if told else ((), ())
        text = self._text(draft, numbered) if told else ending.text
        if told and status is Status.CRISIS:  # the numbers to call come before anything else
            text = f"{ending.text}\n{text}"
        return Answer(
            id=draft.id,
            status=status,
            text=text,
            citations=citations,
            card=draft.card if status in ANSWERED else None,
            as_of=draft.as_of,
            ai_generated=bool(draft.wording),
            model=draft.model if draft.wording else None,
            corpus_version=self.knowledge.corpus_version,
            suggestions=draft.suggestions,
            trace=trace,
            slots=_slots(draft, status),
            notices=draft.notices,
        )

    def deterministic(self, ending: Ending) -> Answer:
        """The answer as it stands without a model's wording."""
        bare = replace(ending.draft, wording="", model=None)
        return self(replace(ending, draft=bare), ())

    def _text(self, draft: Draft, numbered: Sequence[tuple[str, int]]) -> str:
        english = draft.understanding is not None and draft.understanding.english
        parts = [" ".join(part for part in (draft.lead, draft.wording) if part)]
        shown = [
            (line.slot == PLACE, f"{text} [{number}]")
            for line, (text, number) in zip(draft.lines, numbered, strict=True)
        ]
        parts += [text for is_place, text in shown if is_place]  # what puts the question right
        above = dict(draft.headings)
        slots = [line.slot for line in draft.lines if line.slot != PLACE]
        rest = [text for is_place, text in shown if not is_place]
        for n, (slot, said) in enumerate(zip(slots, rest, strict=True)):
            if slot in above:
                parts.append(above.pop(slot))
            parts.append(f"{'' if n == 0 and draft.kind == 'procedure' else '- '}{said}")
        parts += (text for text in draft.notices if text not in draft.lead)
        parts.append(self.replies.as_of(draft.as_of, english))
        parts.append(self.replies.ai_notice(worded=bool(draft.wording), english=english))
        return "\n".join(part for part in parts if part)


def _slots(draft: Draft, status: Status) -> tuple[str, ...]:
    """What is answered; where a choice is offered first, what was asked for."""
    if status is Status.CLARIFY and not draft.slots and draft.understanding is not None:
        return draft.understanding.slots
    return draft.slots


def numbered_lines(
    lines: Sequence[Line],
) -> tuple[tuple[Citation, ...], tuple[tuple[str, int], ...]]:
    """Citations numbered from 1, and each line's text with the number that backs it.

    Neighbouring lines of one slot share a citation: six papers of a dossier are
    one source, not six.
    """
    citations: list[Citation] = []
    numbered: list[tuple[str, int]] = []
    slot: str | None = None
    for line in lines:
        last = citations[-1] if citations else None
        gap = line.citation.start - last.end if last else -1
        if (
            last
            and slot == line.slot != "passage"
            and last.document_id == line.citation.document_id
            and gap == 1
        ):
            citations[-1] = _joined(last, line.citation)
        else:
            citations.append(replace(line.citation, number=len(citations) + 1))
        slot = line.slot
        numbered.append((line.text, len(citations)))
    return tuple(citations), tuple(numbered)


def _joined(first: Citation, second: Citation) -> Citation:
    """One citation over two neighbouring lines; the line break between them is part of it."""
    quote = f"{first.quote}\n{second.quote}"
    digest = hashlib.sha256(quote.encode()).hexdigest()
    return replace(first, quote=quote, end=second.end, quote_sha256=digest)
