"""The law of the day something happened beside today's, where a quoted law was replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.as_of import today
from assistant.legal_support.event_day import event_day
from assistant.legal_support.lines import line_of
from assistant.legal_support.other_day import Other, other_day
from assistant.legal_support.schema import LineFile
from assistant.legal_support.sources import named, quote
from assistant.legal_support.told import heading, notice
from assistant.vocabulary import Draft, Line
from knowledge_base.search import KnowledgeBase

#: Which law holds for what happened before a change, where nothing special is known.
_HOLDS = LineFile(
    law="64/2025/QH15",
    article="Điều 58",
    words="Áp dụng văn bản đang có hiệu lực vào lúc xảy ra sự việc",
)
_QUOTED = "passage"


@dataclass(frozen=True, slots=True)
class CompareDays:
    """Only for quoted laws, and only where a day is named on which another one held."""

    knowledge: KnowledgeBase

    def __call__(self, draft: Draft) -> Draft:
        quoted = [line for line in draft.lines if line.slot == _QUOTED]
        if draft.kind != "document" or not quoted or draft.understood.english:
            return draft
        now = draft.question.as_of or today()
        event = event_day(draft.text, now)
        if event is None:
            return draft
        passage = draft.hits[0].passage
        other = other_day(passage, draft, event.first, now, self.knowledge)
        if other is None:
            return draft
        if not other.lines:
            words = {"when": event.words, "number": other.number}
            name = "then_not_stored" if other.part == "then" else "now_not_stored"
            return replace(draft, notices=(*draft.notices, notice(name, **words)))
        mine = "now" if other.part == "then" else "then"
        above = {
            slot: heading(part, event, now, [named(line.citation)])
            for slot, part, line in (
                (other.part, other.part, other.lines[0]),
                (_QUOTED, mine, quoted[0]),
            )
        }
        above["transition"] = heading("transition", event, now)
        lines = (*_in_order(draft, other), *self._which(draft))
        return replace(draft, lines=lines, headings=tuple(above.items()))

    def _which(self, draft: Draft) -> tuple[Line, ...]:
        quoted = quote(_HOLDS, self.knowledge, draft.question.scope)
        return (line_of("transition", _HOLDS, quoted),) if quoted is not None else ()


def _in_order(draft: Draft, other: Other) -> tuple[Line, ...]:
    """What held then comes first."""
    if other.part == "then":
        return (*other.lines, *draft.lines)
    return (*draft.lines, *other.lines)
