"""Sentences of a text with their offsets, and the numbers in them that may be figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from assistant.figures.periods import periods_in
from assistant.figures.tables import words
from assistant.figures.written import NUMBER, Unit, _any, made_unit, unit_pattern

_END = re.compile(r"(?<=[.;!?…])\s+(?=[^\Wa-zà-ỹ]|[-–+•(\d“\"])|\n+")
_TOKEN = re.compile(rf"(?<![\w/.,])(?P<sign>[-–−+](?=\d))?(?P<number>{NUMBER})(?![\w/]|[.,]\d)")
_HEADING = re.compile(
    r"\s*(?:[-–+•*]\s*)?(?:\d+(?:\.\d+)*[.)]|[a-zđ]\)|[IVXLC]+\.|\d+(?:\.\d+)+\s)\s*"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_NOUN = re.compile(r"\s+(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """``start`` counts in the whole text; ``section`` is the path of headings."""

    text: str
    start: int
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A number in a sentence: its digits, its unit, and where both end."""

    start: int
    number_end: int
    end: int
    digits: str
    unit: Unit | None


def sentences_of(
    text: str, sections: tuple[tuple[tuple[str, ...], int, int], ...], *, rows: bool
) -> Iterator[Sentence]:
    """All sentences that are not rows of a table (``rows``: rows are sentences, too)."""
    at = 0
    for paragraph in re.split(r"(\n\n+)", text):
        if paragraph.strip() and (rows or (" | " not in paragraph and not _is_row(paragraph))):
            path = next((path for path, a, b in sections if a <= at < b), ())
            start = 0
            for match in [*_END.finditer(paragraph), None]:
                end = match.start() if match else len(paragraph)
                piece = paragraph[start:end]
                if piece.strip():
                    lead = len(piece) - len(piece.lstrip())
                    yield Sentence(piece.strip(), at + start + lead, path)
                start = match.end() if match else end
        at += len(paragraph)


def _is_row(paragraph: str) -> bool:
    lines = paragraph.strip().split("\n")
    return all(line.lstrip().startswith("|") for line in lines)


def tokens_of(sentence: str) -> list[Token]:
    """Numbers that are no days, years, ordinals or names of provisions."""
    taken = [(found.start, found.end) for found in periods_in(sentence)]
    heading = _HEADING.match(sentence)
    start = heading.end() if heading else 0
    found = []
    for match in _TOKEN.finditer(sentence):
        at = match.start()
        if at < start or any(a <= at < b for a, b in taken):
            continue
        behind = unit_pattern().match(sentence, _after_blank(sentence, match.end()))
        unit = made_unit(behind) if behind else None
        end = behind.end() if behind and unit else match.end()
        compound = re.match(r"/[^\W\d_]+[²³]?(?:/năm)?", sentence[end:]) if unit else None
        if unit and compound:  # "người/km²"
            per = compound[0]
            unit = Unit(unit.shown + per, unit.base + per, unit.factor)
            end += len(per)
        digits = (match["sign"] or "") + match["number"]
        before = sentence[:at].rstrip(" (").lower()
        if _is_name(before, unit) or (not unit and _YEAR.fullmatch(match["number"])):
            continue
        if match["sign"] and re.search(r"\d\s*$", sentence[:at]):
            continue  # "2021-2025", "5-7 ngày": a range is no figure
        if re.match(r"\s*[-–]\s*\d", sentence[match.end() :]):
            continue
        if not unit and re.match(r"\s*(?:tháng|quý|năm)\b", sentence[match.end() :]):
            continue
        found.append(Token(at, match.end(), end, digits, unit))
    if any(
        not re.search(r"[^\W\d_]|[(:;,]", sentence[one.end : other.start])
        for one, other in pairwise(found)
    ):
        return []  # "Hà Nội 1.200 1.350 98,5%": a row of a table whose lines are not drawn
    return [one for one in found if one.unit or _linked().search(sentence[: one.start])]


@cache
def _linked() -> re.Pattern[str]:
    """What must stand before a number without a unit, so that it is a value."""
    ends = _any((*words().links, *words().about, "có", "được", "tăng", "giảm", "với"))
    return re.compile(rf"(?:(?<!\w)(?:{ends})|[:=(])\s*$", re.IGNORECASE)


def _after_blank(text: str, at: int) -> int:
    match = _NOUN.match(text, at) or re.compile(r"\s+(?=[%‰₫])").match(text, at)
    return match.end() if match else at


def _is_name(before: str, unit: Unit | None) -> bool:
    names = _any(words().not_figures)
    if unit:
        names = "điều|khoản|thứ"
    # "tổng số 5 hồ sơ", "chỉ số 5" are not "số 5".
    return bool(
        re.search(
            rf"(?<!\w)(?<!tổng )(?<!con )(?<!chỉ )(?<!đạt )(?:{names})(?:\s+số)?\s*[:.]?$", before
        )
        and not (unit and re.search(r"(?:tổng|con|chỉ) số$", before))
    )
