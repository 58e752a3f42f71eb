"""Sums, shares, growth: by code, with the formula that people can check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assistant.figures.model import Figure
from assistant.figures.written import shown


@dataclass(frozen=True, slots=True)
class Calculation:
    """A result; ``figures`` in the order of the formula. ``value`` None: ``problem`` says why."""

    name: str
    value: Decimal | None
    unit: str
    formula: str
    figures: tuple[Figure, ...]
    problem: str = ""


def growth(later: Figure, earlier: Figure) -> list[Calculation]:
    """The difference, and for what is no percentage the rate, too."""
    both = (later, earlier)
    if problem := _problem(both):
        return [Calculation("chênh lệch", None, "", "", both, problem)]
    (a, b), unit = _alike(both)
    up = "tăng" if a > b else "giảm" if a < b else "không đổi"
    points = unit == "%"
    difference = Calculation(
        up, abs(a - b), "điểm phần trăm" if points else unit, _minus(a, b), both
    )
    if b == 0:
        zero = Calculation("tốc độ", None, "%", "", both, "kỳ trước bằng 0, không chia được")
        return [difference, zero]
    if b < 0:
        sign = Calculation("tốc độ", None, "%", "", both, "kỳ trước âm, tốc độ không có nghĩa")
        return [difference, sign]
    rate = _rounded((a - b) / b * 100)
    formula = f"({_minus(a, b)}) ÷ {shown(b)} × 100"
    name = "tăng tương đối" if a >= b else "giảm tương đối"
    rated = Calculation(name, abs(rate), "%", formula, both)
    return [difference, rated] if a != b else [difference]


def ratio(later: Figure, earlier: Figure) -> Calculation:
    """How many times the earlier value the later one is."""
    both = (later, earlier)
    if problem := _problem(both):
        return Calculation("gấp", None, "", "", both, problem)
    (a, b), _ = _alike(both)
    if b <= 0:
        return Calculation("gấp", None, "lần", "", both, "kỳ trước không dương, không chia được")
    return Calculation("gấp", _rounded(a / b), "lần", f"{shown(a)} ÷ {shown(b)}", both)


def total(figures: Sequence[Figure]) -> Calculation:
    """The sum; percentages are never added."""
    held = tuple(figures)
    problem = _problem(held)
    if not problem and held and held[0].base_unit in ("%", "‰", "điểm phần trăm"):
        problem = "không cộng các tỷ lệ phần trăm với nhau"
    if problem or not held:
        return Calculation("tổng", None, "", "", held, problem or "không có số nào để cộng")
    values, unit = _alike(held)
    terms = " + ".join(f"({shown(v)})" if v < 0 else shown(v) for v in values)
    return Calculation("tổng", sum(values, Decimal(0)), unit, terms, held)


def share(part: Figure, whole: Figure) -> Calculation:
    """How many percent of the whole a part is."""
    both = (part, whole)
    problem = _problem(both)
    if not problem and part.base_unit in ("%", "‰"):
        problem = "hai số đều là tỷ lệ, không tính tỷ trọng"
    if problem:
        return Calculation("tỷ trọng", None, "", "", both, problem)
    (a, b), _ = _alike(both)
    if b == 0:
        return Calculation("tỷ trọng", None, "%", "", both, "mẫu số bằng 0, không chia được")
    return Calculation(
        "tỷ trọng", _rounded(a / b * 100), "%", f"{shown(a)} ÷ {shown(b)} × 100", both
    )


def _problem(figures: Sequence[Figure]) -> str:
    if any(figure.value is None for figure in figures):
        return "có số chưa rõ dấu chấm/phẩy: không tính"
    if len({figure.base_unit for figure in figures}) > 1:
        units = ", ".join(dict.fromkeys(f.unit.shown if f.unit else "không ghi" for f in figures))
        return f"đơn vị khác nhau ({units}): không tính"
    return ""


def _alike(figures: Sequence[Figure]) -> tuple[list[Decimal], str]:
    """The values in one unit, and that unit: the written one where it is the same for all."""
    units = {(figure.unit.shown if figure.unit else "") for figure in figures}
    if len(units) == 1:
        return [figure.value or Decimal(0) for figure in figures], units.pop()
    return [figure.base_value or Decimal(0) for figure in figures], figures[0].base_unit


def _minus(a: Decimal, b: Decimal) -> str:
    return f"{shown(a)} − {f'({shown(b)})' if b < 0 else shown(b)}"


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
