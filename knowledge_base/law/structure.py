"""The parts of a legal text: phần, chương, mục, tiểu mục, điều, khoản, điểm, and what is attached.

Everything is found in the stored text itself, so that ``text[p.start:p.end]``
is the quote. An article counts as the document's own when it fits the run
1, 2, 3, …: what an amending law quotes ("“Điều 5. …”") does not, nor does
"Điều 5 của Luật này" where a line happens to break before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge_base.law.lines import Candidate, Line, lines_of, own_articles


class Part(StrEnum):
    """What a provision is."""

    PART = "phần"
    CHAPTER = "chương"
    SECTION = "mục"
    SUBSECTION = "tiểu mục"
    ARTICLE = "điều"
    CLAUSE = "khoản"
    POINT = "điểm"
    ATTACHED = "kèm theo"  # phụ lục, or a regulation that a decision puts into force


@dataclass(frozen=True, slots=True)
class Provision:
    """One part: ``text[start:end]``, inside the provision number ``parent`` of the same list.

    ``label`` is "5a", "II", "b"; ``heading`` its name without the label, or "".
    """

    part: Part
    label: str
    heading: str
    start: int
    end: int
    parent: int | None = None

    @property
    def name(self) -> str:
        """ "Điều 5. Phạm vi", "Chương II. QUY ĐỊNH CHUNG", "khoản 2"."""
        if self.part is Part.ATTACHED:
            return self.heading
        word = self.part.value
        if self.part not in (Part.CLAUSE, Part.POINT):
            word = word.capitalize()
        name = f"{word} {self.label}"
        return f"{name}. {self.heading}" if self.heading else name


#: What opens a part above the articles; the rest of the line is its name.
_ABOVE = (
    (
        Part.PART,
        re.compile(
            r"(?:PHẦN|Phần)\s+((?:(?:thứ\s+)?(?:nhất|nhì|một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười)"
            r"|chung|riêng|[IVX]+|\d+)\b)",
            re.IGNORECASE,
        ),
    ),
    (Part.CHAPTER, re.compile(r"(?:CHƯƠNG|Chương)\s+([IVXLC]+[a-z]?|\d+[a-z]?)\b")),
    (Part.SECTION, re.compile(r"(?:MỤC|Mục)\s+(\d+[a-z]?|[IVX]+)\b")),
    (Part.SUBSECTION, re.compile(r"(?:TIỂU MỤC|Tiểu mục)\s+(\d+[a-z]?|[IVX]+)\b")),
)
_ATTACHED = re.compile(r"PHỤ LỤC|Phụ lục\s+(?:số\s+)?(?:[IVXLC]+|\d+|[A-Z])(?:[.:\s]|$)|MẪU SỐ \d")
_WITH = re.compile(r"\(?\s*(?:[Đđ]ược\s+)?(?:[Bb]an hành\s+)?[Kk]èm theo\b", re.IGNORECASE)
_REGULATION = re.compile(
    r"(?:QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|QUY CHUẨN|QUY TRÌNH|NỘI QUY|CHƯƠNG TRÌNH|ĐỀ ÁN|DANH MỤC|KẾ HOẠCH"
    r"|BẢNG|BIỂU|HƯỚNG DẪN|MẪU|TIÊU CHUẨN|CHẾ ĐỘ|CHUẨN)\b"
)
# A scanner reads "9." as "9," at times.
_CLAUSE = re.compile(r"[*_]*(\d{1,3})([a-zđ]?)(?:[.)][*_]*\s+(?=\S)|,\s+(?=[A-ZĐÀ-Ỹ]))")
_POINT = re.compile(r"[*_]*(?:([a-zđ]\d?)[)][*_]*\s+(?=\S)|([a-zđ])\.[*_]*\s+(?=[A-ZĐÀ-Ỹ]))")
_POINTS = "abcdđeghiklmnopqrstuvxy"
_LONGEST_HEADING = 200
# What stands below the last article: who signed, and who gets a copy.
_SIGNED = re.compile(
    r"Nơi nhận\b|(?:TM|KT|TL|TUQ|Q)\s?\.\s?[A-ZĐÀ-Ỹ]{2}|(?:CHỦ TỊCH QUỐC HỘI|THỦ TƯỚNG|BỘ TRƯỞNG)\b"
    r"|(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết) này (?:đã )?được (?:Quốc hội|Ủy ban)"
)


def provisions(text: str) -> tuple[Provision, ...]:
    """The parts of a text in order, each after its parent; empty where it has no articles.

    Clauses and points are listed below the articles of the document.
    """
    lines = lines_of(text)
    found: list[Provision] = []
    regions = _regions(lines)
    for number, (start, end) in enumerate(regions):
        until = lines[end].start if end < len(lines) else len(text)
        attached = _attached(lines, start, until) if number else None
        articles = own_articles(lines[start:end])
        _region(lines[start:end], articles, until, attached, found)
    return tuple(found) if any(p.part is Part.ARTICLE for p in found) else ()


def clauses(
    text: str, start: int = 0, end: int | None = None, *, first: tuple[str, str] = ("", "")
) -> tuple[Provision, ...]:
    """Clauses and points of one article that is ``text[start:end]``, parents by place in the list.

    A point that stands in no clause has no parent. ``first`` is where a text begins
    that is a part of an article: at a clause ("5", ""), or at a point of one ("5", "c").
    """
    lines = [line for line in lines_of(text) if start <= line.start < (end or len(text))]
    return tuple(_inside(lines, len(text) if end is None else end, None, 0, begin=first))


def path_of(found: tuple[Provision, ...], index: int) -> tuple[str, ...]:
    """The names from the highest part down to ``found[index]``."""
    names: list[str] = []
    at: int | None = index
    while at is not None:
        names.append(found[at].name)
        at = found[at].parent
    return tuple(reversed(names))


def is_attached(parts: tuple[Provision, ...], index: int) -> bool:
    """Whether a provision belongs to an appendix or an attached regulation."""
    at: int | None = index
    while at is not None:
        if parts[at].part is Part.ATTACHED:
            return True
        at = parts[at].parent
    return False


def _regions(lines: list[Line]) -> list[tuple[int, int]]:
    """The document itself and each thing attached to it, as ranges of lines."""
    starts = [0]
    first = next((n for n, line in enumerate(lines) if line.article), len(lines))
    for number, line in enumerate(lines):
        # The name of the document itself stands above its articles.
        if number < first and not _ATTACHED.match(line.text):
            continue
        if line.quoted or number - starts[-1] < 2 or not _opens_attachment(lines, number):
            continue
        starts.append(number)
    return [
        (start, starts[n + 1] if n + 1 < len(starts) else len(lines))
        for n, start in enumerate(starts)
    ]


def _opens_attachment(lines: list[Line], number: int) -> bool:
    line = lines[number]
    if len(line.text) > _LONGEST_HEADING or line.text[-1:] in ",;":
        return False
    attached = _ATTACHED.match(line.text)
    if not attached and not _REGULATION.match(line.text):
        return False
    following = [other.text for other in lines[number + 1 : number + 7]]
    if attached:
        if line.text.startswith(("PHỤ LỤC", "MẪU SỐ")) or line.marked:
            return True
        return len(line.text) < 40 or any(_WITH.match(other) for other in following[:4])
    return any(_WITH.match(other) for other in following)


def _attached(lines: list[Line], start: int, end: int) -> Provision:
    words = [lines[start].text]
    for line in lines[start + 1 : start + 3]:
        if line.text.isupper() and len(" ".join(words)) + len(line.text) < _LONGEST_HEADING:
            words.append(line.text)
        else:
            break
    return Provision(Part.ATTACHED, "", ". ".join(words), lines[start].start, end)


def _region(
    lines: list[Line],
    articles: list[Candidate],
    end: int,
    attached: Provision | None,
    found: list[Provision],
) -> None:
    """Add the provisions of one region to ``found``."""
    above: list[int] = []  # open parts, outermost first
    if attached is not None:
        above.append(len(found))
        found.append(attached)
    opens = {article.line: article for article in articles}
    marks = [n for n, line in enumerate(lines) if n in opens or (articles and _above(lines, n))]
    for place, number in enumerate(marks):
        start = lines[number].start
        until = lines[marks[place + 1]].start if place + 1 < len(marks) else end
        if place + 1 == len(marks):
            until = _signed(lines[number + 1 :], until)
        article = opens.get(number)
        if article is None:
            part, label, heading = _above(lines, number) or (Part.CHAPTER, "", "")
            rank = list(Part).index(part)
            while above and found[above[-1]].part is not Part.ATTACHED and (
                list(Part).index(found[above[-1]].part) >= rank
            ):  # fmt: skip
                above.pop()
            found.append(Provision(part, label, heading, start, end, above[-1] if above else None))
            above.append(len(found) - 1)
            continue
        heading = _article_heading(lines, number, article, until)
        mine = len(found)
        parent = above[-1] if above else None
        found.append(Provision(Part.ARTICLE, article.label, heading, start, until, parent))
        below = marks[place + 1] if place + 1 < len(marks) else len(lines)
        body = [line for line in lines[number:below] if line.start < until]
        found.extend(_inside(body, until, mine, len(found), first=article.after))
    _close_above(found, end)


def _signed(lines: list[Line], end: int) -> int:
    """Where the signatures begin, or ``end``."""
    return next((x.start for x in lines if not x.quoted and _SIGNED.match(x.text)), end)


def _close_above(found: list[Provision], end: int) -> None:
    """Parts above end where their last article does or the next of their rank begins."""
    ranks = {part: rank for rank, part in enumerate(Part)}
    limit = end
    ends: dict[int, int] = {}  # rank -> where the next part of at most this rank begins
    for number in range(len(found) - 1, -1, -1):
        one = found[number]
        if one.part in (Part.CLAUSE, Part.POINT, Part.ARTICLE, Part.ATTACHED):
            if one.part is Part.ATTACHED:
                limit = one.start
                ends.clear()
            continue
        rank = ranks[one.part]
        until = min([at for other, at in ends.items() if other <= rank] or [max(one.end, limit)])
        if until < one.end:
            found[number] = replace(one, end=until)
        ends = {other: at for other, at in ends.items() if other < rank}
        ends[rank] = one.start


def _above(lines: list[Line], number: int) -> tuple[Part, str, str] | None:
    """What part above the articles a line opens, with its label and name."""
    line = lines[number]
    if line.quoted or len(line.text) > _LONGEST_HEADING:
        return None
    for part, pattern in _ABOVE:
        match = pattern.match(line.text)
        if match is None:
            continue
        label = " ".join(match[1].split())
        rest = line.text[match.end() :].strip()
        name = rest.lstrip(".:-–— ").strip("* ")
        if name and not (name.isupper() or line.marked or rest[:1] in (".", ":")):
            return None
        if not name:
            name = _next_lines(lines, number)
        return part, label, name
    return None


def _next_lines(lines: list[Line], number: int) -> str:
    """The name of a part on the line below it, or on the two below where both are capitals."""
    words: list[str] = []
    for line in lines[number + 1 : number + 4]:
        fits = len(" ".join(words)) + len(line.text) < _LONGEST_HEADING
        opens = any(pattern.match(line.text) for _, pattern in _ABOVE)
        if not fits or opens or line.article or not (line.text.isupper() or not words):
            break
        if not words and not line.text[0].isupper():
            break
        words.append(line.text)
        if not line.text.isupper():
            break
    return " ".join(words)


def _article_heading(lines: list[Line], number: int, article: Candidate, until: int) -> str:
    rest = lines[number].text[article.after - lines[number].start :].strip(" *_.:|")
    if rest and number + 1 < len(lines) and not lines[number].text.endswith((".", ";", ":")):
        below = lines[number + 1].text  # a name that goes on below
        if below[0].islower() and not _POINT.match(below) and len(rest) > 40:
            rest = f"{rest} {below}"
    if not rest and number + 1 < len(lines) and lines[number + 1].start < until:
        below = lines[number + 1].text
        if not _CLAUSE.match(below) and not _POINT.match(below) and below[0].isupper():
            rest = "" if below.endswith((".", ";", ":")) else below
    raw = lines[number].text
    if len(rest) > _LONGEST_HEADING or (raw.endswith((";", ":", ".")) and len(rest) > 80):
        return ""
    return " ".join(rest.split())


def _inside(
    lines: list[Line],
    end: int,
    parent: int | None,
    base: int,
    first: int | None = None,
    begin: tuple[str, str] = ("", ""),
) -> Iterator[Provision]:
    """Clauses and points among the lines of one article; ``base``: how many are listed before."""
    marks: list[tuple[Part, str, int]] = []
    clause, point = _before(*begin)
    for n, line in enumerate(lines):
        if line.quoted:
            continue
        at, body = line.start, line.text
        if n == 0 and first is not None:  # "Điều 5. 1. Người nộp …"
            body = body[first - line.start :].lstrip(" .:*")
            at = line.start + line.text.find(body) if body else line.start
        one = _CLAUSE.match(body)
        if one and int(one[1]) == clause + (0 if one[2] else 1):  # 5 → 5a → 5b → 6
            clause, point = int(one[1]), ""
            marks.append((Part.CLAUSE, one[1] + one[2], at))
            body = body[one.end() :]
            at += one.end()
        two = _POINT.match(body)
        label = (two[1] or two[2]) if two else ""
        if label and (label == _after(point) or (label[1:] and label[0] == point)):  # a → a1 → b
            point = label[0]
            marks.append((Part.POINT, label, at))
    made: list[Provision] = []
    inside: int | None = None
    for n, (part, label, start) in enumerate(marks):
        later = [m for m in marks[n + 1 :] if part is Part.POINT or m[0] is Part.CLAUSE]
        until = later[0][2] if later else end
        above = parent if part is Part.CLAUSE or inside is None else inside
        if part is Part.CLAUSE:
            inside = base + n
        made.append(Provision(part, label, "", start, until, above))
    yield from made


def _before(clause: str, point: str) -> tuple[int, str]:
    """The clause and the point that come before those a text begins at."""
    digits = re.match(r"\d+", clause)
    number = int(digits[0]) if digits else 0
    if point:
        at = _POINTS.find(point[0])
        return number, (point[0] if point[1:] else _POINTS[at - 1] if at > 0 else "")
    return (number if clause[-1:].isalpha() else max(0, number - 1)), ""


def _after(point: str) -> str:
    at = _POINTS.find(point) + 1 if point else 0
    return _POINTS[at] if at < len(_POINTS) else ""
