"""Which matters a message is about: phrases that stand together, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from assistant.legal_support.schema import Cue, MatterFile, matters, phrase
from assistant.tables import Phrase

#: So many syllables may lie between the first and the last word of a cue.
_WINDOW = 16
#: Matters told in one answer.
_MOST = 2
#: Below this share of syllables with a mark, a text was typed without them.
_MARKED = 0.25


@dataclass(frozen=True, slots=True)
class Recognised:
    """A matter and how much of the message said so (syllables of the cue that was found)."""

    matter: MatterFile
    weight: int
    start: int


@dataclass(frozen=True, slots=True)
class _Text:
    """Canonical tokens; ``bare``: typed without diacritics."""

    words: tuple[str, ...]
    bare: bool


@dataclass(frozen=True, slots=True)
class _Cues:
    matter: MatterFile
    cues: tuple[Cue, ...]
    unless: tuple[Phrase, ...]


def recognise(said: Sequence[str], meant: Sequence[str] = ()) -> tuple[MatterFile, ...]:
    """The matters of a message, the surest first; at most two.

    ``said`` are its canonical tokens, ``meant`` the same with diacritics put back:
    either may have the words.
    """
    texts = tuple(_Text(tuple(text), _is_bare(text)) for text in (said, meant))
    found: dict[str, Recognised] = {}
    for row in _all():
        if any(_spans(row.unless, text) for text in texts):
            continue
        best = max(filter(None, (_stands(c, t) for c in row.cues for t in texts)), default=None)
        if best is not None:
            found[row.matter.id] = Recognised(row.matter, best[0], -best[1])
    for matter in [hit.matter for hit in found.values()]:
        for other in matter.instead_of:
            found.pop(other, None)
    ranked = sorted(found.values(), key=lambda hit: (-hit.weight, hit.start, hit.matter.id))
    return tuple(hit.matter for hit in ranked[:_MOST])


def _is_bare(text: Sequence[str]) -> bool:
    """Whether it was typed without diacritics, so that a word may be any of its readings."""
    words = [word for word in text if word.isalpha()]
    return sum(not word.isascii() for word in words) <= len(words) * _MARKED


def _stands(cue: Cue, text: _Text) -> tuple[int, int] | None:
    """Syllables matched and (negated) where, if a phrase of every group stands near the others."""
    spans = [_spans(group, text) for group in cue]
    if not all(spans):
        return None
    best: tuple[int, int] | None = None
    for chosen in product(*spans):
        start, end = min(s for s, _ in chosen), max(e for _, e in chosen)
        if end - start > _WINDOW:
            continue
        covered = len({n for s, e in chosen for n in range(s, e)})
        best = max(best or (0, 0), (covered, -start))
    return best


def _spans(group: Sequence[Phrase], text: _Text) -> list[tuple[int, int]]:
    """Where phrases of a group stand; the longest of those that begin at the same word.

    A phrase of one syllable has to stand with its diacritics: "con" is no "cồn".
    """
    longest: dict[int, int] = {}
    for each in group:
        exact = each.exact or not text.bare or len(each.syllables) == 1
        sought = each if each.exact == exact else replace(each, exact=exact)
        shift = 0
        while (at := sought.at(text.words[shift:])) >= 0:
            start = shift + at
            longest[start] = max(longest.get(start, 0), start + len(each.syllables))
            shift = start + 1
    return sorted(longest.items())


@cache
def _all() -> tuple[_Cues, ...]:
    return tuple(
        _Cues(
            matter,
            tuple(tuple(tuple(map(phrase, group)) for group in cue) for cue in matter.cues),
            tuple(map(phrase, matter.unless)),
        )
        for matter in matters()
    )
