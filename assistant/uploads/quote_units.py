"""The answer: the words of the documents themselves, cut by code, with where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.citing import cite
from assistant.uploads.find_units import ARTICLE, OUTLINE
from assistant.uploads.vocabulary import Held
from assistant.uploads.words import say
from assistant.vocabulary import Citation, Draft, Line
from knowledge_base.documents import Hit
from knowledge_base.query_terms import analyse
from knowledge_base.stop_words import STOP_WORDS
from knowledge_base.vietnamese import fold, tokens

_MOST = 3  # quotes of a search
_AS_GOOD = 0.86  # of the best score that a further quote must have
_WHOLE = 520  # characters of a clause that is quoted whole; of a longer one the best sentences
_PROSE = 420  # … of a paragraph outside articles
_OPENING = 260  # … of the first sentence of a part in an outline
_LABEL = 12  # characters of what only numbers or names
_EMPHASIS = re.compile(r"\*\*|__")
_PROVISION = re.compile(r"Điều \d|khoản \d|điểm \w$")
_SENTENCE = re.compile(r"\S.*?(?:[.!?;](?=\s|$)|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class QuoteUnits:
    """Fill ``lines``, each with its citation."""

    documents: tuple[Held, ...]

    def __call__(self, draft: Draft) -> Draft:
        by_id = {held.document.id: held for held in self.documents}
        asked = frozenset(analyse(draft.standalone, None).folded)
        # A point says little without what opens its list.
        stems = {(h.document.id, u.start): u.stem for h in self.documents for u in h.units}
        lines: list[Line] = []
        for hit in self._chosen(draft):
            held = by_id[hit.passage.document_id]
            start, end = self._span(draft, hit, asked)
            citation = cite(held.document, start, end, hit.passage.path)
            shown = _shown(citation, held.upload.suffix == ".md")
            stem = stems.get((held.document.id, start), "")
            lines.append(Line("passage", f"({stem} …) {shown}" if stem else shown, citation))
        used = {line.citation.document_id for line in lines}
        notices = [
            say("remark", name=by_id[each].upload.name, remark=remark)
            for each in sorted(used)
            for remark in by_id[each].upload.remarks
        ]
        lead = draft.lead or _lead(draft, lines)
        return replace(draft, lines=tuple(lines), lead=lead, notices=(*draft.notices, *notices))

    def _chosen(self, draft: Draft) -> Iterator[Hit]:
        if draft.kind in (ARTICLE, OUTLINE):
            yield from draft.hits
            return
        best = draft.hits[0].score
        for n, hit in enumerate(draft.hits[:_MOST]):
            if n == 0 or hit.score >= _AS_GOOD * best:
                yield hit

    def _span(self, draft: Draft, hit: Hit, asked: frozenset[str]) -> tuple[int, int]:
        start, end = hit.passage.start, hit.passage.end
        text = hit.passage.text
        if draft.kind == OUTLINE:
            return start, start + min(_opening(text, hit.passage.path), _OPENING, end - start)
        most = _WHOLE if any(map(_PROVISION.match, hit.passage.path)) else _PROSE
        if draft.kind == ARTICLE or end - start <= most:
            return start, end
        return _best(text, start, asked, most)


def _opening(text: str, path: Sequence[str]) -> int:
    """Where the first sentence of a part ends that says more than its name and its number."""
    names = {_bare(step) for step in path}
    for match in _SENTENCE.finditer(text):
        said = _bare(match[0])
        if len(said) > _LABEL and said not in names and not any(said in name for name in names):
            return match.end()
    return len(text)


def _best(text: str, start: int, asked: frozenset[str], most: int) -> tuple[int, int]:
    """The run of sentences that has most of the words asked for."""
    spans = [m.span() for m in _SENTENCE.finditer(text)]
    telling = asked - {fold(word) for word in STOP_WORDS}
    value = [len(telling & {fold(t) for t in tokens(text[a:b])}) for a, b in spans]
    first = last = max(range(len(spans)), key=lambda n: (value[n], -n))
    while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= most:
        last += 1
    while first > 0 and spans[last][1] - spans[first - 1][0] <= most:
        first -= 1
    return start + spans[first][0], start + spans[last][1]


def _lead(draft: Draft, lines: list[Line]) -> str:
    titles = {line.citation.title for line in lines}
    title = next(iter(titles), "")
    if draft.kind == OUTLINE:
        return say("lead_outline", title=title)
    return say("lead_one", title=title) if len(titles) == 1 else say("lead_several")


def _shown(citation: Citation, marked_up: bool) -> str:
    """The words of a quote on one line, without a heading that its path says already."""
    lines = citation.quote.split("\n")
    said = {_bare(step) for step in (*citation.path, citation.title.partition(" (")[0])}
    while len(lines) > 1 and (not lines[0].strip() or _bare(lines[0]) in said):
        del lines[0]
    text = " ".join(" ".join(lines).split())
    return _EMPHASIS.sub("", text) if marked_up else text


def _bare(text: str) -> str:
    return " ".join(text.strip(" *#.:").casefold().split())
