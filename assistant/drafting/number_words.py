"""Whole numbers in Vietnamese words, and back.

Written as papers of accounts do: every group of three below the first is read
in full ("không trăm mười lăm nghìn"), groups of zeros are left out, and what
is above a thousand million is counted in "tỷ" again ("một nghìn tỷ").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from knowledge_base.vietnamese import clean

#: The largest number that is read out, exclusive: beyond it nobody reads a sum in words.
MOST = 10**18

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_UNITS = ((10**6, "triệu"), (10**3, "nghìn"), (1, ""))
_BILLION = 10**9

Odd = Literal["linh", "lẻ"]


def in_words(number: int, *, odd: Odd = "linh") -> str:
    """The number in words, lower case. ``odd`` is the word for an empty ten ("linh năm").

    >>> in_words(1_000_015_005)
    'một tỷ không trăm mười lăm nghìn không trăm linh năm'

    Raises:
        ValueError: the number is negative or not below `MOST`.
    """
    if not 0 <= number < MOST:
        raise ValueError(f"not between 0 and {MOST}: {number}")
    if number == 0:
        return _DIGITS[0]
    high, low = divmod(number, _BILLION)
    words: list[str] = []
    if high:
        words += [in_words(high, odd=odd), "tỷ"]
    for size, name in _UNITS:
        group = low // size % 1000
        if group:
            words += [*_group(group, whole=bool(words), odd=odd), *([name] if name else [])]
    return " ".join(words)


def _group(group: int, *, whole: bool, odd: Odd) -> list[str]:
    """Three digits in words; ``whole``: hundreds and tens are read even where they are 0."""
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or whole else []
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append(odd)
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 4 and tens > 1:
        words.append("tư")
    elif ones == 5 and tens > 0:
        words.append("lăm")
    elif ones:
        words.append(_DIGITS[ones])
    return words


_VALUES = {word: value for value, word in enumerate(_DIGITS)} | {
    "mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, "bẩy": 7,
}  # fmt: skip
_SAME = {"tỉ": "tỷ", "ngàn": "nghìn", "lẽ": "lẻ", "mưòi": "mười"}
_SCALES = (("triệu", 10**6), ("nghìn", 10**3))


def from_words(text: str) -> int | None:
    """The number that words say, or None where they are not one number and nothing else.

    >>> from_words("Hai mươi mốt triệu, năm trăm nghìn"), from_words("năm ngoái")
    (21500000, None)
    """
    plain = clean(text).lower().replace(",", " ").replace(".", " ")
    words = [_SAME.get(word, word) for word in plain.split()]
    return _read(words) if words else None


def _read(words: Sequence[str]) -> int | None:
    if "tỷ" in words:
        at = len(words) - 1 - list(reversed(words)).index("tỷ")
        high, rest = _read(words[:at]), words[at + 1 :]
        low = _below_billion(rest) if rest else 0
        return None if high is None or low is None else high * _BILLION + low
    return _below_billion(words)


def _below_billion(words: Sequence[str]) -> int | None:
    total = 0
    left = list(words)
    for name, size in _SCALES:
        if name in left:
            at = left.index(name)
            group = _below_thousand(left[:at])
            if group is None:
                return None
            total += group * size
            left = left[at + 1 :]
            if not left:
                return total
    last = _below_thousand(left)
    return None if last is None else total + last


def _below_thousand(words: Sequence[str]) -> int | None:
    left = list(words)
    total = 0
    if "trăm" in left:
        if left.index("trăm") != 1 or left[0] not in _VALUES:
            return None
        total, left = _VALUES[left[0]] * 100, left[2:]
        if not left:
            return total
    match left:
        case [("linh" | "lẻ"), one] if one in _VALUES and len(words) > 2:
            return total + _VALUES[one]
        case ["mười"]:
            return total + 10
        case ["mười", one] if one in _VALUES:
            return total + 10 + _VALUES[one]
        case [ten, "mươi"] if ten in _VALUES:
            return total + _VALUES[ten] * 10
        case [ten, "mươi", one] if ten in _VALUES and one in _VALUES:
            return total + _VALUES[ten] * 10 + _VALUES[one]
        case [ten, ("mốt" | "lăm") as one] if ten in _VALUES and ten != "không":
            return total + _VALUES[ten] * 10 + _VALUES[one]  # "hai mốt"
        case [one] if one in _VALUES and len(words) == 1:
            return _VALUES[one]
    return None


def grouped(number: int) -> str:
    """Figures with dots between the thousands.

    >>> grouped(1000015005)
    '1.000.015.005'
    """
    return f"{number:,}".replace(",", ".")


def sum_in_words(number: int, *, odd: Odd = "linh", currency: str = "đồng") -> str:
    """A sum as papers write it: figures, then words that begin with a capital.

    >>> sum_in_words(1500000)
    '1.500.000 đồng (Bằng chữ: Một triệu năm trăm nghìn đồng)'
    """
    words = in_words(number, odd=odd)
    return f"{grouped(number)} {currency} (Bằng chữ: {words[0].upper()}{words[1:]} {currency})"
