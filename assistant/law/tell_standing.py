"""Whether a document holds, since when, and who amended or replaced it; each by its own words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.law import lines
from assistant.law.question import Intent, asked
from assistant.vocabulary import Draft, Line
from knowledge_base.law.gaps import told_gaps
from knowledge_base.law.library import Library
from knowledge_base.law.view import Law
from knowledge_base.search import KnowledgeBase

_MOST = 8  # changes of one document that are quoted


@dataclass(frozen=True, slots=True)
class TellStanding:
    """Also for a document that is named and nothing else: what it is, and how it stands."""

    knowledge: KnowledgeBase

    def __call__(self, draft: Draft) -> Draft:
        found = asked(draft)
        wanted = (Intent.STANDING, Intent.PROVISION)
        if found is None or draft.lines or found.intent not in wanted or found.places:
            return draft
        if found.intent is Intent.PROVISION and found.topic and not found.asks_standing:
            return draft  # the matter was looked for, and not found: the search tries
        library = self.knowledge.library(draft.question.scope)
        laws = [
            law
            for document in found.documents
            if library is not None and (law := library.law(document.keys[0])) is not None
        ]
        if library is None or not laws:
            return draft
        leads, told, notices = [], list[Line](), list[str]()
        for law in laws[:2]:
            lead, quotes, more = _of(library, law, draft, only=found.intent is Intent.STANDING)
            leads.append(lead)
            told += quotes
            notices += more
        if not told:
            return draft
        ask = f"Văn bản hướng dẫn {laws[0].number}"
        return replace(
            draft,
            kind="law",
            lead="\n".join(leads),
            lines=tuple(told),
            notices=(*draft.notices, *notices),
            suggestions=(ask,),
        )


def _of(
    library: Library, law: Law, draft: Draft, *, only: bool
) -> tuple[str, list[Line], list[str]]:
    """What is said of one document; ``only``: how it stands, and not what it begins with."""
    on = draft.as_of
    lead = f"{lines.named(law)}. {lines.standing(law.verdict(on), on, law.effective_to)}"
    changes = list(lines.changes(library, law, "", on))
    told = [line for _, line in changes if line is not None][:_MOST]
    notices = [f"{sentence}; kho chưa có văn bản đó." for sentence, line in changes if line is None]
    if not changes:
        notices.append("Chưa thấy văn bản nào trong kho sửa đổi, thay thế hay bãi bỏ văn bản này.")
    rests_on = lines.basis(library, law)
    if rests_on is not None:
        told.insert(0, rests_on)
    first = lines.first_words(library, law.key) if not only or not told else None
    if first is not None and len(told) < _MOST:
        told.insert(0, replace(first, text=f"Điều 1: {first.text}"))
    return lead, told, [*notices[:_MOST], *told_gaps(law)]
