"""The table of the 34 provinces (``corpus/places/provinces.yml``), read once, on first use."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge_base.corpus_files import CORPUS, CorpusError, read_yaml

PLACES_FILE = CORPUS / "places" / "provinces.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ProvinceRow(_Strict):
    name: str
    kind: str = Field(pattern="^(tỉnh|thành phố)$")
    merged_from: tuple[str, ...]
    centre_in: str = ""
    other_names: tuple[str, ...] = ()
    former_names: dict[str, tuple[str, ...]] = {}
    capitals_only: tuple[str, ...] = ()
    city_since: date | None = None
    city_source: str = ""
    city_url: str = ""
    note: str = ""


class _Reform(_Strict):
    effective_from: date
    number: str
    title: str
    url: str


class _NoDistrict(_Strict):
    since: date
    number: str
    note: str


class PlacesFile(_Strict):
    checked_on: date
    reform: _Reform
    no_district_level: _NoDistrict
    ordinary_without_diacritics: tuple[str, ...]
    ordinary_with_diacritics: tuple[str, ...]
    provinces: tuple[ProvinceRow, ...]
    place_words: tuple[str, ...]
    not_after: tuple[str, ...]
    not_before: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Province:
    """A provincial unit as it is today.

    ``merged_from`` holds the former units among the 63, itself included, and
    is empty when the 2025 reform left the unit as it was. ``city_since`` is
    set when a tỉnh became a thành phố after the reform.
    """

    name: str
    kind: str  # "tỉnh" | "thành phố"
    ascii: str  # "Da Nang"
    merged_from: tuple[str, ...]
    other_names: tuple[str, ...]
    centre_in: str
    source: str
    source_url: str
    city_since: date | None = None
    city_source: str = ""
    city_url: str = ""
    note: str = ""

    @property
    def full_name(self) -> str:
        """``Tỉnh Lào Cai``, ``Thành phố Huế``."""
        return f"{self.kind.capitalize()} {self.name}"

    @property
    def former_names(self) -> tuple[str, ...]:
        """The other units of the 63 that are part of this one now."""
        return tuple(name for name in self.merged_from if name != self.name)

    def kind_on(self, day: date) -> str:
        """The kind on ``day`` (on or after the reform)."""
        return "tỉnh" if self.city_since is not None and day < self.city_since else self.kind


@cache
def places_table() -> PlacesFile:
    """The whole table, or a `CorpusError` that names the file."""
    try:
        return PlacesFile.model_validate(read_yaml(PLACES_FILE))
    except ValidationError as error:
        raise CorpusError(f"{PLACES_FILE.name}: {error}") from error


def fold(text: str) -> str:
    """Lower case without diacritics; one letter in, one letter out (input must be NFC)."""
    return "".join(_fold_letter(letter) for letter in text)


@cache
def _fold_letter(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


@cache
def provinces() -> tuple[Province, ...]:
    """All 34, in the order of the table."""
    table = places_table()
    return tuple(
        Province(
            name=row.name,
            kind=row.kind,
            ascii=_ascii(row.name),
            merged_from=row.merged_from,
            other_names=(
                *row.other_names,
                *(alias for aliases in row.former_names.values() for alias in aliases),
                *row.capitals_only,
            ),
            centre_in=row.centre_in,
            source=table.reform.title,
            source_url=table.reform.url,
            city_since=row.city_since,
            city_source=row.city_source,
            city_url=row.city_url,
            note=row.note,
        )
        for row in table.provinces
    )


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
