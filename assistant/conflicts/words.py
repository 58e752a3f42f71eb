"""The tables of ``words.yml``, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from knowledge_base.stop_words import STOP_WORDS
from knowledge_base.vietnamese import tokens

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Renamed:
    """A body that another took over from on a day; names in lower case."""

    was: str
    now: str
    since: date


@dataclass(frozen=True, slots=True)
class Words:
    """The tables. Phrases are tuples of canonical syllables."""

    modality: Mapping[Phrase, str]
    not_before: frozenset[str]
    not_after: Mapping[str, tuple[Phrase, ...]]
    bounds: Mapping[str, tuple[str, ...]]
    bounding: frozenset[str]  # syllables of the bounds
    units: Mapping[str, tuple[str, float]]
    same: Mapping[Phrase, Phrase]
    longest: int
    light: frozenset[str]
    neutral: frozenset[Phrase]  # terms that any provision may have, whatever it is about
    any_body: frozenset[str]
    acts: Mapping[str, str]  # verbs of deciding and doing, to the first of their group
    renamed: tuple[Renamed, ...]
    cases: tuple[tuple[Phrase, ...], ...]
    opposites: tuple[tuple[Phrase, ...], ...]
    narrow: tuple[Phrase, ...]
    wide: tuple[Phrase, ...]
    confines: tuple[Phrase, ...]
    opens: tuple[Phrase, ...]


def phrase(text: str) -> Phrase:
    """The canonical syllables of a phrase."""
    return tuple(tokens(text))


def _phrases(texts: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(phrase(text) for text in texts)


@cache
def words() -> Words:
    """The tables as they are shipped."""
    given = yaml.safe_load((Path(__file__).parent / "words.yml").read_text("utf-8"))
    same = {phrase(other): phrase(group[0]) for group in given["same"] for other in group[1:]}
    return Words(
        modality={phrase(t): kind for kind, texts in given["modality"].items() for t in texts},
        not_before=frozenset(given["not_modal_before"]),
        not_after={key: _phrases(texts) for key, texts in given["not_modal_after"].items()},
        bounds={key: tuple(texts) for key, texts in given["bounds"].items()},
        bounding=frozenset(
            w for texts in given["bounds"].values() for t in texts for w in phrase(t)
        ),
        units={unit: (str(kind), float(by)) for unit, (kind, by) in given["units"].items()},
        same=same,
        longest=max(map(len, same)),
        light=STOP_WORDS | frozenset(given["light"].split()),
        neutral=frozenset(_phrases(given["neutral"].split())),
        any_body=frozenset(given["any_body"]),
        acts={verb: group[0] for group in given["acts"] for verb in group},
        renamed=tuple(Renamed(**row) for row in given["renamed"]),
        cases=tuple(_phrases(group) for group in given["cases"]),
        opposites=tuple(_phrases(group) for group in given["opposites"]),
        narrow=_phrases(given["scope"]["narrow"]),
        wide=_phrases(given["scope"]["wide"]),
        confines=_phrases(given["scope"]["confines"]),
        opens=_phrases(given["scope"]["opens"]),
    )
