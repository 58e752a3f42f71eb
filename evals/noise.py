"""Clean Vietnamese made into what people type, the same each time for the same text and seed."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

from knowledge_base.syllables import TONES, apart

_WORD = re.compile(r"[^\W\d_]+")
_TELEX_TONES = dict(zip(TONES, "fsxrj", strict=True))
_VNI_TONES = dict(zip(TONES, "21435", strict=True))
_TELEX = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI = {"ă": "a8", "â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}
_SHORT = {
    "không": ("ko", "k", "hok"),
    "được": ("dc", "đc"),
    "gì": ("j",),
    "biết": ("bít", "bik"),
    "nhiều": ("nhìu",),
    "với": ("vs",),
    "muốn": ("mún",),
    "cũng": ("cx",),
    "rồi": ("r",),
    "làm": ("lm",),
    "vậy": ("z",),
    "người": ("ng",),
    "nhà nước": ("nn",),
    "đăng ký": ("đk", "dk"),
    "như thế nào": ("ntn",),
    "bao nhiêu": ("bn", "bnh"),
    "mọi người": ("mn",),
    "thủ tục": ("tt",),
    "hồ sơ": ("hs",),
    "công ty": ("cty",),
    "điện thoại": ("đt",),
    "yêu cầu": ("yc",),
    "giấy tờ": ("gt",),
    "vợ chồng": ("vc",),
}


def _chosen(text: str, seed: int) -> random.Random:
    return random.Random(f"{seed} {text}")  # noqa: S311 - noise, not a secret


def strip(text: str, _: int = 0) -> str:
    """Without any diacritics, case kept: "Đăng ký" → "Dang ky"."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def half(text: str, seed: int = 0) -> str:
    """Half of the words that have marks, chosen by the seed, without them."""
    chosen = _chosen(text, seed)
    return _WORD.sub(lambda m: strip(m[0]) if chosen.random() < 0.5 else m[0], text)


def telex(text: str, seed: int = 0) -> str:
    """The Telex keys of each word, the tone at its end or after the vowel."""
    return _keyed(text, seed, _TELEX, _TELEX_TONES)


def vni(text: str, seed: int = 0) -> str:
    """The VNI keys of each word, the tone at its end or after the vowel."""
    return _keyed(text, seed, _VNI, _VNI_TONES)


def _keyed(text: str, seed: int, shapes: dict[str, str], tones: dict[str, str]) -> str:
    chosen = _chosen(text, seed)

    def keys(match: re.Match[str]) -> str:
        word = match[0]
        if word.isupper() and not text.isupper():  # an acronym, or part of a code
            return word
        letters, tone = apart(word)
        at_end = chosen.random() < 0.6
        plain = [letter for letter in unicodedata.normalize("NFD", word.lower()) if tone]
        out: list[str] = []
        seat = -1
        if tone:
            seat = sum(1 for c in plain[: plain.index(tone)] if not unicodedata.combining(c)) - 1
        for at, letter in enumerate(letters):
            out.append(shapes.get(letter, letter))
            if at == seat and not at_end:
                out.append(tones[tone])
        typed = "".join(out) + (tones[tone] if tone and at_end else "")
        return typed.upper() if len(word) > 1 and word.isupper() else _first(word, typed)

    return _WORD.sub(keys, unicodedata.normalize("NFC", text))


def _first(word: str, typed: str) -> str:
    return typed[:1].upper() + typed[1:] if word[:1].isupper() else typed


def teencode(text: str, seed: int = 0) -> str:
    """Common words in chat shorthand, about four in five of those that have one."""
    chosen = _chosen(text, seed)
    for words in sorted(_SHORT, key=lambda key: -len(key)):
        pattern = rf"(?<![^\W_]){words}(?![^\W_])"
        text = re.sub(
            pattern,
            lambda m, words=words: (  # type: ignore[misc]
                chosen.choice(_SHORT[words]) if chosen.random() < 0.8 else m[0]
            ),
            text,
        )
    return text


def glue(text: str, seed: int = 0) -> str:
    """One blank in four between words left out."""
    chosen = _chosen(text, seed)
    return re.sub(
        r"(?<=[^\W\d_]) (?=[^\W\d_])", lambda _: "" if chosen.random() < 0.25 else " ", text
    )


def nfd(text: str, seed: int = 0) -> str:
    """Letters and marks apart, with an invisible joiner after some words."""
    chosen = _chosen(text, seed)
    apart_text = unicodedata.normalize("NFD", text)
    return re.sub(r" ", lambda _: "\u200b " if chosen.random() < 0.1 else " ", apart_text)


NOISES: dict[str, Callable[[str, int], str]] = {
    "bare": strip,
    "half": half,
    "telex": telex,
    "vni": vni,
    "teencode": teencode,
    "glued": glue,
    "nfd": nfd,
}
