"""Charts as inline SVG. Positions are per cent, so they fit any width and text is never scaled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evals.report.markup import Html, el, joined

Shape = Literal["dot", "ring", "diamond", "square"]

_LEFT, _RIGHT = 3.0, 97.0  # room for a mark that sits on an end of the scale
_SHAPES = {
    "dot": el("circle", r=6, cls="mark"),
    "ring": el("circle", r=5, cls="mark hollow"),
    "diamond": el("path", d="M0-7 7 0 0 7-7 0Z", cls="mark"),
    "square": el("path", d="M-5-5H5V5H-5Z", cls="mark"),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """A line from ``low`` to ``high`` in the unit of what is drawn on it."""

    low: float
    high: float

    def at(self, value: float) -> str:
        """Where a value stands, in per cent of the width; what lies outside is put at the end."""
        span = (self.high - self.low) or 1.0
        part = min(max((value - self.low) / span, 0.0), 1.0)
        return f"{_LEFT + part * (_RIGHT - _LEFT):.2f}%"

    def thirds(self) -> list[float]:
        return [self.low, (self.low + self.high) / 2, self.high]


def scale_of(values: Sequence[float | None]) -> Scale:
    """For shares: up to 1, from the quarter below the least. Else from 0 to above the most."""
    known = [value for value in values if value is not None]
    if not known:
        return Scale(0.0, 1.0)
    if min(known) >= 0 and max(known) <= 1:
        return Scale(min(math.floor(min(known) * 4) / 4, 0.75), 1.0)
    return Scale(min(0.0, *known), max(known) * 1.05)


def interval_bar(
    scale: Scale,
    mean: float,
    low: float,
    high: float,
    *,
    title: str,
    told: str,
    goal: float | None = None,
    shape: Shape = "dot",
    cls: str = "",
    zero: bool = False,
) -> Html:
    """A mark on its interval, and the goal as an upright stroke. About 30 px high."""
    grid = [
        el("line", x1=scale.at(v), x2=scale.at(v), y1=4, y2=26, cls="grid") for v in scale.thirds()
    ]
    parts = [
        el("line", x1=scale.at(0), x2=scale.at(0), y1=1, y2=29, cls="zero") if zero else None,
        el("line", x1=scale.at(low), x2=scale.at(high), y1=15, y2=15, cls="span"),
        None
        if goal is None
        else el("line", x1=scale.at(goal), x2=scale.at(goal), y1=2, y2=28, cls="goal"),
        el("svg", _SHAPES[shape], x=scale.at(mean), y=15, overflow="visible"),
    ]
    return _svg([*grid, *parts], 30, title, told, f"bar {cls}".strip())


def histogram(
    counts: Sequence[int],
    labels: Sequence[str],
    marks: Sequence[tuple[float, str]],
    *,
    title: str,
    told: str,
) -> Html:
    """Bars side by side. ``labels`` name their edges, one more than bars; ``marks`` are
    ``(where, name)`` with ``where`` counted in bars from the left.
    """
    scale, most = Scale(0, len(counts)), max([*counts, 1])
    base, room = 168, 108
    width = (_RIGHT - _LEFT) / max(len(counts), 1)
    bars: list[Html] = []
    words: list[Html] = []
    for at, count in enumerate(counts):
        if not count:
            continue
        tall = max(round(count / most * room, 1), 2)
        bar = {"x": scale.at(at), "y": base - tall, "width": f"{width * 0.94:.2f}%"}
        bars.append(el("rect", **bar, height=tall, rx=2, cls="column"))
        words.append(el("text", count, x=scale.at(at + 0.47), y=base - tall - 5, cls="count"))
    bars.append(el("line", x1="0%", x2="100%", y1=base, y2=base, cls="base"))
    for at, label in enumerate(labels):
        words.append(el("text", label, x=scale.at(at), y=base + 18, cls="tick"))
    for at, (where, name) in enumerate(marks):
        x, y, end = scale.at(where), 14 + 14 * at, where > len(counts) * 0.8
        bars.append(el("line", x1=x, x2=x, y1=y - 10, y2=base, cls="goal"))
        side = {"dx": -5, "cls": "name end"} if end else {"dx": 5, "cls": "name"}
        words.append(el("text", name, x=x, y=y, **side))
    parts = [*bars, *words]
    return _svg(parts, base + 26, title, told, "histogram")


def _svg(parts: Sequence[Html | None], tall: int, title: str, told: str, cls: str) -> Html:
    return el(
        "svg",
        el("title", title),
        el("desc", told),
        joined(parts),
        role="img",
        aria_label=f"{title}. {told}",
        width="100%",
        height=tall,
        cls=cls,
    )
