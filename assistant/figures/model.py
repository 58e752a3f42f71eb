"""A figure: what it measures, its value, and where exactly it was read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assistant.figures.periods import Period
from assistant.figures.scopes import Scope
from assistant.figures.written import Unit

#: What ``about`` says where the source gives a range; its ends are the ``readings``.
RANGE = "từ – đến"


class Kind(StrEnum):
    """What a value is: a level that was reached, a change to an earlier one, a share, a goal."""

    LEVEL = "level"
    CHANGE = "change"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read; ``text_sha256`` is of the text that offsets count in."""

    file: str
    sha256: str
    text_sha256: str
    title: str = ""
    by_ocr: bool = False


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell: ``table`` and ``page`` count from 1 (page 0: no pages), ``ref`` as Excel names it."""

    sheet: str
    table: int
    page: int
    ref: str
    row_headers: tuple[str, ...]
    column_headers: tuple[str, ...]
    caption: str
    quote: str


@dataclass(frozen=True, slots=True)
class SentencePlace:
    """A sentence: offsets in the text of the reading, and those of the number itself."""

    start: int
    end: int
    number_start: int
    number_end: int
    section: tuple[str, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One value. ``value`` None: it may be any of ``readings``, and nobody but a person can say.

    ``compared`` is what a change is counted from, in words. ``about`` is what
    the source says beside the number ("khoảng", "trên", "trở lên", `RANGE`).
    """

    indicator: str
    value: Decimal | None
    unit: Unit | None
    scope: Scope | None
    period: Period | None
    kind: Kind
    source: Source
    place: CellPlace | SentencePlace
    readings: tuple[Decimal, ...] = ()
    compared: str = ""
    about: str = ""
    notes: tuple[str, ...] = ()

    @property
    def base_value(self) -> Decimal | None:
        """In the unit without "nghìn", "triệu", "tỷ"."""
        if self.value is None:
            return None
        return self.value * (self.unit.factor if self.unit else 1)

    @property
    def base_unit(self) -> str:
        return self.unit.base if self.unit else ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave: its figures, and what a person should know about it."""

    source: Source
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
