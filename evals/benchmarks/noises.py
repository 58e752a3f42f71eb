"""Queries as phones and hurry make them. What each kind does is in `evals.noise`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from importlib import import_module
from zlib import crc32

NOISES = {
    "none": "as typed",
    "bare": "without diacritics",
    "half": "half accented",
    "telex": "Telex left in",
    "vni": "VNI left in",
    "teencode": "teencode",
    "glue": "glued words",
    "nfd": "decomposed (NFD)",
}


def bare(text: str) -> str:
    """``text`` as typed on a keyboard without Vietnamese."""
    marks = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in marks if not unicodedata.combining(letter))
    return plain.replace("đ", "d").replace("Đ", "D")


def noised(text: str, noise: str) -> str:
    """``text`` with one kind of noise, always the same. Raises `KeyError` for an unknown kind."""
    if noise == "none":
        return text
    if noise == "bare":
        return bare(text)
    if noise == "nfd":
        return unicodedata.normalize("NFD", text)
    if noise not in NOISES:
        raise KeyError(noise)
    made: Callable[..., str] = getattr(import_module("evals.noise"), noise)
    return made(text, crc32(text.encode()))
