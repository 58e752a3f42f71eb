"""Articles that a text applies: "điểm s khoản 1 Điều 51; Điều 38 Bộ luật Hình sự năm 2015"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from knowledge_base.judgments.codes import Code, CodeText, code_of, code_of_key, names_pattern
from knowledge_base.judgments.judgment import Applied
from knowledge_base.law.keys import document_key, numbers_in

_NUMBER = r"\d{1,3}[a-zđ]?\b(?![/.]\d)(?!\s*(?:đồng|tháng|ngày|năm|%|m2|tuổi|người|lần))"
_POINTS = re.compile(
    r"(?i)(?<!thời )(?<!địa )\b(?:các\s+)?điểm\s+([a-zđ](?:\s*(?:,|và)\s*[a-zđ]\b)*)(?!\w)"
)
_CLAUSE = re.compile(rf"(?i)\b(?:các\s+)?khoản\s+({_NUMBER}(?:\s*(?:,|và)\s*{_NUMBER})*)")
_ARTICLE = re.compile(
    rf"(?i)\b(?:các\s+)?điều\s+(?:luật\s+)?({_NUMBER}(?:\s*(?:,|;|và|và\s+điều|,\s*điều)\s*{_NUMBER})*)"
)
_LAW = re.compile(
    r"(?:Bộ luật|Luật|Nghị quyết|Nghị định|Thông tư|Pháp lệnh|Hiến "
    r"pháp)\s+(?!này)(?:số\s+)?[A-ZĐ0-9][^.;:\n()“”\"]{2,90}"
)
_SAME = re.compile(r"(?i)(?:bộ luật|luật|nghị quyết) (?:này|nêu trên|trên)\b")
_END = re.compile(r"[.!?]\s+(?=[A-ZĐÀ-Ỹ\[])|\n\s*\n")
_LISTED = re.compile(r"(?i)\s*(?:,|và|,\s*và)?\s*")  # between two clauses of one article
_FARTHEST = 400  # characters from an article to the law it is of


@dataclass(frozen=True, slots=True)
class _Piece:
    """A clause with its points, before its article is named."""

    clause: str
    points: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: str  # article, clause, points, law, same, end
    start: int
    end: int
    value: str = ""
    year: int = 0


def applied_in(
    text: str, start: int, end: int, day: date | None, *, decisive: bool
) -> Iterator[Applied]:
    """Articles named in ``text[start:end]``; ``day`` says which text of a law a bare name means."""
    marks = sorted(_marks(text, start, end), key=lambda m: (m.start, -m.end))
    points, began = "", -1
    pieces: list[_Piece] = []
    waiting: list[Applied] = []
    last: tuple[str, str, str, bool] | None = None
    for mark in marks:
        if mark.kind == "points":
            points, began = " ".join(mark.value.split()), mark.start
        elif mark.kind == "clause":
            first = began if points else mark.start
            if not (pieces and _LISTED.fullmatch(text, pieces[-1].end, first)):
                pieces = []
            pieces += _clauses(mark, points, first)
            points, began = "", -1
        elif mark.kind == "article":
            articles = re.findall(r"\d{1,3}[a-zđ]?", mark.value)
            before = pieces or [_Piece("", points, began if points else mark.start, mark.start)]
            waiting += [
                Applied("", "", "", articles[0], one.clause, one.points, one.start, mark.end,
                        decisive=decisive)
                for one in before
            ]  # fmt: skip
            waiting += [
                Applied("", "", "", article, "", "", mark.start, mark.end, decisive=decisive)
                for article in articles[1:]
            ]
            points, began, pieces = "", -1, []
        elif mark.kind in ("law", "same"):
            if mark.kind == "law":
                last = _law(mark, day)
            if last is not None:
                yield from (_of(one, last) for one in waiting if mark.start - one.end < _FARTHEST)
            waiting = []
        elif mark.kind == "end":
            points, began, pieces = "", -1, []
            waiting = []


def _clauses(mark: _Mark, points: str, start: int) -> list[_Piece]:
    """The clauses of one mark; points that stand before a list of them are of the first."""
    value = " ".join(mark.value.split())
    head, comma, rest = value.partition(",")
    if not comma:
        head, comma, rest = value.partition(" và ")
    if not points or not comma:
        return [_Piece(value, points, start, mark.end)]
    return [
        _Piece(head.strip(), points, start, mark.end),
        _Piece(rest.strip(), "", mark.start, mark.end),
    ]


def _of(one: Applied, law: tuple[str, str, str, bool]) -> Applied:
    name, number, key, sure = law
    return Applied(
        name,
        number,
        key,
        one.article,
        one.clause,
        one.points,
        one.start,
        one.end,
        sure,
        one.decisive,
    )


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    for kind, pattern in (("points", _POINTS), ("clause", _CLAUSE), ("article", _ARTICLE)):
        for match in pattern.finditer(text, start, end):
            yield _Mark(kind, match.start(), match.end(), match[1])
    for match in _SAME.finditer(text, start, end):
        yield _Mark("same", match.start(), match.end())
    known = list(names_pattern().finditer(text, start, end))
    for match in known:
        yield _Mark("law", match.start(), match.end(), match["name"], int(match["year"] or 0))
    spans = [match.span() for match in known]
    for match in _LAW.finditer(text, start, end):
        if not any(s < match.end() and match.start() < e for s, e in spans):
            yield _Mark("law", match.start(), match.end(), match[0].strip())
    for match in _END.finditer(text, start, end):
        yield _Mark("end", match.start(), match.end())


def _law(mark: _Mark, day: date | None) -> tuple[str, str, str, bool]:
    """Name, number and key of the law that a mark names, and whether that is written there."""
    number = next((n for n in numbers_in(mark.value) if n.whole), None)
    if number is not None:
        key = document_key(number.key) or number.key
        known = code_of_key(key)
        if known:
            return known[0].name, known[1].number, key, True
        return mark.value, mark.value[number.start : number.end], key, True
    code = code_of(mark.value)
    if code is None:
        return " ".join(mark.value.split()), "", "", False
    chosen = _text_of(code, mark.year, day)
    if chosen is None:
        return code.name, "", "", False
    return code.name, chosen.number, chosen.key, bool(mark.year)


def _text_of(code: Code, year: int, day: date | None) -> CodeText | None:
    if year:
        # "Bộ luật Hình sự năm 2015, sửa đổi năm 2017": the year of the text, not of what amends it.
        return code.of_year(year)
    if len(code.texts) == 1:
        return code.texts[0]
    return code.on(day) if day else None


def unique(found: Iterator[Applied]) -> tuple[Applied, ...]:
    """Each article, clause and points once, first where they were decided upon."""
    kept: dict[tuple[str, str, str, str, str], Applied] = {}
    for one in sorted(found, key=lambda a: (not a.decisive, a.start)):
        at = (one.key or one.law.lower(), one.article, one.clause, one.points, "")
        kept.setdefault(at, one)
    listed = list(kept.values())
    # "Điều 466" without its clause says nothing beside "khoản 1 Điều 466".
    fuller = {(a.key, a.law, a.article) for a in listed if a.clause}
    return tuple(
        a for a in listed if a.clause or a.decisive or (a.key, a.law, a.article) not in fuller
    )
