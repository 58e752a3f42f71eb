"""The day an answer must hold for, from the words of a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone

from assistant.amounts import dates

VIET_NAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no daylight saving

_BIRTH = re.compile(
    r"(?i)(sinh|mất|chết|cưới|kết hôn|mua|cấp|nộp|ký|ban hành|born)"
    r"\s*(vào\s*)?(ngày|năm|tháng|hồi)?\s*$"
)
_LAW_BEFORE = re.compile(
    r"(?i)(luật|nghị định|thông tư|quyết định|nghị quyết|bộ luật|nđ|tt|số)\b[^,.;?]{0,60}$"
)
_MONTH = re.compile(r"(?i)\b(?:tháng|thang)\s+(\d{1,2})\s*(?:/|năm|nam|-)\s*(\d{4})\b")
_SPELLED = re.compile(
    r"(?i)\b(?:ngày|ngay|mùng|mung|mồng|mong)?\s*(\d{1,2})\s+(?:tháng|thang)\s+(\d{1,2})"
    r"\s*(?:[,/-]|năm|nam)\s*(\d{4})\b"
)
_YEAR = re.compile(r"(?i)\b(?:năm|nam|hồi|in)\s+((?:19|20)\d{2})\b")
_BEFORE = re.compile(r"(?i)\b(trước|truoc|before)(\s+(ngày|ngay))?\s*$")


def today() -> date:
    """Today in Viet Nam."""
    return datetime.now(VIET_NAM).date()


def day_asked(text: str, asked_on: date | None = None) -> date | None:
    """The day named in ``text`` as the one the answer must hold for, or None.

    A year means its last day, or ``asked_on`` (default: today) where it is the
    year one is in; a month its first; "trước 1/7/2025" the day before.
    Birthdays and the years in names of laws are not such days.

    >>> day_asked("trước 1/7/2025 nộp ở đâu?")
    datetime.date(2025, 6, 30)
    >>> day_asked("Nghị định 30 năm 2020 quy định gì?") is None
    True
    """
    now = asked_on or today()
    for value, start in _days(text):
        before = text[:start]
        if _BIRTH.search(before) or _LAW_BEFORE.search(before):
            continue
        return value - timedelta(days=1) if _BEFORE.search(before) else value
    text = _SPELLED.sub(lambda match: " " * len(match[0]), text)  # looked at, with its month
    for match in _MONTH.finditer(text):
        before = text[: match.start()]
        if 1 <= int(match[1]) <= 12 and not _BIRTH.search(before):
            first = date(int(match[2]), int(match[1]), 1)
            return first - timedelta(days=1) if _BEFORE.search(before) else first
    for match in _YEAR.finditer(text):
        before = text[: match.start()]
        if _BIRTH.search(before) or _LAW_BEFORE.search(before):
            continue
        if _BEFORE.search(before):
            return date(int(match[1]) - 1, 12, 31)
        return min(date(int(match[1]), 12, 31), max(now, date(int(match[1]), 1, 1)))
    return None


def _days(text: str) -> Iterator[tuple[date, int]]:
    """Days and where they stand: 15/8/2025, or "ngày 15 tháng 8 năm 2025"."""
    yield from ((value, start) for value, start, _ in dates(text))
    for match in _SPELLED.finditer(text):
        with suppress(ValueError):
            yield date(int(match[3]), int(match[2]), int(match[1])), match.start()
