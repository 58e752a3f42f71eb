"""What an amending document puts in place of what: the new text of each clause it names.

"1. Sửa đổi, bổ sung khoản 2 Điều 5 như sau: “2. …”" is one `Amendment`: the
place, the words that say so, and the span of the new text. Texts quote in many
ways (quotation marks, block quotes, a bold heading, none at all), so what is
quoted is what stands between one instruction and the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge_base.documents import Document, Section
from knowledge_base.law.keys import document_key, numbers_in
from knowledge_base.law.lines import lines_of
from knowledge_base.law.orders import Act, Order, orders_in
from knowledge_base.law.pieces import Piece, pieces_of, source_of
from knowledge_base.law.references import Place, places_in

_ENDS = re.compile(r"\b(?:bãi bỏ|h[ủuỷ]y bỏ|hết hiệu lực)\b", re.IGNORECASE)
_OPENING = "“\"«‘'"
_CLOSING = re.compile(r"[”\"»’'][\s.;,)”\"»’'*_]*$")
_ARTICLE_LINE = re.compile(r"(?:Điều|ĐIỀU)\s+(\d+[a-zđ]{0,2})\b")


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change of one place. ``pieces``: the new text; ``said``: the span of the instruction.

    ``swaps`` are words exchanged for others at that place ("A" for "B").
    """

    act: Act
    place: Place
    pieces: tuple[Piece, ...]
    said: Piece
    swaps: tuple[tuple[str, str], ...] = ()


def amendments_of(document: Document, key: str) -> tuple[Amendment, ...]:
    """What ``document`` changes in the document with this key, in its order."""
    articles = {r.article for r in document.relations if document_key(r.target) == key}
    found: list[Amendment] = []
    for section in document.sections:
        label = _label(section)
        if label and label in articles:
            made = list(_of_article(document, section, label, key))
            found += made or _taken_out(document, section, label, key)
    return tuple(found)


def _taken_out(document: Document, section: Section, label: str, key: str) -> Iterator[Amendment]:
    """ "… bãi bỏ các quy định sau: a) Khoản 2 Điều 7 Nghị định số …": lines of a closing clause."""
    text = document.text[section.start : section.end]
    ends = False
    for line in lines_of(text):
        listed = re.match(r"(?:[a-zđ]\d?[)]|[-–+]|\d{1,3}[.)])\s", line.text)
        said = bool(_ENDS.search(line.text))
        ends = said or (ends and bool(listed))
        if not ends:
            continue
        at = 0
        for number in numbers_in(line.text):
            if not number.whole:
                continue
            between = line.text[at : number.start]
            at = number.end
            if number.key != key:
                continue
            a = section.start + line.start
            piece = Piece("", "", line.text, a, a + len(line.text), source_of(document, label))
            for place in places_in(between):
                yield Amendment("drop", place, (), piece)


def _label(section: Section) -> str:
    match = _ARTICLE_LINE.match(section.path[-1]) if section.path else None
    return match[1] if match else ""


def _of_article(document: Document, section: Section, label: str, key: str) -> Iterator[Amendment]:
    text = document.text[section.start : section.end]
    source = source_of(document, label)
    for order in orders_in(text, key):
        start, end = _unquoted(text, *order.text)
        a, b = (section.start + at for at in order.said)
        said = Piece("", "", document.text[a:b], a, b, source)
        if order.act == "context":
            if start < end:
                yield from _by_content(document, section, start, end, label, order.place, said)
            continue
        made = _amendment(document, section, (start, end), label, order, said)
        if made is not None:
            yield made


def _amendment(
    document: Document,
    section: Section,
    span: tuple[int, int],
    label: str,
    order: Order,
    said: Piece,
) -> Amendment | None:
    if order.act in ("drop", "words"):
        return Amendment(order.act, order.place, (), said, order.swaps)
    start, end = span
    pieces = _new_text(document, section, start, end, label, order) if start < end else ()
    return Amendment(order.act, order.place, pieces, said) if pieces else None


