"""Which article, clause and point a text speaks of: "điểm a khoản 1 Điều 5", "Điều 5 khoản 2"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NOT = r"(?![\w/]|[.,]\d)"  # no part of a number: "Điều 5/2020", "khoản 1.5"
_NEXT = r"(?:\s*(?:,|;|và|hoặc|va|hoac|&)\s*)"
_ARTICLE = re.compile(
    r"\b(?:điều|dieu|đ\.)\s*(?:số\s*|thứ\s*)?"
    rf"(?P<labels>\d{{1,4}}[a-zđ]{{0,2}}\b(?:{_NEXT}(?:điều\s+|dieu\s+)?\d{{1,4}}[a-zđ]{{0,2}}{_NOT}"
    rf"(?!\s*(?:năm|tháng|ngày|khoản|người)))*){_NOT}"
)
_CLAUSE = re.compile(
    rf"\b(?:khoản|khoan|k\.)\s*(?P<labels>\d{{1,3}}[a-zđ]{{0,2}}{_NOT}"
    rf"(?:{_NEXT}(?:khoản\s+|khoan\s+)?\d{{1,3}}[a-zđ]{{0,2}}{_NOT}"
    r"(?!\s*(?:năm|tháng|ngày|người)))*)"
)
_POINT = re.compile(
    rf"\b(?:điểm|diem|tiết)\s+(?P<labels>[a-zđ]\d?\b(?:{_NEXT}(?:điểm\s+|diem\s+)?[a-zđ]\d?\b(?=\s|[,;.?!)]|$))*)"
)
_TO = re.compile(r"(?P<first>\d+)\s*(?:đến|tới|-|–)\s*(?:điều\s+)?(?P<last>\d+)")
_LABEL = re.compile(r"\d{1,4}[a-zđ]{0,2}|\b[a-zđ]\d?\b")
_JOINS = re.compile(r"\s*(?:của|thuộc|tại|ở)?\s*")
_LONGEST_RANGE = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a document: its article, clause and point; what is not named is empty."""

    article: str
    clause: str = ""
    point: str = ""

    def __str__(self) -> str:
        """ "điểm a khoản 2 Điều 5"."""
        said = [f"điểm {self.point}" if self.point else "", f"khoản {self.clause}"]
        said[1] = said[1] if self.clause else ""
        return " ".join(part for part in (*said, f"Điều {self.article}") if part)


@dataclass(frozen=True, slots=True)
class _Mention:
    level: int  # 0 article, 1 clause, 2 point
    labels: tuple[str, ...]
    start: int
    end: int


def places_in(text: str, within: Place | None = None) -> tuple[Place, ...]:
    """The places a text names, each once, in order.

    ``within`` is what a text leaves out ("khoản 2" in a clause on Điều 8).

    >>> [str(place) for place in places_in("điểm c khoản 2 và điểm a khoản 3 Điều 6")]
    ['điểm c khoản 2 Điều 6', 'điểm a khoản 3 Điều 6']
    """
    said = _mentions(text.lower())
    found: list[Place] = []
    for at, one in enumerate(said):
        above = _above(text, said, at)
        labels = one.labels
        below = _below(text, said, at) if one.level < 2 else None
        if below is not None:
            # "khoản 8 Điều 19, Điều 23": the first has the clause, the others stand alone.
            labels = labels[1:] if below < at else labels[:-1]
        for label in labels:
            place = _placed(one.level, label, above, within)
            if place is not None and place not in found:
                found.append(place)
    return tuple(found)


def _placed(level: int, label: str, above: list[_Mention], within: Place | None) -> Place | None:
    by_level = {mention.level: mention.labels[0] for mention in above}
    article = label if level == 0 else by_level.get(0, within.article if within else "")
    if not article:
        return None
    if level == 0:
        return Place(article)
    same = within if within is not None and within.article == article else None
    clause = label if level == 1 else by_level.get(1, same.clause if same else "")
    return Place(article, clause, label if level == 2 else "")


def _above(text: str, said: list[_Mention], at: int) -> list[_Mention]:
    """The mentions that one stands in, the nearest first."""
    found: list[_Mention] = []
    here = at
    while said[here].level > 0:
        parent = _parent(text, said, here)
        if parent is None:
            break
        found.append(said[parent])
        here = parent
    return found


def _parent(text: str, said: list[_Mention], at: int) -> int | None:
    """What a clause or a point is of: "khoản 2 Điều 5" reads on, "Điều 5 khoản 2" back."""
    one = said[at]
    later = next((n for n in range(at + 1, len(said)) if said[n].level < one.level), None)
    earlier = next((n for n in range(at - 1, -1, -1) if said[n].level < one.level), None)
    if earlier is not None and at - earlier == 1:
        between = text[said[earlier].end : one.start]
        beside = later is not None and later - at == 1
        after = text[one.end : said[later].start] if later is not None else ""
        if not between.strip() and not (beside and _JOINS.fullmatch(after)):
            return earlier
    if later is None:
        return earlier
    if one.level == 2 and said[later].level == 0:  # a point of an article, or of a clause before
        clauses = [n for n in range(at) if said[n].level == 1]
        if clauses and not _JOINS.fullmatch(text[one.end : said[later].start]):
            return clauses[-1]
    return later


def _below(text: str, said: list[_Mention], at: int) -> int | None:
    """Where the first mention stands that is a part of this one."""
    level = said[at].level
    mine = (n for n, one in enumerate(said) if one.level > level and _parent(text, said, n) == at)
    return next(mine, None)


def _mentions(lowered: str) -> list[_Mention]:
    found = [
        _Mention(level, labels, match.start(), match.end())
        for level, pattern in enumerate((_ARTICLE, _CLAUSE, _POINT))
        for match in pattern.finditer(lowered)
        if (labels := tuple(_labels(match["labels"], lowered, match)))
    ]
    return sorted(found, key=lambda mention: mention.start)


def _labels(listed: str, lowered: str, match: re.Match[str]) -> Iterator[str]:
    ranged = _TO.match(lowered, match.start("labels"))
    if ranged and 0 < int(ranged["last"]) - int(ranged["first"]) <= _LONGEST_RANGE:
        yield from (str(n) for n in range(int(ranged["first"]), int(ranged["last"]) + 1))
        return
    for label in _LABEL.findall(
        re.sub(r"điều|dieu|khoản|khoan|điểm|diem|và|hoặc|va\b|hoac", " ", listed)
    ):
        yield re.sub(r"^0+(?=\d)", "", label)
