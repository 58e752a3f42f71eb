"""Every figure of a text, as a typed value. Written apart from what the assistant uses.

A checker that shares its reading of figures with the program would share its mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from evals.facts import composed


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what kind it is, its value in one spelling, and the words it was read from.

    ``kind``: link, date, number of a document, code, money, period, percent,
    phone, or plain number.
    """

    kind: str
    value: str
    words: str

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.value


_AMOUNT = r"\d{1,3}(?:[.,]\d{3})+(?!\d)|\d+(?:[.,]\d{1,2})?(?![\d])"
#: Also as they are typed without diacritics: questions are read, too.
_SCALE = {
    "nghìn": 1_000, "ngàn": 1_000, "thousand": 1_000, "k": 1_000, "triệu": 1_000_000,
    "nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000,
    "tr": 1_000_000, "million": 1_000_000, "tỷ": 1_000_000_000, "tỉ": 1_000_000_000,
    "billion": 1_000_000_000,
}  # fmt: skip
_UNITS = {
    "ngày làm việc": "working_day", "working day": "working_day", "business day": "working_day",
    "ngày": "day", "hôm": "day", "day": "day", "tuần": "week", "week": "week", "giờ": "hour",
    "tiếng": "hour", "hour": "hour", "phút": "minute", "minute": "minute", "tháng": "month",
    "month": "month", "năm": "year", "year": "year", "tuổi": "age",
    "ngay lam viec": "working_day", "ngay": "day", "hom": "day", "tuan": "week", "gio": "hour",
    "tieng": "hour", "phut": "minute", "thang": "month", "nam": "year", "tuoi": "age",
}  # fmt: skip
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def _link(match: re.Match[str]) -> str:
    return match[0].rstrip(".,;)")


def _date(match: re.Match[str]) -> str:
    parts = match.groupdict()
    day, month, year = parts["d"] or parts["d2"], parts["m"] or parts["m2"], parts["y"]
    year, day = year or parts["y2"] or parts["y3"], day or parts["d3"]
    month = month or str(_MONTHS.index(parts["m3"]) + 1)
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return f"{year}-{month}-{day}"


def _document(match: re.Match[str]) -> str:
    return re.sub(r"\s", "", match[0]).lstrip("0")


def _money(match: re.Match[str]) -> str:
    number, scale = match["n"], match["scale"]
    if scale:
        return f"{_plain(number) * _SCALE[scale]:.0f}"
    return re.sub(r"[.,]", "", number)


def _period(match: re.Match[str]) -> str:
    unit = match["unit"]
    return f"{_plain(match['n']):g} {_UNITS[unit.removesuffix('s')]}"


def _percent(match: re.Match[str]) -> str:
    return f"{float(match['n'].replace(',', '.')):g}"


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match[0])


def _number(match: re.Match[str]) -> str:
    return f"{_plain(match[0]):g}" if len(match[0]) < 15 else match[0]


def _plain(written: str) -> float:
    """ "1.234" is a thousand and more, "1,5" one and a half."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", written):
        return float(re.sub(r"[.,]", "", written))
    return float(written.replace(",", "."))


#: In this order: what one has read, the next does not read again.
_READERS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ("link", re.compile(r"https?://\S+|\bwww\.\S+"), _link),
    (
        "date",
        re.compile(
            r"(?<![\d/])(?P<d>\d{1,2})\s*(?:/|-|\.|tháng)\s*(?P<m>\d{1,2})\s*(?:/|-|\.|,?\s*năm)\s*"
            r"(?P<y>\d{4})(?!\d)(?!/)|(?<!\d)(?P<y2>\d{4})-(?P<m2>\d{2})-(?P<d2>\d{2})(?!\d)"
            rf"|\b(?P<d3>\d{{1,2}}) (?P<m3>{'|'.join(_MONTHS)}) (?P<y3>\d{{4}})\b"
        ),
        _date,
    ),
    (
        "document",
        re.compile(r"(?<![\d/])\d+(?:/\d{4})?/[a-zđ][a-zđ\d-]*(?:/[a-zđ\d-]+)*"),
        _document,
    ),
    ("code", re.compile(r"(?<![\d.])\d\.\d{6}(?!\d)"), lambda match: match[0]),
    (
        "percent",
        re.compile(r"(?<![\d.,])(?P<n>\d+(?:[.,]\d+)?)\s*(?:%|phần trăm|percent)"),
        _percent,
    ),
    (
        "money",
        re.compile(
            rf"(?<![\d.,/])(?P<n>{_AMOUNT})\s*(?:"
            rf"(?P<scale>{'|'.join(sorted(_SCALE, key=len, reverse=True))})(?!\w)"
            r"(?:\s*(?:đồng|đ|vnđ|vnd|dong)(?!\w))?|(?:đồng|đ|₫|vnđ|vnd|dong)(?!\w))"
        ),
        _money,
    ),
    (
        "period",
        re.compile(
            rf"(?<![\d.,/])(?P<n>{_AMOUNT})\s*"
            rf"(?P<unit>(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})s?)"
            r"(?!\w)(?!\s*\d)"
        ),
        _period,
    ),
    ("phone", re.compile(r"(?<![\d./])(?:\+84|0|1[89]00)(?:[ .-]?\d){4,9}(?![\d/])"), _digits),
    ("number", re.compile(rf"(?<![\d]){_AMOUNT}|\d+"), _number),
)


def figures(text: str) -> Iterator[Figure]:
    """The figures of ``text``, kind by kind. Marks of citations ("[1]") are none."""
    rest = re.sub(r"\[\d+\]", " ", composed(text))
    for kind, pattern, value in _READERS:
        for match in pattern.finditer(rest):
            yield Figure(kind, value(match), match[0].strip())
        rest = pattern.sub(lambda match: "\0" * len(match[0]), rest)


def keys(text: str) -> set[tuple[str, str]]:
    """What may be stated after reading ``text``: its figures, and their bare numbers.

    "60.000 đồng" allows "60.000", and a date its year; "60.000" does not allow "60.000 đồng".
    """
    found: set[tuple[str, str]] = set()
    for figure in figures(text):
        found.add(figure.key)
        words = figure.value[:4] if figure.kind == "date" else figure.words
        for part in re.findall(r"\d+(?:[.,]\d+)*", words):
            found.add(("number", f"{_plain(part):g}" if _readable(part) else part))
    return found


def exact(text: str) -> set[tuple[str, str]]:
    """The figures of ``text`` and nothing else."""
    return {figure.key for figure in figures(text)}


def _readable(part: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+|\d{1,14}(?:[.,]\d{1,2})?", part))
