"""The ways of typing that queries are tried in. How each is made is in `evals.noise`."""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

from evals import noise

NOISES = {
    "none": "as typed",
    "bare": "without diacritics",
    "half": "half accented",
    "telex": "Telex keys",
    "vni": "VNI keys",
    "teencode": "shorthand",
    "glue": "glued words",
    "nfd": "decomposed (NFD)",
}

_MADE: dict[str, Callable[[str, int], str]] = {
    "none": lambda text, _: text,
    "bare": noise.strip,
    "half": noise.half,
    "telex": noise.telex,
    "vni": noise.vni,
    "teencode": noise.teencode,
    "glue": noise.glue,
    "nfd": noise.nfd,
}


def noised(text: str, name: str) -> str:
    """``text`` typed in the way ``name``, always the same. Raises `KeyError` for others."""
    return _MADE[name](text, crc32(text.encode()))
