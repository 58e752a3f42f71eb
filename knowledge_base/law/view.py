"""A legal document put together from what the record holds of it, article by article.

One law may be there several times: as a bundled summary, as a file that was
ingested, as articles of the codification. The fullest text of each article is
shown; the codification's is before a file's because it has the amendments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge_base.documents import Document, Section
from knowledge_base.law.graph import Edge, Graph
from knowledge_base.law.header import issuer_of
from knowledge_base.law.shelves import Shelves
from knowledge_base.law.standing import touching
from knowledge_base.law.structure import Part, clauses
from knowledge_base.law.validity import Event, Verdict, validity_of
from knowledge_base.store import Record

_ARTICLE = re.compile(r"Điều\s+(\d+[a-zđ]{0,2})\b[.:]?\s*(.*)", re.DOTALL)
_NAMED_SO = ("Luật", "Bộ luật", "Pháp lệnh")  # and what follows is a name with a capital
_ORDER = {"codified": 0, "text": 1, "published_summary": 2, "summary": 3}


@dataclass(frozen=True, slots=True)
class Article:
    """One article: ``text`` is ``[start:end]`` of the document ``document_id``.

    ``form`` is ``codified``, ``text``, or a summary (``published_summary``,
    ``summary`` for a bundled one).
    """

    label: str
    heading: str
    path: tuple[str, ...]
    text: str
    document_id: str
    sha256: str
    start: int
    end: int
    form: str
    effective_from: date | None
    effective_to: date | None
    note: str = ""

    def clause(self, number: str) -> str:
        """The text of one clause, or "" when there is none."""
        for part in clauses(self.text):
            if part.part is Part.CLAUSE and part.label == number:
                return self.text[part.start : part.end].strip()
        return ""


@dataclass(frozen=True, slots=True)
class Law:
    """A document with its articles in order and everything that happened to it."""

    key: str
    number: str
    title: str
    kind: str
    issuer: str
    issued_on: str
    effective_from: date | None
    effective_to: date | None
    state: str
    url: str
    articles: tuple[Article, ...]
    events: tuple[tuple[str, Event], ...]
    outgoing: tuple[Edge, ...]
    documents: tuple[str, ...]
    overview: str = ""
    every: tuple[Article, ...] = ()  # all stored texts of its articles, not the fullest alone

    def article(self, label: str) -> Article | None:
        wanted = label.lower().removeprefix("điều").strip()
        return next((a for a in self.articles if a.label.lower() == wanted), None)

    def verdict(self, on: date) -> Verdict:
        """Whether the document as a whole holds on a day."""
        return validity_of(
            self.effective_from,
            self.effective_to,
            (e for a, e in self.events if not a and e.kind not in ("amended_by", "corrected_by")),
            on,
        )

    def verdict_of(self, article: Article, on: date) -> Verdict:
        """Whether one article holds on a day; what ends the document ends its articles."""
        return validity_of(
            article.effective_from or self.effective_from,
            article.effective_to or self.effective_to,
            touching(self.events, article.label, codified=article.form == "codified"),
            on,
        )


def law(record: Record | Shelves, key: str) -> Law | None:
    """The document with this key, from everything current that the record has of it."""
    record = record if isinstance(record, Shelves) else Shelves(record)
    found = [d for d in map(record.document, record.numbered(key)) if d is not None]
    if not found:
        return None
    graph = Graph(record)
    found.sort(key=lambda d: (_ORDER[_form(d)], d.id))
    every = tuple(article for document in found for article in articles_of(document))
    articles: dict[str, Article] = {}
    for article in every:
        articles.setdefault(article.label, article)
    whole = [d for d in found if "article" not in d.meta]
    first = whole[0] if whole else found[0]
    bundled = next((d for d in found if _form(d) == "summary"), None)
    return Law(
        key=key,
        number=first.number,
        title=_title(found, whole),
        kind=_first(d.meta.get("document_type", "") for d in (*whole, *found)),
        issuer=_first(d.meta.get("issuer", "") for d in whole) or issuer_of(key),
        issued_on=_first(d.meta.get("issued_on", "") for d in whole),
        effective_from=_began(found, whole),
        effective_to=next((d.effective_to for d in whole if d.effective_to), None),
        state=_first(d.meta.get("state", "") for d in whole),
        url=_first(d.url for d in found),
        articles=tuple(sorted(articles.values(), key=lambda a: _rank(a.label))),
        events=tuple(graph.events(key)),
        outgoing=tuple(graph.outgoing(key)),
        documents=tuple(d.id for d in found[:20]),
        overview=_overview(bundled),
        every=every,
    )


def _form(document: Document) -> str:
    if document.id.startswith("law:"):
        return "summary"
    if document.meta.get("summary"):
        return "published_summary"
    return "codified" if document.meta.get("article") else "text"


def articles_of(document: Document) -> Iterable[Article]:
    """The document's own articles; one, where it is an article of the codification."""
    form = _form(document)
    if form == "codified":
        whole = Section((), 0, len(document.text))
        note = document.meta.get("source_note", "")
        yield _made(document, whole, document.meta["article"], document.title, form, note)
        return
    seen: set[str] = set()
    for section in document.sections:
        match = _ARTICLE.match(section.path[-1]) if section.path else None
        if match is None or _is_attached(section.path) or match[1] in seen:
            continue
        seen.add(match[1])
        yield _made(document, section, match[1], match[2], form, "")


def _made(
    document: Document, section: Section, label: str, heading: str, form: str, note: str
) -> Article:
    return Article(
        label,
        " ".join(heading.split()),
        section.path,
        document.text[section.start : section.end].strip(),
        document.id,
        document.sha256,
        section.start,
        section.end,
        form,
        section.effective_from or document.effective_from,
        section.effective_to or document.effective_to,
        note,
    )


def _is_attached(path: tuple[str, ...]) -> bool:
    return len(path) > 1 and not re.match(r"(?:Phần|Chương|Mục|Tiểu mục|Điều)\s", path[0])


def _title(found: list[Document], whole: list[Document]) -> str:
    if whole:
        return min(whole, key=lambda d: (d.title.isupper(), _ORDER[_form(d)])).title
    kind = found[0].meta.get("document_type", "")
    for document in found:
        note = document.meta.get("source_note", "")
        # Only the note of the first article has the name of the document.
        named = re.search(
            rf"{re.escape(document.number)}\s+(\S.{{3,200}}?)\s+ngày\s+\d{{1,2}}/\d", note
        )
        if named:
            name = named[1] if kind in _NAMED_SO else named[1][0].lower() + named[1][1:]
            return f"{kind} {name}".strip()
    return f"{kind} {found[0].number}".strip()


def _began(found: list[Document], whole: list[Document]) -> date | None:
    """The day of the document itself; of codified articles the day most of them began."""
    own = next((d.effective_from for d in whole if d.effective_from), None)
    days = [d.effective_from for d in found if d.effective_from]
    return own or (max(set(days), key=days.count) if days else None)


def _overview(bundled: Document | None) -> str:
    if bundled is None or not bundled.sections:
        return ""
    first = bundled.sections[0]
    return bundled.text[first.start : first.end].strip()


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _rank(label: str) -> tuple[int, str]:
    digits = re.match(r"\d+", label)
    return (int(digits[0]) if digits else 0, label)
