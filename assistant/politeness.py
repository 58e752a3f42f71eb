"""A question without the greetings before it and the thanks after it, and without shouting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assistant.tables import Phrase, phrases
from knowledge_base.vietnamese import canonical

_WORD = re.compile(r"[^\W_]+")
_EDGES = " \t,.:;!?-–—…"
_SORRY = re.compile(r"\W*(?:dạ |da )?(?:xin lỗi|xin loi)(?: \w+){0,2} ?[,.:;!]+\s*", re.IGNORECASE)
_SHOUTED = 3  # words in capitals that are no acronym standing alone


def without_politeness(text: str) -> str:
    """``text`` without courtesies at its ends, where something else is left; else as it is.

    >>> without_politeness("Dạ em chào anh chị ạ, cho em hỏi chút: phí bao nhiêu? Em cảm ơn ạ!")
    'phí bao nhiêu?'
    >>> without_politeness("cảm ơn bạn nhiều")
    'cảm ơn bạn nhiều'
    """
    text = _without_sorry(text)
    places = [match.span() for match in _WORD.finditer(text)]
    spoken = [canonical(text[start:end]) for start, end in places]
    first, last = _after_greeting(spoken), len(spoken) - _thanks_at_end(spoken)
    left = spoken[first:last]
    if len(left) == len(spoken) or not set(left) - _courtesies():
        return text
    start = places[first][0] if first else 0
    # The mark that ends the question stays with it.
    end = places[last][0] if last < len(spoken) else len(text)
    return text[start:end].strip().rstrip(",;:-–— ") if last < len(spoken) else text[start:end]


def _without_sorry(text: str) -> str:
    """``text`` without an apology before it: a courtesy only where a mark ends it."""
    said = _SORRY.match(text)
    return text[said.end() :] if said and _WORD.search(text, said.end()) else text


def calm(text: str) -> str:
    """``text`` in small letters, where all of it was typed in capitals."""
    if text.isupper() and len(_WORD.findall(text)) >= _SHOUTED:
        return text.capitalize()
    return text


def _after_greeting(spoken: Sequence[str]) -> int:
    """How many syllables at the start are a greeting or ask whether one may ask."""
    done = 0
    while True:
        at = _skip(spoken, done, "before_greeting", "people")
        greeted = _one(spoken, at, "greets")
        if greeted > at:
            done = _skip(spoken, greeted, "people", "after_greeting")
            continue
        called = _skip(spoken, at, "people")
        if called > done and spoken[called : called + 1] in (["ơi"], ["oi"]):
            done = _skip(spoken, called + 1, "before_greeting")
            continue
        thanked = _one(spoken, at, "thanks")
        if thanked > at:
            done = _skip(spoken, thanked, "people", "beside_thanks")
            continue
        asked = _asked(spoken, done)
        if asked == done:
            return _skip(spoken, done, "assents")
        done = asked


def _asked(spoken: Sequence[str], start: int) -> int:
    """Where "cho em hỏi chút", "em muốn hỏi là" and the like end; ``start`` where none stands."""
    at = _skip(spoken, start, "before_greeting", "people")
    if spoken[at : at + 1] == ["cho"] and (after := _skip(spoken, at + 1, "people")) > at + 1:
        at = after
        if spoken[at : at + 1] not in (["hỏi"], ["hoi"]):
            return start
    end = _one(spoken, at, "asks")
    if end == at or (at == start and end == at + 1):  # "hỏi đáp", "hỏi cung"
        return start
    return _skip(spoken, end, "a_little")


def _thanks_at_end(spoken: Sequence[str]) -> int:
    """How many syllables at the end are thanks."""
    for size in range(len(spoken), 0, -1):
        tail = spoken[-size:]
        at = _skip(tail, 0, "people", "beside_thanks")
        end = _one(tail, at, "thanks")
        if end > at and _skip(tail, end, "people", "beside_thanks") == size:
            return size
    return 0


def _skip(spoken: Sequence[str], start: int, *rows: str) -> int:
    """Past all phrases of these rows that follow each other from ``start`` on."""
    at = start
    while True:
        after = max(_one(spoken, at, row) for row in rows)
        if after == at:
            return at
        at = after


def _one(spoken: Sequence[str], start: int, row: str) -> int:
    """Past the longest phrase of a row that stands at ``start``; ``start`` where none does."""
    for phrase in phrases("politeness", row):
        if phrase.at(spoken[start : start + len(phrase.syllables)]) == 0:
            return start + len(phrase.syllables)
    return start


@cache
def _courtesies() -> frozenset[str]:
    rows: list[tuple[Phrase, ...]] = [
        phrases("politeness", row)
        for row in ("people", "before_greeting", "after_greeting", "a_little", "beside_thanks")
    ]
    found = {word for row in rows for phrase in row for word in phrase.syllables}
    talk = (word for phrase in phrases("talk", "politeness") for word in phrase.syllables)
    return frozenset(found) | frozenset(talk)
