"""Lists that two texts give of one thing ("Hồ sơ gồm: …"): what only one of them has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.conflicts.terms import terms_of

_OPENS = re.compile(
    r"(?<!bao )\b(?:bao gồm|gồm(?: có)?|(?:các )?điều kiện(?: sau(?: đây)?)?|giấy tờ sau(?: đây)?"
    r"|khi có(?: đủ)?(?: các)?)(?P<colon>\s*:)?\s+",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\s*(?:\d{1,2}[.)]|[a-zđ][.)]|[-–•*+])\s+")
_SAME = 0.6  # of the terms of an item, that another must share to be that item
_FEWEST, _MOST = 2, 30


@dataclass(frozen=True, slots=True)
class Listed:
    """``items`` are spans of the text; ``head`` is what is listed."""

    head: str
    start: int
    items: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Extra:
    """An item of one list (0: the first, 1: the second) that the other does not have."""

    of: int
    span: tuple[int, int]
    first: Listed
    second: Listed
    alike: float


def lists_of(text: str, *, marked: bool) -> tuple[Listed, ...]:
    """The lists of a text, by what opens them; ``marked``: only those with a colon."""
    found = []
    for match in _OPENS.finditer(text):
        if marked and not match["colon"]:
            continue
        start = max(text.rfind(mark, 0, match.start()) for mark in (". ", "\n", "; ")) + 1
        head = text[start : match.start()]
        body_end = _end(text, match.end())
        items = tuple(_items(text, match.end(), body_end))
        if _FEWEST <= len(items) <= _MOST and len(terms_of(head)) >= 2:
            found.append(Listed(head, start, items))
    return tuple(found)


def extras(a: str, b: str, least: float, *, marked: bool = False) -> Iterator[Extra]:
    """What one list has more than the other, of lists of the same thing that share most items.

    ``least``: how alike what is listed must be; ``marked``: see `lists_of`.
    """
    of_b = [(other, _weighed(other.head)) for other in lists_of(b, marked=marked)]
    for one in lists_of(a, marked=marked):
        head = _weighed(one.head)
        for other, other_head in of_b:
            alike = _dice(head, other_head)
            if alike < least:
                continue
            left_a = _left(a, one.items, b, other.items)
            left_b = _left(b, other.items, a, one.items)
            matched = len(one.items) - len(left_a)
            if matched < 1 or matched < 0.5 * min(len(one.items), len(other.items)):
                continue
            # One item each that is left may be the same in other words.
            if len(left_a) == len(left_b):
                continue
            if len(left_b) > len(left_a):
                yield Extra(1, left_b[-1], one, other, alike)
            else:
                yield Extra(0, left_a[-1], one, other, alike)
            break


def _end(text: str, start: int) -> int:
    """Where a list ends: at a full stop, or after the last of the lines with labels."""
    if text[:start].rstrip().endswith(":") and _LABEL.match(text, start):
        at, style = start, _style(text, start)
        while at < len(text):
            line_end = text.find("\n", at)
            line_end = len(text) if line_end < 0 else line_end
            if text[at:line_end].strip() and _style(text, at) != style:
                return at
            at = line_end + 1
        return len(text)
    stop = re.search(r"\.(?:\s|$)|\n", text[start:])
    return start + stop.start() if stop else len(text)


def _style(text: str, at: int) -> str:
    """How a line is labelled: "1" a number, "a" a letter, "-" a dash, "" not at all."""
    label = _LABEL.match(text, at)
    first = label[0].strip()[0] if label else ""
    return "1" if first.isdigit() else "a" if first.isalpha() else first


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    body = text[start:end]
    if "\n" in body.strip():
        cuts = re.compile(r"\n+")
    elif ";" in body:
        cuts = re.compile(r";\s*(?:và\s+)?")
    else:
        cuts = re.compile(r",\s*(?:và\s+)?|\s+và\s+(?=(?:bản|giấy|văn bản|đơn|tờ|có|được|phải)\b)")
    at = 0
    for match in [*cuts.finditer(body), None]:
        stop = match.start() if match else len(body)
        label = _LABEL.match(body, at, stop)
        first = label.end() if label else at
        while first < stop and body[first].isspace():
            first += 1
        if stop - first >= 3:
            yield start + first, start + len(body[:stop].rstrip(" ;.,\n"))
        at = match.end() if match else stop


def _left(
    a: str, ones: tuple[tuple[int, int], ...], b: str, others: tuple[tuple[int, int], ...]
) -> list[tuple[int, int]]:
    known = [_weighed(b[slice(*other)]) for other in others]
    return [one for one in ones if not any(_held(_weighed(a[slice(*one)]), k) for k in known)]


_Weighed = dict[tuple[str, ...], float]


def _weighed(text: str) -> _Weighed:
    return {t.said: t.weight for t in terms_of(text)}


def _held(x: _Weighed, y: _Weighed) -> bool:
    """Whether the shorter of two items is in the longer, for the most part."""
    whole = min(sum(x.values()), sum(y.values()))
    return whole > 0 and sum(w for said, w in x.items() if said in y) >= _SAME * whole


def _dice(x: _Weighed, y: _Weighed) -> float:
    whole = sum(x.values()) + sum(y.values())
    return 2 * sum(w for said, w in x.items() if said in y) / whole if whole else 0.0
