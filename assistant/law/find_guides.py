"""The documents that guide a law, each with its standing and the words that say what it guides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.law import lines
from assistant.law.question import Intent, asked
from assistant.replies import Replies, day
from assistant.vocabulary import Draft, Ending, Line, Status
from knowledge_base.law.guides import Guide
from knowledge_base.law.library import Library, NotThere
from knowledge_base.law.told_lists import guide_line
from knowledge_base.search import KnowledgeBase

_MOST = 10
_QUOTED = 600  # characters of what a document says it guides


@dataclass(frozen=True, slots=True)
class FindGuides:
    """Guiding documents first; those that only rest on the law are counted."""

    knowledge: KnowledgeBase
    replies: Replies

    def __call__(self, draft: Draft) -> Draft | Ending:
        found = asked(draft)
        if found is None or found.intent is not Intent.GUIDES:
            return draft
        library = self.knowledge.library(draft.question.scope)
        if library is None:
            return draft
        named = found.documents[0]
        number = library.graph.written(named.keys[0]) if named.keys else named.said
        label = found.places[0].article if found.places else ""
        try:
            of, guides = library.guides(number, draft.as_of, label)
            if label and not guides:
                of, guides = library.guides(number, draft.as_of)
        except NotThere as error:
            return Ending(draft, Status.NO_SOURCE, f"{error} {self.replies.human}")
        shown = [guide for guide in guides if guide.how != "based_on"]
        told = [line for guide in shown[:_MOST] if (line := _line(library, guide)) is not None]
        absent = [guide.number for guide in shown if not guide.there]
        named_by = _naming(library, of.key, absent[:_MOST])
        notices = list(_notices(shown, guides))
        title = of.title if of.number in of.title else f"{of.title} ({of.number})".strip()
        only_named = f"Được nêu là văn bản hướng dẫn {title}: {', '.join(absent)}; kho chưa có "
        only_named += "văn bản này." if len(absent) == 1 else "các văn bản này."
        part = f", Điều {label}" if label else ""
        lead = f"Văn bản hướng dẫn {title}{part}, xét ngày {day(draft.as_of)}:"
        if not told:
            text = only_named if absent else f"Kho chưa có văn bản nào nêu là hướng dẫn {title}."
            if not named_by:
                end = " ".join([text, *notices, self.replies.human])
                return Ending(draft, Status.NO_SOURCE, end)
            lead = only_named
        elif absent:
            lead = f"{only_named}\n{lead}"
        return replace(
            draft, kind="law", lead=lead, lines=(*told, *named_by),
            missing=("guides",) if absent else (), notices=(*draft.notices, *notices),
        )  # fmt: skip


def _naming(library: Library, key: str, absent: Sequence[str]) -> tuple[Line, ...]:
    """The words that name guides which are not here, each once."""
    law = library.law(key)
    if law is None:
        return ()
    found = (lines.own_words(library, law, number) for number in absent)
    return tuple({line.citation.start: line for line in found if line is not None}.values())


def _line(library: Library, guide: Guide) -> Line | None:
    """A guide with the words that say so, or what it begins with."""
    if not guide.there:
        return None
    citation = None
    if guide.document_id:
        end = min(guide.end, guide.start + _QUOTED)
        citation = lines.citation_of(library, guide.document_id, guide.start, end, ("Điều 1",))
    if citation is None:
        law = library.law(guide.key)
        first = lines.first_words(library, guide.key) or (
            lines.opening(library, law) if law else None
        )
        citation = first.citation if first else None
    return Line("passage", guide_line(guide), citation) if citation else None


def _notices(shown: list[Guide], guides: tuple[Guide, ...]) -> Iterator[str]:
    if len(shown) > _MOST:
        rest = ", ".join(guide.number for guide in shown[_MOST : _MOST + 20])
        yield f"Còn {len(shown) - _MOST} văn bản: {rest}."
    based = [guide.number for guide in guides if guide.how == "based_on"]
    if based:
        more = f" và {len(based) - 12} văn bản khác" if len(based) > 12 else ""
        listed = ", ".join(based[:12])
        yield f"Chỉ lấy làm căn cứ, không tự nhận là hướng dẫn: {listed}{more}."
