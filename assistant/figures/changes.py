"""What documents say themselves of an increase or a fall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.figures.findings import Answer, Finding, in_scope, same_time
from assistant.figures.matching import Names, key_of
from assistant.figures.model import Figure, Kind
from assistant.figures.periods import Period
from assistant.figures.question import Asked
from assistant.figures.series import Point, Series, series_of

_MOST_NAMES = 4  # indicators that fit alike and are shown side by side


def rather_change(asked: Asked, figures: Sequence[Figure]) -> bool:
    """Whether only a change has just the name: "GRDP tăng" is not about "GRDP bình quân"."""
    if not asked.growth or asked.goal:
        return False
    changes = Names([one for one in figures if one.kind is Kind.CHANGE])
    levels = Names([one for one in figures if one.kind is Kind.LEVEL])
    said = changes.best(asked.indicator, marked=asked.marked)
    held = levels.best(asked.indicator, marked=asked.marked)
    if not said or not held or any(levels.alike(said[0], one) for one in levels.groups):
        return False
    return changes.is_just(said[0], asked.indicator, marked=asked.marked)


def changes_only(asked: Asked, figures: Sequence[Figure]) -> Answer | None:
    """What documents say of a change, where they do not state the level itself."""
    held = [figure for figure in figures if figure.kind is Kind.CHANGE]
    names = Names(held)
    best = names.best(asked.indicator, marked=asked.marked)
    findings = []
    for key in best[:_MOST_NAMES]:
        for one in series_of(names.groups[key], Kind.CHANGE):
            if not in_scope(one.scope, asked.scopes):
                continue
            points = [p for p in one.points if not asked.periods or any_same(p, asked.periods)]
            stated = tuple(figure for point in points for figure in point.figures)
            if stated:
                findings.append(Finding(one, (), stated=stated))
    if not findings:
        return None
    note = "Tài liệu chỉ ghi mức tăng, giảm của chỉ tiêu này, không ghi giá trị."
    return Answer(asked, tuple(findings), notes=(note,))


def stated_changes(series: Series, asked: Asked, figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Changes that a document states itself of this indicator, scope and time."""
    key, scope = key_of(series.indicator), series.scope.key if series.scope else ""
    found = []
    for figure in figures:
        if figure.kind is Kind.CHANGE and key_of(figure.indicator) >= key:
            same_scope = (figure.scope.key if figure.scope else "") == scope
            of_time = not asked.periods or any(
                same_time(figure.period, one) for one in asked.periods
            )
            if same_scope and of_time and len(key_of(figure.indicator) - key) <= 3:
                found.append(figure)
    return tuple(found[:4])


def any_same(point: Point, periods: Iterable[Period]) -> bool:
    return any(same_time(point.period, one) for one in periods)
