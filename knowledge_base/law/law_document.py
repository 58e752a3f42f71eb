"""A document that was read from a file, with what a legal text says of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from knowledge_base.documents import Document, DocumentKind, Section
from knowledge_base.law.closing import relations_of
from knowledge_base.law.dates import Effect, effect_of
from knowledge_base.law.header import Header, header_of
from knowledge_base.law.keys import document_key
from knowledge_base.law.structure import (
    Part,
    Provision,
    is_attached,
    path_of,
    provisions,
)
from knowledge_base.vietnamese import fold

_LONGEST_STEP = 200  # characters of one step of a heading path
_STRAY = 300  # characters between parts that are worth a section of their own
_LARGEST = 5_000_000  # characters; what is longer is stored and searched, but not taken apart


@dataclass(frozen=True, slots=True)
class LawText:
    """What the text of a legal document says: its parts, first page and days."""

    parts: tuple[Provision, ...]
    header: Header
    effect: Effect

    @property
    def own_articles(self) -> tuple[int, ...]:
        """Places in ``parts`` of the document's own articles, not those of what is attached."""
        return tuple(
            n
            for n, part in enumerate(self.parts)
            if part.part is Part.ARTICLE and not is_attached(self.parts, n)
        )


def read_law(text: str, *, issued: date | None = None) -> LawText:
    """Read a legal text; without articles its parts are empty. ``issued`` wins over the text."""
    parts = provisions(text) if len(text) <= _LARGEST else ()
    first = next((p.start for p in parts if p.part is Part.ARTICLE), len(text))
    header = header_of(text, first)
    if issued is not None:
        header = replace(header, issued_on=issued)
    read = LawText(parts, header, Effect())
    bodies = [text[parts[n].start : parts[n].end] for n in read.own_articles]
    effect = effect_of("\n".join(b for b in bodies if "hiệu lực" in b), header.issued_on)
    return replace(read, effect=effect)


def as_law(document: Document) -> Document:
    """``document`` with number, title, days, sections and relations from its own text.

    What does not read like a legal document comes back as it is: it needs a
    number on its first page and two articles of its own.
    """
    read = read_law(document.text)
    number = document.number or read.header.number
    if not document_key(number) or len(read.own_articles) < 2:
        return document
    return with_law(replace(document, number=number), read)


def with_law(document: Document, read: LawText) -> Document:
    """``document`` as a legal document; its number is known already."""
    header, effect = read.header, read.effect
    title = document.title
    # What a file calls itself is often the template's name; the text's own name is better.
    says_what_it_is = document.number in title or fold(title).startswith(fold(header.kind))
    if header.title and not (title and says_what_it_is and len(title) > len(header.kind) + 4):
        title = header.title
    since = document.effective_from or effect.since or header.effective_from
    meta = {
        "document_type": header.kind,
        "issuer": header.issuer,
        "issued_on": header.issued_on.isoformat() if header.issued_on else "",
        "effect_note": effect.sentence[-300:],
    }
    return replace(
        document,
        kind=DocumentKind.LAW,
        title=title,
        effective_from=since,
        effective_to=document.effective_to or effect.until,
        sections=sections_of(document.text, read) or document.sections,
        relations=document.relations
        + relations_of(
            document.text,
            read.parts,
            number=document.number,
            title=header.title or title,
            effective_from=since,
        ),
        meta={**{key: value for key, value in meta.items() if value}, **document.meta},
    )


def sections_of(text: str, read: LawText) -> tuple[Section, ...]:
    """A section for each article and each attachment, with the path of headings above it."""
    days = dict(read.effect.articles)
    own = set(read.own_articles)
    found: list[Section] = []
    end = 0

    def between(start: int) -> None:
        """What stands before the first article, or is long enough between two."""
        if start - end > _STRAY and text[end:start].strip():
            found.append(Section((), end, start))

    for n, part in enumerate(read.parts):
        if part.part is Part.ATTACHED:
            between(part.start)
            articles = [
                p for p in read.parts[n + 1 :] if p.part is Part.ARTICLE and p.end <= part.end
            ]
            stop = articles[0].start if articles else part.end
            found.append(Section((_step(part.name),), part.start, stop))
            end = stop
        elif part.part is Part.ARTICLE:
            between(part.start)
            path = tuple(_step(name) for name in path_of(read.parts, n))
            since = days.get(part.label) if n in own else None
            found.append(Section(path, part.start, part.end, effective_from=since))
            end = part.end
    between(len(text))
    return tuple(s for s in found if text[s.start : s.end].strip())


def _step(name: str) -> str:
    return name if len(name) <= _LONGEST_STEP else name[: _LONGEST_STEP - 1] + "…"
