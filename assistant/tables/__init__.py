"""The tables of answering: phrases as data, read once, found in what people type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.vietnamese import fold, tokens

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Phrase:
    """Syllables to find. ``exact`` ones must be typed with their diacritics."""

    syllables: tuple[str, ...]
    exact: bool = False

    def at(self, text: Sequence[str]) -> int:
        """Where the phrase starts in the canonical tokens of a text, or -1.

        A token typed without diacritics stands for any syllable it could be.
        """
        head = self.syllables[0]
        if head not in text and (self.exact or fold(head) not in text):
            return -1
        size = len(self.syllables)
        for start in range(len(text) - size + 1):
            if all(self._same(text[start + n], self.syllables[n]) for n in range(size)):
                return start
        return -1

    def _same(self, token: str, syllable: str) -> bool:
        if token == syllable:
            return True
        return not self.exact and token.isascii() and token == fold(syllable)


@cache
def table(name: str) -> dict[str, Any]:
    """The table in ``<name>.yml`` of this folder."""
    loaded = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    if not isinstance(loaded, dict):
        raise TypeError(f"{name}.yml must be a mapping")
    return loaded


@cache
def phrases(name: str, key: str) -> tuple[Phrase, ...]:
    """The phrases of one row, longest first."""
    row = table(name)[key]
    listed: Iterable[object] = row["phrases"] if isinstance(row, dict) else row
    made = (str(entry) for entry in listed)
    found = [Phrase(tuple(tokens(entry.lstrip("="))), entry.startswith("=")) for entry in made]
    return tuple(sorted(found, key=lambda phrase: -len(phrase.syllables)))


def first(name: str, key: str, text: Sequence[str]) -> Phrase | None:
    """The first (longest) phrase of a row that stands in ``text``."""
    return next((phrase for phrase in phrases(name, key) if phrase.at(text) >= 0), None)
