"""Lines of an answer on the law: quotes with their spans, and who changed what since when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.citing import cite
from assistant.law.quoting import quote_of
from assistant.numbered import sentences_ending
from assistant.replies import day
from assistant.vocabulary import Citation, Line
from knowledge_base.documents import Document
from knowledge_base.law.amendments import amendments_of
from knowledge_base.law.graph import REVERSED
from knowledge_base.law.keys import document_key
from knowledge_base.law.library import Library
from knowledge_base.law.pieces import Piece, pieces_of, source_of
from knowledge_base.law.text_on import forms
from knowledge_base.law.told import KINDS, STATES
from knowledge_base.law.validity import Event, Verdict
from knowledge_base.law.view import Article, Law
from knowledge_base.scope import PUBLIC

#: What a citation of a text says that is not for everybody.
INTERNAL = " (nội bộ)"
_EFFECT = re.compile(r"[^\n]*\bcó hiệu lực(?: thi hành)?(?: kể)? từ[^\n]*", re.IGNORECASE)
_OWN_EFFECT = re.compile(
    r"(?i)(?:luật|pháp lệnh|nghị định|nghị quyết|thông tư(?: liên tịch)?|quyết định|chỉ thị"
    r"|văn bản) này\s+có hiệu lực"
)
_OPENING = 300  # characters of what a document begins with
_SAID = 400  # characters of the words with which a document changes another
_CHANGES = ("amended_by", "corrected_by", "replaced_by", "repealed_by", "suspended_by")


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring pieces of one stored text: what one citation can quote."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """As it is shown: a piece on each line, layout of the source left out."""
        return "\n".join(" ".join(piece.text.split()) for piece in self.pieces)


def runs(pieces: Sequence[Piece]) -> tuple[Run, ...]:
    """Pieces as runs of one text without a gap; an amended clause is a run of its own."""
    found: list[list[Piece]] = []
    for piece in pieces:
        last = found[-1][-1] if found else None
        if last is not None and last.source == piece.source and last.end <= piece.start:
            found[-1].append(piece)
        else:
            found.append([piece])
    return tuple(Run(tuple(run)) for run in found)


def citation_of(
    library: Library, document_id: str, start: int, end: int, path: tuple[str, ...]
) -> Citation | None:
    """The citation of a span; its title says so where the text is internal."""
    document = library.document(document_id)
    if document is None or not document.text[start:end].strip():
        return None
    return internal(cite(document, start, end, path), document)


def internal(citation: Citation, document: Document) -> Citation:
    """``citation``, with "(nội bộ)" behind the title of a text that is not for everybody."""
    if document.labels == (PUBLIC,) or citation.title.endswith(INTERNAL):
        return citation
    return replace(citation, title=citation.title + INTERNAL)


def quoted(library: Library, law: Law, article: Article, run: Run) -> Line | None:
    """A run of pieces as a line; its path names chapter, article, clause and point."""
    first = run.pieces[0]
    path = path_of(article, run.pieces)
    if first.source.number != law.number and first.source.article:
        inner = [step for step in path if step.startswith(("khoản", "điểm"))]
        place = " ".join((*reversed(inner), f"Điều {article.label}"))
        path = (f"Điều {first.source.article}", f"sửa đổi {place} {law.number}")
    citation = citation_of(library, first.source.document_id, first.start, run.pieces[-1].end, path)
    if citation is not None and first.source.number == law.number:
        # An article of a codification is called after itself: the reader looks for the law.
        title = INTERNAL if citation.title.endswith(INTERNAL) else ""
        citation = replace(citation, title=" ".join(law.title.split()) + title)
    return Line("passage", run.text, citation) if citation else None


def path_of(article: Article, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """ "Chương II", "Điều 5. Tên", "khoản 2", "điểm a"."""
    own = article.path or (f"Điều {article.label}",)
    if not own[-1].startswith("Điều") or own[-1] == f"Điều {article.label}":
        above = own[:-1] if own[-1].startswith("Điều") else own
        own = (*above, f"Điều {article.label}. {article.heading}".rstrip(". "))
    clauses = dict.fromkeys(piece.clause for piece in pieces if piece.clause)
    points = dict.fromkeys(piece.point for piece in pieces if piece.point)
    more: list[str] = []
    if len(clauses) == 1 and all(piece.clause for piece in pieces):
        more.append(f"khoản {next(iter(clauses))}")
    if len(pieces) == 1 and points:
        more.append(f"điểm {next(iter(points))}")
    return (*own, *more)


def named(law: Law) -> str:
    """ "Luật Cư trú (68/2020/QH14)"."""
    title = " ".join(law.title.split())
    return title if law.number in title else f"{title} ({law.number})"


def standing(verdict: Verdict, on: date, last: date | None = None) -> str:
    """ "Ngày 22/11/2026: còn hiệu lực. Có hiệu lực từ 01/07/2021."; ``last``: its last day."""
    said = f"Ngày {day(on)}: {STATES[verdict.validity]}. {verdict.reason}".strip()
    return f"{said} Hết hiệu lực sau ngày {day(last)}." if last and last >= on else said


def changes(
    library: Library, law: Law, label: str, on: date, clause: str = ""
) -> Iterator[tuple[str, Line | None]]:
    """What others did to an article (or, without a label, to the document): a sentence each,
    with the words of the document that says so, where it is stored; those on ``clause`` first."""
    seen: set[tuple[str, str]] = set()
    for article, event in law.events:
        wanted = article == label if label else True
        whole = not article and event.kind in ("replaced_by", "repealed_by", "suspended_by")
        if event.kind not in _CHANGES or not (wanted or whole):
            continue
        mark = (document_key(event.by) or event.by, event.kind)
        if mark in seen:
            continue
        seen.add(mark)
        places = () if label else _articles(law, event)
        sentence = _sentence(event, places, on)
        yield sentence, _said(library, law, event, (label, clause), sentence)


def _sentence(event: Event, articles: Sequence[str], on: date) -> str:
    what = f"Điều {', '.join(articles[:12])}" if articles else ""
    more = f" và {len(articles) - 12} điều khác" if len(articles) > 12 else ""
    by = f"Điều {event.by_article} {event.by}" if event.by_article else event.by
    since = f"từ {day(event.since)}" if event.since else "chưa rõ từ ngày nào"
    later = ", sau ngày đang xét" if event.since and event.since > on else ""
    told = f"{what}{more} {KINDS.get(event.kind, event.kind)} {by}, {since}{later}".strip()
    return told[0].upper() + told[1:]


def _articles(law: Law, event: Event) -> tuple[str, ...]:
    key = document_key(event.by)
    found = {
        article
        for article, other in law.events
        if article and document_key(other.by) == key and other.kind == event.kind
    }
    return tuple(sorted(found, key=_rank))


def _rank(label: str) -> tuple[int, str]:
    return int("".join(filter(str.isdigit, label)) or 0), label


def _said(
    library: Library, law: Law, event: Event, at: tuple[str, str], sentence: str
) -> Line | None:
    """The words with which a stored document changes this one, as a line; None where it is not."""
    label, clause = at
    key = document_key(event.by)
    for document_id in library.shelves.numbered(key) if key else ():
        document = library.document(document_id)
        if document is None:
            continue
        if event.kind in ("amended_by", "corrected_by"):
            made = [
                a for a in amendments_of(document, law.key) if not label or a.place.article == label
            ]
            if made:
                mine = [a for a in made if clause and a.place.clause in ("", clause)]
                said = (mine or made)[0].said
                citation = citation_of(
                    library, document_id, said.start, min(said.end, said.start + _SAID),
                    (f"Điều {said.source.article}",),
                )  # fmt: skip
                return Line("passage", f"{sentence}.", citation) if citation else None
        line = next(iter(sentences_ending(document, law.number)), None)
        line = line or _naming(document, law, event)
        if line is not None:
            return Line("passage", f"{sentence}.", internal(line.citation, document))
    # What did it is not here: the document itself may say so, where it was kept up to date.
    line = own_words(library, law, event.by)
    return replace(line, text=f"{sentence}; kho chưa có văn bản đó.") if line else None


def own_words(library: Library, law: Law, number: str) -> Line | None:
    """The line of a document's summary that names another one by its number."""
    for document_id in law.documents:
        document = library.document(document_id)
        at = document.text.find(f" {number} ") if document is not None else -1
        if document is None or at < 0 or not document_id.startswith("law:"):
            continue
        end = document.text.find("\n", at)
        end = len(document.text) if end < 0 else end
        start = document.text.rfind("\n", 0, at) + 1
        citation = citation_of(library, document_id, start, end, (document.title,))
        if citation is not None:
            return Line("passage", document.text[start:end].strip(), citation)
    return None


