"""The 34 provinces, their old names, and what people type instead.

The table is ``corpus/places/provinces.yml``. This file answers three questions:
which province is this name today, which provinces does a text speak of, and
does a text speak of a district authority (the district level ended on 1 July
2025).

Matching works on *folded* text: NFC, lower case, diacritics gone, one folded
letter for one typed letter, so that offsets are those of the NFC text.

>>> current_province("tp hcm").full_name
'Thành phố Hồ Chí Minh'
>>> [m.province.name for m in mentioned("toi que o Ha Giang, lam viec o bình dương")]
['Tuyên Quang', 'Hồ Chí Minh']
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from knowledge_base.place_table import Province, fold, places_table, provinces
from knowledge_base.place_texts import PlaceText, places_text

__all__ = [
    "PlaceMention",
    "PlaceText",
    "Province",
    "current_province",
    "mentioned",
    "names_district",
    "no_district_note",
    "places_text",
    "provinces",
]

#: What may stand between the words of a name: "Bà Rịa - Vũng Tàu", "TP.HCM".
_GAP = r"[\s.\-–_]+"


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A province found in a text; offsets count code points of the NFC text."""

    province: Province
    text: str  # as typed
    start: int
    end: int
    former: str = ""  # the former unit named, when it is not today's name


@dataclass(frozen=True, slots=True)
class _Name:
    """A way to write a province, and how careful to be with it."""

    province: Province
    written: str
    former: str
    bare_is_ordinary: bool
    marked_is_ordinary: bool
    not_before: tuple[str, ...]


@cache
def _names() -> dict[str, tuple[_Name, ...]]:
    """Folded, single-spaced name → who it can be."""
    table = places_table()
    found: dict[str, list[_Name]] = {}
    for row, province in zip(table.provinces, provinces(), strict=True):
        written = [(row.name, ""), *((alias, "") for alias in row.other_names)]
        written += [(name, name) for name in row.merged_from if name != row.name]
        written += [(a, former) for former, aliases in row.former_names.items() for a in aliases]
        for text, former in written:
            name = _Name(
                province=province,
                written=text,
                former=former,
                bare_is_ordinary=text in table.ordinary_without_diacritics,
                marked_is_ordinary=text in table.ordinary_with_diacritics,
                not_before=table.not_before.get(text, ()),
            )
            found.setdefault(_key(text), []).append(name)
    return {key: tuple(names) for key, names in found.items()}


@cache
def _capitals() -> dict[str, Province]:
    """Abbreviations that are too short to count anywhere ("HN")."""
    rows = zip(places_table().provinces, provinces(), strict=True)
    return {short: province for row, province in rows for short in row.capitals_only}


def _key(text: str) -> str:
    """Folded, with one space for whatever separates the words."""
    return re.sub(_GAP, " ", fold(unicodedata.normalize("NFC", text))).strip()


_PREFIX = re.compile(r"^(?:(?:tinh|thanh pho truc thuoc trung uong|thanh pho|tp|t p) )+")
_SUFFIX = re.compile(r" cu$")


def current_province(name: str) -> Province | None:
    """Today's province for an old or new name, or ``None``.

    Any case, with or without diacritics, with or without "tỉnh", "TP." or "cũ".

    >>> current_province("tinh ha giang cu").name
    'Tuyên Quang'
    """
    key = _SUFFIX.sub("", _key(name))
    for candidate in (key, _PREFIX.sub("", key)):
        if candidate in _names():
            return _names()[candidate][0].province
    return _capitals().get(key.replace(" ", "").upper())


@cache
def _name_pattern() -> re.Pattern[str]:
    """Any folded name or abbreviation as whole words, the longest first."""
    keys = sorted({*_names(), *map(_key, _capitals())}, key=len, reverse=True)
    choices = "|".join(_GAP.join(map(re.escape, key.split(" "))) for key in keys)
    return re.compile(rf"(?<![^\W_])(?:{choices})(?![^\W_])")


def mentioned(text: str) -> tuple[PlaceMention, ...]:
    """The provinces a free text names, old names included, in reading order.

    A name counts as whole words only, and never as part of the name of a ward,
    a street or a person. Names that are everyday words (see the table) count
    when they carry their diacritics, are in title case in a text without
    diacritics, or follow a word such as "tỉnh", "TP." or "ở".
    """
    original = unicodedata.normalize("NFC", text)
    folded = fold(original)
    found: list[PlaceMention] = []
    for match in _name_pattern().finditer(folded):
        start, end = match.span()
        typed = original[start:end]
        key = _key(typed)
        name = next((n for n in _names().get(key, ()) if _agrees(typed, n.written)), None)
        if name is not None and _is_place(name, original, folded, start, end):
            found.append(PlaceMention(name.province, typed, start, end, name.former))
        elif name is None and (short := _capitals().get(key.upper())) is not None:
            shouting = original.isupper() and " " in original.strip()
            if (typed.isupper() and not shouting) or _follows_place_word(original[:start]):
                found.append(PlaceMention(short, typed, start, end))
    return tuple(found)


