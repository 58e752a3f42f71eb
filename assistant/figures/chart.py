"""Series as a picture: a line for each scope over time, or a bar for each scope at one time."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.figures.drawing import SERIES, Box, Dot, Line, Picture, Shape, Words
from assistant.figures.lettering import width
from assistant.figures.periods import Period
from assistant.figures.series import Point, Series
from assistant.figures.svg import as_svg
from assistant.figures.written import shown

_WIDE = 820
_HIGH = 460
_RIGHT, _BOTTOM = 40, 60
_ROW = 30  # pixels of one bar
_MOST_BARS = 24
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


def chart(series: Sequence[Series], *, styled: bool = True) -> str:
    """The picture as SVG 1.1."""
    return as_svg(drawn(series), styled=styled)


def drawn(series: Sequence[Series]) -> Picture:
    """Only series of the first one's unit; times that have none are left out and said.

    A point where sources differ shows every value, joined to nothing.
    """
    unit = series[0].unit if series else ""
    held = [one for one in series if one.unit == unit and _values(one)]
    title = series[0].indicator if series else ""
    title = f"{title[:1].upper()}{title[1:]}{f' ({unit})' if unit else ''}"
    single = len(held) > 1 and all(len(_timed(one)) == 1 for one in held)
    if single and len({_key(_timed(one)[0].period) for one in held}) == 1:
        return _bars(held[:_MOST_BARS], title)
    return _lines(held[: len(SERIES)], title)


def _bars(series: Sequence[Series], title: str) -> Picture:
    held = [(one, _timed(one)[0]) for one in series]
    held.sort(key=lambda one: -max(_of(one[1])))
    when = held[0][1].period
    names = [_short(_scope(one), 34) for one, _ in held]
    left = min(300, 24 + max(int(width(name, 12)) for name in names))
    shapes: list[Shape] = []
    top = _title(shapes, f"{title}, {when.label}" if when else title)
    values = [value for _, point in held for value in _of(point)]
    low, high, step = _scale([*values, Decimal(0)])
    room = _WIDE - left - _RIGHT - 60
    bottom = top + _ROW * len(held) + 10

    def x(value: Decimal) -> float:
        return left + float((value - low) / (high - low)) * room

    tick = low
    while tick <= high:
        shapes.append(Line(((x(tick), top), (x(tick), bottom)), "grid"))
        shapes.append(Words(x(tick), bottom + 18, shown(tick), "soft", anchor="middle"))
        tick += step
    for number, (_, point) in enumerate(held):
        y = top + 6 + _ROW * number
        value = max(_of(point))
        start, end = sorted((x(Decimal(0)), x(value)))
        shapes.append(Box(start, y, max(end - start, 1), _ROW - 12, "s0"))
        shapes.append(Words(left - 8, y + 14, names[number], anchor="end"))
        told = " ≠ ".join(shown(one) for one in dict.fromkeys(_of(point)))
        shapes.append(Words(end + 6, y + 14, told, bold=True))
    height = bottom + 34
    return Picture(_WIDE, height, (_ground(height), *shapes), title, described(series))


def _lines(series: Sequence[Series], title: str) -> Picture:
    periods = {p.period.key(): p.period for one in series for p in _timed(one) if p.period}
    times = sorted(periods.values(), key=lambda one: (one.end, one.start))
    values = [value for one in series for point in _timed(one) for value in _of(point)]
    low, high, step = _scale(values)
    ticks = []
    tick = low
    while tick <= high:
        ticks.append(tick)
        tick += step
    left = 24 + max((int(width(shown(one), 12)) for one in ticks), default=20)
    shapes: list[Shape] = []
    top = _title(shapes, title) + 14
    legend = (len(series) + 2) // 3 * 22
    bottom = _HIGH - _BOTTOM - legend
    room = _WIDE - left - _RIGHT

    def x(period: Period | None) -> float:
        place = next(n for n, one in enumerate(times) if period and one.key() == period.key())
        inner = room - 80
        return left + 40 + (inner * place / (len(times) - 1) if len(times) > 1 else inner / 2)

    def y(value: Decimal) -> float:
        return bottom - float((value - low) / (high - low)) * (bottom - top)

    for one in ticks:
        shapes.append(Line(((left, y(one)), (_WIDE - _RIGHT, y(one))), "grid"))
        shapes.append(Words(left - 8, y(one) + 4, shown(one), "soft", anchor="end"))
    every = 1 + sum(int(width(one.label, 12)) + 16 for one in times) // max(room, 1)
    for number, period in enumerate(times):
        if number % every == 0 or number == len(times) - 1:
            shapes.append(Words(x(period), bottom + 22, period.label, anchor="middle"))
    taken: list[tuple[float, float]] = []
    for number, held in enumerate(series):
        role = SERIES[number]
        run: list[tuple[float, float]] = []
        marks: list[Shape] = []
        for point in _timed(held):
            places = [(x(point.period), y(value)) for value in dict.fromkeys(_of(point))]
            for value, (px, py) in zip(dict.fromkeys(_of(point)), places, strict=True):
                marks.append(Dot(px, py, 4, role, hollow=point.conflict))
                mark = " ≠" if point.conflict else ""
                above = py - 10
                if any(abs(px - a) < 50 and abs(above - b) < 13 for a, b in taken):
                    above = py + 20  # another line's value stands there
                taken.append((px, above))
                marks.append(
                    Words(px, above, shown(value) + mark, role, anchor="middle", bold=True)
                )
            if point.conflict:
                shapes += [Line(tuple(run), role, 2)] if len(run) > 1 else []
                run = []
            else:
                run += places[:1]
        shapes += [Line(tuple(run), role, 2)] if len(run) > 1 else []
        shapes += marks
        lx, ly = left + (number % 3) * 245, _HIGH - legend - 6 + (number // 3) * 22
        shapes.append(Box(lx, ly - 10, 12, 12, role))
        shapes.append(Words(lx + 18, ly, _short(_scope(held), 30)))
    return Picture(_WIDE, _HIGH, (_ground(_HIGH), *shapes), title, described(series))


def _ground(height: int) -> Box:
    return Box(0, 0, _WIDE, height, "paper")


def _title(shapes: list[Shape], text: str) -> int:
    """The title in one line or two; where what comes below it begins."""
    rows = [""]
    for word in text.split():
        wider = f"{rows[-1]} {word}".strip()
        if width(wider, 15, bold=True) > _WIDE - 24 - 20 and rows[-1]:
            rows.append(word)
        else:
            rows[-1] = wider
    if len(rows) > 2:
        rows = [rows[0], _short(" ".join(rows[1:]), 80)]
    shapes += [Words(16, 28 + 20 * n, row, size=15, bold=True) for n, row in enumerate(rows)]
    return 28 + 20 * len(rows)


def described(series: Sequence[Series]) -> str:
    """The picture in words: every value, and where sources differ."""
    said = []
    for one in series:
        values = []
        for point in one.points:
            if not _of(point):
                continue
            when = point.period.label if point.period else "không rõ kỳ"
            told = " và ".join(shown(value) for value in dict.fromkeys(_of(point)))
            values.append(f"{when}: {told}{' (các nguồn khác nhau)' if point.conflict else ''}")
        said.append(f"{_scope(one)}: {'; '.join(values)}.")
    unit = f" Đơn vị: {series[0].unit}." if series and series[0].unit else ""
    return " ".join(said) + unit


def _scope(one: Series) -> str:
    return one.scope.name if one.scope else "không ghi phạm vi"


def _timed(one: Series) -> list[Point]:
    return [point for point in one.points if point.period and _of(point)]


def _key(period: Period | None) -> object:
    return period.key() if period else None


def _values(one: Series) -> list[Decimal]:
    return [value for point in _timed(one) for value in _of(point)]


def _of(point: Point) -> list[Decimal]:
    return [figure.base_value for figure in point.figures if figure.base_value is not None]


def _scale(values: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """Round ends and a round step: from zero where that does not flatten the line."""
    low, high = min(values, default=Decimal(0)), max(values, default=Decimal(1))
    if low > high / 2 > 0:
        low -= (high - low) / 2
    elif low > 0:
        low = Decimal(0)
    high = max(high, Decimal(0)) if low < 0 else high
    rough = (high - low) / 5 or abs(high) / 5 or Decimal(1)
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * one for one in _STEPS if power * one >= rough)
    first = (low / step).to_integral_value("ROUND_FLOOR") * step
    last = (high / step).to_integral_value("ROUND_CEILING") * step
    return first, max(last, first + step), step


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
