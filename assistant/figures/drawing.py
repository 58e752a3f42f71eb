"""What a picture consists of, before it is an SVG or a PNG: points count from the top left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: What a shape is for; the colour follows from it, on light ground and on dark.
Role = Literal["paper", "ink", "soft", "grid", "s0", "s1", "s2", "s3", "s4", "s5"]
SERIES: tuple[Role, ...] = ("s0", "s1", "s2", "s3", "s4", "s5")
LIGHT: dict[Role, str] = {
    "paper": "#ffffff", "ink": "#1d1b19", "soft": "#5d5750", "grid": "#ddd6cc", "s0": "#0b5394",
    "s1": "#b45f06", "s2": "#38761d", "s3": "#741b47", "s4": "#5f6368", "s5": "#990000",
}  # fmt: skip
DARK: dict[Role, str] = {
    "paper": "#211f1d", "ink": "#f1ede6", "soft": "#b5ada2", "grid": "#3b3733", "s0": "#9ecbf5",
    "s1": "#f5b971", "s2": "#9fd18a", "s3": "#e3a3c4", "s4": "#c7cbd1", "s5": "#f09a8f",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """Through all points, ``wide`` pixels."""

    points: tuple[tuple[float, float], ...]
    role: Role
    wide: float = 1


@dataclass(frozen=True, slots=True)
class Box:
    """Filled."""

    x: float
    y: float
    wide: float
    high: float
    role: Role


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle; ``hollow`` where sources differ."""

    x: float
    y: float
    radius: float
    role: Role
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; ``y`` is where the letters stand."""

    x: float
    y: float
    text: str
    role: Role = "ink"
    size: float = 12
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False


Shape = Line | Box | Dot | Words


@dataclass(frozen=True, slots=True)
class Picture:
    """``title`` and ``told`` are the same in words, for who cannot see it."""

    wide: int
    high: int
    shapes: tuple[Shape, ...]
    title: str
    told: str
