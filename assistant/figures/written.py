"""Numbers as Vietnamese documents write them; one with two meanings keeps both.

A dot parts thousands and a comma decimals, but files made by English programs
turn them round. "1.234" alone may be either; what else the document holds, or
what is counted, may settle it. Nothing else does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from assistant.figures.tables import words

Style = Literal["", "vi", "en"]  # "": the document does not say

NUMBER = r"\d+(?:[.,]\d+)*"
_GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+")
_ONE = re.compile(r"(\d+)([.,])(\d+)")
_PER = re.compile(r"\s*(?:[^\W\d_]+[²³23]?\s?){1,3}(?:/\s*[^\W\d_]+\s*)?")
_BOTH = re.compile(r"\d{1,3}(?:([.,])\d{3})+(?!\1)[.,]\d+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with the factor its words say ("triệu đồng": đồng × 1 000 000)."""

    shown: str
    base: str
    factor: int = 1
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A number's possible values; one where it is clear, none where it is no number."""

    values: tuple[Decimal, ...]

    @property
    def clear(self) -> Decimal | None:
        return self.values[0] if len(self.values) == 1 else None


def number_of(text: str, style: Style = "", *, counted: bool = False) -> Written:
    """What digits with dots and commas may mean.

    >>> number_of("1.234,5").clear, number_of("12,5").clear, len(number_of("1.234").values)
    (Decimal('1234.5'), Decimal('12.5'), 2)
    """
    sign = "-" if text[:1] in "-–−" and text[:1] else ""
    body = text.lstrip("-–−+").strip()
    found = [Decimal(sign + one) for one in _plain(body, style, counted)]
    return Written(tuple(dict.fromkeys(found)))


def _plain(body: str, style: Style, counted: bool) -> list[str]:
    if body.isdecimal():
        return [body]
    if re.fullmatch(r"\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?", body):
        return _plain(body.replace(" ", ""), style, counted)
    if _BOTH.fullmatch(body):
        inner = "." if body.find(".") < body.find(",") else ","
        return [body.replace(inner, "").replace(",", ".")]
    if _GROUPS.fullmatch(body):
        return [re.sub(r"[.,]", "", body)]
    one = _ONE.fullmatch(body)
    if not one:
        return []
    whole, mark, rest = one.groups()
    decimal, thousands = f"{whole}.{rest}", whole + rest
    if len(rest) != 3 or len(whole) > 3 or whole.startswith("0"):
        return [decimal]
    groups = "." if style == "vi" else "," if style == "en" else ""
    if groups:
        meant = thousands if mark == groups else decimal
        # Half a person is a sign that the file is not as even as it seemed.
        return [meant] if meant == thousands or not counted else [decimal, thousands]
    if counted:
        return [thousands]
    return [thousands, decimal] if mark == "." else [decimal, thousands]


def style_of(texts: Iterable[str]) -> Style:
    """How a document writes decimals, by the numbers in it that can only be read one way."""
    seen = {"vi": 0, "en": 0}
    for text in texts:
        marks = re.findall(r"[.,]", text)
        if not marks:
            continue
        if _BOTH.fullmatch(text) or _GROUPS.fullmatch(text):
            seen["vi" if marks[0] == "." else "en"] += 1
        elif (one := _ONE.fullmatch(text)) and (len(one[3]) != 3 or one[1].startswith("0")):
            seen["vi" if marks[0] == "," else "en"] += 1
    if seen["vi"] > 9 * seen["en"]:
        return "vi"
    return "en" if seen["en"] > 9 * seen["vi"] else ""


@cache
def _spellings(prose: bool = False) -> dict[str, tuple[str, bool]]:
    found = {one.lower(): (names[0], False) for names in words().measured for one in names}
    short = {one.lower(): (long, True) for one, long in words().counted_short.items()}
    only = words().counted_in_text if prose else ()
    return {**short, **{one: (one, True) for one in (*words().counted, *only)}, **found}


def _any(texts: Iterable[str]) -> str:
    return "|".join(re.escape(one) for one in sorted(texts, key=len, reverse=True))


@cache
def unit_pattern(prose: bool = False) -> re.Pattern[str]:
    """A magnitude and a unit, either of them, at the place where matching starts.

    ``prose``: with nouns that are counted in sentences, but name a column in a table.
    """
    return re.compile(
        rf"(?:(?P<times>{_any(words().magnitudes)})(?!\w))?\s*"
        rf"(?:(?P<unit>{_any(_spellings(prose))})(?![\w²³]))?",
        re.IGNORECASE,
    )


def unit_of(text: str) -> Unit | None:
    """The unit that a short text names and nothing else does.

    >>> unit_of("triệu đồng"), unit_of("năm")
    (Unit(shown='triệu đồng', base='đồng', factor=1000000, counted=False), None)
    """
    bare = " ".join(text.split()).strip(" ().:;,")
    bare = re.sub(r"^1(?:[.,]000){1,3}\s+", lambda m: _power(m[0]), bare)
    head, per, tail = bare.partition("/")
    match = unit_pattern().fullmatch(head.strip())
    unit = made_unit(match) if match and head.strip() else None
    if unit and per:  # "triệu đồng/người/năm"
        if not _PER.fullmatch(tail) or (unit.counted and unit_of(tail)):
            return None
        tail = "/".join(part.strip() for part in tail.split("/"))
        return Unit(f"{unit.shown}/{tail}", f"{unit.base}/{tail}", unit.factor)
    return unit


def _power(text: str) -> str:
    return {1: "nghìn ", 2: "triệu ", 3: "tỷ "}[len(re.findall("000", text))]


def made_unit(match: re.Match[str]) -> Unit | None:
    """The unit of a match of `unit_pattern`; None where it is empty."""
    times, unit = match["times"], match["unit"]
    if not times and not unit:
        return None
    base, counted = _spellings(prose=True)[unit.lower()] if unit else ("", False)
    factor = words().magnitudes[times.lower()] if times else 1
    shown = " ".join(filter(None, [times.lower().replace("tỉ", "tỷ") if times else "", base]))
    return Unit(shown, base, factor, counted and factor == 1)


def shown(value: Decimal) -> str:
    """A number as Vietnamese people write it.

    >>> shown(Decimal("-1234567.50"))
    '-1.234.567,5'
    """
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate({ord(","): ".", ord("."): ","})


def plainly(value: str) -> str:
    """A number of JSON ("1234.5") as people write it ("1.234,5")."""
    return shown(Decimal(value))


def ambiguous(values: Iterable[Decimal]) -> str:
    """What is said of a number with two meanings."""
    said = " hoặc ".join(shown(value) for value in values)
    return f"dấu chấm/phẩy có thể hiểu là {said}: cần xem lại bản gốc"
