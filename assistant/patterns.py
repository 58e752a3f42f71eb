"""What words mean together: "chồng … đánh … em" is a crisis, none of the three alone is.

``tables/patterns.yml`` names classes of phrases and, for each way a question can be turned
away, the orders in which phrases of such classes say so. Nothing here is about one wording.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.tables import table
from knowledge_base.vietnamese import canonical, fold, tokens

#: Below this share of syllables with a mark, a syllable without one may be any of its readings.
_MARKED = 0.25
#: How many syllables may stand between two parts of a pattern, where it does not say.
_GAP = 3
_WORD = re.compile(r"[^\W_]+")

#: Where a phrase starts and the first syllable after it.
_Span = tuple[int, int]
#: First syllable -> (name of the class, syllables, whether it must be typed with its marks).
_Entries = dict[str, list[tuple[str, tuple[str, ...], bool]]]
_BUT = "!"  # a class of this prefix holds what looks like one of the class and is not


@dataclass(frozen=True, slots=True)
class Pattern:
    """Classes in the order they must stand, at most ``gap`` syllables apart.

    A part may be several classes, any of which will do. ``needs`` are classes of which one
    must stand somewhere in the text, ``unless`` classes of which none may.
    """

    say: tuple[tuple[str, ...], ...]
    gap: int = _GAP
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


def told(kind: str, spoken: Sequence[str]) -> Pattern | None:
    """The first pattern of ``kind`` that the canonical tokens of a text have in them.

    >>> from knowledge_base.vietnamese import tokens
    >>> told("crisis", tokens("ck e hay đánh e lắm")) is not None
    True
    """
    found = _spans(_spelled_out(spoken))
    return next((pattern for pattern in _patterns()[kind] if _stands(pattern, found)), None)


def said(name: str, spoken: Sequence[str]) -> tuple[str, ...]:
    """What stands in a text of one class of words, in its order."""
    found = sorted(_spans(spoken).get(name, ()))
    return tuple(" ".join(spoken[start:end]) for start, end in found)


def without_swearing(text: str) -> str:
    """``text`` without its swear words, where something is left to ask; else as it is.

    >>> without_swearing("đm làm hộ chiếu lâu vãi, mấy ngày mới có?")
    'làm hộ chiếu lâu, mấy ngày mới có?'
    """
    places = [match.span() for match in _WORD.finditer(text)]
    spans = _spans([canonical(text[start:end]) for start, end in places]).get("swearing", [])
    rude = {n for start, end in spans for n in range(start, end)}
    if not rude or len(places) - len(rude) < _GAP:
        return text
    for n in sorted(rude, reverse=True):
        start, end = places[n]
        text = text[:start].rstrip() + text[end:]
    return text.lstrip(" ,.!")


def _stands(pattern: Pattern, found: Mapping[str, list[_Span]]) -> bool:
    if any(found.get(name) for name in pattern.unless):
        return False
    if pattern.needs and not any(found.get(name) for name in pattern.needs):
        return False
    ends: list[int] | None = None
    for part in pattern.say:
        spans = [span for name in part for span in found.get(name, ())]
        ends = [
            end
            for start, end in spans
            if ends is None or any(0 <= start - before <= pattern.gap for before in ends)
        ]
        if not ends:
            return False
    return True


def _spans(spoken: Sequence[str]) -> dict[str, list[_Span]]:
    """Where phrases of each class stand."""
    words = [word for word in spoken if word.isalpha()]
    marked = sum(not word.isascii() for word in words)
    lenient = marked <= len(words) * _MARKED
    found: dict[str, list[_Span]] = {}
    exact, folded = _entries()
    for start, word in enumerate(spoken):
        near = folded.get(_bare(word), ()) if lenient and word.isascii() else ()
        for name, phrase, only_marked in (*exact.get(word, ()), *near):
            end = start + len(phrase)
            same = _same if lenient and not only_marked else str.__eq__
            if end <= len(spoken) and all(map(same, spoken[start:end], phrase)):
                spans = found.setdefault(name, [])
                if (start, end) not in spans:
                    spans.append((start, end))
    for name in [name for name in found if name.startswith(_BUT)]:
        for begin, stop in found.pop(name):
            left = found.get(name[1:], [])
            found[name[1:]] = [s for s in left if s[1] <= begin or s[0] >= stop]
    return found


def _same(said: str, syllable: str) -> bool:
    return said == syllable or (said.isascii() and _bare(said) == _bare(syllable))


@cache
def _bare(syllable: str) -> str:
    """Without marks, and with one letter for "i" and "y" ("ti le", "tỷ lệ")."""
    folded = fold(syllable)
    return f"{folded[0]}y" if len(folded) == 2 and folded[1] == "i" else folded


def _spelled_out(spoken: Sequence[str]) -> list[str]:
    """``spoken`` with what is typed on telephones written out."""
    short = _short()
    return [syllable for word in spoken for syllable in short.get(word, (word,))]


@cache
def _short() -> dict[str, tuple[str, ...]]:
    return {str(k): tuple(tokens(str(v))) for k, v in table("patterns")["short"].items()}


@cache
def _entries() -> tuple[_Entries, _Entries]:
    """All phrases by their first syllable, and by that without its marks."""
    exact: _Entries = {}
    folded: _Entries = {}
    for name, row in table("patterns")["classes"].items():
        made = {"phrases": row} if isinstance(row, list) else row
        listed = [*made.get("phrases", []), *_of_domain(made.get("of", []))]
        but = made.get("but", [])
        for key, texts in ((name, listed), (_BUT + name, but)):
            for text in map(str, texts):
                phrase = tuple(tokens(text.lstrip("=")))
                entry = (key, phrase, text.startswith("="))
                exact.setdefault(phrase[0], []).append(entry)
                folded.setdefault(_bare(phrase[0]), []).append(entry)
    return exact, folded


def _of_domain(rows: Sequence[str]) -> list[str]:
    return [phrase for row in rows for phrase in table("domain")[row]]


@cache
def _patterns() -> dict[str, tuple[Pattern, ...]]:
    classes = set(table("patterns")["classes"])
    made: dict[str, tuple[Pattern, ...]] = {}
    for kind, rows in table("patterns")["patterns"].items():
        made[kind] = tuple(
            Pattern(
                tuple(tuple(part.split("|")) for part in row["say"]),
                int(row.get("gap", _GAP)),
                tuple(row.get("needs", ())),
                tuple(row.get("unless", ())),
            )
            for row in rows
        )
        for pattern in made[kind]:
            named = {name for part in pattern.say for name in part}
            unknown = (named | {*pattern.needs, *pattern.unless}) - classes
            if unknown:
                raise KeyError(f"patterns.yml: no class {', '.join(sorted(unknown))}")
    return made
