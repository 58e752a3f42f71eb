"""One indicator over time: which figures are meant, in order, and where sources differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assistant.figures.model import CellPlace, Figure, Kind
from assistant.figures.periods import Period
from assistant.figures.scopes import Scope, folded
from knowledge_base.vietnamese import expand_abbreviations

_SMALL = frozenset(
    [
        "cua",
        "cac",
        "va",
        "tren",
        "trong",
        "so",
        "voi",
        "la",
        "tai",
        "o",
        "cho",
        "theo",
        "nhung",
        "mot",
        "bao",
        "nhieu",
        "dat",
        "duoc",
        "co",
        "the",
        "nao",
        "nam",
        "thi",
        "may",
        "tinh",
        "den",
        "het",
        "den",
        "nay",
        "chi",
        "tieu",
        "gia",
        "tri",
        "ve",
        "dau",
        "cuoi",
        "bang",
        "hay",
        "cho",
        "biet",
        "toi",
    ]
)
_ENOUGH = 0.6  # of the words of what is asked for


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


@dataclass(frozen=True, slots=True)
class Match:
    """Figures whose indicator fits a name; ``others`` fit as well and are called otherwise."""

    name: str
    figures: tuple[Figure, ...]
    others: tuple[str, ...] = ()


def key_of(name: str) -> frozenset[str]:
    """A name as the set of its words: "tỉ lệ X của Y" and "Tỷ lệ X Y" are one."""
    text = folded(expand_abbreviations(name, document=True)).replace("ti le", "ty le")
    return frozenset(word for word in re.findall(r"[^\W_]+", text) if word not in _SMALL)


def matching(asked: str, figures: Iterable[Figure]) -> Match | None:
    """The indicator that fits best; None where none does.

    All words of a short name must fit. Several that fit alike are named, not mixed.
    """
    wanted = key_of(asked)
    groups: dict[frozenset[str], list[Figure]] = {}
    for figure in figures:
        groups.setdefault(key_of(figure.indicator), []).append(figure)
    scored: list[tuple[float, float, frozenset[str]]] = []
    for key, held in groups.items():
        around = key
        for figure in held[:1]:
            if isinstance(figure.place, CellPlace):
                around = (
                    key | key_of(figure.place.caption) | key_of(" ".join(figure.place.row_headers))
                )
        cover = len(wanted & around) / len(wanted) if wanted else 0.0
        near = len(wanted & key) / len(wanted | key) if wanted | key else 0.0
        enough = cover == 1 if len(wanted) < 3 else cover >= _ENOUGH
        if enough and wanted & key:
            scored.append((cover, near, key))
    if not scored:
        return None
    scored.sort(key=lambda one: (-one[0], -one[1]))
    best = scored[0]
    same = [key for cover, near, key in scored if (cover, near) == best[:2]]
    chosen = groups[same[0]]
    others = [groups[key][0].indicator for key in same[1:]]
    return Match(chosen[0].indicator, tuple(chosen), tuple(others))


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
