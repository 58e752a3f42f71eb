"""What a message names: procedures, documents, places, dates, money, who, which case. No Rasa.

Names come from lookup tables and synonyms (data/nlu/lookups.yml); figures from
patterns. A table's entry is found with and without its diacritics, whole
syllables only, the longest first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge_base.vietnamese import canonical, fold

_WORD = re.compile(r"[^\W_]+")
# Of folded text, letter for letter as typed. What stands first wins where two overlap.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("document_number", r"\b\d{1,5}/\d{4}/[a-z]\w*(?:-[a-z]\w*)*"),
    ("document_number", r"\b\d{1,5}/[a-z]{2}-[a-z]\w*(?:-[a-z]\w*)*"),
    (
        "document_number",
        r"\b(?:nghi dinh|thong tu|nghi quyet|quyet dinh|luat|nd|tt) (?:so )?\d{1,5}(?:/\d{4})?\b",
    ),
    ("procedure", r"\b[1-3]\.\d{6}\b"),
    ("date", r"\b\d{1,2}[/.-]\d{1,2}(?:[/.-](?:19|20)\d{2})?\b(?!/)"),
    ("date", r"\bngay \d{1,2}(?: thang \d{1,2}(?: nam \d{4})?)?\b"),
    ("date", r"\b(?:thang \d{1,2}(?: nam)?|nam) \d{4}\b"),
    (
        "date",
        r"\b(?:hom (?:nay|qua|kia)|ngay mai|(?:tuan|thang|nam) (?:truoc|sau|ngoai|nay|toi))\b",
    ),
    ("date", r"\b(?:\d{1,3}|hai|ba|bon|nam|sau|bay|tam|chin|muoi) (?:ngay|tuan|thang|nam) truoc\b"),
    ("money", r"\b\d[\d.,]* ?(?:trieu|nghin|ngan|ty|dong|vnd|vnđ|k|tr|đ)\b(?: dong)?"),
    ("person_kind", r"\b\d{1,3} (?:tuoi|thang tuoi)\b"),
    (
        "ordinal",
        r"\b(?:so|cai|muc|y|cau|dong|phuong an|lua chon|truong hop|thu tuc) (?:so |thu )?"
        r"(?:[1-9]|mot|hai|ba|bon|tu|nam|nhat|nhi|dau(?: tien)?|cuoi(?: cung)?)\b(?! tuoi)",
    ),
    ("ordinal", r"^(?:chon |thu )?[1-9](?: nhe| a| di)?$"),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _PATTERNS)
_ORDINALS = {
    "mot": "1", "nhat": "1", "dau": "1", "dau tien": "1", "hai": "2", "nhi": "2", "ba": "3",
    "bon": "4", "tu": "4", "nam": "5", "cuoi": "last", "cuoi cung": "last",
}  # fmt: skip
#: As the cards tell cases apart (tables/cases.yml).
_ADULT = 14
#: Names this short in letters are found only as they are written: "Huế" is no "hue".
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Thing:
    """Something named: offsets count characters of the text, ``value`` is the one name for it."""

    entity: str
    value: str
    start: int
    end: int


class Things:
    """Entries of the tables, ready to be found."""

    def __init__(self, tables: Mapping[str, Iterable[str]], values: Mapping[str, str]) -> None:
        """``tables``: entries by entity; ``values``: what an entry stands for, if not itself."""
        self._entries: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
        for entity, entries in tables.items():
            for entry in entries:
                syllables = tuple(canonical(word) for word in _WORD.findall(entry))
                if syllables:
                    value = values.get(entry, entry)
                    self._entries[fold(syllables[0])].append((syllables, entity, value))
        for listed in self._entries.values():
            listed.sort(key=lambda each: -len(each[0]))

    def find(self, text: str) -> list[Thing]:
        """Everything named, in the order of the text; nothing overlaps."""
        taken = [False] * len(text)
        found: list[Thing] = []
        for thing in (*_figures(text), *self._named(text)):
            if not any(taken[thing.start : thing.end]):
                taken[thing.start : thing.end] = [True] * (thing.end - thing.start)
                found.append(thing)
        return sorted(found, key=lambda thing: thing.start)

    def _named(self, text: str) -> Iterator[Thing]:
        places = [match.span() for match in _WORD.finditer(text)]
        said = [canonical(text[start:end]) for start, end in places]
        hits = []
        for first, word in enumerate(said):
            for syllables, entity, value in self._entries.get(fold(word), ()):
                last = first + len(syllables)
                if last <= len(said) and _same(said[first:last], syllables):
                    hits.append(Thing(entity, value, places[first][0], places[last - 1][1]))
        return iter(sorted(hits, key=lambda hit: hit.start - hit.end))


def _same(said: Sequence[str], syllables: Sequence[str]) -> bool:
    """Typed with its diacritics, or with none at all."""
    if tuple(said) == tuple(syllables):
        return True
    short = sum(map(len, syllables)) < _SHORT
    bare = all(word.isascii() for word in said)
    return bare and not short and list(said) == [fold(each) for each in syllables]


def _figures(text: str) -> Iterator[Thing]:
    folded = "".join(fold(letter)[:1] or " " for letter in text)
    for entity, pattern in _COMPILED:
        for match in pattern.finditer(folded):
            value = _value(entity, match[0], text[match.start() : match.end()])
            yield Thing(entity, value, *match.span())


def _value(entity: str, folded: str, typed: str) -> str:
    if entity == "ordinal":
        for words in (2, 1):
            last = " ".join(folded.removesuffix(" nhe").removesuffix(" a").split()[-words:])
            if last in _ORDINALS or last.isdigit():
                return _ORDINALS.get(last, last)
    if entity == "person_kind":
        age = int(re.findall(r"\d+", folded)[0])
        return "minor" if "thang" in folded or age < _ADULT else "adult"
    if entity == "document_number":
        return typed.upper() if "/" in typed else typed.lower()
    if entity == "money":
        return str(_dong(folded)) if _dong(folded) else typed
    return typed


def _dong(folded: str) -> int:
    """An amount of money in đồng; 0 where the figure cannot be read."""
    match = re.match(r"([\d.,]+) ?(\D*)", folded)
    if not match:
        return 0
    units = {"trieu": 10**6, "tr": 10**6, "nghin": 1000, "ngan": 1000, "k": 1000, "ty": 10**9}
    unit = units.get(match[2].split()[0] if match[2].split() else "", 1)
    figure = match[1].rstrip(".,")
    whole = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", figure)
    plain = re.sub(r"[.,]", "", figure) if whole else figure.replace(",", ".")
    try:
        return round(float(plain) * unit)
    except ValueError:
        return 0