def basis(library: Library, law: Law) -> Line | None:
    """What tells since when a document holds, in its own words; else what it begins with."""
    documents = [d for each in law.documents if (d := library.document(each)) is not None]
    documents.sort(key=lambda document: document.id.startswith("law:"))  # its text, then a summary
    for document in documents:
        for match in _EFFECT.finditer(document.text):
            if law.number not in match[0] and not _OWN_EFFECT.search(match[0]):
                continue
            start, end = _sentence_at(match)
            citation = citation_of(library, document.id, start, end, (document.title,))
            if citation is not None:
                return Line("passage", " ".join(citation.quote.split()), citation)
    return opening(library, law)


def _sentence_at(match: re.Match[str]) -> tuple[int, int]:
    """The whole line; of a long one the sentence that speaks of the effect."""
    if len(match[0]) <= _SAID:
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        return start, match.end()
    at = match[0].lower().rfind("có hiệu lực")
    start = match[0].rfind(". ", 0, at)
    end = match[0].find(". ", at)
    start = 0 if start < 0 else start + 2
    return match.start() + start, match.start() + (len(match[0]) if end < 0 else end + 1)


def opening(library: Library, law: Law) -> Line | None:
    """What a document begins with that has no first article here."""
    for document_id in law.documents:
        document = library.document(document_id)
        if document is None:
            continue
        citation = citation_of(
            library, document_id, 0, min(len(document.text), _OPENING), (document.title,)
        )
        if citation is not None:
            return Line("passage", " ".join(citation.quote.split()), citation)
    return None


