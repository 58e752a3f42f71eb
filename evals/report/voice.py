"""The words, numbers and dates of the report in one of its two languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
_HERE = Path(__file__).parent


@cache
def _table(file: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((_HERE / file).read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Voice:
    """Says everything in ``lang``."""

    lang: Language

    def __call__(self, key: str, **values: object) -> str:
        """The text at ``key`` ("goals.heading") of words.yml, with ``values`` filled in."""
        found: Any = _table("words.yml")
        for part in key.split("."):
            found = found[part]
        said: str = found[self.lang]
        return said.format(**values) if values else said

    def rows(self, key: str) -> list[dict[str, str]]:
        """The rows of a table at ``key`` of words.yml."""
        first, _, last = key.partition(".")
        return [
            {name: words[self.lang] for name, words in row.items()}
            for row in _table("words.yml")[first][last]
        ]

    def name(self, family: str, code: str) -> str:
        """What a status, slot, kind or step is called; the code itself where it is unknown."""
        words = _table("names.yml")[family].get(code)
        return words[self.lang] if words else code.replace("_", " ")

    def knows(self, family: str) -> list[str]:
        """Every code of a family, the longest first."""
        return sorted(_table("names.yml")[family], key=lambda code: (-len(code), code))

    def beginnings(self) -> list[tuple[str, str]]:
        """How explanations of scores begin: in English, and in this language."""
        if self.lang == "en":
            return []
        return [(english, said) for english, said in _table("names.yml")["why"]]

    def of(self, words: Mapping[str, str] | None, otherwise: str) -> str:
        """This language's of a pair of words."""
        return (words or {}).get(self.lang) or otherwise

    # --- numbers ------------------------------------------------------------------------------

    def number(self, value: float, digits: int = 0) -> str:
        """With this language's marks: 1.234,5 in Vietnamese, 1,234.5 in English."""
        said = f"{value:,.{digits}f}"
        if self.lang == "vi":
            said = said.translate(str.maketrans(",.", ".,"))
        return said.replace("-", "\N{MINUS SIGN}")

    def percent(self, value: float | None, digits: int = 1) -> str:
        """A share as per cent; what is not all is never rounded to 100, nor something to 0."""
        if value is None:
            return self("unknown_value")
        if value in (0.0, 1.0):
            digits = 0
        elif round(value * 100, digits) in (0.0, 100.0):
            digits = max(digits, 2)
        return self.number(value * 100, digits) + self._sign()

    def bound(self, value: float) -> str:
        """A goal, as it was set: 90 %, 99,5 %."""
        digits = next((n for n in (0, 1, 2) if abs(value * 100 - round(value * 100, n)) < 1e-9), 3)
        return self.number(value * 100, digits) + self._sign()

    def points(self, value: float) -> str:
        """A difference of shares, in percentage points with its sign."""
        sign = "+" if value > 0 else ""
        return sign + self.number(value * 100, 1)

    def whole_points(self, value: float) -> str:
        """The same without decimals, for the ends of a scale."""
        return ("+" if value > 0 else "") + self.number(value * 100)

    def _sign(self) -> str:
        return "%" if self.lang == "vi" else "\N{NO-BREAK SPACE}%"

    def plain(self, value: float) -> str:
        """A figure that is no share: three digits that count."""
        size = abs(value)
        return self.number(value, 0 if size >= 100 else 1 if size >= 10 else 2)

    def ms(self, value: float) -> str:
        """A time: below a second in milliseconds."""
        space = "\N{NO-BREAK SPACE}"
        if 0 <= value < 0.01:
            return f"< {self.number(0.01, 2)}{space}ms"
        if value >= 1000:
            return self.number(value / 1000, 1 if value < 100_000 else 0) + space + self._second()
        return self.number(value, 0 if value >= 10 else 1 if value >= 1 else 2) + space + "ms"

    def edge(self, ms: float, *, first: bool) -> str:
        """An edge of a histogram; the unit stands at the ``first`` and where it changes."""
        space = "\N{NO-BREAK SPACE}"
        if ms < 1000:
            return f"{ms:g}" + (f"{space}ms" if first else "")
        return self.number(ms / 1000, 0) + (
            f"{space}{self._second()}" if first or ms == 1000 else ""
        )

    def _second(self) -> str:
        return "giây" if self.lang == "vi" else "s"

    def day(self, iso: str) -> str:
        """22/11/2026 or 22 November 2026; what is no date as it stands."""
        try:
            found = date.fromisoformat(iso)
        except ValueError:
            return iso
        if self.lang == "vi":
            return f"{found.day:02}/{found.month:02}/{found.year}"
        return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"

    def either(self, words: Iterable[str]) -> str:
        """One, two hoặc three."""
        *rest, last = [*words] or [self("none")]
        return f"{', '.join(rest)} {self('or')} {last}" if rest else last

    def quoted(self, word: str) -> str:
        return f"“{word}”"


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
