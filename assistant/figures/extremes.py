"""The most and the least: of places at one time, or of times for one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from assistant.figures.findings import Answer, Finding, at, scope_name
from assistant.figures.periods import Period
from assistant.figures.question import Asked
from assistant.figures.series import Point, Series

_GROUPS = ("level", "country")  # not places beside others
_SHOWN = 10


def extreme(asked: Asked, every: Sequence[Series]) -> Answer:
    """The place with the most or the least, all at one time; ties are all shown."""
    places = [
        one
        for one in every
        if one.scope
        and (one.scope.kind == asked.kind or (not asked.kind and _is_place(one, asked)))
    ]
    if asked.kind and not places:
        kind = {"ministry": "bộ", "province": "tỉnh", "commune": "xã, phường", "level": "cấp"}
        have = ", ".join(dict.fromkeys(scope_name(one) for one in every[:_SHOWN]))
        note = f"Không có số của {kind[asked.kind]} nào cho chỉ tiêu này; tài liệu có: {have}."
        return Answer(asked, notes=(note,))
    places = places or [one for one in every if one.scope and _is_place(one, asked)] or list(every)
    period = asked.periods[0] if asked.periods else _last(places)
    held, unclear = [], 0
    for one in places:
        points = at(one, period) if period else list(one.points[-1:])
        for point in points[-1:]:
            unclear += _unsure(point)
            held.append((one, point))
    return _picked(asked, held, unclear, period)


def time_extreme(asked: Asked, every: Sequence[Series]) -> Answer:
    """The time with the most or the least, for each place; times of one kind only."""
    findings: list[Finding] = []
    notes: list[str] = []
    for one in every[:_SHOWN]:
        inside = [p for p in one.points if p.period and _in(p.period, asked.periods)]
        kinds = Counter(p.period.kind for p in inside if p.period)
        if len(kinds) > 1:
            most = kinds.most_common(1)[0][0]
            inside = [p for p in inside if p.period and p.period.kind == most]
            notes.append("Chỉ so các kỳ cùng loại với nhau.")
        sure = [p for p in inside if not _unsure(p)]
        if not sure:
            continue
        values = [p.figures[0].base_value or Decimal(0) for p in sure]
        value = max(values) if asked.most else min(values)
        best = tuple(p for p in sure if p.figures[0].base_value == value)
        findings.append(Finding(one, best, notes=(f"so trong {len(sure)} kỳ có trong tài liệu",)))
    if not findings:
        return Answer(asked, notes=("Không có số nào chắc chắn để so sánh.",))
    return Answer(asked, tuple(findings), notes=tuple(dict.fromkeys(notes)))


def _picked(
    asked: Asked, held: Sequence[tuple[Series, Point]], unclear: int, period: Period | None
) -> Answer:
    sure = [(s, p) for s, p in held if not _unsure(p)]
    if len({one.unit for one, _ in sure}) > 1:
        return Answer(asked, notes=("Các số có đơn vị khác nhau nên không so được.",))
    if not sure:
        return Answer(asked, notes=("Không có số nào chắc chắn để so sánh.",))
    ordered = sorted(sure, key=lambda one: _value(one[1]), reverse=asked.most)
    edge = _value(ordered[min(max(asked.first, 1), len(ordered)) - 1][1])
    best = [(s, p) for s, p in ordered if (_value(p) >= edge if asked.most else _value(p) <= edge)]
    when = f" của {period.label}" if period else ""
    notes = [f"So trong {len(sure)} giá trị{when} có trong tài liệu."]
    others = sorted({scope_name(s) for s, _ in sure} - {scope_name(s) for s, _ in best})
    if others and len(sure) <= _SHOWN:
        notes.append(f"Đã so với: {', '.join(others)}.")
    if unclear:
        notes.append(f"{unclear} giá trị chưa rõ hoặc các nguồn ghi khác nhau, không đưa vào so.")
    return Answer(asked, tuple(Finding(s, (p,)) for s, p in best), notes=tuple(notes))


def _value(point: Point) -> Decimal:
    return point.figures[0].base_value or Decimal(0)


def _is_place(one: Series, asked: Asked) -> bool:
    return bool(asked.scopes) or one.scope is None or one.scope.kind not in _GROUPS


def _unsure(point: Point) -> bool:
    return point.conflict or point.figures[0].base_value is None


def _last(places: Sequence[Series]) -> Period | None:
    """The time that most places have a value for; of those, the last."""
    counts: dict[object, tuple[int, Period]] = {}
    for one in places:
        for point in one.points:
            if point.period:
                number, _ = counts.get(point.period.key(), (0, point.period))
                counts[point.period.key()] = (number + 1, point.period)
    best = max(counts.values(), key=lambda one: (one[0], one[1].end), default=None)
    return best[1] if best else None


def _in(period: Period, asked: Sequence[Period]) -> bool:
    return not asked or any(one.start <= period.end <= one.end for one in asked)
