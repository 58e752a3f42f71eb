"""The day something happened, from the words of a message: the law of that day may differ."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

_LAW_BEFORE = re.compile(
    r"(?i)(luật|luat|nghị định|nghi dinh|thông tư|thong tu|quyết định|nghị quyết|nđ|tt|số)\b"
    r"[^,.;?]{0,60}$"
)
#: Days that say how old somebody is, or when something else will be.
_NOT_EVENT = re.compile(
    r"(?i)\b(sinh|sinh ngày|sinh năm|đến|hết hạn|hạn đến|tới|born)\s*(ngày|năm)?\s*$"
)
_BEFORE = re.compile(r"(?i)\b(trước|truoc)(\s+(ngày|ngay|tháng|thang|năm|nam))?\s*$")
_DAY = re.compile(r"(?<![\d./-])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_SPELLED = re.compile(
    r"(?i)\b(\d{1,2})\s+(?:tháng|thang)\s+(\d{1,2})\s*(?:[,/-]|năm|nam)\s*(\d{4})\b"
)
_MONTH = re.compile(r"(?i)\b(?:tháng|thang|t)\s*(\d{1,2})\s*(?:/|năm|nam|-)\s*(\d{4})\b")
_YEAR = re.compile(r"(?i)\b(?:năm|nam|hồi|hoi|từ|tu)\s+((?:19|20)\d{2})\b")
_LAST_YEAR = re.compile(r"(?i)\b(?:năm ngoái|nam ngoai)\b")


@dataclass(frozen=True, slots=True)
class EventDay:
    """When it happened: any day from ``first`` to ``last``; ``words`` name it for the reader."""

    first: date
    last: date
    words: str


def event_day(text: str, today: date) -> EventDay | None:
    """The day before ``today`` that ``text`` names as that of what happened, or None.

    A month or a year is all its days. Years in names of laws and birthdays are none.

    >>> event_day("bị phạt ngày 20/12/2024 vì vượt đèn đỏ", date(2026, 1, 1)).words
    'ngày 20/12/2024'
    >>> event_day("ký trước 1/8/2024", date(2026, 1, 1)).last
    datetime.date(2024, 7, 31)
    """
    for found, start in _all(text, today):
        before = text[:start]
        if _LAW_BEFORE.search(before) or _NOT_EVENT.search(before):
            continue
        if _BEFORE.search(before):
            last = found.first - timedelta(days=1)
            return EventDay(last, last, f"trước {found.words}") if last < today else None
        if found.first < today:
            return EventDay(found.first, min(found.last, today), found.words)
    return None


def _all(text: str, today: date) -> Iterator[tuple[EventDay, int]]:
    """Everything that names a day, a month or a year, the most exact first."""
    for pattern in (_DAY, _SPELLED):
        for match in pattern.finditer(text):
            with suppress(ValueError):
                day = date(int(match[3]), int(match[2]), int(match[1]))
                yield EventDay(day, day, f"ngày {day:%d/%m/%Y}"), match.start()
    rest = _SPELLED.sub(_blank, _DAY.sub(_blank, text))
    for match in _MONTH.finditer(rest):
        year, month = int(match[2]), int(match[1])
        if 1 <= month <= 12:
            days = calendar.monthrange(year, month)[1]
            words = f"tháng {month}/{year}"
            yield EventDay(date(year, month, 1), date(year, month, days), words), match.start()
    rest = _MONTH.sub(_blank, rest)
    for match in _YEAR.finditer(rest):
        year = int(match[1])
        yield EventDay(date(year, 1, 1), date(year, 12, 31), f"năm {year}"), match.start()
    for match in _LAST_YEAR.finditer(rest):
        year = today.year - 1
        yield EventDay(date(year, 1, 1), date(year, 12, 31), f"năm {year}"), match.start()


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
