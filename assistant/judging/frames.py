"""Frames of punishment in an article, and where two articles differ in them. Nothing is weighed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.law.structure import Part, clauses

_UNIT = {"năm": 12, "tháng": 1}
_PRISON = re.compile(
    r"(?:phạt )?tù\s+từ\s+(\d+)\s*(?:\([^)]*\)\s*)?(năm"
    r"|tháng)?\s*đến\s+(\d+)\s*(?:\([^)]*\)\s*)?(năm|tháng)"
)
_PRISON_WORDS = re.compile(
    r"(?:phạt )?tù\s+từ\s+(\w+(?: \w+)?)\s+(năm|tháng)\s+đến\s+(\w+(?: \w+)?)\s+(năm|tháng)"
)
_LIFE = re.compile(r"tù chung thân")
_DEATH = re.compile(r"tử hình")
_REFORM = re.compile(
    r"cải tạo không giam giữ\s+(?:từ\s+(\w+(?: \w+)?)\s+(năm|tháng)\s+)?đến\s+(\w+(?: "
    r"\w+)?)\s+(năm|tháng)"
)
_FINE = re.compile(r"phạt tiền\s+từ\s+([\d.]+)(?:\s*đồng)?\s+đến\s+([\d.]+)\s*đồng")
_LEAST = re.compile(
    r"(?:trị giá|giá trị|số tiền|tài sản)[^.;]{0,60}?từ\s+([\d.]+|\w+(?: \w+)?)\s*(triệu )?đồng"
)
_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười một": 11, "mười hai": 12, "mười ba": 13, "mười lăm": 15, "mười tám": 18,
    "hai mươi": 20, "ba mươi": 30,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """What one clause provides: months of prison and reform, đồng of fine; None: nothing of it."""

    clause: str
    quote: str
    prison: tuple[int, int] | None = None
    life: bool = False
    death: bool = False
    reform: int | None = None
    fine: tuple[int, int] | None = None
    threshold: int | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """A difference of two articles, in the words of both; what it means is for the court."""

    what: str
    act: str
    trial: str


def frames(text: str) -> tuple[Frame, ...]:
    """The frame of each clause that has one; the article itself where it has no clauses."""
    parts = [p for p in clauses(text) if p.part is Part.CLAUSE]
    spans = [(p.label, text[p.start : p.end]) for p in parts] or [("", text)]
    made = (_frame(label, " ".join(span.split())) for label, span in spans)
    return tuple(f for f in made if f.prison or f.life or f.death or f.reform or f.fine)


def _frame(label: str, text: str) -> Frame:
    prison = None
    for match in [*_PRISON.finditer(text), *_PRISON_WORDS.finditer(text)]:
        low, high = _months(match[1], match[2] or match[4]), _months(match[3], match[4])
        if low and high:
            prison = (low, high)
            break
    reform = _REFORM.search(text)
    fine = _FINE.search(text)
    threshold = _LEAST.search(text)
    low = _amount(threshold) if threshold else None
    return Frame(
        label,
        text if len(text) <= 360 else text[: text.rfind(" ", 0, 360)],
        prison,
        _LIFE.search(text) is not None,
        _DEATH.search(text) is not None,
        _months(reform[3], reform[4]) if reform else None,
        (_plain(fine[1]), _plain(fine[2])) if fine else None,
        low,
    )


def _months(number: str, unit: str) -> int | None:
    value = int(number) if number.isdigit() else _WORDS.get(number.lower())
    return value * _UNIT[unit] if value else None


def _plain(text: str) -> int:
    return int(text.replace(".", "") or 0)


def _amount(match: re.Match[str]) -> int | None:
    text = match[1]
    value = _plain(text) if re.fullmatch(r"[\d.]+", text) else _WORDS.get(text.lower())
    return (value * 1_000_000 if match[2] else value) if value else None


def observations(act: str, trial: str) -> Iterator[Observation]:
    """Differences between the frames of two texts, clause by clause."""
    ours = {f.clause: f for f in frames(act)}
    theirs = {f.clause: f for f in frames(trial)}
    for label in sorted(ours.keys() & theirs.keys(), key=lambda x: int(re.sub(r"\D", "", x) or 0)):
        one, two = ours[label], theirs[label]
        where = f"Khoản {label}: " if label else ""
        for told in _differences(one, two):
            yield Observation(where + told, one.quote, two.quote)
    for label in sorted(ours.keys() - theirs.keys()):
        yield Observation(f"Khoản {label} chỉ có ở bản ngày hành vi", ours[label].quote, "")
    for label in sorted(theirs.keys() - ours.keys()):
        yield Observation(f"Khoản {label} chỉ có ở bản ngày xét xử", "", theirs[label].quote)


def _differences(one: Frame, two: Frame) -> Iterator[str]:
    if one.prison != two.prison:
        yield f"khung tù {_span(one.prison)} (ngày hành vi), {_span(two.prison)} (ngày xét xử)"
    for name, ours, theirs in (
        ("tù chung thân", one.life, two.life),
        ("tử hình", one.death, two.death),
    ):
        if ours != theirs:
            yield f"{name} chỉ có ở bản ngày {'hành vi' if ours else 'xét xử'}"
    if one.reform != two.reform:
        yield (
            f"cải tạo không giam giữ {_upto(one.reform)} (ngày hành vi), "
            f"{_upto(two.reform)} (ngày xét xử)"
        )
    if one.fine != two.fine:
        yield f"phạt tiền {_money(one.fine)} (ngày hành vi), {_money(two.fine)} (ngày xét xử)"
    if one.threshold and two.threshold and one.threshold != two.threshold:
        yield (
            f"mức giá trị đầu tiên được nêu {_dong(one.threshold)} (ngày hành vi), "
            f"{_dong(two.threshold)} (ngày xét xử)"
        )


def _span(months: tuple[int, int] | None) -> str:
    return f"từ {_time(months[0])} đến {_time(months[1])}" if months else "không có"


def _upto(months: int | None) -> str:
    return f"đến {_time(months)}" if months else "không có"


def _time(months: int) -> str:
    return f"{months // 12} năm" if months % 12 == 0 else f"{months} tháng"


def _money(span: tuple[int, int] | None) -> str:
    return f"từ {_dong(span[0])} đến {_dong(span[1])}" if span else "không có"


def _dong(value: int) -> str:
    return f"{value:,} đồng".replace(",", ".")
