"""Times that figures hold for: a year, a quarter, months, a school year, a day, days from–to.

What leaves its year out ("quý I", "tháng Tám", "6 tháng đầu năm", "đến ngày 30/6") is a time
only where the year is known from elsewhere, which the caller says.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_NUMBERS = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_WORD = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d{2}"
_PARTS = r"\d{1,2}\s*[/.-]\s*\d{1,2}"
_DAY = (
    rf"(?P<d>\d{{1,2}})\s*[/.-]\s*(?P<m>\d{{1,2}})\s*[/.-]\s*(?P<y>{_YEAR})(?!\d)"
    rf"|ngày\s+(?P<d2>\d{{1,2}})\s+tháng\s+(?P<m2>\d{{1,2}})\s+năm\s+(?P<y2>{_YEAR})(?!\d)"
)
_TO = r"(?:(?:tính\s+)?(?:đến|tới)\s+(?:hết\s+|cuối\s+)?|cuối\s+|hết\s+)"
_PERIOD = re.compile(
    rf"(?P<days>từ\s+(?:ngày\s+)?(?P<f1>\d{{1,2}})\s*[/.-]\s*(?P<f2>\d{{1,2}})"
    rf"(?:\s*[/.-]\s*(?P<f3>{_YEAR}))?\s*(?:đến|tới|-|–)\s*(?:hết\s+)?(?:ngày\s+)?"
    rf"(?P<t1>\d{{1,2}})\s*[/.-]\s*(?P<t2>\d{{1,2}})\s*[/.-]\s*(?P<t3>{_YEAR})(?!\d))"
    rf"|(?P<day>(?:{_TO})?(?:thời\s+điểm\s+)?(?:ngày\s+)?(?:{_DAY}))"
    rf"|(?P<range>(?:giai\s+đoạn|nhiệm\s+kỳ)\s+(?P<r1>{_YEAR})\s*[-–]\s*(?P<r2>{_YEAR}))"
    rf"|(?P<school>(?:năm\s+học|niên\s+độ)\s+(?P<s1>{_YEAR})\s*[-–]\s*(?P<s2>{_YEAR}))"
    rf"|(?P<quarter>(?:{_TO})?qu[ýí]\s+(?P<q>IV|I{{1,3}}|[1-4]|một|hai|ba|bốn)"
    rf"\s*(?:[/.,-]|năm|\s)\s*(?:năm\s+)?(?P<qy>{_YEAR}))"
    rf"|(?P<months>(?P<n>\d{{1,2}}|{_WORD})\s+tháng(?:\s+(?P<half>đầu|cuối|qua))?(?:\s+của)?"
    rf"(?:\s+năm\s+|\s*/\s*|\s+)(?P<my>{_YEAR}))"
    rf"|(?P<month>(?:{_TO})?tháng\s+(?P<mm>\d{{1,2}}|{_WORD})\s*(?:[/.-]|năm|,\s*năm)\s*"
    rf"(?P<mmy>{_YEAR}))"
    rf"|(?P<year>(?:{_TO})?(?:cả\s+)?năm\s+(?P<yy>{_YEAR})(?![\d/]))",
    re.IGNORECASE,
)
# Without a year: what stands behind must not make it a stretch of time ("6 tháng kể từ ngày").
_NO_STRETCH = (
    r"(?!\s*(?:tuổi|kể|liền|liên tục|trở lên|trở xuống|lương|tiền|sau|trước|một lần|/|trước đó))"
)
_BEFORE = r"(?<!trên )(?<!dưới )(?<!mỗi )(?<!sau )(?<!quá )(?<!hạn )(?<!là )(?<!từ )(?<!đủ )"
_RELATIVE = re.compile(
    rf"(?P<quarter>(?:{_TO})?\bqu[ýí]\s+(?P<q>IV|I{{1,3}}|[1-4])\b(?!\s*[-/.]?\s*\d))"
    rf"|(?P<months>{_BEFORE}\b(?P<n>\d{{1,2}}|{_WORD})\s+tháng(?:\s+(?P<half>đầu|cuối|qua)"
    rf"(?:\s+năm(?:\s+nay)?)?)?(?:\s+năm\s+nay)?{_NO_STRETCH}(?!\s+\w*\s*\d{{4}}))"
    rf"|(?P<month>(?:{_TO})?\b[Tt]háng\s+(?P<mm>\d{{1,2}}|(?-i:Một|Giêng|Hai|Ba|Tư|Năm|Sáu|Bảy|Tám|"
    rf"Chín|Mười Một|Mười Hai|Mười|Chạp|hai|ba|tư|sáu|bảy|tám|chín|mười))\b(?!\s*[-/.]\s*\d))"
    rf"|(?P<day>(?:{_TO}|\bngày\s+)(?:ngày\s+)?(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})(?![/\d])"
    rf"(?!\s+(?:tỉnh|huyện|xã|phường|đơn vị|địa phương|bộ|sở|ngành|chỉ tiêu|nhiệm vụ|cơ quan|"
    rf"thành)))"
    rf"|(?P<now>\b(?:{_TO})?năm\s+nay\b)",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\s*(?P<y>{_YEAR})\s*(?:\(.*\))?\s*")
_SHORT = re.compile(rf"\s*(?:T|tháng\s*)?(?P<m>\d{{1,2}})\s*[/.-]\s*(?P<y>{_YEAR})\s*", re.I)
_SHORT_MONTHS = re.compile(rf"\s*(?P<n>\d{{1,2}})\s*T\s*[/.-]?\s*(?P<y>{_YEAR})\s*", re.I)
_SHORT_QUARTER = re.compile(rf"\s*Q\s*(?P<q>[1-4]|IV|I{{1,3}})\s*[/.-]?\s*(?P<y>{_YEAR})\s*", re.I)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, both days inside; ``kind`` tells "năm 2024" from "31/12/2024".

    ``until``: "đến hết năm 2024", the state at its end.
    """

    kind: str  # year | quarter | months | month | day | days | school | range
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
            "days": f"{self.start:%d/%m/%Y}–{self.end:%d/%m/%Y}",
            "school": f"năm học {year}-{self.end.year}",
            "range": f"giai đoạn {year}-{self.end.year}",
        }[self.kind]

    def key(self) -> tuple[str, date, date]:
        """What makes two times one. A whole year told as twelve months is that year."""
        whole = (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31)
        kind = "year" if self.kind == "months" and whole else self.kind
        return kind, self.start, self.end

    def earlier(self, years: int) -> Period:
        """The same stretch so many years before."""
        return replace(self, start=_moved(self.start, -years), end=_moved(self.end, -years))

    def previous(self) -> Period | None:
        """The quarter, month or year just before; None for other kinds."""
        if self.kind in ("year", "school"):
            return self.earlier(1)
        length = {"quarter": 3, "month": 1}.get(self.kind)
        if length is None:
            return None
        first = self.start.month - length
        year = self.start.year if first > 0 else self.start.year - 1
        first = first if first > 0 else first + 12
        return _months(self.kind, year, first, first + length - 1)


