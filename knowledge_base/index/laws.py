"""Laws by their names: "Điều 33 Bộ luật dân sự 2015" is as sure as a number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.documents import Passage
from knowledge_base.vietnamese import clean, document_number, fold, tokens

FILE = "laws.json"
_OPENS = (("bo", "luat"), ("luat",), ("phap", "lenh"), ("hien", "phap"))
_LONGEST = 24  # tokens of a name
# Where a title's law name ends: "Luật Cư trú - Điều 3", "Luật Cư trú số 68/2020/QH14".
_ENDS = re.compile(r"\s[-–|›]\s|[(:;]|\s(?:số|ngày|năm)\s|\bĐiều\s+\d|\d")
_ARTICLE = re.compile(r"\bĐiều\s+(\d+[a-zđ]?)\b", re.IGNORECASE)

Span = tuple[int, int]  # tokens from, and up to but without

_ASSEMBLY = re.compile(r"qh\d*$|vbhn|^(?:l|hp)\b")


@dataclass(frozen=True, slots=True)
class NamedLaw:
    """A law that a query names: the key of its name, and of its year where one was said."""

    key: str
    year: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys to look up, the most telling first."""
        return (f"{self.key}|{self.year}", self.key) if self.year else (self.key,)


def name_key(name: str) -> str:
    """The key of a law's name; empty for what names none.

    >>> name_key("Luật Cư trú - Điều 3"), name_key("Bộ luật Dân sự 2015"), name_key("Nội quy")
    ('@luat cu tru', '@bo luat dan su', '')
    """
    words = [fold(word) for word in tokens(clean(_ENDS.split(name, maxsplit=1)[0]))]
    opens = any(tuple(words[: len(start)]) == start for start in _OPENS)
    return f"@{' '.join(words)}" if opens and 2 <= len(words) <= _LONGEST else ""


def is_subordinate(number: str) -> bool:
    """Whether a document number is that of a text below the laws: a decree, a circular.

    >>> is_subordinate("30/2020/NĐ-CP"), is_subordinate("68/2020/QH14"), is_subordinate("")
    (True, False, False)
    """
    found = document_number(fold(number)) if number else None
    return found is not None and bool(found.issuer) and not _ASSEMBLY.search(found.issuer)


def articles_of(passage: Passage) -> tuple[str, ...]:
    """Numbers of the articles that a passage is, by its own fact, title and headings: ``35``."""
    found = [passage.article] if passage.article else []
    for text in (passage.title, *passage.path):
        found += _ARTICLE.findall(text)
    return tuple(dict.fromkeys(article.lower() for article in found))


class Names:
    """Names of the laws of an index by their numbers, learned from the passages that say both."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._by_number: dict[str, str] = {}
        for passage in passages:
            if passage.number and passage.number not in self._by_number:
                key = name_key(passage.part_of) or name_key(passage.title)
                if key:
                    self._by_number[passage.number] = key

    def keys(self, passage: Passage) -> Iterator[str]:
        """What a passage is called by: its law, the law of that year, and the article of either."""
        key = self._by_number.get(passage.number, "") or name_key(passage.title)
        if not key:
            return
        number = document_number(fold(passage.number)) if passage.number else None
        years = (f"|{number.year}",) if number else _years(passage.title)
        articles = articles_of(passage)
        for called in (key, *(key + year for year in years)):
            yield called
            for article in articles:
                yield f"{called}#{article}"


def _years(title: str) -> tuple[str, ...]:
    found = re.search(r"\b((?:19|20)\d{2})\b", title)
    return (f"|{found[1]}",) if found else ()


def write(keys: Iterable[str], folder: Path) -> None:
    """Write the names among ``keys`` into ``folder``."""
    names = sorted({key.split("#")[0].split("|")[0] for key in keys if key.startswith("@")})
    (folder / FILE).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> frozenset[str]:
    """What `write` wrote."""
    return frozenset(json.loads((folder / FILE).read_text("utf-8")))


def named_in(words: Sequence[str], known: frozenset[str]) -> dict[NamedLaw, list[Span]]:
    """Laws that a query (folded tokens) names, the longest name at each place, and where.

    >>> named_in("dieu 3 luat cu tru nam 2020".split(), frozenset({"@luat cu tru"}))
    {NamedLaw(key='@luat cu tru', year='2020'): [(2, 7)]}
    """
    found: dict[NamedLaw, list[Span]] = {}
    at = 0
    while known and at < len(words):
        if words[at] in ("bo", "luat", "phap", "hien"):
            for end in range(min(len(words), at + _LONGEST), at + 1, -1):
                key = f"@{' '.join(words[at:end])}"
                if key in known:
                    after = end + (list(words[end : end + 1]) == ["nam"])
                    said = words[after] if after < len(words) else ""
                    year = said if re.fullmatch(r"(?:19|20)\d\d", said) else ""
                    end = after + 1 if year else end
                    found.setdefault(NamedLaw(key, year), []).append((at, end))
                    at = end - 1
                    break
        at += 1
    return found
