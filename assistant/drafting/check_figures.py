"""Sums in figures and words, days, and the numbering of articles, clauses and points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from assistant.drafting.faults import Fault, Level, Words, at_line
from assistant.drafting.number_words import MOST, from_words, grouped, in_words
from assistant.drafting.paper import POINTS, roman
from assistant.drafting.parts import Parts
from assistant.drafting.sheet import Line, Sheet
from knowledge_base.law.dates import day_of

_UNITS = {"": 1, "nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_UNIT = r"(?:nghìn|ngàn|triệu|tỷ|tỉ)"
_CURRENCY = r"(?:đồng|VNĐ|VND|đ\b|₫|USD|đô la Mỹ)"
#: "1.500.000 đồng (Bằng chữ: một triệu năm trăm nghìn đồng)", also with the words after a comma.
_WRITTEN = re.compile(
    rf"(?<![\d.,])(?P<figures>\d[\d.,]{{0,29}})\s{{0,3}}(?P<unit>{_UNIT})?\s{{0,3}}"
    rf"(?P<currency>{_CURRENCY})?\s{{0,3}}[,;.]?\s{{0,3}}"
    rf"(?:\(\s{{0,3}})?(?:(?:viết|ghi|số tiền|tiền)\s+)?bằng chữ(?: là)?"
    rf"\s{{0,3}}:?\s{{0,3}}(?P<words>[^().;:/]{{1,300}})",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    rf"(?<![\d.,])(?P<figures>\d[\d.,]{{0,29}})\s{{0,3}}(?P<unit>{_UNIT})?\s{{0,3}}"
    rf"(?P<currency>{_CURRENCY})?\s{{0,3}}\((?P<words>[^()\d:]{{2,160}})\)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    rf"(?<![\w.,/-])(?P<figures>\d(?:[\d.,]{{0,28}}\d)?)\s{{0,3}}(?P<unit>{_UNIT})?\s{{0,3}}(?:{_CURRENCY})(?!\w)"
)
_TAIL = re.compile(
    rf"(?:\s{{0,3}}(?:{_CURRENCY}|chẵn|Việt Nam|\.|/)){{1,4}}\s{{0,3}}$", re.IGNORECASE
)
_DAYS = re.compile(
    r"(?<![\d./-])(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?![\d./-]*\d)(?!/)"
    r"|\bngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm\s+(\d{4}))?|\bngày\s+(\d{1,2})/(\d{1,2})(?![/\d])",
    re.IGNORECASE,
)
_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "chủ nhật": 6}
_WEEKDAY = re.compile(
    r"(?:\bthứ\s+(hai|ba|tư|năm|sáu|bảy)|\b(chủ nhật))\s*,?\s*\(?(?=ngày|\d)", re.IGNORECASE
)
_DEADLINE = re.compile(
    r"(?:trước ngày|chậm nhất|hạn cuối|thời hạn|trước)\b[^.;]{0,40}$", re.IGNORECASE
)
_ARTICLE = re.compile(
    r"^Điều\s+(\d+)(?:\s*([.:])|\s*$|()\s+(?!(?:Luật|Bộ|Nghị|Thông|Quyết|Hiến|Quy|của)\b)(?=[A-ZĐ]))"
)
_CLAUSE = re.compile(r"^(\d{1,2})\.\s")
_POINT = re.compile(r"^([a-zđ])\s?(\)|\.)\s")
_ROMAN = re.compile(r"^([IVX]{1,6})\.\s")


def check_amounts(sheet: Sheet, parts: Parts) -> Iterator[Fault]:
    """Sums whose words say another number, and figures grouped wrongly."""
    del parts
    for line in sheet.lines:
        seen: set[int] = set()
        for pattern in (_WRITTEN, _BRACKETED):
            for match in pattern.finditer(line.text):
                if match.start() not in seen:
                    seen.add(match.start())
                    yield from _compared(line, match, sure=pattern is _WRITTEN)
        for match in _MONEY.finditer(line.text):
            if len(match["figures"]) < 40 and not _is_grouped(match["figures"]):
                number = int(re.sub(r"\D", "", match["figures"]))
                yield at_line(
                    line,
                    "amount",
                    f"Số tiền {match['figures']} chấm hàng nghìn sai.",
                    f"Viết {grouped(number)} nếu đúng là số này.",
                    words=match[0].strip(),
                )


def _compared(line: Line, match: re.Match[str], *, sure: bool) -> Iterator[Fault]:
    stated = _value(match["figures"], match["unit"] or "")
    words = _TAIL.sub("", match["words"]).strip(" ,.")
    read = from_words(words)
    if stated is None:
        return
    if read is None:
        if sure and len(words) > 3 and 0 <= stated < MOST and "[" not in words and "…" not in words:
            right = in_words(int(stated))
            yield at_line(
                line,
                "amount",
                f"Số tiền bằng chữ “{words}” không đọc được thành số.",
                f"Viết: {right[0].upper()}{right[1:]}",
                words=match[0].strip(),
            )
        return
    if Decimal(read) != stated and not (
        not sure and read * _UNITS[(match["unit"] or "").lower()] == stated
    ):
        if stated != int(stated) or not 0 <= stated < MOST:
            return
        right = in_words(int(stated))
        right = right[0].upper() + right[1:] if words[:1].isupper() else right
        yield at_line(
            line,
            "amount",
            f"Số {match['figures']} và chữ “{words}” (= {grouped(read)}) khác nhau.",
            f"Nếu số đúng, viết chữ: {right}.",
            words=match[0].strip(),
        )


def _value(figures: str, unit: str) -> Decimal | None:
    text = figures.rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+", text) and not unit:
        text = text.replace(",", "")
    elif re.fullmatch(r"\d+(?:,\d+)?", text):
        text = text.replace(",", ".")
    else:
        return None
    try:
        return Decimal(text) * _UNITS[unit.lower()]
    except InvalidOperation:
        return None


def _is_grouped(figures: str) -> bool:
    return bool(
        re.fullmatch(
            r"\d+(?:,\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d{1,2}",
            figures,
        )
    )


def check_days(sheet: Sheet, parts: Parts) -> Iterator[Fault]:
    """Days that do not exist, weekdays that are not those days', deadlines before the paper."""
    stated = parts.first("place_date")
    issued = day_of(stated.text) if stated is not None else None
    for line in sheet.lines:
        for match in _DAYS.finditer(line.text):
            day, month, year = _numbers(match)
            found = _day(day, month, year or (issued.year if issued else 2024))
            if found is None:
                yield at_line(
                    line,
                    "date",
                    f"Không có ngày {day}/{month}{f'/{year}' if year else ''}.",
                    "Kiểm tra lại ngày tháng.",
                    words=match[0],
                )
                continue
            yield from _weekday(line, match, found, told=bool(year or issued))
            late = issued and year and line is not stated and found < issued
            if late and _DEADLINE.search(line.text[: match.start()]) and issued:
                yield at_line(
                    line,
                    "date",
                    f"Thời hạn {found:%d/%m/%Y} trước ngày ban hành {issued:%d/%m/%Y}.",
                    "Kiểm tra lại thời hạn.",
                    words=match[0],
                    level=Level.NOTE,
                )


