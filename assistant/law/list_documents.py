"""Documents by what they are: "thông tư của Bộ Y tế năm 2025 về …", "nghị định nào …"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.citing import cite
from assistant.law import lines
from assistant.law.question import Intent, LawQuestion, asked
from assistant.replies import Replies, day
from assistant.tables import first, phrases
from assistant.vocabulary import Draft, Ending, Line, Status
from knowledge_base.documents import Validity
from knowledge_base.law.library import Library
from knowledge_base.law.listing import Listed, Wanted, authorities_of, fits, verdict_of
from knowledge_base.law.told import STATES
from knowledge_base.query import Filter, Query
from knowledge_base.search import KnowledgeBase
from knowledge_base.vietnamese import expand_abbreviations, fold, tokens

_MOST = 10
_YEARS = re.compile(
    r"(?i)(?:từ\s+)?(?:năm\s+)?((?:19|20)\d\d)\s*(?:đến|tới|-|–)\s*(?:năm\s+)?((?:19|20)\d\d)"
)
_YEAR = re.compile(r"(?i)(?:năm|nam|hồi|trong)\s+((?:19|20)\d\d)\b")
_ABOUT = re.compile(r"(?i)\b(?:về|quy định|liên quan(?: đến)?|ve)\s+(.+)$")
_ISSUER = re.compile(
    r"(?i)\b(?:của|do)\s+((?:bộ(?!\s+luật)|ủy ban|uỷ ban|hội đồng|ngân hàng nhà nước|tòa án"
    r"|viện kiểm sát|tổng cục|sở)\s+.+?)"
    r"(?=\s+(?:năm|ban hành|về|quy định|hướng dẫn|còn|từ|nào|trong|có)\b|[?.,;]|$)"
)
_OF_FILTER = ("của", "do", "ban hành", "bộ", "năm", "ngành", "cơ quan", "còn", "hiệu lực")


@dataclass(frozen=True, slots=True)
class ListDocuments:
    """By the words of a question; what is asked about is looked for in names, then in texts."""

    knowledge: KnowledgeBase
    replies: Replies

    def __call__(self, draft: Draft) -> Draft | Ending:
        found = asked(draft)
        if found is None or found.intent is not Intent.LIST:
            return draft
        library = self.knowledge.library(draft.question.scope)
        if library is None:
            return draft
        wanted = wanted_of(found, library)
        topic = topic_of(found, wanted)
        documents = _by_name(library, wanted, topic, draft)
        named = bool(documents)
        if not documents and topic:
            documents = self._by_text(library, wanted, topic, draft)
        told = [line for one in documents[:_MOST] if (line := _line(library, one)) is not None]
        if not told and _is_filtered(wanted):
            return self._none(draft, library, wanted, topic)
        if not told:
            return draft  # no more than a matter: the search tries
        count = f"{len(documents)} văn bản" if named else "Văn bản có nội dung gần nhất"
        about = f" về “{' '.join(topic)}”" if topic else ""
        lead = f"{count}{_said(wanted)}{about}, hiệu lực xét ngày {day(draft.as_of)}:"
        more = len(documents) - len(told)
        notices = (f"Còn {more} văn bản nữa: thêm điều kiện để thu hẹp, hoặc troly law list.",)
        return replace(
            draft, kind="law", lead=lead, lines=tuple(told),
            notices=(*draft.notices, *(notices if more > 0 else ())),
        )  # fmt: skip

    def _none(self, draft: Draft, library: Library, wanted: Wanted, topic: Sequence[str]) -> Ending:
        """Nothing of that kind: what is there of the kind, and what else on the matter."""
        about = f" về “{' '.join(topic)}”" if topic else ""
        text = [f"Kho không có văn bản nào{_said(wanted)}{about}."]
        asks: list[str] = []
        same = list(library.list(wanted, draft.as_of))
        if same and topic:
            text.append(f"Có {len(same)} văn bản{_said(wanted)}: {_numbers(same)}.")
        wider = replace(wanted, years=None, in_force=False)
        other = (
            []
            if same or wider.is_empty or wider == wanted
            else list(library.list(wider, draft.as_of))
        )
        if other:
            text.append(f"Có {len(other)} văn bản{_said(wider)}: {_numbers(other)}.")
        near = _by_name(library, Wanted(), topic, draft) if topic else []
        if near:
            text.append(f"Văn bản{about} có trong kho: {_kinds_of(near)} ({_numbers(near)}).")
            asks = [f"{one.entry.number} còn hiệu lực không?" for one in near[:3]]
        if not near and not other and not (same and topic):
            every = library.list(Wanted(), draft.as_of)
            text.append(f"Kho có {_kinds_of(every)}.")
        ending = replace(draft, suggestions=tuple(asks))
        return Ending(ending, Status.NO_SOURCE, " ".join([*text, self.replies.human]))

    def _by_text(
        self, library: Library, wanted: Wanted, topic: Sequence[str], draft: Draft
    ) -> list[Listed]:
        """Documents whose texts speak of it most, among those that fit."""
        within = Filter(
            authorities=frozenset(wanted.authorities),
            document_types=frozenset(wanted.kinds),
            years=wanted.years,
            include_not_in_force=not wanted.in_force,
        )
        hits = self.knowledge.search(
            Query(" ".join(topic)),
            scope=draft.question.scope,
            as_of=draft.as_of,
            within=within,
            limit=20,
            per_document=1,
        )
        entries = library.names.entries
        found: dict[str, Listed] = {}
        for hit in hits:
            for key in (
                library.graph.resolve(hit.passage.number).keys[:1] if hit.passage.number else ()
            ):
                entry = entries.get(key)
                if entry is None or key in found or not fits(entry, wanted):
                    continue
                verdict = verdict_of(library.graph, entry, draft.as_of)
                if not wanted.in_force or verdict.validity is Validity.IN_FORCE:
                    found[key] = Listed(entry, verdict)
        return list(found.values())


def _is_filtered(wanted: Wanted) -> bool:
    """Whether documents of a certain kind are wanted: a law is no answer to who wants circulars."""
    return bool(wanted.kinds or wanted.authorities or wanted.years)


def _numbers(found: Sequence[Listed]) -> str:
    more = f" và {len(found) - 6} văn bản khác" if len(found) > 6 else ""
    return ", ".join(one.entry.number for one in found[:6]) + more


def _kinds_of(found: Sequence[Listed]) -> str:
    """ "3 luật, 1 nghị định"."""
    count = Counter((one.entry.kind or "văn bản khác").lower() for one in found)
    return ", ".join(f"{n} {kind}" for kind, n in count.most_common())


def wanted_of(found: LawQuestion, library: Library) -> Wanted:
    """Kind, authority, years and validity in the words of a question."""
    said = tokens(found.text)
    kinds = tuple(_kinds(said))
    spelled = f" {fold(' '.join(tokens(expand_abbreviations(found.text))))} "
    issuers = authorities_of(library.names.entries.values())
    authorities = [n for n in issuers if f" {fold(' '.join(tokens(n)))} " in spelled]
    # The longest name that is said: "Chính phủ" stands in "Thủ tướng Chính phủ".
    authorities = [
        n for n in authorities if not any(n != m and fold(n) in fold(m) for m in authorities)
    ]
    other = _ISSUER.search(expand_abbreviations(found.text))
    if other and not authorities:  # one that issued nothing that is here
        authorities = [other[1].strip()]
    return Wanted(
        kinds=kinds,
        authorities=tuple(authorities),
        years=_years(found.text),
        in_force=first("law", "in_force", said) is not None,
    )


def topic_of(found: LawQuestion, wanted: Wanted) -> tuple[str, ...]:
    """What the documents are to be about: the syllables that are no filter."""
    behind = _ABOUT.search(found.text)
    if behind:
        left = tokens(behind[1])
        for row in ("in_force", "list", "around"):
            for phrase in phrases("law", row):
                while (at := phrase.at(left)) >= 0:
                    left[at : at + len(phrase.syllables)] = ["\0"] * len(phrase.syllables)
        return tuple(w for w in left if w != "\0" and not re.fullmatch(r"\d+", w))
    taken = {fold(word) for name in (*wanted.kinds, *wanted.authorities) for word in name.split()}
    left = [word for word in found.topic if not re.fullmatch(r"\d+", word)]
    return tuple(w for w in left if fold(w) not in taken and w not in _OF_FILTER)


def _kinds(said: Sequence[str]) -> Iterator[str]:
    left = tokens(" ".join(said).replace("pháp luật", " . "))
    for phrase in phrases("law", "kinds"):
        at = phrase.at(left)
        if at >= 0:
            left[at : at + len(phrase.syllables)] = ["\0"] * len(phrase.syllables)
            yield " ".join(phrase.syllables)


def _years(text: str) -> tuple[int, int] | None:
    both = _YEARS.search(text)
    if both:
        return int(both[1]), int(both[2])
    one = _YEAR.search(text)
    return (int(one[1]), int(one[1])) if one else None


def _by_name(library: Library, wanted: Wanted, topic: Sequence[str], draft: Draft) -> list[Listed]:
    """Documents that fit, whose names have what is asked about."""
    about = (" ".join(topic),) if topic else ()
    exact = library.list(replace(wanted, about=about), draft.as_of)
    if exact or not topic:
        return list(exact) if not wanted.is_empty or topic else []
    each = library.list(replace(wanted, about=tuple(topic)), draft.as_of)
    return list(each) if len(topic) > 1 else []


def _line(library: Library, one: Listed) -> Line | None:
    entry = one.entry
    title = " ".join(entry.title.split())
    named = title if entry.number in title else f"{entry.number}: {title}"
    facts = [entry.issuer] if entry.issuer else []
    if entry.issued_on:
        facts.append(f"ban hành {day(entry.issued_on)}")
    facts.append(STATES[one.verdict.validity])
    text = f"{named} ({'; '.join(facts)})"
    quote = lines.first_words(library, entry.key)
    if quote is not None:
        return Line("passage", text, quote.citation)
    document = library.document(entry.documents[0])
    if document is None:
        return None
    end = min(len(document.text), 300)
    if not document.text[:end].strip():
        return None
    return Line("passage", text, lines.internal(cite(document, 0, end, ()), document))


def _said(wanted: Wanted) -> str:
    """ " là thông tư của Bộ Y tế năm 2025 còn hiệu lực"."""
    parts = [f"là {', '.join(wanted.kinds)}" if wanted.kinds else ""]
    parts.append(f"của {', '.join(wanted.authorities)}" if wanted.authorities else "")
    if wanted.years:
        first_year, last = wanted.years
        parts.append(f"năm {first_year}" if first_year == last else f"từ {first_year} đến {last}")
    parts.append("còn hiệu lực" if wanted.in_force else "")
    return "".join(f" {part}" for part in parts if part)
