"""The times of a sentence: its own, those it compares with, and which number each is of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.figures.comparing import Compared, comparisons_in, without_comparisons
from assistant.figures.model import Kind
from assistant.figures.periods import Found as FoundPeriod
from assistant.figures.periods import Period, period_of_label, periods_in
from assistant.figures.sentences import Token

_OF_DOCUMENT = re.compile(r"\d/[A-ZĐ][\w-]*(?:/[\w-]+)?,?\s*$")
_BARE_YEAR = re.compile(
    r"(?<![\d/.,-])(?<!–)20\d{2}(?=\s+(?:ước |đã |chỉ )?(?:đạt|là|tăng|giảm|của)\b)"
)
_SINCE = re.compile(r"từ .* đến nay", re.IGNORECASE)  # "từ năm 2021 đến nay" is not 2021


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a sentence: its own, and those it compares with."""

    own: tuple[FoundPeriod, ...]
    compared: tuple[Compared, ...]


def times_of(text: str, year: int | None) -> Times:
    """The times a sentence is about, without those of cited documents and comparisons."""
    compared = tuple(comparisons_in(text))
    plain = without_comparisons(text)
    own = periods_in(plain, year)
    for match in _BARE_YEAR.finditer(plain):  # "Chỉ số hài lòng 2024 đạt …"
        period = period_of_label(match[0])
        if period and not any(one.start <= match.start() < one.end for one in own):
            own.append(FoundPeriod(period, match.start(), match.end()))
    own.sort(key=lambda one: one.start)
    kept = [p for p in own if not _OF_DOCUMENT.search(text[: p.start])]
    kept = [p for p in kept if not _SINCE.fullmatch(plain[max(0, p.start - 3) : p.end + 8])]
    return Times(tuple(kept), compared)


def named_time(
    text: str, times: Times, last: int, token: Token, base: Period | None
) -> tuple[Period, str] | None:
    """ "so với năm 2023 (33,1%)", "(cùng kỳ năm trước tăng 7,3%)": the time of that number.

    With it the words between, which say whether it is a change.
    """
    near = [one for one in times.compared if last <= one.start < token.start]
    if not near:
        return None
    one, between = near[-1], text[near[-1].end : token.start]
    if not re.fullmatch(r"\s*(?:\(|:|là|đạt|tăng|giảm|chỉ|ước|mới|khoảng|\s)*\s*", between):
        return None
    if one.opened and not re.search(r"\(|:|\b(?:là|đạt)\b", between):
        return None  # "so với cùng kỳ năm trước tăng 5%" is of now
    period = one.period(base, base.end.year if base else None)
    return (period, between) if period else None


def compared_with(times: Times, token: Token, last: int, following: int, kind: Kind) -> str:
    """What a change is counted from, in words: behind the number, else before it."""
    if kind is not Kind.CHANGE:
        return ""
    behind = [one.what for one in times.compared if token.end <= one.start < following]
    before = [one.what for one in times.compared if last <= one.start < token.start]
    return next(iter([*behind, *before[-1:]]), "")


def directly_behind(
    text: str, token: Token, periods: Sequence[FoundPeriod], following: int
) -> FoundPeriod | None:
    """ "33,1% năm 2023", "45,2% (năm 2024)", "1.234 hồ sơ trong năm 2024"."""
    for found in periods:
        if token.end <= found.start < following:
            between = text[token.end : found.start]
            closed = between.strip() == "(" and text[found.end : found.end + 1] == ")"
            near = re.fullmatch(
                r"\s*(?:[^\W\d_]+\s+){0,6}?(?:(?:vào|trong|của|ở|tại)\s+)?", between
            )
            changes = re.search(r"\b(?:và|lên|xuống|tăng|giảm|so)\b", between)
            if closed or (near and not changes):
                return found
            return None
    return None
