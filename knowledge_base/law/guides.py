"""The documents that guide a law: what says so itself, what guides those, what others name.

A document guides when its relations say so, or when its name does ("… quy định
chi tiết một số điều của Luật Căn cước"). What only rests on the law ("Căn cứ
Luật …") is told apart. What was replaced is shown as such, and what is named
but not in the record is named as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from knowledge_base.documents import Document
from knowledge_base.law.catalogue import Entry, names_of
from knowledge_base.law.dates import flat
from knowledge_base.law.graph import Graph
from knowledge_base.law.keys import document_key
from knowledge_base.law.references import Place, places_in
from knowledge_base.law.shelves import Shelves
from knowledge_base.law.validity import Verdict
from knowledge_base.law.view import Law, law
from knowledge_base.vietnamese import fold

How = Literal["guides", "through", "amends_guide", "based_on"]

_GUIDES = re.compile(
    r"\b(?:quy dinh chi tiet|huong dan(?: thi hanh| thuc hien| ap dung)?|bien phap(?: de)? thi hanh"
    r"|bien phap to chuc|to chuc thi hanh|thi hanh)\b"
)
_AMENDS = re.compile(r"^(?:luat|bo luat|nghi dinh|thong tu|quyet dinh|nghi quyet)?\s*sua doi\b")
_SCOPE = re.compile(
    r"[^.;\n]*(?:quy định chi tiết|hướng dẫn|biện pháp thi hành|thi hành)[^.\n]*(?:\n[^\n]+){0,12}",
    re.IGNORECASE,
)
# "Luật Giáo dục" does not end in "Luật Giáo dục đại học".
_ENDS_A_NAME = (
    r"\s*$|\s+(?:so|ngay|nam|ve|va|da|duoc|cua|co|trong|doi voi|theo|tai|luat|bo luat|phap lenh"
    r"|nghi|mot so|cac|sua doi|\d+|lien quan|thuoc|cho|ban hanh|de)\b"
)
_HEAD = 5000  # characters of a document in which it says what it guides
_LISTS = re.compile(r"(?:bao\s+)?gồm|sau đây|:")
_OTHER = re.compile(r"(?:của|và)\s+(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết)\s")


@dataclass(frozen=True, slots=True)
class Guide:
    """One guiding document. ``there``: it is in the record, so that its standing is known.

    ``through`` is the number of the document between it and the law;
    ``places``: the articles it says it guides, where it does; ``said``: the
    words, ``text[start:end]`` of ``document_id``.
    """

    key: str
    number: str
    title: str
    how: How
    there: bool
    issuer: str = ""
    issued_on: date | None = None
    effective_from: date | None = None
    verdict: Verdict | None = None
    through: str = ""
    places: tuple[Place, ...] = ()
    document_id: str = ""
    start: int = 0
    end: int = 0
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Guided:
    """The law whose guiding documents are looked for; it need not be in the record itself."""

    key: str
    number: str
    title: str = ""

    @classmethod
    def by(cls, found: Law) -> Guided:
        return cls(found.key, found.number, found.title)


def guides_of(
    shelves: Shelves, entries: Iterable[Entry], found: Guided, on: date
) -> tuple[Guide, ...]:
    """What guides a law on a day: in force first, each kind by rank and day."""
    known = {entry.key: entry for entry in entries}
    graph = Graph(shelves)
    first = list(_direct(shelves, graph, known, found, on))
    direct = {guide.key for guide in first}
    second = [
        guide
        for one in first
        if one.how == "guides" and one.there
        for guide in _through(shelves, graph, known, one, on)
        if guide.key not in direct and guide.key != found.key
    ]
    based = [
        _made(shelves, known, document_key(edge.source), "based_on", on)
        for edge in graph.incoming(found.key)
        if edge.kind == "based_on"
    ]
    taken = direct | {guide.key for guide in second} | {found.key}
    rest = [guide for guide in based if guide is not None and guide.key not in taken]
    every = {(guide.key, guide.how == "based_on"): guide for guide in (*first, *second, *rest)}
    return tuple(sorted(every.values(), key=_rank))


def _direct(
    shelves: Shelves, graph: Graph, known: dict[str, Entry], found: Guided, on: date
) -> Iterator[Guide]:
    seen: set[str] = set()
    keys: list[str] = []
    absent: dict[str, str] = {}
    for edge in graph.incoming(found.key):
        if edge.kind == "guides":
            keys.append(document_key(edge.source) or edge.source)
    for edge in graph.outgoing(found.key):
        if edge.kind == "guided_by":
            key = document_key(edge.target) or edge.target
            keys.append(key)
            absent.setdefault(key, edge.target)
    of = known.get(found.key)
    keys += [entry.key for entry in known.values() if names_guided(entry, of, found.key)]
    for key in keys:
        if key in seen or key == found.key:
            continue
        seen.add(key)
        guide = _made(shelves, known, key, "guides", on, found)
        if guide is not None:
            yield guide
        else:
            yield Guide(key, absent.get(key, key.upper()), "", "guides", there=False)


def _through(
    shelves: Shelves, graph: Graph, known: dict[str, Entry], one: Guide, on: date
) -> Iterator[Guide]:
    for edge in graph.incoming(one.key):
        if edge.kind in ("guides", "amends"):
            how: How = "through" if edge.kind == "guides" else "amends_guide"
            key = document_key(edge.source) or edge.source
            guide = _made(shelves, known, key, how, on)
            if guide is not None:
                yield replace(guide, through=one.number)


def names_guided(entry: Entry, of: Entry | None, key: str) -> bool:
    """Whether the name of a document says that it guides this law."""
    name = fold(" ".join(entry.title.split()))
    if entry.key == key or _AMENDS.match(name):
        return False
    said = _GUIDES.search(name)
    if not said:
        return False
    behind = name[said.end() :]
    if document_key(entry.title[said.start() :]) == key:
        return True
    if of is None or fold(of.kind) not in ("luat", "bo luat", "phap lenh"):
        return False
    names = (" ".join(words) for words in names_of(of))
    plain = " ".join(re.findall(r"[^\W_]+", behind))
    return any(
        re.search(rf"\b{re.escape(each)}(?={_ENDS_A_NAME})", plain)
        and not re.search(rf"sua doi[^;]{{0,60}}{re.escape(each)}", plain)
        for each in names
    ) and _of_its_time(entry, of)


def _of_its_time(entry: Entry, of: Entry) -> bool:
    """A decree of 2005 does not guide the law of 2020 that has the same name."""
    if entry.issued_on is None or of.issued_on is None:
        return not (entry.year and of.year) or entry.year >= of.year
    return entry.issued_on >= of.issued_on


def _made(
    shelves: Shelves,
    known: dict[str, Entry],
    key: str,
    how: How,
    on: date,
    of: Guided | None = None,
) -> Guide | None:
    entry = known.get(key)
    found = law(shelves, key) if entry is not None else None
    if entry is None or found is None:
        return None
    guide = Guide(
        key, entry.number, entry.title, how, True, entry.issuer, entry.issued_on,
        found.effective_from or entry.effective_from, found.verdict(on),
        restricted=entry.restricted,
    )  # fmt: skip
    return _with_places(shelves, found, guide, of) if of is not None else guide


def _with_places(shelves: Shelves, found: Law, guide: Guide, of: Guided) -> Guide:
    """The articles that a document says, where it begins, that it guides; and the words."""
    for document_id in found.documents:
        document = shelves.document(document_id)
        if document is None or document_id.startswith("law:"):
            continue
        for start, end in _scopes(document):
            sentence = document.text[start:end]
            places = _places(sentence, of)
            if places:
                return replace(guide, places=places, document_id=document_id, start=start, end=end)
    return guide


def _scopes(document: Document) -> Iterator[tuple[int, int]]:
    begin = 0
    for section in document.sections:
        if section.path and re.match(r"Điều 1\b", section.path[-1]):
            begin = section.start
            break
    for match in _SCOPE.finditer(document.text, begin, begin + _HEAD):
        yield match.start(), match.end()


def _places(sentence: str, of: Guided) -> tuple[Place, ...]:
    """Articles of this law in "quy định chi tiết khoản 3 Điều 5, Điều 7 của Luật …"."""
    name = re.sub(r"\s*\d{4}$", "", of.title)
    line = flat(sentence)
    at = [m.start() for m in re.finditer(re.escape(fold(name)), fold(line))] if name else []
    at += [m.start() for m in re.finditer(re.escape(of.number), line)]
    if not at:
        return ()
    part = line[: max(at)]
    others = [m.end() for m in _OTHER.finditer(part)]
    before = places_in(part[others[-1] :] if others else part)
    listed = _LISTS.search(line, max(at))
    return before or (places_in(line[listed.end() :]) if listed else ())


def _rank(guide: Guide) -> tuple[int, int, str, int]:
    ways = {"guides": 0, "amends_guide": 1, "through": 1, "based_on": 2}
    state = 1
    if guide.verdict is not None:
        state = {"in_force": 0, "unknown": 1, "not_in_force": 2}[guide.verdict.validity.value]
    kind = guide.key.rpartition("/")[2]
    rank = 0 if kind.startswith(("qh", "ubtvqh")) else 1 if kind.startswith("nd") else 2
    day = guide.issued_on.toordinal() if guide.issued_on else 0
    return ways[guide.how], state, str(rank), -day
