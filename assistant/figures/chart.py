"""Series as an SVG picture: one line a scope, with the same words for who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from assistant.figures.series import Point, Series
from assistant.figures.written import shown

_WIDE, _HIGH = 820, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 30, 70, 90
_COLOURS = ("#0b5394", "#b45f06", "#38761d", "#741b47", "#5f6368", "#990000")
_MOST = 6  # lines that can still be told apart
_LETTERS = "font-family=\"Arial, 'DejaVu Sans', sans-serif\""


def chart(series: Sequence[Series]) -> str:
    """An SVG 1.1 file. Only series of one unit; times that have none are left out and said.

    A point where sources differ shows every value, joined to nothing.
    """
    unit = series[0].unit if series else ""
    drawn = [one for one in series if one.unit == unit and _values(one)][:_MOST]
    periods = sorted(
        {
            (p.period.end, p.period.start, p.period.label)
            for one in drawn
            for p in one.points
            if p.period
        }
    )
    labels = [label for _, _, label in periods]
    values = [value for one in drawn for point in one.points for value in _of(point)]
    low, high = _range(values)
    title = (
        f"{series[0].indicator} ({unit})"
        if series and unit
        else series[0].indicator
        if series
        else ""
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" height="{_HIGH}" '
        f'viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-labelledby="t d" lang="vi">',
        f'<title id="t">{_safe(title)}</title>',
        f'<desc id="d">{_safe(described(drawn))}</desc>',
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="#ffffff"/>',
        _words(_LEFT, 28, _short(title, 80), size=16, bold=True),
    ]
    steps = 5
    for step in range(steps + 1):
        value = low + (high - low) * step / steps
        y = _y(value, low, high)
        parts.append(
            f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDE - _RIGHT}" y2="{y}" stroke="#dadce0"/>'
        )
        parts.append(_words(_LEFT - 8, y + 4, shown(_neat(value)), anchor="end"))
    for place, label in enumerate(labels):
        if len(labels) <= 12 or place % (len(labels) // 12 + 1) == 0:
            parts.append(
                _words(_x(place, len(labels)), _HIGH - _BOTTOM + 22, label, anchor="middle")
            )
    for number, one in enumerate(drawn):
        parts += _line(one, labels, low, high, _COLOURS[number])
        name = one.scope.name if one.scope else "không ghi phạm vi"
        x, y = _LEFT + (number % 3) * 235, _HIGH - 40 + (number // 3) * 20
        parts.append(
            f'<rect x="{x}" y="{y - 10}" width="12" height="12" fill="{_COLOURS[number]}"/>'
        )
        parts.append(_words(x + 18, y, _short(name, 30)))
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


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
        name = one.scope.name if one.scope else "không ghi phạm vi"
        said.append(f"{name}: {'; '.join(values)}.")
    unit = f" Đơn vị: {series[0].unit}." if series and series[0].unit else ""
    return " ".join(said) + unit


def _line(
    one: Series, labels: Sequence[str], low: Decimal, high: Decimal, colour: str
) -> list[str]:
    parts: list[str] = []
    run: list[str] = []
    for point in one.points:
        if point.period is None or not _of(point):
            continue
        x = _x(labels.index(point.period.label), len(labels))
        for value in dict.fromkeys(_of(point)):
            y = _y(value, low, high)
            fill = "#ffffff" if point.conflict else colour
            look = f'fill="{fill}" stroke="{colour}" stroke-width="2"'
            parts.append(f'<circle cx="{x}" cy="{y}" r="4" {look}/>')
            mark = " ≠" if point.conflict else ""
            parts.append(_words(x, y - 9, shown(value) + mark, anchor="middle", colour=colour))
        if point.conflict:
            parts += _joined(run, colour)
            run = []
        else:
            run.append(f"{x},{_y(_of(point)[0], low, high)}")
    return _joined(run, colour) + parts


def _joined(places: Sequence[str], colour: str) -> list[str]:
    if len(places) < 2:
        return []
    path = " ".join(places)
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']


def _values(one: Series) -> list[Decimal]:
    return [value for point in one.points if point.period for value in _of(point)]


def _of(point: Point) -> list[Decimal]:
    return [figure.base_value for figure in point.figures if figure.base_value is not None]


def _range(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """From zero where that does not flatten the line, with some room at both ends."""
    if not values:
        return Decimal(0), Decimal(1)
    low, high = min(values), max(values)
    low = min(low, Decimal(0)) if low <= high / 2 or low <= 0 else low - (high - low) / 2
    high = max(high, Decimal(0))
    room = (high - low) / 10 or abs(high) / 10 or Decimal(1)
    return (low if low == 0 else low - room), high + room


def _neat(value: Decimal) -> Decimal:
    digits = 4 - value.adjusted() - 1 if value else 0
    return round(value, max(0, min(digits, 6)))


def _x(place: int, count: int) -> int:
    room = _WIDE - _LEFT - _RIGHT - 60
    return _LEFT + 30 + (room * place // max(1, count - 1) if count > 1 else room // 2)


def _y(value: Decimal, low: Decimal, high: Decimal) -> int:
    room = _HIGH - _TOP - _BOTTOM
    return _HIGH - _BOTTOM - int((value - low) / (high - low) * room)


def _words(
    x: int, y: int, text: str, *, size: int = 12, anchor: str = "start", bold: bool = False,
    colour: str = "#202124",
) -> str:  # fmt: skip
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}"{weight} text-anchor="{anchor}" '
        f'fill="{colour}" {_LETTERS}>{_safe(text)}</text>'
    )


def _safe(text: str) -> str:
    """Text that may stand in XML: no control characters."""
    return escape("".join(letter for letter in text if letter >= " " or letter == "\n"))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
