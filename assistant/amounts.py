"""Figures in Vietnamese text: money and durations with their units, dates, codes, articles.

Used twice: for what a person claims in a question, and for checking that every
figure in an answer stands in a cited span. ``day`` and ``working day`` are
different units: "8 ngày" is not backed by "8 ngày làm việc".
"""

from __future__ import annotations

import re
from datetime import date

from assistant.vocabulary import Amount
from knowledge_base.vietnamese import clean

_NUMBER = r"\d{1,3}(?:[.,]\d{3})+|\d+(?:,\d{1,2})?(?![\d])"
_MONEY = re.compile(
    rf"(?<![\d/.,])(?P<number>{_NUMBER})\s*"
    r"(?P<unit>nghìn đồng|ngàn đồng|triệu đồng|tỷ đồng|nghìn|ngàn|nghin|ngan|triệu|trieu|tr|tỷ|tỉ|k"
    r"|đồng|dong|vnđ|vnd|₫|đ|d)(?!\w)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d/.,])(?P<number>\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)\s*"
    r"(?P<unit>ngày làm việc|ngay lam viec|ngày|ngay|hôm|bữa|giờ|gio|tuần|tuan|tháng|thang|năm|nam"
    r"|phút|phut|working days?|days?|hours?|months?|weeks?|years?)(?!\w)(?!\s*\d)",
    re.IGNORECASE,
)
_FACTOR = {
    "nghìn": 1_000, "ngàn": 1_000, "nghin": 1_000, "ngan": 1_000, "k": 1_000,
    "nghìn đồng": 1_000, "ngàn đồng": 1_000,
    "triệu": 1_000_000, "trieu": 1_000_000, "tr": 1_000_000, "triệu đồng": 1_000_000,
    "tỷ": 1_000_000_000, "tỉ": 1_000_000_000, "tỷ đồng": 1_000_000_000,
}  # fmt: skip
_UNIT = {
    "ngay lam viec": "ngày làm việc", "working day": "ngày làm việc",
    "working days": "ngày làm việc",
    "ngay": "ngày", "hôm": "ngày", "bữa": "ngày", "day": "ngày", "days": "ngày",
    "gio": "giờ", "hour": "giờ", "hours": "giờ", "tuan": "tuần", "week": "tuần", "weeks": "tuần",
    "thang": "tháng", "month": "tháng", "months": "tháng", "nam": "năm", "year": "năm",
    "years": "năm", "phut": "phút",
}  # fmt: skip


def money(text: str) -> tuple[Amount, ...]:
    """Sums of money in đồng. ``"500k"`` and ``"500.000 đồng"`` are the same amount."""
    found = []
    for match in _MONEY.finditer(text):
        unit = match["unit"].lower()
        if unit in _FACTOR:
            value = float(match["number"].replace(".", "").replace(",", ".")) * _FACTOR[unit]
        else:
            value = float(re.sub(r"[.,]", "", match["number"]))
        found.append(Amount(value, "đồng", match[0]))
    return tuple(found)


def durations(text: str) -> tuple[Amount, ...]:
    """Durations with their unit as the law names it."""
    found = []
    for match in _TIME.finditer(text):
        unit = match["unit"].lower()
        unit = _UNIT.get(unit, unit)
        value = float(match["number"].replace(".", "").replace(",", "."))
        if unit == "năm" and value >= 1900:
            continue  # "năm 2025" typed the other way round is a year, not a duration
        found.append(Amount(value, unit, match[0]))
    return tuple(found)


_DAY = re.compile(r"(?<![\d./-])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?![\d])")


def dates(text: str) -> tuple[tuple[date, int, int], ...]:
    """Full dates (day/month/year) with their span; impossible ones are left out."""
    found = []
    for match in _DAY.finditer(text):
        try:
            value = date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            continue
        found.append((value, match.start(), match.end()))
    return tuple(found)


_ARTICLE = re.compile(
    r"(?i)\b(điều|khoản|điểm|chương|mục|dieu|khoan|chuong)\s+(\d+[a-zđ]?|[ivxlc]+\b|[a-zđ]\b)"
)
_DOCUMENT = re.compile(
    r"(?:\d{1,3}\.)?\d{1,4}/\d{4}/[A-ZĐa-zđ][\w-]*|\d{1,4}/[A-ZĐ]{2}-[A-ZĐ]+", re.UNICODE
)
_KIND_AND_NUMBER = re.compile(
    r"(?i)\b(?:luật|luat|nghị định|nghi dinh|thông tư|thong tu|nghị quyết|nghi quyet|quyết định"
    r"|quyet dinh|nđ|tt|nq|qđ)\s+(?:số\s+|so\s+)?(\d{1,4}/(?:19|20)\d{2})\b"
)
_PROCEDURE = re.compile(r"\b\d\.\d{6}(?:\.\w+)*\b")
_LINK = re.compile(
    r"(?i)\bhttps?://\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:gov|com|org|net|edu)(?:\.vn)?\b|\b[\w-]+\.vn\b"
)
_BARE_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")


def identifiers(text: str) -> frozenset[str]:
    """Articles, document numbers, procedure codes and links, in one spelling each."""
    found = {f"{m[1].lower()} {m[2].lower()}" for m in _ARTICLE.finditer(text)}
    found |= {m[0].upper() for m in _DOCUMENT.finditer(text)}
    found |= {m[0] for m in _PROCEDURE.finditer(text)}
    found |= {m[0].lower().rstrip(".,;)") for m in _LINK.finditer(text)}
    return frozenset(found)


def document_numbers(text: str) -> tuple[str, ...]:
    """Document numbers as written: "30/2020/NĐ-CP", or "30/2020" after the kind of document."""
    found = [m[0] for m in _DOCUMENT.finditer(text)]
    return tuple(found or [m[1] for m in _KIND_AND_NUMBER.finditer(text)])


def procedure_codes(text: str) -> tuple[str, ...]:
    """Procedure codes ("1.001456")."""
    return tuple(m[0] for m in _PROCEDURE.finditer(text))


def articles(text: str) -> tuple[str, ...]:
    """Articles, clauses and points as written, lower case."""
    return tuple(f"{m[1].lower()} {m[2].lower()}" for m in _ARTICLE.finditer(text))


def numbers(text: str) -> frozenset[str]:
    """Every run of digits, ungrouped: the coarse net under the finer ones above."""
    return frozenset(
        re.sub(r"[.,](?=\d{3}\b)", "", m[0]) for m in _BARE_NUMBER.finditer(clean(text))
    )
