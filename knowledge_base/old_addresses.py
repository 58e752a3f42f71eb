"""Addresses of before 1 July 2025: which ward and province they are in today.

The rows (old ward and district → new ward) are those that underthesea carries.
They are looked up exactly, ward within district within province, and only
those whose province agrees with the table of the 34 (`places.py`) count: what
does not match is unknown, never guessed.

>>> [unit.now for unit in old_addresses("Phường Bến Nghé, Quận 1")]
[('Phường Sài Gòn',)]
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from knowledge_base.place_table import Province, fold
from knowledge_base.places import current_province, mentioned

_WARD = r"phuong|xa|thi tran|p|x|tt"
_KINDS = {
    "q": "quan", "h": "huyen", "tx": "thi xa", "tp": "thanh pho",
    "p": "phuong", "x": "xa", "tt": "thi tran",
}  # fmt: skip
_SHORT = re.compile(r"(?<!\w)(q|h|tx|tp|p|x|tt)(?:\s*\.\s*|\s+(?=\d)|(?=\d))(?=\w)")
_UNIT = re.compile(
    rf"(?<!\w)(?P<kind>quan|huyen|thi xa|thanh pho|tx|tp|{_WARD})\s+(?P<rest>\w[^,;.?!\n]{{0,40}})"
)
_WARD_KINDS = frozenset(("phuong", "xa", "thi tran"))
_PROVINCE = ("tinh", "thanh pho")
_LONGEST_NAME = 6  # words


@dataclass(frozen=True, slots=True)
class OldAddress:
    """A former ward or district that a text names.

    ``now`` are the wards of today that it lies in: one where that is certain,
    several where it was divided or a whole district is meant, none where it is
    not known which. ``province`` is today's.
    """

    text: str  # as the rows write it: "Phường Bến Nghé, Quận 1"
    ward: str
    district: str
    now: tuple[str, ...]
    province: Province

    @property
    def certain(self) -> bool:
        return len(self.now) == 1


@dataclass(frozen=True, slots=True)
class FormerUnit:
    """A ward of before the reform, and where it is today; ``now`` is empty where not known."""

    ward: str
    district: str
    old_province: str
    now: str
    province: Province


def _file() -> dict[str, Any]:
    """The table, found without importing the library around it (half a second)."""
    package = find_spec("underthesea")
    if package is None or package.origin is None:
        return {"ward_mapping": []}
    file = Path(package.origin).parent / "address" / "data" / "mapping.json"
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded


@cache
def former_units() -> tuple[FormerUnit, ...]:
    """All rows that agree with the table of provinces (about a tenth of a second, once)."""
    found = []
    province = cache(current_province)
    for row in _file()["ward_mapping"]:
        before, after = province(row["old_province"]), province(row["new_province"])
        if before is not None and before == after:
            found.append(
                FormerUnit(
                    row["old_ward"],
                    row["old_district"],
                    row["old_province"],
                    row["new_ward"],
                    before,
                )
            )
    return tuple(found)


@cache
def _districts() -> dict[str, tuple[FormerUnit, ...]]:
    """Folded name ("quan 1") → rows. "thi xa phu my" is also "thanh pho phu my": kinds changed."""
    found: dict[str, list[FormerUnit]] = {}
    for row in former_units():
        key = _key(row.district)
        found.setdefault(key, []).append(row)
        for kind in ("thi xa", "thanh pho", "huyen"):
            if key.startswith(("thi xa ", "thanh pho ")):
                other = f"{kind} {_name(key)}"
                if other != key:
                    found.setdefault(other, []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


@cache
def _wards() -> dict[str, tuple[FormerUnit, ...]]:
    found: dict[str, list[FormerUnit]] = {}
    for row in former_units():
        found.setdefault(_key(row.ward), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


@cache
def _new_wards() -> frozenset[str]:
    return frozenset(row.now for row in former_units())


def _key(name: str) -> str:
    return re.sub(r"[\s\-–_]+", " ", fold(unicodedata.normalize("NFC", name))).strip()


def _name(key: str) -> str:
    return re.sub(r"^(?:quan|huyen|thi xa|thanh pho|phuong|xa|thi tran) ", "", key)


def old_addresses(text: str) -> tuple[OldAddress, ...]:
    """The former wards and districts a text names, in reading order, with where they are today.

    With or without diacritics; "Q1", "q.1", "TX Phú Mỹ". A ward with a number
    or a single letter ("Phường V") counts only with its district. A name that
    several places had counts only with its province.
    """
    units = _units(text)
    if not units:
        return ()
    said = mentioned(text)
    named = frozenset(_key(mention.former or mention.province.name) for mention in said)
    found: list[OldAddress] = []
    skipped = -1
    for at, (kind, rows) in enumerate(units):
        if at == skipped or not rows:
            continue
        if kind in _WARD_KINDS:
            district = units[at + 1][1] if at + 1 < len(units) else ()
            if district and units[at + 1][0] not in _WARD_KINDS:
                skipped = at + 1
                inside = {(row.district, row.old_province) for row in district}
                rows = tuple(r for r in rows if (r.district, r.old_province) in inside)
            elif rows[0].ward in _new_wards():
                continue  # there is one of this name today: nothing says that the old one is meant
            elif len(_name(_key(rows[0].ward))) == 1:
                continue  # a word of chat: "lên công an phường v?"
        rows = _of_one_place(rows, named, whole_district=kind not in _WARD_KINDS)
        if rows:
            found.append(_address(rows, ward=kind in _WARD_KINDS))
    return tuple(found)


def _units(text: str) -> list[tuple[str, tuple[FormerUnit, ...]]]:
    """Kind and rows of each unit named."""
    original = unicodedata.normalize("NFC", text)
    plain = _SHORT.sub(lambda m: _KINDS[m[1]] + " ", fold(original))
    marked = not original.isascii()
    found = []
    done = 0
    while match := _UNIT.search(plain, done):
        kind = _KINDS.get(match["kind"], match["kind"])
        known = _wards() if kind in _WARD_KINDS else _districts()
        done = match.end("kind")
        words = re.findall(r"[\w]+", match["rest"])[:_LONGEST_NAME]
        for size in range(len(words), 0, -1):
            name = " ".join(words[:size])
            name = str(int(name)) if name.isdigit() else name
            rows = known.get(f"{kind} {name}", ())
            if marked:
                rows = tuple(r for r in rows if _agrees(original, r, ward=kind in _WARD_KINDS))
            if rows:
                found.append((kind, rows))
                done = match.start("rest") + len(" ".join(words[:size]))
                break
    return found


def _agrees(text: str, row: FormerUnit, *, ward: bool) -> bool:
    """Whether the name stands in a text with its own diacritics, or with none."""
    name = (row.ward if ward else row.district).split(" ", 1)[1]
    name = name.removeprefix("xã ").removeprefix("phố ").removeprefix("trấn ").lower()
    low = re.sub(r"[\s\-–_.]+", " ", text.lower())
    if name.isdigit():  # then the kind must agree: "quần 1 ống" is no district
        kind = (row.ward if ward else row.district).split(" ", 1)[0].lower()
        kinds = f"{kind}|{fold(kind)}|{fold(kind)[0]}"
        return re.search(rf"(?<!\w)(?:{kinds}) ?0*{name}(?!\d)", low) is not None
    return name in low or fold(name) in low


def _of_one_place(
    rows: tuple[FormerUnit, ...], named: frozenset[str], *, whole_district: bool
) -> tuple[FormerUnit, ...]:
    """The rows when all are of one former unit, once those of other provinces are left out."""
    for is_named in (_by_former_name, _by_name):
        if any(is_named(row, named) for row in rows):
            rows = tuple(row for row in rows if is_named(row, named))
            break
    units = {
        (row.district, row.old_province) if whole_district
        else (row.ward, row.district, row.old_province)
        for row in rows
    }  # fmt: skip
    return rows if len(units) == 1 else ()


def _by_former_name(row: FormerUnit, named: frozenset[str]) -> bool:
    return _key(row.old_province) in {f"{kind} {name}" for kind in _PROVINCE for name in named}


def _by_name(row: FormerUnit, named: frozenset[str]) -> bool:
    return _key(row.province.name) in named


def _address(rows: tuple[FormerUnit, ...], *, ward: bool) -> OldAddress:
    row = rows[0]
    now = tuple(dict.fromkeys(each.now for each in rows)) if all(r.now for r in rows) else ()
    name = f"{row.ward}, {row.district}" if ward else row.district
    return OldAddress(name, row.ward if ward else "", row.district, now, row.province)
