"""The table of the measure, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.typed.table import table as counts
from knowledge_base.vietnamese import tokens

_FILE = Path(__file__).with_name("words.yml")
#: The commonest syllables of Vietnamese are what everybody knows; so many are counted to them.
_COMMON = 1800

Phrases = Mapping[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases by their syllables, with what to write instead; short forms; clause openers."""

    phrases: Phrases
    words: Phrases
    abbreviations: Mapping[str, str]
    known: frozenset[str]
    clauses: frozenset[tuple[str, ...]]
    longest: int


@cache
def words() -> Words:
    """What ``words.yml`` says."""
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    phrases, plain = _by_syllables(loaded["phrases"]), _by_syllables(loaded["words"])
    return Words(
        phrases,
        plain,
        dict(loaded["abbreviations"]),
        frozenset(map(str, loaded["known"])),
        frozenset(tuple(tokens(text)) for text in loaded["clauses"]),
        max(map(len, (*phrases, *plain))),
    )


@cache
def common() -> frozenset[str]:
    """The commonest syllables, official and everyday texts together."""
    known = counts()
    ranked = sorted(known.ids, key=lambda word: -known.count(word))
    return frozenset(ranked[:_COMMON])


def _by_syllables(rows: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    return {tuple(tokens(text)): instead or "" for text, instead in rows.items()}