def _agrees(typed: str, written: str) -> bool:
    """Each typed word is bare or has the marks of the name ("hà noi" is "Hà Nội").

    Both must already be the same when folded.
    """
    typed_words = re.split(_GAP, typed.lower())
    name_words = re.split(_GAP, written.lower())
    return len(typed_words) == len(name_words) and all(
        word == fold(word) or _marks(word) == _marks(wanted)
        for word, wanted in zip(typed_words, name_words, strict=True)
    )


def _marks(word: str) -> list[str]:
    """Letters and marks, wherever the tone mark sits: "hoà" and "hòa" are one word."""
    return sorted(unicodedata.normalize("NFD", word))


def _is_place(name: _Name, original: str, folded: str, start: int, end: int) -> bool:
    typed, before = original[start:end], original[:start]
    after = folded[end : end + 12].strip()
    if any(re.match(rf"{word}\b", after) for word in name.not_before):
        return False
    follows_place_word = _follows_place_word(before)
    bare_text = folded == original.lower()
    if not follows_place_word and _ends_with(before, places_table().not_after, bare=bare_text):
        return False
    if _marks(typed.lower()) == _marks(name.written.lower()) and fold(typed) != typed.lower():
        return not name.marked_is_ordinary or follows_place_word or _title_case(typed, before)
    if not name.bare_is_ordinary:
        return True
    if fold(typed) != typed.lower():  # half typed, as in "hai phòng"
        return _title_case(typed, before)
    return follows_place_word or (bare_text and _title_case(typed, before))


def _title_case(typed: str, before: str) -> bool:
    """ "Da Nang"; not "DA NANG" in a shouted text, nor the single first word of a sentence."""
    words = re.findall(r"\w+", typed)
    if len(words) == 1 and (not before.strip() or before.rstrip()[-1] in ".!?"):
        return False
    shouted = typed.isupper() and (before.isupper() or not before.strip())
    return all(word[0].isupper() for word in words) and not (shouted and before.strip())


def _follows_place_word(before: str) -> bool:
    return _ends_with(before, places_table().place_words)


def _ends_with(before: str, words: tuple[str, ...], *, bare: bool = True) -> bool:
    """Whether the last words typed are one of ``words``, with their marks or (``bare``) without.

    Where the rest of the text has its diacritics, "xa" is "xa", not "xã".
    """
    tail = re.sub(r"[\s.,:;\-]+", " ", before[-24:]).strip().split(" ")
    for word in words:
        typed = " ".join(tail[-(word.count(" ") + 1) :])
        if _marks(typed.lower()) == _marks(word):
            return True
        if bare and fold(typed) == fold(word) and _agrees(typed, word):
            return True
    return False


_AUTHORITY = (
    r"ubnd|uy ban nhan dan|uy ban|hdnd|hoi dong nhan dan|cong an|phong tu phap|tu phap|"
    r"toa an nhan dan|toa an|vien kiem sat nhan dan|vien kiem sat|chi cuc thue|"
    r"phong tai chinh(?: ke hoach)?|bo phan mot cua|mot cua|trung tam hanh chinh cong|"
    r"trung tam phuc vu hanh chinh cong|phong giao duc|phong noi vu|bao hiem xa hoi|bhxh|"
    r"phong lao dong(?: thuong binh(?: va)? xa hoi)?|phong tai nguyen(?: va)? moi truong|co quan"
)
_DISTRICT = re.compile(
    rf"(?<!\w)(?:(?:{_AUTHORITY})\s+(?:cap\s+)?|(?:len|ra)\s+)"
    r"(?P<unit>huyen|quan|thi xa|thanh pho thuoc tinh)(?!\w)(?:\s+(?P<next>\w+))?"
)
#: In one sentence with a district authority: the sentence says that it is no more.
_DENIED = re.compile(
    r"(?:khong con|khong co|da bo|thay cho|thay the|ket thuc)[^.!?\n]{0,40}?"
    r"\b(?:huyen|quan|thi xa|thanh pho thuoc tinh)\b"
)
#: What follows a bare "quan" that was "quản" or "quân", not "quận".
_NOT_A_DISTRICT = frozenset({"ly", "doi", "su", "nhan", "tri", "he", "diem", "trong", "an"})


def names_district(text: str) -> bool:
    """Whether a text speaks of a district authority ("UBND huyện", "công an quận 1").

    True for a question about one and for an answer that sends someone there;
    false where the text only says that there is none any more.

    >>> names_district("len cong an quan 1 lam cccd")
    True
    >>> names_district("Công an quản lý cư trú ở cấp xã")
    False
    """
    original = unicodedata.normalize("NFC", text)
    return any(_names_district(sentence) for sentence in re.split(r"[.!?\n]+", original))


def _names_district(sentence: str) -> bool:
    folded = fold(sentence)
    if _DENIED.search(folded):
        return False
    for match in _DISTRICT.finditer(folded):
        unit = sentence[slice(*match.span("unit"))].lower()
        if match["unit"] != "quan" or unit == "quận":
            return True
        if unit == "quan" and match["next"] not in _NOT_A_DISTRICT:
            return True
    return False


def no_district_note() -> str:
    """The sentence that says there is no district level any more."""
    return places_table().no_district_level.note
