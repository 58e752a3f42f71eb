"""A text cut into sentences, and what is counted in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.plain_language.tables import Words, common, words
from knowledge_base.vietnamese import canonical

_LINE = re.compile(r"[^\n]+")
#: A line broken only because the page was full: what follows goes on in small letters.
_WRAPPED = re.compile(r"(?<=[^\s.!?:;…])[ \t]*\n[ \t]*(?=[a-zà-ỹđ0-9(“])(?![a-zđ0-9]{1,2}[.)])")
_END = re.compile(r"(?<=[.!?…])\s+(?=[\"“(A-ZĐÀ-Ỵ0-9-])")
_BULLET = re.compile(r"^\s*(?:[-*•+–]|\d{1,2}[.)]|[a-zđ]\))\s+")
_WORD = re.compile(r"[^\W_]+(?:/[^\W_]+)*", re.UNICODE)
_CAPITALS = re.compile(r"\b[A-ZĐ]{2,}[A-ZĐ0-9]*\b")
_EXPLAINED = re.compile(r"\(\s*(?:sau đây )?(?:gọi tắt là |viết tắt là )?([A-ZĐ]{2,})\s*\)")
_BY = re.compile(r"(?i)\b(?:được|bị)\b[^.;,]{1,60}\bbởi\b")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+|\S+@\S+")
_NUMBER = re.compile(r"\b\d+/\d{4}/[\w-]+")
_LONG_ASIDE = 12


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that makes a sentence hard: its kind, the words, and what to write instead."""

    kind: str  # "phrase" | "word" | "abbreviation" | "passive" | "brackets" | "rare"
    words: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its figures. ``rare``: share of syllables outside the commonest ones."""

    text: str
    syllables: int
    clauses: int
    rare: float
    faults: tuple[Fault, ...]


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text, in their order; lines and points of a list are apart."""
    explained = frozenset(_EXPLAINED.findall(text))
    return [
        read
        for line in _LINE.findall(_WRAPPED.sub(" ", text))
        for part in _END.split(_BULLET.sub("", line).strip())
        if (read := _read(part.strip(), explained)) is not None
    ]


def _read(text: str, explained: frozenset[str]) -> Sentence | None:
    plain = _NUMBER.sub(" ", _LINK.sub(" ", text))
    typed = [word for word in _WORD.findall(plain) if any(map(str.isalpha, word))]
    spoken = [canonical(part) for word in typed for part in word.split("/")]
    if not spoken:
        return None
    table = words()
    names = {canonical(word) for word in typed[1:] if word[:1].isupper()}
    unknown = [w for w in spoken if w.isalpha() and w not in common() and w not in names]
    faults = (
        *_phrases(spoken, table),
        *_abbreviations(plain, table, explained),
        *_shape(plain),
        *(Fault("rare", word) for word in dict.fromkeys(unknown)),
    )
    return Sentence(
        text, len(spoken), _clauses(plain, spoken, table), len(unknown) / len(spoken), faults
    )


def _phrases(spoken: Sequence[str], table: Words) -> Iterator[Fault]:
    """The longest phrase at each place; what is inside another is not counted again."""
    at = 0
    while at < len(spoken):
        for size in range(min(table.longest, len(spoken) - at), 0, -1):
            piece = tuple(spoken[at : at + size])
            kind = "phrase" if piece in table.phrases else "word" if piece in table.words else ""
            if kind:
                found = table.phrases if kind == "phrase" else table.words
                yield Fault(kind, " ".join(piece), found[piece])
                at += size
                break
        else:
            at += 1


def _abbreviations(text: str, table: Words, explained: frozenset[str]) -> Iterator[Fault]:
    if text.isupper():  # a heading in capitals
        return
    for short in dict.fromkeys(_CAPITALS.findall(text)):
        if short not in table.known and short not in explained:
            instead = table.abbreviations.get(short, "viết đủ chữ ở lần đầu")
            yield Fault("abbreviation", short, instead)


def _shape(text: str) -> Iterator[Fault]:
    passive = _BY.search(text)
    if passive:
        yield Fault("passive", passive[0], "nói người làm trước: ai làm việc gì")
    depth = deepest = start = 0
    longest = ""
    for place, character in enumerate(text):
        if character in "([":
            start = place if depth == 0 else start
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]" and depth:
            depth -= 1
            if depth == 0:
                longest = max(longest, text[start : place + 1], key=len)
    if deepest > 1:
        yield Fault("brackets", longest, "bỏ ngoặc trong ngoặc; viết thành câu riêng")
    elif len(longest.split()) > _LONG_ASIDE:
        yield Fault("brackets", longest, "đưa phần trong ngoặc thành câu riêng")


def _clauses(text: str, spoken: Sequence[str], table: Words) -> int:
    """How many parts a sentence has: cut by semicolons, commas before more words, and openers."""
    openers = sum(
        tuple(spoken[at : at + size]) in table.clauses
        for at in range(1, len(spoken))
        for size in (1, 2, 3)
    )
    return 1 + text.count(";") + text.count(",") // 2 + openers