def _naming(document: Document, law: Law, event: Event) -> Line | None:
    """The stored words of a relation, where they stand in the text as they are."""
    for relation in document.relations:
        if document_key(relation.target) != law.key or REVERSED.get(relation.kind) != event.kind:
            continue
        note = relation.note.split(" … ")[0][:160]
        at = document.text.find(note) if len(note) > 20 else -1
        if at >= 0:
            return Line("passage", note, cite(document, at, at + len(note), (document.title,)))
    at = document.text.find(law.number)
    begin = document.text.rfind("\n", 0, at) + 1
    end = document.text.find("\n", at)
    end = len(document.text) if end < 0 else end
    if at < 0 or end - begin > 3 * _SAID:
        return None
    text = document.text[begin:end]
    return Line("passage", text.strip(), cite(document, begin, end, (document.title,)))


def first_words(library: Library, key: str) -> Line | None:
    """What a document begins with: its first article, whole clauses of it."""
    law = library.law(key)
    if law is None:
        return None
    article = next((a for a in law.articles if a.label == "1"), None)
    if article is None or not article.text.strip():
        return None
    known = forms(law, "1")
    base = known[0] if known else article
    document = library.document(base.document_id)
    if document is None:
        return None
    pieces = pieces_of(document.text, base.start, base.end, source_of(document, base.label))
    quote = quote_of(pieces)
    if quote is None:
        return None
    path = base.path or ("Điều 1",)
    citation = citation_of(library, quote.document_id, quote.start, quote.end, path)
    text = " ".join(document.text[quote.start : quote.end].split())
    return Line("passage", text, citation) if citation else None
