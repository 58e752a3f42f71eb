"""Documents cut into passages: exact spans, short enough to be found and quoted."""

from __future__ import annotations

import re
from functools import lru_cache
from math import ceil

from knowledge_base.documents import Document, Passage, Section

#: Characters a passage may have. About 300 tokens: one thought, and cheap to embed.
LONGEST = 1200

#: Part of the name of an index: raise it when the cutting changes.
PASSAGES_VERSION = 2

# From the border one likes best to the one that is only better than cutting a word.
_BORDERS = tuple(
    re.compile(pattern)
    for pattern in (r"\n\s*\n", r"\n", r"(?<=[.!?…])\s+", r"(?<=[;:,])\s+", r"\s+")
)


# "(Điều 1 Luật số 104/2016/QH13 Tiếp cận thông tin ngày …": the name stands in the first note only.
_LAW = re.compile(
    r"\b(Bộ luật|Luật|Pháp lệnh|Hiến pháp)\s+(?:số\s+)?\d+/\d{4}/\S+\s+(?:Luật\s+|Bộ luật\s+)?"
    r"(?!có hiệu lực|sửa đổi)([^\W\d][^;()\d]{2,90}?)\s+ngày\s+\d",
    re.IGNORECASE,
)


def passages_of(document: Document) -> tuple[Passage, ...]:
    """The passages of a document, in order: its sections, long ones cut further.

    A document without sections is one section. Spans never overlap, and
    ``document.text[p.start:p.end] == p.text`` for each. The same words under the
    same heading are one passage: a thousand copies find nothing more, and equal
    vectors by the thousand break the graph that nearest ones are found by.
    """
    found: dict[tuple[tuple[str, ...], str], Passage] = {}
    for section in document.sections or (Section((), 0, len(document.text)),):
        for start, end in spans(document.text, section.start, section.end):
            passage = passage_of(document, section, start, end)
            found.setdefault((passage.path, passage.text), passage)
    return tuple(found.values())


def spans(text: str, start: int, end: int, longest: int = LONGEST) -> list[tuple[int, int]]:
    """``text[start:end]`` as spans of at most ``longest`` characters, of similar length."""
    found: list[tuple[int, int]] = []
    start, end = _trim(text, start, end)
    while start < end:
        cut = end if end - start <= longest else _cut(text, start, end, longest)
        found.append(_trim(text, start, cut))
        start, end = _trim(text, cut, end)
    return found


@lru_cache(maxsize=4096)
def law_name(note: str) -> str:
    """The name of the law that a codified article's source note gives, if it does.

    >>> law_name("(Điều 1 Luật số 104/2016/QH13 Tiếp cận thông tin ngày 06/04/2016 của Quốc hội)")
    'Luật Tiếp cận thông tin'
    """
    found = _LAW.search(note)
    return f"{found[1]} {found[2].strip()}" if found else ""


def _cut(text: str, start: int, end: int, longest: int) -> int:
    # An even share, so that no short tail is left over for the last passage.
    share = ceil((end - start) / ceil((end - start) / longest))
    latest = start + min(longest, share + longest // 8)
    earliest = start + share // 2
    for border in _BORDERS:
        places = [match.start() for match in border.finditer(text, earliest, latest)]
        if places:
            return places[-1]
    return latest


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def passage_of(document: Document, section: Section, start: int, end: int) -> Passage:
    """``[start:end]`` of a document, within ``section``, with all that is known of it."""
    return Passage(
        id=f"{document.id}#{start}-{end}",
        document_id=document.id,
        sha256=document.sha256,
        source_id=document.source_id,
        kind=document.kind,
        title=document.title,
        number=document.number,
        path=section.path,
        text=document.text[start:end],
        start=start,
        end=end,
        labels=document.labels,
        slot=section.slot,
        url=document.url,
        collection=document.collection,
        effective_from=section.effective_from or document.effective_from,
        effective_to=section.effective_to or document.effective_to,
        other_names=document.other_names,
        article=document.meta.get("article", ""),
        part_of=law_name(document.meta.get("source_note", "")),
    )
