"""What an answer to a question about figures consists of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.figures.compute import Calculation
from assistant.figures.model import Figure
from assistant.figures.periods import Period
from assistant.figures.question import Asked
from assistant.figures.scopes import Scope
from assistant.figures.series import Point, Series


@dataclass(frozen=True, slots=True)
class Finding:
    """What one series says to the question."""

    series: Series
    points: tuple[Point, ...]
    calculations: tuple[Calculation, ...] = ()
    stated: tuple[Figure, ...] = ()  # changes the document states itself
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Findings; or none, with what can be asked instead."""

    asked: Asked
    findings: tuple[Finding, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    notes: tuple[str, ...] = ()
    choices: tuple[str, ...] = field(default=())


def at(series: Series, period: Period) -> list[Point]:
    """Points inside a time; the state at its end before others."""
    inside = [
        point
        for point in series.points
        if point.period and period.start <= point.period.end <= period.end
    ]
    exact = [point for point in inside if point.period and point.period.key() == period.key()]
    at_end = [point for point in inside if point.period and point.period.end == period.end]
    return exact or at_end or inside


def has(series: Series, period: Period) -> bool:
    """Whether a series has a value for a time."""
    return bool(at(series, period))


def in_scope(scope: Scope | None, asked: Sequence[Scope]) -> bool:
    """Whether a series is about one of the scopes asked for; about any where none is."""
    return not asked or (scope is not None and any(scope.key == one.key for one in asked))


def scope_name(series: Series) -> str:
    """Who a series is about, in words."""
    return series.scope.name if series.scope else "không ghi phạm vi"


def same_time(first: Period | None, second: Period | None) -> bool:
    """Whether both are known and one and the same."""
    return first is not None and second is not None and first.key() == second.key()
