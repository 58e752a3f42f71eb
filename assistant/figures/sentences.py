"""Sentences of a text with their offsets, and the numbers in them that may be figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from assistant.figures.periods import periods_in
from assistant.figures.scopes import UPPER
from assistant.figures.tables import words
from assistant.figures.written import NUMBER, Unit, _any, made_unit, unit_pattern

_END = re.compile(
    rf"(?<=[.!?…])\s+(?=[{UPPER}]|[-–+•(\d“\"])|(?<=;)\s+(?=[{UPPER}]|[-–+•(“\"])|\n+"
)
_TOKEN = re.compile(rf"(?<![\w/.,])(?P<sign>[-–−+](?=\d))?(?P<number>{NUMBER})(?![\w/]|[.,]\d)")
_HEADING = re.compile(
    r"\s*(?:[-–+•*]\s*)?(?:\d+(?:\.\d+)*[.)]|[a-zđ]\)|[IVXLC]+\.|\d+(?:\.\d+)+\s)\s*"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_UPTO = re.compile(rf"\s*(?P<mark>[-–]|đến)\s*(?P<number>{NUMBER})(?![\w/]|[.,]\d)")
_FROM = re.compile(r"(?<!tăng )(?<!giảm )(?<!nâng )\btừ\s*$", re.IGNORECASE)
_STRETCHES = {"ngày", "ngày làm việc", "giờ", "phút", "tuổi"}
_AGE = re.compile(r"\b(?:từ|trên|dưới|đủ)\s*$", re.IGNORECASE)
_PART_OF = re.compile(r"\b(?:của|tại|ở|trên|trong|cho|giữa|thuộc)\s+(?:cả\s+)?$", re.IGNORECASE)
_IN_TURN = re.compile(r"\s+(?:lượt|đầu|thứ|trước|sau|nữa)\b", re.IGNORECASE)
_YEARS = re.compile(r"(?<![\d.,/])(?:19|20)\d{2}\s*(?:,|và|,\s*và|;)\s*$")  # "2021, 2022 và …"
_PER = re.compile(  # "người/km²", "giường bệnh/vạn dân", "ca/100.000 dân"
    r"/(?:(?:[\d.]+\s|vạn\s|nghìn\s)(?:dân|người|hộ|trẻ)|[^\W\d_]+[²³]?)(?:/năm)?", re.IGNORECASE
)
_LONGEST = 3_000  # characters
_COUNTS = re.compile(r"(?:tổng|con|chỉ) số$")
_NOUN = re.compile(r"\s+(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """``start`` counts in the whole text; ``section`` is the path of headings."""

    text: str
    start: int
    section: tuple[str, ...] = ()
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Token:
    """A number in a sentence: its digits, its unit, and where both end.

    ``upto`` has the digits of the upper end where a range is written ("8,3 - 8,5%").
    """

    start: int
    number_end: int
    end: int
    digits: str
    unit: Unit | None
    upto: str = ""


def sentences_of(
    text: str, sections: tuple[tuple[tuple[str, ...], int, int], ...], *, rows: bool
) -> Iterator[Sentence]:
    """All sentences that are not rows of a table (``rows``: rows are sentences, too)."""
    at = 0
    for number, paragraph in enumerate(re.split(r"(\n\n+)", text)):
        if paragraph.strip() and (rows or (" | " not in paragraph and not _is_row(paragraph))):
            path = next((path for path, a, b in sections if a <= at < b), ())
            start = 0
            for match in [*_END.finditer(paragraph), None]:
                end = match.start() if match else len(paragraph)
                piece = paragraph[start:end]
                for first in range(0, len(piece), _LONGEST):  # no sentence is that long
                    part = piece[first : first + _LONGEST]
                    if part.strip():
                        lead = first + len(part) - len(part.lstrip())
                        yield Sentence(part.strip(), at + start + lead, path, number)
                start = match.end() if match else end
        at += len(paragraph)


def _is_row(paragraph: str) -> bool:
    lines = paragraph.strip().split("\n")
    return all(line.lstrip().startswith("|") for line in lines)


def tokens_of(sentence: str, year: int | None = None) -> list[Token]:
    """Numbers that are no days, years, ordinals or names of provisions.

    ``year``: of the document, so that "quý I" and "tháng 7" are known as times.
    """
    taken = [(found.start, found.end) for found in periods_in(sentence, year)]
    heading = _HEADING.match(sentence)
    start = heading.end() if heading else 0
    found: list[Token] = []
    for match in _TOKEN.finditer(sentence):
        at = match.start()
        if at < start or any(a <= at < b for a, b in taken) or (found and at < found[-1].end):
            continue
        token = _token(sentence, match)
        if token is not None:
            found.append(token)
    found = _without_parts_of_names(sentence, _with_shared_units(sentence, found))
    if any(
        not re.search(r"[^\W\d_]|[(:;,]", sentence[one.end : other.start])
        for one, other in pairwise(found)
    ):
        return []  # "Hà Nội 1.200 1.350 98,5%": a row of a table whose lines are not drawn
    return [one for one in found if one.unit or _linked().search(sentence[: one.start])]


def _token(sentence: str, match: re.Match[str]) -> Token | None:
    at, number_end = match.start(), match.end()
    upper = _UPTO.match(sentence, number_end)
    if upper and (upper["mark"] != "đến" or _FROM.search(sentence[:at])):
        unit, end = _unit_behind(sentence, upper.end())
        low, high = _size(match["number"]), _size(upper["number"])
        if unit is None or unit.base in _STRETCHES or low >= high:
            return None
        return Token(at, upper.end(), end, match["number"], unit, upper["number"])
    unit, end = _unit_behind(sentence, number_end)
    digits = (match["sign"] or "") + match["number"]
    before = sentence[:at].rstrip(" (").lower()
    behind = sentence[end:]
    listed = _YEAR.fullmatch(match["number"]) and _YEARS.search(sentence[:at])
    if listed or _is_name(before, unit) or (not unit and _YEAR.fullmatch(match["number"])):
        return None
    if re.search(r"\d\s*[-–−]?$", sentence[:at]) or re.match(r"\s*[-–]\s*\d", behind):
        return None  # "2021-2025": an end of a range
    if not unit and re.match(r"\s*(?:tháng|quý|năm)\b", behind):
        return None
    alone = not unit and sentence[at - 1 : at] == "(" and behind.startswith(")")
    if alone and match["number"].isdecimal() and len(match["number"]) < 3:
        return None  # "(1) …; (2) …" numbers what follows
    if unit and unit.base == "tuổi" and _AGE.search(sentence[:at]):
        return None
    return Token(at, number_end, end, digits, unit)


def _unit_behind(sentence: str, at: int) -> tuple[Unit | None, int]:
    """The unit behind a number and where it ends; ``at`` where there is none."""
    behind = unit_pattern(prose=True).match(sentence, _after_blank(sentence, at))
    unit = made_unit(behind) if behind else None
    if behind is None or unit is None:
        return None, at
    end = behind.end()
    if unit.base == "lần" and _IN_TURN.match(sentence, end):
        return None, at
    if compound := _PER.match(sentence, end):  # "người/km²"
        per = compound[0]
        return Unit(unit.shown + per, unit.base + per, unit.factor), end + len(per)
    return unit, end


def _with_shared_units(sentence: str, tokens: list[Token]) -> list[Token]:
    """ "33,1 và 45,2%", "100 và 90 hồ sơ": the unit behind the last is that of all."""
    found = list(tokens)
    for place in range(len(found) - 2, -1, -1):
        one, after = found[place], found[place + 1]
        if one.unit is None and after.unit is not None:
            between = sentence[one.end : after.start]
            if re.fullmatch(r"\s*(?:,|và|,\s*và|;)\s*", between):
                found[place] = replace(one, unit=after.unit)
    return found


def _without_parts_of_names(sentence: str, tokens: list[Token]) -> list[Token]:
    """ "của 3 tỉnh trọng điểm đạt 17.292 tấn": the 3 is part of the name of what follows."""
    found = []
    for place, one in enumerate(tokens):
        following = tokens[place + 1].start if place + 1 < len(tokens) else None
        part = one.unit is not None and one.unit.counted and _PART_OF.search(sentence[: one.start])
        if part and following and not re.search(r"[,;:(]", sentence[one.end : following]):
            continue
        found.append(one)
    return found


def _size(digits: str) -> float:
    return float(digits.replace(".", "").replace(",", "."))


@cache
def _linked() -> re.Pattern[str]:
    """What must stand before a number without a unit, so that it is a value."""
    ends = _any((*words().links, *words().about, "có", "được", "tăng", "giảm", "với", "gấp"))
    return re.compile(rf"(?:(?<!\w)(?:{ends})|[:=(])\s*$", re.IGNORECASE)


def _after_blank(text: str, at: int) -> int:
    match = _NOUN.match(text, at) or re.compile(r"\s+(?=[%‰₫])").match(text, at)
    return match.end() if match else at


def _is_name(before: str, unit: Unit | None) -> bool:
    """Whether a number names something: "Điều 5", "mẫu số 3"; "tổng số 5 hồ sơ" does not."""
    if not _names(counted=unit is not None).search(before):
        return False
    return not (unit and _COUNTS.search(before))


@cache
def _names(*, counted: bool) -> re.Pattern[str]:
    names = "điều|khoản|thứ" if counted else _any(words().not_figures)
    return re.compile(
        rf"(?<!\w)(?<!tổng )(?<!con )(?<!chỉ )(?<!đạt )(?:{names})(?:\s+số)?\s*[:.]?$"
    )
