"""What a header or a row label says: a time, a scope, a unit, and what is left of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.figures.periods import Period, period_of_label, periods_in
from assistant.figures.scopes import Scope, folded, scope_of_label, scopes_in
from assistant.figures.tables import words
from assistant.figures.written import Unit, unit_of

_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d{2}(?![\d.,])")
_UNIT_SAID = re.compile(r"(?:đơn\s+vị(?:\s+tính)?|đvt|unit)\s*[:.]\s*([^;()\n]+)", re.IGNORECASE)
_INSIDE = re.compile(r"\(([^()]*)\)")
_CHANGE = re.compile(
    r"\b(?:so sánh|so với|tăng[ ,/(-]*giảm|tốc độ tăng|mức tăng|tăng trưởng|chênh lệch)\b"
    r"|^\W*(?:mức\s+)?(?:tăng|giảm)\b"
    r"|(?:19|20)\d{2}\s*/\s*(?:(?:năm|TH|ƯTH|KH|DT|CK|dự toán|kế hoạch|thực hiện|cùng kỳ)\s*)*"
    r"(?:(?:19|20)\d{2}|KH|DT|CK)\b|\b(?:TH|ƯTH)\s*/\s*(?:KH|DT|CK)\b",
    re.IGNORECASE,
)
_GOAL = re.compile(r"\b(?:kế hoạch|mục tiêu|chỉ tiêu giao|dự toán|KH|phấn đấu)\b", re.IGNORECASE)
_RATIO = re.compile(r"\b(?:tỷ lệ|tỉ lệ|tỷ trọng|tỉ trọng|% |tốc độ|cơ cấu|chỉ số)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"^\s*(?:(?:bảng|biểu|phụ lục|hình)\s*(?:số\s*)?[\dIVX]+(?:[.\-]\d+)*\s*[.:–-]*\s*"
    r"|(?:[IVX]+|\d+(?:\.\d+)*|[a-zđ])[.)]\s*)",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"\([A-ZĐ\d]{1,2}(?:\s*[-+=:*/,]\s*[A-ZĐ\d]{1,2})+\)")  # "TỔNG THU (A+B)"
_MARK = re.compile(r"\(\*+\)|\[\d{1,2}\]|\*+$")  # of a footnote
_TABLE = re.compile(r"^\s*(?:bảng|biểu|phụ lục)\s*(?:số\s*)?[\dIVX]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Label:
    """A label taken apart; ``rest`` is what names the indicator."""

    text: str
    rest: str
    period: Period | None = None
    compared: str = ""
    scope: Scope | None = None
    unit: Unit | None = None
    units: tuple[Unit, ...] = ()  # more than one is said
    change: bool = False
    target: bool = False

    @property
    def target_only(self) -> bool:
        """Whether it says "Kế hoạch" and names nothing."""
        return self.target and folded(self.rest) in {
            "ke hoach", "ke hoach giao", "muc tieu", "du toan", "chi tieu giao", "kh", "phan dau",
        }  # fmt: skip


def label_of(text: str, year: int | None = None) -> Label:
    """Take one header apart; ``year`` completes "Quý I", "Lũy kế 9 tháng".

    >>> label = label_of("Thu ngân sách năm 2024 (tỷ đồng)")
    >>> label.rest, label.period.label, label.unit.shown
    ('Thu ngân sách', 'năm 2024', 'tỷ đồng')
    """
    text = " ".join(_MARK.sub("", text).split())
    if scope := scope_of_label(text):
        return Label(text, "", scope=scope)
    units = units_in(text)
    rest = _without_units(text)
    change = bool(_CHANGE.search(rest))
    rest = _FORMULA.sub(" ", rest)
    years = sorted({int(year) for year in _YEAR.findall(rest)})
    period, compared = None, ""
    if change and (len(years) > 1 or (years and re.search(rf"/[^/]*{years[0]}", rest))):
        period, compared = period_of_label(str(years[-1])), f"năm {years[0]}"
        against = re.search(r"/\s*((?:KH|DT|kế hoạch|dự toán)[^()/]*)", rest, re.IGNORECASE)
        compared = against[1].strip() if against else compared
    elif not change or re.match(r"\s*(?:tăng|giảm)?\s*(?:năm )?(?:19|20)\d{2}", rest, re.I):
        period = period_of_label(rest, year)
    elif years:
        compared = f"năm {years[0]}"
    if change and not compared and (said := re.search(r"so với\s+(.+)", rest, re.IGNORECASE)):
        compared = said[1].strip()
    bare = rest if change else without_periods(rest, year)
    bare = _NUMBERED.sub("", bare).strip(" .,:;–-+*")
    bare = "" if folded(bare) in _generic() else bare
    unit = units[0] if len(units) == 1 else None
    goal = bool(_GOAL.search(rest))
    return Label(text, bare, period, compared, None, unit, units, change, goal)


def caption_of(lines: Sequence[str]) -> Label:
    """What the lines above a table say together; the last that names something is its name."""
    lines = _about_the_table(lines)
    joined = " ; ".join(lines)
    units = units_in(joined)
    periods = [found.period for line in lines for found in periods_in(line)]
    scopes = [found.scope for line in lines[-2:] for found in scopes_in(line)]
    names = [_NUMBERED.sub("", without_periods(_without_units(line))) for line in lines]
    named = [name.strip(" .,:;–-()") for name in names]
    titled = [n for n, line in zip(named, lines, strict=True) if n and _NUMBERED.match(line)]
    short = [name for name in named if name and len(name) <= 200]
    return Label(
        joined,
        (titled or short or [""])[-1],
        periods[-1] if len({one.key() for one in periods}) == 1 else None,
        scope=scopes[0] if len({one.key for one in scopes}) == 1 else None,
        unit=units[0] if len(units) == 1 else None,
        units=units,
    )


def _about_the_table(lines: Sequence[str]) -> list[str]:
    """From the last numbered name on; without one, the lines that are no sentences."""
    named = [n for n, line in enumerate(lines) if _TABLE.match(line)]
    if named:
        return list(lines[named[-1] :])
    return [line for line in lines if _UNIT_SAID.search(line) or not re.search(r"[.;:]\s*$", line)]


def units_in(text: str) -> tuple[Unit, ...]:
    """Units a label states: in brackets, after a comma at its end, or behind "Đơn vị:"."""
    said = [
        part for match in _UNIT_SAID.finditer(text) for part in re.split(r"[,;/]| và ", match[1])
    ]
    said += [part for inner in _INSIDE.findall(text) for part in re.split(r"[,;/]| và ", inner)]
    if not said:
        said = [text.rpartition(mark)[2] for mark in (",", " - ", " – ") if mark in text]
    whole = unit_of(text)
    found = [unit for part in said if (unit := unit_of(_after_colon(part)))] + [whole] * bool(whole)
    return tuple(dict.fromkeys(unit for unit in found if unit))


def _after_colon(text: str) -> str:
    return re.sub(r"^\s*(?:đơn vị(?: tính)?|đvt)\s*[:.]?\s*", "", text, flags=re.IGNORECASE)


def _without_units(text: str) -> str:
    text = _UNIT_SAID.sub(" ", text)
    for inner in _INSIDE.findall(text):
        if any(unit_of(_after_colon(part)) for part in re.split(r"[,;/]| và ", inner)):
            text = text.replace(f"({inner})", " ")
    for mark in (",", " - ", " – "):
        head, found, tail = text.rpartition(mark)
        if found and unit_of(tail):
            text = head
    if (whole := unit_of(text)) and not whole.counted:
        return ""  # "Doanh nghiệp" over a column names what is counted, "%" names nothing
    return " ".join(text.replace("()", " ").split())


def without_periods(text: str, year: int | None = None) -> str:
    """A text without the times it names."""
    before = text
    for found in reversed(periods_in(text, year)):
        text = f"{text[: found.start]} {text[found.end :]}"
    text = re.sub(r"(?<![\d/.,-])(?:19|20)\d{2}(?![\d.,])", " ", text)
    text = re.sub(r"\(\s*\)", " ", text)
    text = re.sub(r"\s+theo\s+(?:năm|quý|tháng|kỳ)\s*$", "", text.rstrip(" ,;:."), flags=re.I)
    text = (
        re.sub(
            r"\s+(?:trong|của|vào|tại|tính|năm|kỳ|theo|qua các|theo năm)\s*$",
            "",
            text.rstrip(" ,;:."),
        )
        if text != before
        else text
    )
    return " ".join(text.split())


def says_ratio(text: str) -> bool:
    """Whether a name is of a share, which has no "triệu đồng"."""
    return bool(_RATIO.search(text))


def _generic() -> frozenset[str]:
    table = words()
    return frozenset(
        folded(word)
        for word in (*table.value_headers, *table.period_headers, *table.indicator_headers)
    )


def is_named(text: str, names: Sequence[str]) -> bool:
    """Whether a header is one of these names, whatever its marks and brackets."""
    return folded(_INSIDE.sub("", text)).strip(" .:") in {folded(name) for name in names}