def _unquoted(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the quotation marks around it and white space."""
    while start < end and (
        text[start].isspace() or text[start] in ">*_#" or text[start] in _OPENING
    ):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ">#"):
        end -= 1
    closing = _CLOSING.search(text, max(start, end - 12), end)
    if closing:
        end = closing.start()
    return start, end


def _new_text(
    document: Document, section: Section, start: int, end: int, label: str, order: Order
) -> tuple[Piece, ...]:
    """The pieces of the new text that belong to the place of an order."""
    place, base = order.place, section.start
    source = source_of(document, label)
    text = document.text[base + start : base + end]
    heads = [*_articles(text)]
    if heads:
        span = next(((a, b) for name, a, b in heads if name == place.article), None)
        if span is None:
            return ()
        a, b = _unquoted(text, *span)
        found = pieces_of(document.text, base + start + a, base + start + b, source)
    else:
        a, b = _unquoted(text, *_own_part(text, order))
        first = (place.clause, place.point)
        found = pieces_of(document.text, base + start + a, base + start + b, source, first)
    if not place.clause and not place.point:
        return found
    chosen = tuple(_at_clause(p, place) for p in found if _is_at(p, place))
    if chosen or heads:
        return chosen
    return _unlabelled(document, base + start + a, base + start + b, label, place)


def _own_part(text: str, order: Order) -> tuple[int, int]:
    """The part of a new text that is of one place, where the instruction names several.

    Each begins with its own label; what a scanner misread begins where it stands.
    """
    if not order.beside:
        return 0, len(text)
    starts = {place: at for place in order.beside if (at := _begins(text, place)) >= 0}
    mine = _begins(text, order.place)
    if mine < 0:
        return 0, min(starts.values(), default=len(text))
    return mine, min((at for at in starts.values() if at > mine), default=len(text))


def _begins(text: str, place: Place) -> int:
    """Where the line stands that opens a clause or a point in a new text; -1 for nowhere."""
    label = place.point or place.clause
    closing = r"\)" if place.point else r"[.),]"
    found = re.search(rf"^[\s>*_{_OPENING}]*{re.escape(label)}[*_]*{closing}\s", text, re.MULTILINE)
    return found.start() if found and label else -1


def _unlabelled(
    document: Document, start: int, end: int, label: str, place: Place
) -> tuple[Piece, ...]:
    """New text that does not begin with its own label is all of the place, if it has no other."""
    if re.match(
        r"[\s*_>]*(?:\d{1,3}[a-zđ]?[.)]|[a-zđ]\d?[)])\s", document.text[start : start + 12]
    ):
        return ()
    text = document.text[start:end].strip()
    if not text:
        return ()
    source = source_of(document, label)
    return (Piece(place.clause, place.point, text, start, start + len(text), source),)


def _at_clause(piece: Piece, place: Place) -> Piece:
    """A point that is quoted without its clause stands in the clause the instruction names."""
    return replace(piece, clause=place.clause) if not piece.clause and place.clause else piece


def _is_at(piece: Piece, place: Place) -> bool:
    if place.point:
        return piece.point == place.point and piece.clause in (place.clause, "")
    return piece.clause == place.clause


def _articles(text: str) -> Iterator[tuple[str, int, int]]:
    """Articles whose headings stand in a quotation, with their spans."""
    heads = [
        (line.start, match[1])
        for line in lines_of(text)
        if (match := _ARTICLE_LINE.match(line.text.lstrip(_OPENING + " *")))
        and (line.start < 6 or re.match(r"[^\n]*Điều\s+\d+[a-zđ]{0,2}\s*[.:]", line.text))
    ]
    for n, (start, label) in enumerate(heads):
        yield label, start, heads[n + 1][0] if n + 1 < len(heads) else len(text)


def _by_content(
    document: Document,
    section: Section,
    start: int,
    end: int,
    label: str,
    place: Place,
    said: Piece,
) -> Iterator[Amendment]:
    """ "Sửa đổi, bổ sung một số điều … như sau: “Điều 4. …”": the text says which."""
    base = section.start
    for name, a, b in _articles(document.text[base + start : base + end]):
        if place.article in ("", name):
            pieces = pieces_of(
                document.text, base + start + a, base + start + b, source_of(document, label)
            )
            if pieces:
                yield Amendment("replace", Place(name), pieces, said)
