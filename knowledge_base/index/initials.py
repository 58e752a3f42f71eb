"""What a shortened word may stand for, by the headings of what is indexed.

People write "ghtt" for "gia hạn tạm trú" and "mtuy" for "ma túy", and every
office has abbreviations of its own. A table can only hold those that somebody
thought of; the headings hold the rest: whatever the first letters spell.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from knowledge_base.stop_words import FUNCTION, STOP_WORDS
from knowledge_base.syllables import is_syllable
from knowledge_base.vietnamese import abbreviations, expand_abbreviations, fold, tokens

FILE = "initials.json"
_SHORTEST, _LONGEST = 2, 6  # syllables, and letters of what is typed
_READINGS = 6
_ENTRIES = 60_000
_SURELY = 1.15  # how much more there must be of a reading than of the table's
_BORDERS = re.compile(r"\s[-–|›:]\s|[(),;:/.]")

_VOWEL = re.compile("[aeiouy]")

Initials = Mapping[str, Sequence[str]]


def write(headings: Iterable[str], folder: Path) -> None:
    """Learn from ``headings`` and write the table into ``folder``."""
    table = learned(headings)
    (folder / FILE).write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> Initials:
    """What `write` wrote."""
    found: dict[str, list[str]] = json.loads((folder / FILE).read_text("utf-8"))
    return found


def learned(headings: Iterable[str]) -> dict[str, list[str]]:
    """Phrases of headings by their initials, the most frequent first.

    >>> learned(["Gia hạn tạm trú"])["ghtt"]
    ['gia hạn tạm trú']
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for heading in set(headings):
        for part in _BORDERS.split(expand_abbreviations(heading, document=True)):
            words = tokens(part)
            plain = [fold(word) for word in words]
            for size in range(_SHORTEST, _LONGEST + 1):
                for at in range(len(words) - size + 1):
                    run = plain[at : at + size]
                    # A name neither begins nor ends with "và" or "của".
                    ends = {words[at], words[at + size - 1]}
                    if all(word.isalpha() for word in run) and not ends & FUNCTION:
                        phrase = " ".join(words[at : at + size])
                        seen["".join(word[0] for word in run)][phrase] += 1
                        if size == 2:  # "mtuy", "hso": the first word clipped, the second whole
                            seen[run[0][0] + run[1]][phrase] += 1
    # A large corpus has phrases of every sort: what only one heading says goes first.
    by_use = sorted(seen.items(), key=lambda row: -row[1].most_common(1)[0][1])
    return {
        key: [phrase for phrase, _ in phrases.most_common(_READINGS)]
        for key, phrases in by_use[:_ENTRIES]
    }


def is_clipped(word: str) -> bool:
    """Whether a typed word cannot be a syllable, so that it may be short for some.

    >>> is_clipped("ghtt"), is_clipped("hso"), is_clipped("trú")
    (True, True, False)
    """
    plain = fold(word)
    return (
        plain.isascii()
        and plain.isalpha()
        and _SHORTEST <= len(plain) <= _LONGEST
        and not is_syllable(plain)
    )


def chosen(
    words: Sequence[str],
    initials: Initials,
    is_known: Callable[[str], bool],
    evidence: Callable[[Mapping[str, str]], float],
) -> dict[str, str]:
    """Which phrase each clipped word of a query stands for.

    Args:
        words: the query's words, known abbreviations written out.
        initials: phrases by initials.
        is_known: whether the indexed texts have this word as it is.
        evidence: how much the best document has of the query when these words are read so.

    Of several readings the one is taken that the documents have most of. A
    word that may be itself ("app"), or that the table of abbreviations has,
    has to be beaten; what means one thing everywhere ("UBND") is left alone.
    """
    table = abbreviations()
    read: dict[str, str] = {}
    for word in dict.fromkeys(words):
        phrases = initials.get(fold(word), ()) if is_clipped(word) else ()
        listed, known = (word,) in table.typed, is_known(word)
        if not phrases or (word,) in table.formal:
            continue
        if listed and STOP_WORDS.issuperset(tokens(table.typed[word,])):
            continue  # "ntn" asks, whatever headings there are
        if not listed and known and _VOWEL.search(fold(word)):
            continue
        found = {phrase: evidence({**read, word: phrase}) for phrase in phrases}
        best = max(phrases, key=lambda phrase: found[phrase])
        to_beat = evidence(read) * (_SURELY if listed else 1.0) if listed or known else 0.0
        if found[best] > to_beat:
            read[word] = best
        if len(read) == 3:  # more is no sentence
            break
    return read
