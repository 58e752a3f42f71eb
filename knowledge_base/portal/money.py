"""Amounts of money in running text: what is a fee, what only looks like one.

A number is a fee only with a currency or a unit of payment behind it ("40.000
đồng/lần", "230.000/lần") or a label in front ("Lệ phí: 1,500,000"). Limits of
capital, caps and "20% của 11.000.000 đồng" are amounts, but not what one pays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an amount in a text is."""

    FEE = "fee"
    CAP = "cap"  # "tối đa không quá 200.000 đồng"
    LIMIT = "limit"  # "vốn dưới 50 tỷ đồng"
    SHARE = "share"  # "20% của 11.000.000 đồng"
    FOREIGN = "foreign"  # not in đồng
    UNCLEAR = "unclear"  # looks like money; nothing says what it is, or it is misspelt


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in ``text[start:end]``, in đồng (0 where it is unclear or foreign).

    ``end`` is behind ``per``, which is what one pays for ("lần", "Giấy chứng nhận").
    """

    start: int
    end: int
    value: int
    role: Role
    per: str = ""


_GROUPED = r"\d{1,3}(?:[.,]\d{3})+"
_NUMBER = re.compile(
    r"(?<![\w.,/%-])(?P<number>\d[\d.,]{0,30}\d|\d)(?![\d%]|/\d)"
    r"(?P<scale>\s*(?:nghìn|ngàn|triệu|tỷ|tỉ)(?![^\W\d_]))?"
    r"(?P<words>\s*\((?:[^\W\d_]|\s){4,60}\))?"
    r"(?P<currency>\s*(?:việt nam đồng|vnđ|vnd|đồng|đông(?=\s*/)|đ|usd|đô la mỹ|us\$)(?![^\W\d_])"
    r"(?:\s*\([^()\d]{4,60}(?:đồng|nghìn|triệu)\))?)?"
    r"(?P<other>\s*(?:kg|tấn|m|m2|m²|m3|ha|km|gt|dwt|cv|kw|hp|mw|lít|người|con|chỗ|cây"
    r"|cổ phiếu|m/s)(?!\w))?",
    re.IGNORECASE,
)
_PER = re.compile(
    r"\s*/\s*(?P<per>(?:0?1\s*)?[^\W\d][^;,.:()\n]{0,60}?(?:\s-\s?lần)?)"
    r"(?=\s*(?:[;,.:()\n]|$| - | \+ |\s(?:đối với|kể từ|trường hợp|áp dụng|riêng|miễn|phí|lệ phí"
    r"|theo|của|tính|nếu|hoặc|và|khi|cho)\b))",
    re.IGNORECASE,
)
_SCALES = {"nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000, "tỷ": 10**9, "tỉ": 10**9}
_LABEL = re.compile(
    r"(?:phí|mức thu|mức phí|lệ phí|giá|mức)(?:[^:;.()]|\([^)]*\)){0,60}:\s*$|\b(?:là|thu)\s*$",
    re.IGNORECASE,
)
_CAP = re.compile(
    r"(?:tối đa|tối thiểu|không quá|không dưới|ít nhất|nhiều nhất|không vượt quá|không thấp hơn)"
    r"(?:\s+(?:thu|là|bằng|không quá|không dưới|mức))*\s*:?\s*$",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"(?:dưới|trên|đến|đến dưới|từ|trị giá|giá trị|vốn|hơn|mức đầu tư|quy mô|doanh thu)\s*:?\s*$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\b(?:năm|tháng|ngày|số|điều|khoản|điểm|mục|phụ lục|mẫu|bước|chương)\s*$", re.IGNORECASE
)
_SHARE = re.compile(r"%\s*(?:của|x|×|\*|mức)?\s*$", re.IGNORECASE)


def amounts(text: str) -> Iterator[Amount]:
    """Everything in ``text`` that is money or looks like it, in order."""
    for match in _NUMBER.finditer(text):
        number = match["number"].rstrip(".,")
        start, end = match.start(), match.start() + len(number)
        marked = bool(match["scale"] or match["currency"]) and len(number) == len(match["number"])
        if marked:
            end = match.end("currency") if match["currency"] else match.end("scale")
        per = _PER.match(text, end)
        grouped = re.fullmatch(_GROUPED, number) is not None
        plain = number.isdigit()
        if not marked and not grouped and not _misspelt(number):
            continue
        if match["other"] and not match["currency"]:
            continue
        if plain and _ORDINAL.search(text[max(0, start - 12) : start]):
            continue  # "ngày 11 tháng 11 năm 2016 Đồng"
        currency = (match["currency"] or "").strip().lower() if marked else ""
        scale = _SCALES.get((match["scale"] or "").strip().lower(), 1) if marked else 1
        if currency.startswith(("us", "đô")):
            role, value = Role.FOREIGN, 0
        elif scale == 1 and not grouped and not plain:
            role, value = (Role.UNCLEAR, 0)
        else:
            value = _value(number, scale)
            role = _role(text[max(0, start - 60) : start], scale)
            if role is Role.FEE and not (currency or scale > 1 or per):
                role = (
                    Role.FEE if _LABEL.search(text[max(0, start - 200) : start]) else Role.UNCLEAR
                )
            if value <= 0 or (value < 500 and scale == 1):
                role = Role.UNCLEAR if value else Role.FEE
        if _cut_off(number) or (not marked and _misspelt(number)):
            role, value = Role.UNCLEAR, 0
        unit = (
            re.sub(r"\s+đồng$", "", " ".join(per["per"].split()).strip(" -"), flags=re.I)
            if per
            else ""
        )
        yield Amount(start, per.end() if per else end, value, role, unit)


def has_money(text: str) -> bool:
    """Whether anything in ``text`` is or looks like money."""
    return next(amounts(text), None) is not None


def _cut_off(number: str) -> bool:
    """Whether a number has lost its first digits ("0.000đ")."""
    return len(number) > 1 and number.startswith("0") and bool(re.fullmatch(_GROUPED, number))


def _misspelt(number: str) -> bool:
    """Whether separators stand where no grouping in thousands has them ("10.000.0000")."""
    if number.isdigit() or re.fullmatch(_GROUPED, number):
        return False
    return bool(re.search(r"[.,]\d{3}(?!\d)", number)) and len(re.sub(r"\D", "", number)) > 4


def _value(number: str, scale: int) -> int:
    if scale > 1 and not re.fullmatch(_GROUPED, number):
        return round(float(number.replace(",", ".")) * scale) if number.count(",") < 2 else 0
    return int(re.sub(r"\D", "", number)) * scale


def _role(before: str, scale: int) -> Role:
    if _SHARE.search(before):
        return Role.SHARE
    if _CAP.search(before):
        return Role.CAP
    if scale >= 10**9 or _LIMIT.search(before):
        return Role.LIMIT
    return Role.FEE
