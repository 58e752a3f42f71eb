"""Times that figures hold for: a year, a quarter, months, a school year, a day."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:19|20)\d{2}"
_DAY = (
    rf"(?P<d>\d{{1,2}})\s*[/.-]\s*(?P<m>\d{{1,2}})\s*[/.-]\s*(?P<y>{_YEAR})(?!\d)"
    rf"|ngày\s+(?P<d2>\d{{1,2}})\s+tháng\s+(?P<m2>\d{{1,2}})\s+năm\s+(?P<y2>{_YEAR})(?!\d)"
)
_TO = r"(?:(?:tính\s+)?(?:đến|tới)\s+(?:hết\s+|cuối\s+)?|cuối\s+|hết\s+)"
_PERIOD = re.compile(
    rf"(?P<day>(?:{_TO})?(?:ngày\s+)?(?:{_DAY}))"
    rf"|(?P<range>giai\s+đoạn\s+(?P<r1>{_YEAR})\s*[-–]\s*(?P<r2>{_YEAR}))"
    rf"|(?P<school>(?:năm\s+học|niên\s+độ)\s+(?P<s1>{_YEAR})\s*[-–]\s*(?P<s2>{_YEAR}))"
    rf"|(?P<quarter>(?:{_TO})?quý\s+(?P<q>IV|I{{1,3}}|[1-4])\s*(?:[/.,-]|năm|\s)\s*(?:năm\s+)?(?P<qy>{_YEAR}))"
    rf"|(?P<months>(?P<n>\d{{1,2}}|sáu|ba|chín)\s+tháng(?:\s+(?P<half>đầu|cuối))?(?:\s+của)?"
    rf"(?:\s+năm|/)?\s+(?P<my>{_YEAR}))"
    rf"|(?P<month>(?:{_TO})?tháng\s+(?P<mm>\d{{1,2}})\s*(?:[/.-]|năm|,\s*năm)\s*(?P<mmy>{_YEAR}))"
    rf"|(?P<year>(?:{_TO})?(?:cả\s+)?năm\s+(?P<yy>{_YEAR})(?![\d/]))",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\s*(?P<y>{_YEAR})\s*(?:\(.*\))?\s*")
_SHORT = re.compile(rf"\s*(?:T|tháng\s*)?(?P<m>\d{{1,2}})\s*[/.-]\s*(?P<y>{_YEAR})\s*", re.I)
_NUMBERS = {"ba": 3, "sáu": 6, "chín": 9}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, both days inside; ``kind`` tells "năm 2024" from "31/12/2024".

    ``until``: "đến hết năm 2024", the state at its end.
    """

    kind: str  # year | quarter | months | month | day | school | range
    start: date
    end: date
    until: bool = False

    @property
    def label(self) -> str:
        """As people say it, without "tính đến"."""
        year = self.start.year
        return {
            "year": f"năm {year}",
            "quarter": f"quý {(self.start.month + 2) // 3}/{year}",
            "months": f"{self.end.month - self.start.month + 1} tháng "
            f"{'đầu' if self.start.month == 1 else 'cuối'} năm {year}",
            "month": f"tháng {self.start.month}/{year}",
            "day": f"{self.end:%d/%m/%Y}",
            "school": f"năm học {year}-{self.end.year}",
            "range": f"giai đoạn {year}-{self.end.year}",
        }[self.kind]

    def key(self) -> tuple[str, date, date]:
        return self.kind, self.start, self.end


@dataclass(frozen=True, slots=True)
class Found:
    """A period and where its words stand."""

    period: Period
    start: int
    end: int


def periods_in(text: str) -> list[Found]:
    """All times named in a text, in order; impossible days are left out."""
    found = []
    for match in _PERIOD.finditer(text):
        period = _made(match)
        if period:
            found.append(Found(period, match.start(), match.end()))
    return found


def period_of_label(text: str) -> Period | None:
    """The time that a header names: words as in a sentence, or a bare "2024", "7/2026".

    >>> period_of_label("2024").label, period_of_label("Thực hiện quý II/2025").label
    ('năm 2024', 'quý 2/2025')
    """
    found = periods_in(text)
    if found:
        return found[-1].period
    if bare := _BARE.fullmatch(text):
        return _year(int(bare["y"]))
    if (short := _SHORT.fullmatch(text)) and 1 <= int(short["m"]) <= 12:
        return _months("month", int(short["y"]), int(short["m"]), int(short["m"]))
    ends = re.search(rf"(?<![\d/.-])({_YEAR})$", text.strip())
    return _year(int(ends[1])) if ends else None


def _made(match: re.Match[str]) -> Period | None:
    until = bool(re.match(_TO, match[0], re.IGNORECASE))
    try:
        if match["day"]:
            parts = (
                match["y"] or match["y2"],
                match["m"] or match["m2"],
                match["d"] or match["d2"],
            )
            day = date(*map(int, parts))
            return Period("day", day, day, until)
        if match["range"] or match["school"]:
            first = int(match["r1"] or match["s1"])
            last = int(match["r2"] or match["s2"])
            kind = "range" if match["range"] else "school"
            return Period(kind, date(first, 1, 1), date(last, 12, 31)) if last >= first else None
        if match["quarter"]:
            number = _ROMAN.get(match["q"].lower()) or int(match["q"])
            return _months("quarter", int(match["qy"]), 3 * number - 2, 3 * number, until)
        if match["months"]:
            count = _NUMBERS.get(match["n"].lower()) or int(match["n"])
            year, late = int(match["my"]), (match["half"] or "").lower() == "cuối"
            return _months("months", year, 13 - count if late else 1, 12 if late else count)
        if match["month"]:
            month = int(match["mm"])
            return _months("month", int(match["mmy"]), month, month, until)
        return _year(int(match["yy"]), until)
    except ValueError:
        return None


def _year(year: int, until: bool = False) -> Period:
    return Period("year", date(year, 1, 1), date(year, 12, 31), until)


def _months(kind: str, year: int, first: int, last: int, until: bool = False) -> Period:
    end = date(year, last, calendar.monthrange(year, last)[1])
    return Period(kind, date(year, first, 1), end, until)
