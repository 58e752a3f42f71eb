"""Which circumstances the facts of a case name, each with the words that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("circumstances.yml")


@dataclass(frozen=True, slots=True)
class Circumstance:
    """A kind of circumstance and where a text says it: ``quote`` is its sentence, in part."""

    name: str
    quote: str
    start: int
    end: int


@cache
def _table() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    import yaml

    def either(patterns: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(patterns), re.IGNORECASE)

    return tuple(
        (row["name"], either(row["said"]), either(row["not"]) if row.get("not") else None)
        for row in yaml.safe_load(FILE.read_text("utf-8"))
    )


def circumstances(text: str, start: int = 0, end: int | None = None) -> tuple[Circumstance, ...]:
    """Those named in ``text[start:end]``, each once, by the table's order."""
    end = len(text) if end is None else end
    found = []
    for name, said, taken_back in _table():
        for match in said.finditer(text, start, end):
            first, last = _sentence(text, match.start(), match.end(), start, end)
            if taken_back is not None and taken_back.search(text, first, last):
                continue
            found.append(Circumstance(name, " ".join(text[first:last].split()), first, last))
            break
    return tuple(found)


def _sentence(text: str, start: int, end: int, least: int, most: int) -> tuple[int, int]:
    """The clause around a place, 220 characters at most."""
    before = max((text.rfind(mark, least, start) for mark in (". ", "; ", "\n", ": ")), default=-1)
    first = max(least, before + 1, start - 110)
    after = [
        at for at in (text.find(mark, end, most) for mark in (". ", "; ", "\n", ".\n")) if at >= 0
    ]
    last = min([*after, most, end + 110])
    while first > least and first < start and text[first - 1].isalnum():
        first += 1
    while last < most and text[last - 1].isalnum() and text[last].isalnum():
        last -= 1
    return first + (len(text[first:last]) - len(text[first:last].lstrip())), max(last, end)
