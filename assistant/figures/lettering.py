"""How wide words are in the font that comes with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

#: DejaVu Sans with the letters of Vietnamese: the usual one, and bold.
FILES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
_EM = 1000


def folder() -> Path:
    """Where the font files are."""
    return Path(__file__).parent / "fonts"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is, in the unit of ``size``."""
    return float(_font(bold).getlength(text) * size / _EM)


@cache
def _font(bold: bool) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(folder() / FILES[bold]), _EM)
