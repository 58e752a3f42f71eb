"""A picture as SVG 1.1: light or dark as the reader's device is."""

from __future__ import annotations

from xml.sax.saxutils import escape

from assistant.figures.drawing import DARK, LIGHT, Box, Dot, Line, Picture, Role, Shape, Words

_LETTERS = "font-family=\"'DejaVu Sans', Arial, sans-serif\""


def as_svg(picture: Picture, *, styled: bool = True) -> str:
    """``styled`` False: for a page, which has the colours of the classes in its own sheet."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{picture.wide}" height="{picture.high}" '
        f'viewBox="0 0 {picture.wide} {picture.high}" role="img" aria-labelledby="t d" lang="vi">',
        f'<title id="t">{_safe(picture.title)}</title>',
        f'<desc id="d">{_safe(picture.told)}</desc>',
    ]
    if styled:
        dark = "".join(_rule(role, colour) for role, colour in DARK.items())
        parts.append(f"<style>@media (prefers-color-scheme: dark) {{{dark}}}</style>")
    parts += [_shape(one) for one in picture.shapes]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _rule(role: Role, colour: str) -> str:
    return f".f-{role}{{fill:{colour}}}.l-{role}{{stroke:{colour}}}"


def _shape(one: Shape) -> str:
    colour = LIGHT[one.role]
    if isinstance(one, Line):
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in one.points)
        return (
            f'<polyline points="{points}" class="l-{one.role}" fill="none" stroke="{colour}" '
            f'stroke-width="{_n(one.wide)}"/>'
        )
    if isinstance(one, Box):
        return (
            f'<rect x="{_n(one.x)}" y="{_n(one.y)}" width="{_n(one.wide)}" height="{_n(one.high)}" '
            f'class="f-{one.role}" fill="{colour}"/>'
        )
    if isinstance(one, Dot):
        fill: Role = "paper" if one.hollow else one.role
        return (
            f'<circle cx="{_n(one.x)}" cy="{_n(one.y)}" r="{_n(one.radius)}" '
            f'class="f-{fill} l-{one.role}" fill="{LIGHT[fill]}" stroke="{colour}" '
            'stroke-width="2"/>'
        )
    return _words(one, colour)


def _words(one: Words, colour: str) -> str:
    weight = ' font-weight="bold"' if one.bold else ""
    return (
        f'<text x="{_n(one.x)}" y="{_n(one.y)}" font-size="{_n(one.size)}"{weight} '
        f'text-anchor="{one.anchor}" class="f-{one.role}" fill="{colour}" {_LETTERS}>'
        f"{_safe(one.text)}</text>"
    )


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _safe(text: str) -> str:
    """Text that may stand in XML: no control characters."""
    return escape("".join(letter for letter in text if letter >= " " or letter == "\n"))
