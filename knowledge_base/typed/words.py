"""Reading one word by itself: shorthand, keys, repeated letters, misplaced tones, glued words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from knowledge_base.syllables import apart, can_be, compose, is_syllable, well_placed
from knowledge_base.typed.glued import unglued
from knowledge_base.typed.keyboards import TELEX_TONES, telex, vni
from knowledge_base.typed.parts import Word
from knowledge_base.typed.reader import Reader
from knowledge_base.vietnamese import abbreviations, canonical, fold, tokens

# A syllable seen less often is not believed to be what keys were to make.
_RARE = 30.0
_REPEATED = re.compile(r"(\w)\1{2,}")
_TWICE = re.compile(r"(\w)\1")
#: Before or after these a letter is the name of an item: "điểm k khoản 1".
_LISTS = frozenset(
    """
    điểm diem khoản khoan mục muc điều dieu lớp lop hạng hang loại loai khối khoi nhóm nhom tổ to
    khu lô lo số so mẫu mau bảng bang vitamin
    """.split()  # noqa: SIM905
)
_ITEMS_BEFORE = frozenset(("khoản", "khoan", "điều", "dieu"))


@cache
def _foreign() -> tuple[frozenset[str], frozenset[str]]:
    """Words used in Vietnamese as they are, and other English words."""
    loanwords: set[str] = set()
    english: set[str] = set()
    into = english
    for line in Path(__file__).with_name("foreign.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            into = loanwords if "loanwords" in line else english if "English" in line else into
        else:
            into.update(line.split())
    # "chat" and "sim" can be syllables too: their neighbours say what they are.
    return frozenset(word for word in loanwords if not is_syllable(word)), frozenset(english)


def is_loanword(low: str) -> bool:
    """Whether a word is one that Vietnamese uses as it is: "visa", "online"."""
    return low in _foreign()[0]


def is_english(words: Sequence[str]) -> bool:
    """Whether words are mostly English ones, or cannot be Vietnamese, typed or mistyped."""
    loanwords, english = _foreign()
    own = [word for word in words if word not in loanwords and word.isalpha()]
    if not own:
        return False
    foreign = [word in english or _impossible(word) for word in own]
    sure = sum(1 for word, is_one in zip(own, foreign, strict=True) if is_one and _impossible(word))
    return sure >= 1 and sum(foreign) / len(own) >= 0.6


@lru_cache(maxsize=20_000)
def _impossible(word: str) -> bool:
    if not word.isascii() or len(word) < 3 or is_syllable(word):
        return False
    return word in _foreign()[1] or (
        telex(word) is None and (word,) not in abbreviations().typed and not _splits(word)
    )


def _splits(word: str) -> bool:
    """Whether a word can be cut into bare syllables at all."""
    ends = {0}
    for end in range(1, len(word) + 1):
        if any(is_syllable(word[start:end]) for start in ends if 0 < end - start <= 7):
            ends.add(end)
    return len(word) in ends


def shorthand(
    words: Sequence[Word], extra: Mapping[str, str] | None
) -> Iterator[tuple[int, int, str]]:
    """Where shorthand of the table stands: first word, number of words, what it means.

    Formal abbreviations in capitals ("TP", "QĐ") are not for here.
    """
    table = dict(abbreviations().typed)
    if extra:
        table |= {tuple(tokens(key)): value for key, value in extra.items()}
    longest = max(map(len, table))
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            part = words[at : at + size]
            key = tuple(word.low for word in part)
            if key in table and all(word.free for word in part) and not _item(words, at, size):
                yield at, size, table[key]
                at += size
                break
        else:
            at += 1


def _item(words: Sequence[Word], at: int, size: int) -> bool:
    """Whether one letter is the name of an item in a list, not a word."""
    if size > 1 or len(words[at].low) > 1:
        return False
    before = words[at - 1].low if at else ""
    after = words[at + 1].low if at + 1 < len(words) else ""
    return before in _LISTS or after in _ITEMS_BEFORE


def read_word(low: str, reader: Reader, *, keys: bool) -> tuple[str, str] | None:
    """Kind of change and what a word was to be, or None where it is fine or unreadable.

    ``keys``: other words of the text are surely Telex or VNI keys.
    """
    if low in _foreign()[0] or (_seen(low, reader) and not _held_o(low, reader)):
        return None
    once = _REPEATED.sub(r"\1", low)
    if once != low:
        if _seen(once, reader):
            return "repeated", once
        twice = _REPEATED.sub(r"\1\1", low)  # "giaaays": keys held too long
        meant = _from_keys(once, reader, keys) or _from_keys(twice, reader, keys)
        return ("repeated", meant[1]) if meant else None
    if meant := _from_keys(low, reader, keys):
        return meant
    if not low.isascii():
        letters, tone = apart(low)
        if can_be(letters, tone) and not well_placed(low):
            return "tone", compose(letters, tone)
        once = _TWICE.sub(r"\1", low)
        if once != low and _seen(once, reader):
            return "repeated", once
    # "chiéu" lacks a mark, and is no three words: `repair` puts it on.
    one = is_syllable(low) or (not low.isascii() and is_syllable(fold(low)))
    if len(low) > 3 and low.isalpha() and not one and low not in _foreign()[1]:
        parts = unglued(low, reader.table, is_loanword)
        if parts:
            return "glued", parts
    return None


def _held_o(low: str, reader: Reader) -> bool:
    """Whether a word in "oo" is rather Telex keys: "khoong" is, "xoong" is not."""
    if "oo" not in low:
        return False
    meant = telex(low)
    return meant is not None and reader.table.count(meant) > _RARE * (reader.table.count(low) + 1)


def _seen(low: str, reader: Reader) -> bool:
    if low.isascii():
        return is_syllable(low) and bool(reader.readings(low))
    return reader.table.count(canonical(low)) > 0 and well_placed(low)


def _from_keys(low: str, reader: Reader, keys: bool) -> tuple[str, str] | None:
    if is_syllable(low) and not _held_o(low, reader):
        return None
    for kind, read in (("vni", vni), ("telex", telex)):
        meant = read(low)
        if meant is None or (low in _foreign()[1] and not keys):
            continue
        one_letter = len(fold(meant)) == 1
        seen = reader.table.count(canonical(meant))
        if seen >= (1 if keys else _RARE) and (keys or not one_letter):
            return kind, meant
    return _without_hat(low, reader) if keys and low not in _foreign()[1] else None


def _without_hat(low: str, reader: Reader) -> tuple[str, str] | None:
    """ "muons" for "muoons": the tone was typed, the hat was not."""
    tone = TELEX_TONES.get(low[-1])
    if tone is None or not low.isascii():
        return None
    found = [word for word in reader.readings(low[:-1]) if apart(word)[1] == tone]
    return ("telex", found[0]) if found else None
