"""One indicator over time: which figures are meant, in order, and where sources differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assistant.figures.model import Figure, Kind
from assistant.figures.periods import Period
from assistant.figures.scopes import Scope


@dataclass(frozen=True, slots=True)
class Point:
    """A time with every value the sources give for it; ``figures[0]`` is shown."""

    period: Period | None
    figures: tuple[Figure, ...]
    conflict: bool


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator of one scope in one unit; ``points`` in the order of time."""

    indicator: str
    scope: Scope | None
    unit: str
    points: tuple[Point, ...]
    kind: Kind = Kind.LEVEL

    @property
    def conflicts(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.conflict)


def series_of(figures: Sequence[Figure], kind: Kind = Kind.LEVEL) -> list[Series]:
    """Figures of one indicator by scope and unit; other kinds than ``kind`` are left out."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        if figure.kind is kind:
            scope = figure.scope.key if figure.scope else ""
            groups.setdefault((scope, figure.base_unit), []).append(figure)
    found = []
    for (_, unit), held in groups.items():
        points: dict[object, list[Figure]] = {}
        for figure in held:
            points.setdefault(figure.period.key() if figure.period else None, []).append(figure)
        made = [Point(same[0].period, tuple(same), _differ(same)) for same in points.values()]
        made.sort(key=lambda point: (point.period is None, _order(point.period)))
        found.append(Series(held[0].indicator, held[0].scope, unit, tuple(made), kind))
    return sorted(found, key=lambda one: -len(one.points))


def _order(period: Period | None) -> tuple[str, str]:
    return (period.end.isoformat(), period.start.isoformat()) if period else ("", "")


def _differ(figures: Sequence[Figure]) -> bool:
    """Whether values of one time differ by more than the rounding of the coarser one."""
    return any(
        not agree(first, second)
        for place, first in enumerate(figures)
        for second in figures[place + 1 :]
    )


def agree(first: Figure, second: Figure) -> bool:
    """Whether two values may be one number, written with more or fewer decimals."""
    a, b = first.base_value, second.base_value
    if a is None or b is None:
        return True  # one that cannot be read contradicts nobody; it is marked itself
    step = max(_step(first), _step(second))
    return a == b or a.quantize(step, ROUND_HALF_UP) == b.quantize(step, ROUND_HALF_UP)


def _step(figure: Figure) -> Decimal:
    """The size of the last decimal that was written; whole numbers are taken at their word."""
    value = figure.value or Decimal(0)
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    factor = figure.unit.factor if figure.unit and places else 1
    return Decimal(1).scaleb(-places) * factor if factor == 1 else _power(places, factor)


def _power(places: int, factor: int) -> Decimal:
    return Decimal(factor).scaleb(-places).normalize()
