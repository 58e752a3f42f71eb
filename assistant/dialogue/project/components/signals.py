"""A message as the intent classifier sees it: what was meant, and which known phrases it says.

The phrases are those of the assistant's own tables (assistant/tables), which the
plain rules read too: an entry added there helps both. Runs on Python 3.10.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from assistant.asked import slots_asked
from assistant.dialogue.project.components.python310 import lend
from assistant.politeness import without_politeness
from assistant.tables import Phrase, phrases, table
from knowledge_base.vietnamese import clean, tokens

#: Longer messages say nothing more of what kind they are.
_CHARACTERS = 600
_WORD = re.compile(r"\w")
_SHAPES = 6  # features of the message's shape, at the end of the signals
_FEW, _SOME, _MANY = 2, 4, 9  # syllables


@dataclass(frozen=True, slots=True)
class Heard:
    """``meant``: canonical syllables with their diacritics, courtesies gone, "." where none.

    ``signals`` has one figure for each row of phrases, slot and shape (`signal_count`).
    """

    meant: str
    signals: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Row:
    """Phrases that tell one thing; ``whole`` ones must be all of the message but filler."""

    whole: bool
    phrases: tuple[Phrase, ...]


def hear(text: str) -> Heard:
    """A message, ready to be classified. Never fails, whatever the text is."""
    said = clean(text)[:_CHARACTERS].strip()
    core = without_politeness(said)
    typed = tokens(core.lower())
    meant = tokens(_meant(core.lower()))
    kept = meant or tokens(said.lower())
    # An emoji or ":))" has no syllables, and says something all the same.
    plain = " ".join(kept) if kept else (said.lower() or ".")
    return Heard(plain, _signals(meant, typed, said))


def signal_count() -> int:
    """How many signals a message has."""
    return len(_rows()) + len(table("slots")) + _SHAPES


def _meant(text: str) -> str:
    lend()
    from knowledge_base.typed import repair

    return repair(text).text


def _signals(meant: Sequence[str], typed: Sequence[str], said: str) -> npt.NDArray[np.float32]:
    found = [_strength(row, (meant, typed)) for row in _rows()]
    asked = slots_asked(tuple(meant), tuple(typed))
    found += [float(slot in asked) for slot in table("slots")]
    length = len(meant)
    found += [
        float(length <= _FEW),
        float(length <= _SOME),
        float(length > _MANY),
        float(any(letter.isdigit() for letter in said)),
        float("?" in said),
        float(not _WORD.search(said)),
    ]
    return np.asarray(found, dtype=np.float32)


def _strength(row: _Row, readings: Sequence[Sequence[str]]) -> float:
    """1 where a phrase is said; half more where nothing but filler is said beside it."""
    best = 0.0
    for phrase in row.phrases:
        for reading in readings:
            at = phrase.at(reading)
            if at < 0:
                continue
            beside = [*reading[:at], *reading[at + len(phrase.syllables) :]]
            alone = not set(beside) - _filler()
            strength = float(alone) if row.whole else 1.0 + alone / 2
            best = max(best, strength)
    return best


@cache
def _filler() -> frozenset[str]:
    return frozenset(str(word) for word in table("turns")["filler"])


@cache
def _rows() -> tuple[_Row, ...]:
    turns = table("turns")
    rows: list[_Row] = []
    for row in turns["turns"].values():
        rows += [_row(row[kind], kind == "whole") for kind in ("whole", "say") if row.get(kind)]
    rows += [_row(listed) for name in ("asks", "events") for listed in turns[name].values()]
    rows += [_row(turns[name]) for name in ("journey_again", "corrects", "when", "to_do")]
    rows += [_Row(False, phrases("slots", slot)) for slot in table("slots")]
    return tuple(rows)


def _row(listed: Iterable[object], whole: bool = False) -> _Row:
    entries = [str(entry) for entry in listed]
    made = (Phrase(tuple(tokens(each.lstrip("="))), each.startswith("=")) for each in entries)
    return _Row(whole, tuple(phrase for phrase in made if phrase.syllables))
