"""Where a line of a matter stands in the knowledge base: a quote cut from the stored article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.citing import cite
from assistant.legal_support.schema import LineFile
from assistant.vocabulary import Citation
from knowledge_base.documents import Document, Passage, Section, Validity
from knowledge_base.law.validity import Verdict
from knowledge_base.passages import passage_of
from knowledge_base.scope import Scope

_SENTENCE = re.compile(r"\S.*?(?:[.!?](?=\s|$)|$)", re.DOTALL)
_ASIDE = re.compile(r"\s*\([^)]*\)$")


class Library(Protocol):
    """What is asked of the knowledge base."""

    def document(self, document_id: str, scope: Scope) -> Document | None: ...
    def standing(self, passage: Passage, on: date) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote from its heading on, the words wanted of it, and the article as people call it."""

    citation: Citation
    words: str
    place: str
    passage: Passage
    library: Library

    def holds_on(self, day: date) -> bool:
        """False where it is known that the article does not hold on ``day``."""
        return self.standing(day).validity is not Validity.NOT_IN_FORCE

    def standing(self, day: date) -> Verdict:
        return self.library.standing(self.passage, day)


def quote(line: LineFile, library: Library, scope: Scope) -> Quoted | None:
    """The sentences of the article that hold ``words``; None where they stand nowhere (any more).

    Without ``words`` it is the whole article.
    """
    document = library.document(line.document_id, scope)
    if document is None:
        return None
    section = next((s for s in document.sections if s.path[-1:] == (line.article,)), None)
    if section is None:
        return None
    span = _span(document.text, section, line.words)
    if span is None:
        return None
    start, end = span
    return Quoted(
        cite(document, _heading(document.text, section), end, section.path),
        " ".join(document.text[start:end].split()),
        place(document, section),
        passage_of(document, section, section.start, section.end),
        library,
    )


def place(document: Document, section: Section) -> str:
    """ "Điều 97 Bộ luật Lao động": what stands beside the line. The number is in the citation."""
    article, law = _ASIDE.sub("", section.path[-1]), _ASIDE.sub("", document.title)
    return f"{article} {law}" if article.startswith("Điều") else law


def named(citation: Citation) -> str:
    """ "Bộ luật Lao động 45/2019/QH14", "Nghị định 168/2024/NĐ-CP"."""
    title, number = _ASIDE.sub("", citation.title), citation.document_number
    if not title.startswith(("Luật", "Bộ luật")):
        title = " ".join(title.split()[:2])  # decrees are known by their numbers
    return title if number in title else f"{title} {number}"


def _heading(text: str, section: Section) -> int:
    """Where the heading above a section begins; the section itself where there is none."""
    heading = f"{', '.join(section.path)}\n"
    start = section.start - len(heading)
    return start if text[max(start, 0) : section.start] == heading else section.start


def _span(text: str, section: Section, words: str) -> tuple[int, int] | None:
    body = text[section.start : section.end]
    if not words:
        return section.start, section.start + len(body.rstrip())
    at = body.find(" ".join(words.split()))
    if at < 0:
        return None
    ends = at + len(words)
    spans = [m.span() for m in _SENTENCE.finditer(body)]
    around = [span for span in spans if span[0] < ends and span[1] > at]
    return section.start + around[0][0], section.start + around[-1][1]