@dataclass(frozen=True, slots=True)
class Found:
    """A period and where its words stand."""

    period: Period
    start: int
    end: int


def periods_in(text: str, year: int | None = None) -> list[Found]:
    """All times named in a text, in order; impossible days are left out.

    ``year`` completes what names none, unless a year stands before it in the same text.
    """
    found = []
    for match in _PERIOD.finditer(text):
        period = _made(match)
        if period:
            found.append(Found(period, match.start(), match.end()))
    if year is None and not found:
        return found
    whole = list(found)
    for match in _RELATIVE.finditer(text):
        if any(a.start < match.end() and match.start() < a.end for a in whole):
            continue
        before = [one.period.end.year for one in whole if one.end <= match.start()]
        behind = [one.period.end.year for one in whole if one.period.kind != "range"]
        own = before[-1] if before else year or next(iter(behind), None)
        made = _completed(match, own) if own else None
        if made:
            found.append(Found(made, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def period_of_label(text: str, year: int | None = None) -> Period | None:
    """The time that a header names: words as in a sentence, or a bare "2024", "7/2026".

    >>> period_of_label("2024").label, period_of_label("Thực hiện quý II/2025").label
    ('năm 2024', 'quý 2/2025')
    """
    found = periods_in(text, year)
    if found:
        return found[-1].period
    if bare := _BARE.fullmatch(text):
        return _year(int(bare["y"]))
    if (short := _SHORT.fullmatch(text)) and 1 <= int(short["m"]) <= 12:
        return _months("month", int(short["y"]), int(short["m"]), int(short["m"]))
    if (short := _SHORT_MONTHS.fullmatch(text)) and 1 <= int(short["n"]) <= 12:
        return _months("months", int(short["y"]), 1, int(short["n"]))
    if short := _SHORT_QUARTER.fullmatch(text):
        number = _ROMAN.get(short["q"].lower()) or int(short["q"])
        return _months("quarter", int(short["y"]), 3 * number - 2, 3 * number)
    ends = re.search(rf"(?<![\d/.-])({_YEAR})$", text.strip())
    return _year(int(ends[1])) if ends else None


def _made(match: re.Match[str]) -> Period | None:
    until = bool(re.match(_TO, match[0], re.IGNORECASE))
    try:
        if match["days"]:
            last = date(int(match["t3"]), int(match["t2"]), int(match["t1"]))
            year = int(match["f3"]) if match["f3"] else last.year
            first = date(year, int(match["f2"]), int(match["f1"]))
            return Period("days", first, last) if first <= last else None
        if match["day"]:
            parts = (
                match["y"] or match["y2"],
                match["m"] or match["m2"],
                match["d"] or match["d2"],
            )
            day = date(*map(int, parts))
            return Period("day", day, day, until)
        if match["range"] or match["school"]:
            first_year = int(match["r1"] or match["s1"])
            last_year = int(match["r2"] or match["s2"])
            kind = "range" if match["range"] else "school"
            made = Period(kind, date(first_year, 1, 1), date(last_year, 12, 31))
            return made if last_year >= first_year else None
        if match["quarter"]:
            return _quarter(match["q"], int(match["qy"]), until)
        if match["months"]:
            return _some_months(match["n"], match["half"], int(match["my"]))
        if match["month"]:
            return _month(match["mm"], int(match["mmy"]), until)
        return _year(int(match["yy"]), until)
    except ValueError:
        return None


def _completed(match: re.Match[str], year: int) -> Period | None:
    until = bool(re.match(_TO, match[0], re.IGNORECASE))
    try:
        if match["quarter"]:
            return _quarter(match["q"], year, until)
        if match["months"]:
            return _some_months(match["n"], match["half"], year)
        if match["month"]:
            return _month(match["mm"], year, until)
        if match["day"]:
            day = date(year, int(match["m"]), int(match["d"]))
            return Period("day", day, day, until)
        return _year(year, until)
    except ValueError:
        return None


def _number(text: str) -> int:
    return _NUMBERS.get(" ".join(text.lower().split())) or int(text)


def _quarter(text: str, year: int, until: bool) -> Period:
    number = _ROMAN.get(text.lower()) or _number(text)
    return _months("quarter", year, 3 * number - 2, 3 * number, until)


def _some_months(text: str, half: str | None, year: int) -> Period:
    count, late = _number(text), (half or "").lower() == "cuối"
    return _months("months", year, 13 - count if late else 1, 12 if late else count)


def _month(text: str, year: int, until: bool) -> Period:
    return _months("month", year, _number(text), _number(text), until)


def _year(year: int, until: bool = False) -> Period:
    return Period("year", date(year, 1, 1), date(year, 12, 31), until)


def _months(kind: str, year: int, first: int, last: int, until: bool = False) -> Period:
    if not 1 <= first <= last <= 12:
        raise ValueError
    end = date(year, last, calendar.monthrange(year, last)[1])
    return Period(kind, date(year, first, 1), end, until)


def _moved(day: date, years: int) -> date:
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))
