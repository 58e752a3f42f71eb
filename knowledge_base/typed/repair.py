"""A query as it was meant: what a phone, a hurry or a wrong keyboard did to it is undone.

`repair` is the list of the steps in their order. Words are read one by one
first (`words.py`), then by their neighbours (`spelling.py`), then diacritics
are put back on what has none (`reader.py`). Codes, addresses, names in capitals
and English words stay as they are, and so does clean text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from knowledge_base.syllables import is_syllable
from knowledge_base.typed.keyboards import telex, vni
from knowledge_base.typed.parts import Word, rejoined, split, with_case_of
from knowledge_base.typed.reader import Reader
from knowledge_base.typed.spelling import respelled
from knowledge_base.typed.table import Doubles
from knowledge_base.typed.words import is_english, is_loanword, read_word, shorthand
from knowledge_base.vietnamese import canonical, clean, fold

# What a mark must gain, in nats, to be put on a word of a text that has its marks; in one that
# lacks some; and how few of its words may have marks for a text to be typed without.
_CLEAN_COST, _HALF_COST, _BARE_SHARE = 9.0, 2.0, 0.12
_FEW_WORDS = 6
_OFF = 2  # words that are surely keys, and the others may be too
# Of a text that surely lacks marks: this share of its words (and two) is hardly written so.
_LACKING, _RARELY = 0.15, 0.002


class Kind(StrEnum):
    """What was wrong."""

    ENCODING = "encoding"  # NFD, hidden or control characters
    SHORTHAND = "shorthand"  # teencode and other abbreviations of the table
    REPEATED = "repeated"  # "giấyyyy"
    TELEX = "telex"
    VNI = "vni"
    TONE = "tone"  # the mark on another vowel: "đựơc"
    GLUED = "glued"  # "hộchiếu"
    SPELLING = "spelling"  # "giấy khai xinh"
    HALF = "half"  # a word without marks in a text with some
    BARE = "bare"  # a text without marks


@dataclass(frozen=True, slots=True)
class Change:
    """One thing put right: what stood there and what stands there now."""

    kind: Kind
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """The text as meant; ``changes`` in the order they were made."""

    text: str
    changes: tuple[Change, ...] = ()

    def changed(self, kind: Kind) -> bool:
        """Whether something of a kind was put right."""
        return any(change.kind is kind for change in self.changes)


@cache
def _general() -> Reader:
    return Reader()


def repair(
    text: str, *, extra: Mapping[str, str] | None = None, reader: Reader | None = None
) -> Repaired:
    """``text`` as it was meant, and what was changed. Deterministic; clean text stays.

    ``extra`` are the operator's abbreviations, which win over the table;
    ``reader`` one that knows the texts of an index too.

    >>> repair("làm ho chieu mat bao lâu").text
    'làm hộ chiếu mất bao lâu'
    """
    reader = reader or _general()
    changes: list[Change] = []
    typed = clean(text)
    if typed != text:
        changes.append(Change(Kind.ENCODING, text, typed))
    words = split(typed)
    if not words or is_english([word.low for word in words if word.free]):
        return Repaired(typed, tuple(changes))
    _one_by_one(words, extra, reader, changes)
    _by_neighbours(words, reader, changes)
    _marks(words, reader, changes)
    return Repaired(rejoined(typed, words), tuple(changes))


def _one_by_one(
    words: list[Word], extra: Mapping[str, str] | None, reader: Reader, changes: list[Change]
) -> None:
    for at, size, meant in shorthand(words, extra):
        before = " ".join(word.typed for word in words[at : at + size])
        changes.append(Change(Kind.SHORTHAND, before, meant))
        words[at].becomes(meant)
        for word in words[at + 1 : at + size]:
            word.becomes("")
        for word in words[at : at + size]:
            word.free = False
    off = _off(words)
    read: list[Word] = []
    for word in words:
        read.append(word)
        if not word.free:
            continue
        if (found := read_word(word.low, reader, keys=off >= _OFF)) is None:
            continue
        kind, meant = found
        after = with_case_of(word.typed, meant)
        changes.append(Change(Kind(kind), word.typed, after))
        if kind == Kind.GLUED:
            read[-1:] = word.cut(after.split(" "))
        else:
            word.becomes(after)
    words[:] = read


def by_keys(text: str) -> bool:
    """Whether a text was typed with the keys of Telex or VNI and the keyboard off."""
    return _off(split(clean(text))) >= _OFF


def _off(words: Sequence[Word]) -> int:
    return sum(_by_keys(word.low) for word in words if word.free)


def _by_keys(low: str) -> bool:
    """Whether a word is surely Telex or VNI keys."""
    if is_syllable(low) or is_loanword(low):
        return False
    return vni(low) is not None or (telex(low) is not None and not is_english([low]))


def _by_neighbours(words: list[Word], reader: Reader, changes: list[Change]) -> None:
    now = [word.now for word in words]
    for at, meant in respelled(now, reader):
        if now[at].isascii() and fold(meant) == now[at].lower():
            continue  # only its marks are missing
        if now[at].istitle() and at > 0 and now[at - 1].islower():
            continue  # a name: "người Lào"
        after = with_case_of(now[at], meant)
        changes.append(Change(Kind.SPELLING, now[at], after))
        words[at].becomes(after)


def _marks(words: list[Word], reader: Reader, changes: list[Change]) -> None:
    """Put diacritics back: on all of a bare text, on what surely lacks them in another."""
    own = [word for word in words if word.free and " " not in word.now and word.now.isalpha()]
    bare = [word for word in own if not word.changed and word.low.isascii()]
    if not bare and all(reader.table.count(word.low) for word in own):
        return
    marked = len(own) - len(bare)
    wholly = marked == 0 or (len(own) >= _FEW_WORDS and marked / len(own) < _BARE_SHARE)
    if wholly:
        found = _read(words, reader, 0.0)
    elif sum(_lacks(word.low, reader) for word in bare) >= max(2, _LACKING * len(own)):
        found = _read(words, reader, _HALF_COST)
    else:
        found = _read(words, reader, _CLEAN_COST)
        if found != [canonical(word.now) for word in words if word.now]:
            found = _read(words, reader, _HALF_COST)
    shown = [word for word in words if word.now]
    for word, meant in zip(shown, found, strict=True):
        if canonical(word.now) != meant:
            after = with_case_of(word.now, meant)
            changes.append(Change(Kind.BARE if wholly else Kind.HALF, word.now, after))
            word.becomes(after)


def _lacks(low: str, reader: Reader) -> bool:
    """Whether a bare word is hardly ever written without marks: "chieu", not "cho"."""
    readings = reader.readings(low)
    most = reader.table.count(readings[0]) if readings else 0.0
    return not is_loanword(low) and reader.table.count(low) < _RARELY * most


def _read(words: list[Word], reader: Reader, cost: float) -> list[str]:
    phrase: list[list[str] | str] = []
    costs: list[Doubles | None] = []
    for word in words:
        if not word.now:
            continue
        low = canonical(word.now)
        choices = () if word.changed or not word.free else _choices(low, reader)
        phrase.append(list(choices) or [low])
        costs.append(
            np.array([0.0 if choice == low else cost for choice in choices]) if choices else None
        )
    return reader.read(phrase, costs)


def _choices(low: str, reader: Reader) -> tuple[str, ...]:
    """What a word may be: any reading when it is bare, those with its marks when it has some."""
    if low.isascii():
        return () if is_loanword(low) else reader.readings(low)
    if reader.table.count(low):
        return ()
    marks = _letters(low)
    return tuple(
        reading
        for reading in reader.readings(fold(low))
        if all(a <= b for a, b in zip(marks, _letters(reading), strict=True))
    )


def _letters(word: str) -> list[set[str]]:
    return [set(unicodedata.normalize("NFD", letter.replace("đ", "d\u0335"))) for letter in word]
