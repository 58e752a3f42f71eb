"""What people say to the questions of a journey: a day, a choice, that something is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta

from assistant.choices import by_number
from assistant.journeys.checklist import OpenQuestion
from assistant.journeys.keeping import read_code
from knowledge_base.vietnamese import fold, tokens

_NEAR = {
    "hom nay": 0, "sang nay": 0, "vua xong": 0, "hom qua": -1, "hom kia": -2, "ngay mai": 1,
    "ngay kia": 2,
}  # fmt: skip
_AGO = re.compile(r"\b(\d{1,3})\s+(ngay|hom|tuan)\s+(truoc|nay|roi|nua|sau|toi)\b")
_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?![\d/-])")
_SPELLED = re.compile(r"\b(?:ngay\s+|mung\s+)?(\d{1,2})\s+thang\s+(\d{1,2})(?:\s+nam\s+(\d{4}))?\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SIGNS = "[2-9A-HJ-NP-Z]{4}"
_CODE = re.compile(rf"(?<!\w){_SIGNS}[- ]?{_SIGNS}[- ]?{_SIGNS}(?!\w)")
_UNKNOWN = re.compile(
    r"(?:em |toi |minh |con )?(?:bo qua|khong ro|khong biet|chua biet|chua ro|khong nho|"
    r"quen roi|de sau|ko biet|k biet)(?: cau nay| nua| a| ngay)?"
)
#: Words of a message that tells a day and little else.
_FEW = 7
_YES = {"co", "vang", "dung", "roi", "da", "u", "uh", "ok", "phai", "yes"}
_NO = {"khong", "chua", "ko", "k", "no", "khoi"}
_POLITE = {"a", "nhe", "nha", "di", "ban", "em", "toi", "minh", "la", "thi", "da", "oi", "chon"}
_DONE = re.compile(r"\b(?:da )?(?:xong|lam xong|lam roi|hoan thanh|nop roi)\b|^da lam\b")
_SKIP = re.compile(r"\b(?:bo qua|khong can lam|khoi lam)\b")
_STEP = re.compile(r"\b(?:viec|buoc|so|thu)\s+(?:so\s+)?(\d{1,2})\b")


def said_day(text: str, now: date) -> date | None:
    """The day in a message; without a year, the one that is nearest to ``now``.

    >>> said_day("cháu sinh hôm 20/11 ạ", date(2026, 11, 22))
    datetime.date(2026, 11, 20)
    >>> said_day("3 hôm trước", date(2026, 11, 22))
    datetime.date(2026, 11, 19)
    """
    plain = " ".join(fold(text).split())
    if match := _ISO.search(plain):
        return _day(int(match[3]), int(match[2]), match[1], now)
    for pattern in (_FIGURES, _SPELLED):
        for match in pattern.finditer(plain):
            if found := _day(int(match[1]), int(match[2]), match[3] or "", now):
                return found
    if match := _AGO.search(plain):
        back = match[3] in ("truoc", "nay", "roi")
        days = int(match[1]) * (7 if match[2] == "tuan" else 1)
        return now + timedelta(-days if back else days)
    for words, days in _NEAR.items():
        if re.search(rf"\b{words}\b", plain):
            return now + timedelta(days)
    return None


def only_day(text: str, now: date) -> date | None:
    """The day in a message that tells a day and little else.

    >>> only_day("con sinh hôm qua ạ", date(2026, 11, 22))
    datetime.date(2026, 11, 21)
    >>> only_day("20/11 có làm việc không?", date(2026, 11, 22)) is None
    True
    """
    short = len(tokens(text)) <= _FEW and not text.strip().endswith("?")
    return said_day(text, now) if short else None


def _day(day: int, month: int, year: str, now: date) -> date | None:
    if year:
        with suppress(ValueError):
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return None
    near: list[date] = []
    for each in (now.year - 1, now.year, now.year + 1):
        with suppress(ValueError):
            near.append(date(each, month, day))
    return min(near, key=lambda found: abs((found - now).days), default=None)


def says_unknown(text: str) -> bool:
    """Whether somebody passes a question by."""
    plain = re.sub(r"[^\w ]", " ", fold(text))
    return _UNKNOWN.fullmatch(" ".join(plain.split())) is not None


def said_choice(text: str, question: OpenQuestion) -> str | None:
    """The value that answers a question, by number or words; None where it is no answer."""
    if text.strip().endswith("?"):
        return None
    whole = _one(text, question)
    if whole or not question.many:
        return whole
    parts = [part for part in re.split(r",|;|\bvà\b|\bva\b|\+", text) if part.strip()]
    found = [_one(part, question) for part in parts]
    return ",".join(dict.fromkeys(v for v in found if v)) if found and all(found) else None


def _one(text: str, question: OpenQuestion) -> str | None:
    values = [value for value, _ in question.choices]
    titles = [fold(title) for _, title in question.choices]
    plain = " ".join(fold(text).split())
    if plain in titles:
        return values[titles.index(plain)]
    if place := by_number(tokens(text), len(values)):
        return values[place - 1]
    words = [word for word in re.findall(r"\w+", plain) if word not in _POLITE]
    if {"yes", "no"} <= set(values) and len(words) in (1, 2):
        if words[0] in _NO:
            return "no"
        if words[0] in _YES:
            return "yes"
    fitting = [
        value
        for value, title in zip(values, titles, strict=True)
        if words and set(words) <= set(re.findall(r"\w+", title))
    ]
    return fitting[0] if len(fitting) == 1 else None


def said_of_step(text: str, titles: Sequence[str]) -> tuple[int, bool] | None:
    """Which step (from 0) is said to be done, or not needed (False); None where none is."""
    plain = " ".join(fold(text).split())
    skip = _SKIP.search(plain)
    if text.strip().endswith("?") or not (skip or _DONE.search(plain)):
        return None
    for place, title in enumerate(titles):
        if fold(title) in plain:
            return place, not skip
    match = _STEP.search(plain) or re.fullmatch(r"(?:da )?(?:lam )?xong (\d{1,2})", plain)
    if match and 1 <= int(match[1]) <= len(titles):
        return int(match[1]) - 1, not skip
    return None


def said_code(text: str) -> str:
    """The code of a checklist in a message; empty where there is none."""
    for match in _CODE.finditer(text.upper()):
        # Codes have figures and letters; what has not is something else.
        if re.search(r"\d", match[0]) and re.search(r"[A-Z]", match[0]):
            return read_code(match[0])
    return ""
