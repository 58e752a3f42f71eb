"""The words of a text with their places, and the runs of capitals among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from knowledge_base.vietnamese import canonical

_WORD = re.compile(
    r"[HK]['’]\s?[^\W\d_]+|"  # H' Nuăn
    r"(?:[^\W\d_]\.){2,4}[^\W\d_]?\d?(?!\w)|(?:[^\W\d_]\.){1,4}[^\W\d_]\d?(?!\w)"  # N.T.H
    r"|[^\W\d_]+(?:['’´`][^\W\d_]+)*\d{0,2}(?!\w)|\w+"
)
_JOINED = re.compile(r"[  ]{1,2}")
_SHOUTED = 0.85  # share of capitals in a line that tells nothing by them


@dataclass(frozen=True, slots=True)
class Word:
    """``text[start:end]``; ``low`` with the tone mark where it is usually put."""

    text: str
    start: int
    end: int
    low: str
    capital: bool
    shouted: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Words ``first`` to ``last`` (inclusive) that all begin with a capital, side by side."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


class Taken:
    """Which characters of a text belong to something already; quick for long texts."""

    def __init__(self, size: int, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._marks = bytearray(size)
        for start, end in spans:
            self.take(start, end)

    def free(self, start: int, end: int) -> bool:
        """Whether none of ``[start:end]`` is taken."""
        return self._marks.find(1, start, end) < 0

    def take(self, start: int, end: int) -> None:
        self._marks[start:end] = b"\1" * (end - start)

    def give_back(self, start: int, end: int) -> None:
        self._marks[start:end] = bytes(end - start)


@lru_cache(maxsize=50_000)
def low_of(word: str) -> str:
    """Lower case; "hoà" and "hòa" are one."""
    return canonical(re.sub(r"(?<=['’])\s", "", word.lower()))


class Spelled:
    """A text as words. Lines that are nearly all capitals are marked ``shouted``."""

    def __init__(self, text: str) -> None:
        self.text = text
        shouted = list(_shouted_lines(text))
        self.words: list[Word] = []
        at = 0
        for match in _WORD.finditer(text):
            while at < len(shouted) and shouted[at][1] <= match.start():
                at += 1
            loud = at < len(shouted) and shouted[at][0] <= match.start()
            word = match[0]
            self.words.append(
                Word(word, match.start(), match.end(), low_of(word), word[0].isupper(), loud)
            )

    def between(self, left: int, right: int) -> str:
        """What stands between two words."""
        return self.text[self.words[left].end : self.words[right].start]

    def before(self, index: int, size: int = 60) -> str:
        """What stands before a word."""
        start = self.words[index].start
        return self.text[max(0, start - size) : start]

    def opens_sentence(self, index: int) -> bool:
        """Whether a capital at this word may only be that of a sentence."""
        gap = self.between(index - 1, index) if index else "\n"
        return bool(re.search(r"[.!?:;•\n\t|]|[“\"«]|[-–+*]\s*$", gap)) or (
            index > 0 and self.words[index - 1].text.isdigit()
        )

    @cached_property
    def runs(self) -> list[Run]:
        """Maximal runs of capitals on lines that are not shouted."""
        found: list[Run] = []
        first: int | None = None
        for n, word in enumerate(self.words):
            joined = first is not None and _JOINED.fullmatch(self.between(n - 1, n)) is not None
            if first is not None and not (word.capital and joined and not word.shouted):
                found.append(Run(first, n - 1))
                first = None
            if first is None and word.capital and not word.shouted:
                first = n
        if first is not None:
            found.append(Run(first, len(self.words) - 1))
        return found


def _shouted_lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.splitlines(keepends=True):
        letters = [c for c in line if c.isalpha()]
        if len(line.split()) >= 3 and sum(map(str.isupper, letters)) > _SHOUTED * len(letters):
            yield at, at + len(line)
        at += len(line)
