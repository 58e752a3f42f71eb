"""Codes of tickets that survive being read out on the telephone: ``TR-4821-A``.

The letter at the end is worked out from the figures: one wrong figure, or two
that changed places, makes it another letter. Letters that sound or look like a
figure, or that Vietnamese does not have, are not used.
"""

from __future__ import annotations

import difflib
import re
import secrets
import unicodedata
from collections.abc import Callable, Collection

LETTERS = "ABCDEGHKLMNPRSTUVXY"  # 19, a prime: see `letter_of`
_SHORTEST, _LONGEST = 4, 8
_TRIES = 30
_SHAPE = re.compile(rf"TR(\d{{{_SHORTEST},{_LONGEST}}})([{LETTERS}])")


def letter_of(figures: str) -> str:
    """The check letter of ``figures``.

    The weights are powers of two modulo 19: different for each place, so that
    any one wrong figure and any two neighbours exchanged change the sum.
    """
    total = sum(pow(2, place, 19) * int(figure) for place, figure in enumerate(figures, 1))
    return LETTERS[(total + len(figures)) % 19]


def code_of(figures: str) -> str:
    """``TR-4821-A`` of ``4821``."""
    return f"TR-{figures}-{letter_of(figures)}"


def new_code(taken: Callable[[str], bool]) -> str:
    """A code that ``taken`` does not know: short while there is room, longer when there is not."""
    for length in range(_SHORTEST, _LONGEST + 1):
        for _ in range(_TRIES):
            code = code_of(f"{secrets.randbelow(10**length):0{length}d}")
            if not taken(code):
                return code
    raise RuntimeError("there is no free code")  # 10^8 tickets cannot be kept


def read_code(text: str) -> str | None:
    """The code meant by ``text`` in any spelling ("tr 4821 k"), or None where it cannot be one.

    >>> read_code("tr 4821" + letter_of("4821").lower()) == code_of("4821")
    True
    """
    plain = unicodedata.normalize("NFKC", text[:40]).upper()
    match = _SHAPE.fullmatch(re.sub(r"[\s.\-–—_#]+", "", plain))
    if match is None or letter_of(match[1]) != match[2]:
        return None
    return code_of(match[1])


def nearest(text: str, known: Collection[str]) -> str | None:
    """The code of ``known`` that ``text`` was most likely meant to be."""
    asked = re.sub(r"\D", "", unicodedata.normalize("NFKC", text[:40]))
    exact = [code for code in known if asked and code.split("-")[1] == asked]
    if exact:
        return exact[0]
    by_figures = {code.split("-")[1]: code for code in known}
    close = difflib.get_close_matches(asked, by_figures, n=1, cutoff=0.7)
    return by_figures[close[0]] if close else None
