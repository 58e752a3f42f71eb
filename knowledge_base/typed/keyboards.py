"""What Telex and VNI keys would have made, when the keyboard was off: ``hooj`` → ``hộ``.

Keys may come in the order of the fingers: ``chieesu``, ``chieeus`` and
``chiesue`` are one syllable. What does not make a syllable is no typed key
sequence, and comes back as None.
"""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge_base.syllables import TONES, can_be, compose

_HUYEN, _SAC, _NGA, _HOI, _NANG = tuple(TONES)
TELEX_TONES = {"f": _HUYEN, "s": _SAC, "x": _NGA, "r": _HOI, "j": _NANG}
_VNI_TONES = {"2": _HUYEN, "1": _SAC, "4": _NGA, "3": _HOI, "5": _NANG}
_VNI_SHAPES = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}}
_DOUBLED = {"a": "â", "e": "ê", "o": "ô"}
_VOWELS = frozenset("aăâeêioôơuưy")
_TELEX = re.compile(r"[a-eg-ik-vxyfjwz]{2,12}")
_VNI = re.compile(r"(?=.*\d)[a-y]{1,9}[a-y\d]{1,10}")


@lru_cache(maxsize=20_000)
def telex(typed: str) -> str | None:
    """The syllable that Telex keys make, lower case in and out.

    >>> telex("chieesu"), telex("dduwowngf"), telex("form")
    ('chiếu', 'đường', None)
    """
    if not _TELEX.fullmatch(typed):
        return None
    letters: list[str] = []
    tone = ""
    for key in typed:
        vowels = [at for at, letter in enumerate(letters) if letter in _VOWELS]
        if vowels and key in TELEX_TONES and _ends_syllable(letters, vowels, key):
            if tone:
                return None
            tone = TELEX_TONES[key]
        elif key == "w":
            if not _horn(letters):
                return None
        elif key == "z":
            return None
        elif key == "d" and letters[:1] == ["d"]:
            letters[0] = "đ"
        elif key in _DOUBLED and key in letters and letters[0] != key and _near(letters, key):
            letters[len(letters) - 1 - letters[::-1].index(key)] = _DOUBLED[key]
        elif key in _DOUBLED and letters[:1] == [key]:  # "aan", "oong"
            letters[0] = _DOUBLED[key]
        else:
            letters.append(key)
    return _made("".join(letters), tone, typed)


def _ends_syllable(letters: list[str], vowels: list[int], key: str) -> bool:
    """Whether a tone key after these letters can be one: "r" in "tre" is not."""
    return vowels[-1] >= len(letters) - 3 and not (key == "r" and letters[-1:] == ["t"])


def _near(letters: list[str], key: str) -> bool:
    """Whether a vowel to be doubled stands where its shape can still be put on it."""
    at = len(letters) - 1 - letters[::-1].index(key)
    return all(letter in _VOWELS or letter in "cmnghpt" for letter in letters[at + 1 :])


def _horn(letters: list[str]) -> bool:
    text = "".join(letters)
    for plain, horned in (("uo", "ươ"), ("ưo", "ươ"), ("uơ", "ươ"), ("oa", "oă")):
        if plain in text and not (plain == "uo" and text.startswith("qu")):
            letters[:] = text.replace(plain, horned, 1)
            return True
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in "aou":
            letters[at] = {"a": "ă", "o": "ơ", "u": "ư"}[letters[at]]
            return True
    return False


@lru_cache(maxsize=20_000)
def vni(typed: str) -> str | None:
    """The syllable that VNI keys make, lower case in and out.

    >>> vni("chie61u"), vni("d9u7o7ng2"), vni("ct01")
    ('chiếu', 'đường', None)
    """
    if not _VNI.fullmatch(typed):
        return None
    letters: list[str] = []
    tone = ""
    for key in typed:
        if key in _VNI_TONES:
            if tone or not _VOWELS & set(letters):
                return None
            tone = _VNI_TONES[key]
        elif key == "9":
            if letters[:1] != ["d"]:
                return None
            letters[0] = "đ"
        elif key in _VNI_SHAPES:
            if not _shape(letters, _VNI_SHAPES[key]):
                return None
        elif key == "0":
            return None
        else:
            letters.append(key)
    return _made("".join(letters), tone, typed)


def keyed(typed: str) -> bool:
    """Whether Telex or VNI keys make a syllable of a word in small letters."""
    return telex(typed) is not None or vni(typed) is not None


def _shape(letters: list[str], shapes: dict[str, str]) -> bool:
    text = "".join(letters)
    if "ơ" in shapes.values() and ("uo" in text or "ưo" in text) and not text.startswith("qu"):
        letters[:] = text.replace("uo", "ươ", 1).replace("ưo", "ươ", 1)
        return True
    if "ơ" in shapes.values() and "ươ" in text:  # "u7o7": the second key changes nothing
        return True
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in shapes:
            letters[at] = shapes[letters[at]]
            return True
    return False


def _made(letters: str, tone: str, typed: str) -> str | None:
    if letters == typed or not can_be(letters, tone):
        return None
    return compose(letters, tone)
