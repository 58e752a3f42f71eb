"""Numbers that Word writes by itself: "Điều 1.", "2.", "a)". They are in no text of the file.

`Numbers` counts them for any format; how .docx says them is read here, .doc in `doc_lists`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%(\d)")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered: ``text`` is like ``Điều %1.``"""

    kind: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbers:
    """The lists of one document. `label` is asked once for each paragraph, in order."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # by list
    of_style: dict[str, tuple[str, int]] = field(default_factory=dict)  # list and level
    counting: dict[str, str] = field(default_factory=dict)  # lists that count together
    _counts: dict[str, list[int]] = field(default_factory=dict)

    def label(self, paragraph: Any, style: str) -> str:
        """What Word shows before a paragraph, with a space behind; "" without a number."""
        own = _properties(paragraph.find(f"{_W}pPr"))
        from_style = self.of_style.get(style, ("", 0))
        return self.next(own[0] or from_style[0], own[1] if own[1] is not None else from_style[1])

    def next(self, number: str, level: int) -> str:
        """The next number of a level of a list, counted on, with a space behind."""
        shown = self.levels.get(number, {}).get(level)
        if shown is None or number == "0":
            return ""
        counts = self._counts.setdefault(self.counting.get(number, number), [0] * _LEVELS)
        first = counts[level] == 0
        counts[level] = shown.start if first else counts[level] + 1
        counts[level + 1 :] = [0] * (_LEVELS - level - 1)
        if shown.kind == "bullet":
            return "- "
        if shown.kind == "none" and not shown.text:
            return ""

        def count(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            kind = self.levels[number].get(at, Level()).kind
            return _written(max(1, counts[at]), kind) if 0 <= at < _LEVELS else ""

        text = _PLACE.sub(count, shown.text).strip()
        return f"{text} " if text else ""


def numbers_of(document: Any) -> Numbers:
    """The numbering of a python-docx document; empty where it has none."""
    parts = [
        relation.target_part
        for relation in document.part.rels.values()
        if not relation.is_external and relation.reltype.endswith("/numbering")
    ]
    root = getattr(parts[0], "element", None) if parts else None
    if root is None:
        return Numbers()
    shapes = {
        str(shape.get(f"{_W}abstractNumId")): _levels(shape)
        for shape in root.iter(f"{_W}abstractNum")
    }
    found = Numbers()
    for number in root.iter(f"{_W}num"):
        key = str(number.get(f"{_W}numId"))
        shape = number.find(f"{_W}abstractNumId")
        name = "" if shape is None else str(shape.get(f"{_W}val"))
        found.levels[key] = {**shapes.get(name, {})}
        overrides = number.findall(f"{_W}lvlOverride")
        for override in overrides:
            found.levels[key].update(_levels(override))
            again = override.find(f"{_W}startOverride")
            level = _number(override.get(f"{_W}ilvl"))
            if again is not None and level in found.levels[key]:
                old = found.levels[key][level]
                start = _number(again.get(f"{_W}val"), 1)
                found.levels[key][level] = Level(old.kind, old.text, start)
        found.counting[key] = key if overrides else f"shape {name}"
    for style in document.styles.element.iter(f"{_W}style"):
        list_id, depth = _properties(style.find(f"{_W}pPr"))
        if list_id:
            found.of_style[str(style.get(f"{_W}styleId"))] = (list_id, depth or 0)
    return found


def _levels(shape: Any) -> dict[int, Level]:
    found = {}
    for level in shape.findall(f"{_W}lvl"):
        values = {name: level.find(f"{_W}{name}") for name in ("numFmt", "lvlText", "start")}
        kind, text, start = (
            "" if node is None else str(node.get(f"{_W}val", "")) for node in values.values()
        )
        found[_number(level.get(f"{_W}ilvl"))] = Level(kind or "decimal", text, _number(start, 1))
    return found


def _properties(look: Any) -> tuple[str, int | None]:
    """The list and the level that properties of a paragraph name."""
    held = None if look is None else look.find(f"{_W}numPr")
    if held is None:
        return "", None
    number, level = held.find(f"{_W}numId"), held.find(f"{_W}ilvl")
    return (
        "" if number is None else str(number.get(f"{_W}val", "")),
        None if level is None else min(_LEVELS - 1, _number(level.get(f"{_W}val"))),
    )


def _number(text: object, otherwise: int = 0) -> int:
    return int(text) if isinstance(text, str) and text.isdigit() else otherwise


def _written(count: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman"):
        roman, left = "", min(count, 3999)
        for value, letters in _ROMAN:
            roman += letters * (left // value)
            left %= value
        return roman if kind == "lowerRoman" else roman.upper()
    return f"{count:02d}" if kind == "decimalZero" else str(count)