def _numbers(match: re.Match[str]) -> tuple[int, int, int]:
    groups = [int(group) for group in match.groups() if group]
    return groups[0], groups[1], groups[2] if len(groups) > 2 else 0


def _day(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(line: Line, match: re.Match[str], found: date, *, told: bool) -> Iterator[Fault]:
    before = list(_WEEKDAY.finditer(line.text[: match.end()]))
    if not told or not before or match.start() - before[-1].end() > 6:
        return
    word = (before[-1][1] or before[-1][2]).lower()
    if _WEEKDAYS[word] != found.weekday():
        right = next(name for name, at in _WEEKDAYS.items() if at == found.weekday())
        said = right.capitalize() if right == "chủ nhật" else f"thứ {right.capitalize()}"
        other = found + timedelta((_WEEKDAYS[word] - found.weekday()) % 7)
        yield at_line(
            line,
            "date",
            f"Ngày {found:%d/%m/%Y} là {said}, không phải {before[-1][0].strip(' ,(')}.",
            f"Sửa thành {said}, hoặc ngày {other:%d/%m/%Y}.",
            words=match[0],
        )


def check_numbering(sheet: Sheet, parts: Parts) -> Iterator[Fault]:
    """Articles, parts, clauses and points that skip, repeat or stand out of order."""
    title = " ".join(line.text for line in parts.lines.get("subject", ()))
    if re.search(r"sửa đổi|bổ sung", title, re.IGNORECASE):
        return  # holds articles of another paper
    quoted = 0
    article = clause = point = part = 0
    for line in sheet.lines:
        text = line.whole
        inside = quoted > 0
        quoted = max(0, quoted + text.count("“") - text.count("”"))
        # Quoted text of another paper, tables and attachments count by themselves.
        if line.text.upper().startswith(("PHỤ LỤC", "DANH SÁCH", "MẪU SỐ")) and line.is_capital:
            return
        if inside or line.cell is not None or parts.role(line) != "body":
            continue
        if match := _ARTICLE.match(text):
            number = int(match[1])
            clause = point = 0
            if number == 1:
                article = 0  # of what is attached
            if number != article + 1:
                says = (
                    f"Điều {number} đứng sau Điều {article}."
                    if article
                    else f"Văn bản bắt đầu từ Điều {number}."
                )
                yield at_line(
                    line,
                    "numbering",
                    says,
                    f"Đánh số lại: Điều {article + 1}.",
                    change=Words(f"Điều {match[1]}", f"Điều {article + 1}", 0),
                )
            elif match[3] is not None:
                yield at_line(
                    line,
                    "numbering",
                    "Sau số của Điều phải có dấu chấm.",
                    f"Điều {number}.",
                    change=Words(match[0].rstrip(), f"Điều {number}.", 0),
                )
            article += 1
        elif match := _ROMAN.match(text):
            clause = point = 0
            if match[1] != roman(part + 1):
                yield at_line(
                    line,
                    "numbering",
                    f"Mục {match[1]} không theo thứ tự.",
                    f"Đánh số lại: {roman(part + 1)}.",
                    change=Words(match[1], roman(part + 1), 0),
                )
            part += 1
        elif match := _CLAUSE.match(text):
            number, point = int(match[1]), 0
            if number == 1:
                clause = 1
            else:
                if number != clause + 1:
                    yield at_line(
                        line,
                        "numbering",
                        f"Khoản {number} đứng sau khoản {clause}."
                        if clause
                        else f"Thiếu khoản 1 trước khoản {number}.",
                        f"Đánh số lại: {clause + 1}.",
                        change=Words(match[1], str(clause + 1), 0),
                    )
                clause += 1
        elif match := _POINT.match(text):
            letter = match[1]
            at = POINTS.find(letter) + 1
            if at == 1:
                point = 1
            else:
                if at != point + 1 and point < len(POINTS):
                    yield at_line(
                        line,
                        "numbering",
                        f"Điểm {letter} không theo thứ tự a, b, c, d, đ, e….",
                        f"Đánh lại: {POINTS[point]})",
                        change=Words(letter, POINTS[point], 0),
                    )
                point += 1
