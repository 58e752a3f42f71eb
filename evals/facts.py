"""Looking for typed facts in an answer's words. Written apart from what the assistant uses.

A checker that shares its reading of figures with the program would share its
mistakes, so nothing here comes from `assistant`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from evals.vocabulary import Fact, FactKind

_MONEY = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{3})+|\d+)\s*(?:đồng|đ\b|₫|vnd\b|vnđ\b)", re.I)
_THOUSANDS = re.compile(
    r"(?<![\d.,])(\d+(?:[.,]\d{1,2})?)\s*(nghìn|ngàn|triệu|tỷ|thousand|million)\b", re.I
)
_SCALE = {"nghìn": 1e3, "ngàn": 1e3, "thousand": 1e3, "triệu": 1e6, "million": 1e6, "tỷ": 1e9}
_PERIOD = re.compile(
    r"(?<![\d.,/])(\d{1,4}(?:[.,]\d{1,2})?)\s*"
    r"(ngày làm việc|ngày|giờ|tiếng|phút|tháng|năm|"
    r"working days?|days?|hours?|minutes?|months?|years?)\b",
    re.I,
)
_UNITS = {
    "ngày làm việc": "working_day", "working day": "working_day", "ngày": "day", "day": "day",
    "giờ": "hour", "tiếng": "hour", "hour": "hour", "phút": "minute", "minute": "minute",
    "tháng": "month", "month": "month", "năm": "year", "year": "year",
}  # fmt: skip
_SAME_DAY = ("trong ngày", "ngay trong ngày", "same day", "same working day", "ngay khi")
_FREE = (
    "miễn phí", "không thu", "không mất phí", "không mất tiền", "không phải nộp", "free",
    "no fee", "không có phí", "không có lệ phí", "miễn lệ phí", "không quy định phí",
)  # fmt: skip
_UNKNOWN = (
    "không nêu", "chưa có thông tin", "không có thông tin", "nguồn không", "chưa rõ", "không ghi",
    "not state", "does not say", "no information", "not known", "unknown", "chưa nêu", "không nói",
    "không đọc được", "chưa đọc được",
)  # fmt: skip
_DAY = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:/|-|\.|tháng)\s*(\d{1,2})\s*(?:/|-|\.|năm)\s*(\d{4})(?!\d)"
)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_MONTHS = tuple(
    "january february march april may june july august september october november december".split()  # noqa: SIM905 - shorter than twelve strings
)
_ENGLISH_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})\b", re.I)


def holds(fact: Fact, text: str) -> bool:
    """Whether ``text`` says ``fact``; where it has ``near``, on a line with one of these words."""
    if not fact.near:
        return _says(fact, text)
    near = [bare(word) for word in fact.near]
    lines = [line for line in text.splitlines() if any(word in bare(line) for word in near)]
    return any(_says(fact, line) for line in lines)


def _says(fact: Fact, text: str) -> bool:
    low = composed(text)
    match fact.type:
        case FactKind.MONEY:
            return isinstance(fact.value, (int, float)) and fact.value in set(money(text))
        case FactKind.FREE:
            return any(word in low for word in _FREE) or 0 in set(money(text))
        case FactKind.UNKNOWN:
            return any(word in low for word in _UNKNOWN)
        case FactKind.DURATION:
            if fact.unit == "same_day":
                return any(word in low for word in _SAME_DAY)
            return f"{_number(fact.value)} {fact.unit}" in set(periods(text))
        case FactKind.DATE:
            return date.fromisoformat(str(fact.value)) in set(days(text))
        case FactKind.NUMBER:
            return _has_number(text, fact)
        case FactKind.DOCUMENT:
            return composed(str(fact.value)) in low
        case FactKind.ARTICLE:
            return bool(re.search(rf"(?:điều|article)\s+{re.escape(str(fact.value))}\b", low))
        case _:
            return any(composed(words) in low for words in fact.any)


def money(text: str) -> Iterator[int]:
    """Amounts in đồng, as numbers or as "200 nghìn"."""
    for match in _MONEY.finditer(text):
        yield int(re.sub(r"[.,]", "", match[1]))
    for match in _THOUSANDS.finditer(text):
        amount = float(match[1].replace(",", "."))
        yield round(amount * _SCALE[match[2].lower()])


def periods(text: str) -> Iterator[str]:
    """Periods as "8 working_day"."""
    for match in _PERIOD.finditer(composed(text)):
        unit = match[2].removesuffix("s") if match[2].isascii() else match[2]
        yield f"{_number(float(match[1].replace(',', '.')))} {_UNITS[unit]}"


def days(text: str) -> Iterator[date]:
    """Calendar days in the ways they are written in answers."""
    low = composed(text)
    found = [(m[3], m[2], m[1]) for m in _DAY.finditer(low)]
    found += [(m[1], m[2], m[3]) for m in _ISO.finditer(low)]
    found += [(m[3], str(_MONTHS.index(m[2]) + 1), m[1]) for m in _ENGLISH_DAY.finditer(low)]
    for year, month, day in found:
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue


def composed(text: str) -> str:
    """NFC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def bare(text: str) -> str:
    """Lower case without diacritics."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def _number(value: int | float | str | None) -> str:
    return f"{float(value or 0):g}"


def _has_number(text: str, fact: Fact) -> bool:
    value = _number(fact.value)
    for match in re.finditer(r"(?<![\d.,])\d+(?:\.\d{3})*(?:,\d+)?(?![\d])", text):
        if _number(float(match[0].replace(".", "").replace(",", "."))) == value:
            after = composed(text[match.end() : match.end() + 40])
            if not fact.unit or after.startswith(composed(fact.unit)):
                return True
    return False
