"""Procedures that a question calls by their whole official name.

Where thousands of procedures are known, many names differ in one syllable
("cấp lại", "không phải", "cấp tỉnh"), which no weighing of syllables tells
apart for sure. A name that was typed as it stands in the record needs none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.documents import ProcedureCard
from knowledge_base.vietnamese import fold, tokens

_LEAST = 3  # syllables; shorter ones stand in other sentences by chance
_PREFIX = re.compile(r"^thủ tục(?: hành chính)?\s*:?\s+", re.IGNORECASE)
_LAST_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")
_AT_LEVEL = re.compile(r"\bcấp\b|\btrung ương\b|\bbộ\b|công an|(?:ủy|uỷ) ban", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a question: whose it is, and the syllables around it."""

    codes: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


class ExactNames:
    """Official names by their syllables, with diacritics and without any."""

    def __init__(self, cards: Iterable[ProcedureCard]) -> None:
        self._codes: dict[tuple[str, ...], dict[str, None]] = {}
        for card in cards:
            for name in official_names(card):
                syllables = tuple(tokens(name))
                for key in {syllables, tuple(map(fold, syllables))}:
                    if len(key) >= _LEAST:
                        self._codes.setdefault(key, {})[card.code] = None
        self._longest = max(map(len, self._codes), default=0)

    def find(self, said: Sequence[str]) -> Named | None:
        """The longest name that stands in ``said`` (canonical syllables) without a gap."""
        for size in range(min(self._longest, len(said)), _LEAST - 1, -1):
            for start in range(len(said) - size + 1):
                codes = self._codes.get(tuple(said[start : start + size]))
                if codes:
                    before, after = tuple(said[:start]), tuple(said[start + size :])
                    return Named(tuple(codes), before, after)
        return None


def official_names(card: ProcedureCard) -> Iterator[str]:
    """The name, and the same without "Thủ tục" before it and "(cấp tỉnh)" after it."""
    short = "" if card.short_name.endswith("…") else card.short_name
    for name in (card.name, short):
        bare = _PREFIX.sub("", name)
        aside = _LAST_ASIDE.search(bare)
        yield bare
        if aside and _AT_LEVEL.search(aside[0]):
            yield bare[: aside.start()]
