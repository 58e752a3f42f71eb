"""What an amending article orders, place by place: "Sửa đổi, bổ sung khoản 2 Điều 5 như sau:".

An instruction is told from the text it puts in place by its verb, and by not
standing in a quotation. A document may amend several others in one article:
an instruction is of the one that was named last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge_base.law.dates import flat
from knowledge_base.law.keys import numbers_in
from knowledge_base.law.lines import Line, lines_of
from knowledge_base.law.references import Place, places_in

#: What is done to a place; "context" only says where what follows is to be looked for.
Act = Literal["replace", "add", "drop", "words", "context"]

# Scanners read "sửa đổi" as "sửa đôi", "bổ sung" as "bỗ sung".
_VERB = (
    r"(?:sửa\s+_?đ\wi|b\w\s+sung|thay\s+thế|bãi\s+bỏ|h[ủuỷ]y\s+bỏ"
    r"|(?:bỏ|thay)\s+(?:các\s+)?(?:cụm\s+)?từ)"
)
_INSTRUCTION = re.compile(
    rf"(?:(?:\d{{1,3}}[a-zđ]?|[a-zđ]\d?)[.)]\s+|[-–+]\s+)?{_VERB}", re.IGNORECASE
)
_PASSIVE = re.compile(
    rf"(?:(?:\d{{1,3}}|[a-zđ])[.)]\s+)?(?:Điểm|Khoản|Điều|Các điểm|Các khoản)\s[^.;:]{{1,160}}?"
    rf"\bđược\s+(?:{_VERB})[^:]{{0,80}}như\s+sau\s*:?\s*$",
    re.IGNORECASE,
)
_OWN = re.compile(r"^Điều\s+\d+[a-zđ]?\s*[.:]?\s*", re.IGNORECASE)
_PART = re.compile(r"\s*(?:;|,?\s+và)\s+(?=(?:sửa đổi|bổ sung|bãi bỏ|thay thế)\b)", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:vào\s+)?(?:sau|trước)\s+(?:điểm|khoản|điều)\b.*", re.IGNORECASE)
_QUOTED = r"[“\"«](?P<{}>[^”\"»]{{1,300}})[”\"»]"
_A_WORD = r"(?:các\s+)?(?:cụm\s+)?từ(?:\s+ngữ)?\s*"
_WORDS = re.compile(
    rf"(?:thay\s+(?:thế\s+)?|sửa\s+đổi\s+){_A_WORD}{_QUOTED.format('old')}[^“\"«]{{0,900}}?"
    rf"(?:bằng|thành)\s*(?:{_A_WORD})?{_QUOTED.format('new')}",
    re.IGNORECASE,
)
_CUT = re.compile(rf"bỏ\s+{_A_WORD}{_QUOTED.format('old')}", re.IGNORECASE)
_PUT_IN = re.compile(
    rf"b\w\s+sung\s+{_A_WORD}{_QUOTED.format('new')}\s*(?:vào\s+)?(?P<side>trước|sau)\s+"
    rf"{_A_WORD}{_QUOTED.format('old')}",
    re.IGNORECASE,
)
_OF_WORDS = re.compile(rf"{_VERB}\s+(?:{_A_WORD})(?=[“\"«])", re.IGNORECASE)
_BY_NAME = re.compile(r"của\s+(?:Bộ luật|Luật|Pháp lệnh)\s+(?!này)[A-ZĐ]")
_SOME = re.compile(r"một số\s+(?:điều|khoản|điểm|nội dung)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Order:
    """One thing done to one place. ``swaps``: words exchanged for others.

    ``said`` is the span of the instruction, ``text`` that of what follows up to
    the next one, both in the text that was read.
    """

    act: Act
    place: Place
    swaps: tuple[tuple[str, str], ...]
    sentence: str
    said: tuple[int, int]
    text: tuple[int, int]
    beside: tuple[Place, ...] = ()  # the other places of the same instruction


def orders_in(text: str, key: str) -> Iterator[Order]:
    """The orders of one amending article that are about the document with this key."""
    lines = lines_of(text)
    said = [n for n, line in enumerate(lines) if _instructs(lines, n, text)]
    # What an instruction leaves out is named by the one above it: Điều 8 > 1. > a)
    contexts: dict[int, Place] = {}
    mine = True
    for at, n in enumerate(said):
        after_next = said[at + 1] if at + 1 < len(said) else len(lines)
        sentence, after = _sentence(lines, n, after_next)
        named = _named(sentence, key)
        if named is not None and named != mine:
            mine, contexts = named, {}
        if not mine:
            continue
        begin = lines[n].start
        spoken = (begin, begin + len(text[begin : _end_of(lines, after - 1)].rstrip()))
        start = lines[after].start if after < len(lines) else len(text)
        until = lines[after_next].start if after_next < len(lines) else len(text)
        level = _level(lines[n].text, first=n == 0)
        above = [contexts[x] for x in sorted(contexts) if x < level]
        found = list(_orders(sentence, above[-1] if above else None))
        contexts = {x: place for x, place in contexts.items() if x < level}
        if found and found[0][0].article:
            clauses = {place.clause for place, _, _ in found}
            contexts[level] = Place(found[0][0].article, clauses.pop() if len(clauses) == 1 else "")
        span = (_line_begin(text, start), until)
        for place, act, swaps in found:
            beside = tuple(other for other, _, _ in found if other != place)
            yield Order(act, place, swaps, sentence, spoken, span, beside)


def _level(line: str, *, first: bool) -> int:
    """How deep an instruction stands: the article's own line, "1.", "a)"."""
    if first:
        return 0
    return 2 if re.match(r"[a-zđ]\d?[.)]\s", line) else 1


def _instructs(lines: Sequence[Line], n: int, text: str) -> bool:
    """Whether a line says what is changed, rather than being what it is changed to."""
    line = lines[n]
    body = _OWN.sub("", line.text) if n == 0 else line.text
    if line.quoted or _is_block_quote(text, line.start):
        return False
    if n == 0:
        return bool(re.search(_VERB, body[:200], re.IGNORECASE))
    return bool(_INSTRUCTION.match(body) or _PASSIVE.match(flat(body)))


def _beside(part: str, within: Place | None) -> Place | None:
    """ "… khoản 2a vào sau khoản 2 Điều 4": the article, and of a point its clause, stand there."""
    where = _WHERE.search(part)
    beside = places_in(where[0], within) if where else ()
    if not beside:
        return within
    return Place(beside[0].article, beside[0].clause if beside[0].point else "")


def _swaps(body: str) -> Iterator[tuple[str, str]]:
    """Words and what they become: exchanged, left out, or put beside others."""
    for match in _WORDS.finditer(body):
        yield match["old"], match["new"]
    for match in _PUT_IN.finditer(body):
        before = match["side"] == "trước"
        both = (match["new"], match["old"]) if before else (match["old"], match["new"])
        yield match["old"], " ".join(both)
    if not _WORDS.search(body):
        for match in _CUT.finditer(body):
            yield match["old"], ""


def _is_block_quote(text: str, start: int) -> bool:
    begin = text.rfind("\n", 0, start) + 1
    return text[begin:start].lstrip().startswith(">")


def _sentence(lines: Sequence[Line], n: int, until: int) -> tuple[str, int]:
    """The instruction, which may go on over lines, and the line after it."""
    words = [lines[n].text]
    at = n + 1
    while (
        at < min(until, n + (16 if "từ" in words[0] else 4))
        and not words[-1].rstrip().endswith((":", ".", ";"))
        and not lines[at].quoted
        and lines[at].text[:1].islower()
        and not re.match(r"[a-zđ]\d?[.)]\s", lines[at].text)
    ):
        words.append(lines[at].text)
        at += 1
    return flat(" ".join(words)), at


def _end_of(lines: Sequence[Line], n: int) -> int:
    return lines[n].start + len(lines[n].text)


def _line_begin(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1 if at <= len(text) else len(text)


def _named(sentence: str, key: str) -> bool | None:
    """Whether an instruction names the document asked about; None where it names none."""
    first = next((number for number in numbers_in(sentence) if number.whole), None)
    if first is not None:
        return first.key == key
    return False if _BY_NAME.search(sentence) else None


def _orders(
    sentence: str, within: Place | None
) -> Iterator[tuple[Place, Act, tuple[tuple[str, str], ...]]]:
    """What one instruction orders, place by place."""
    body = _OWN.sub("", sentence)
    body = re.sub(r"^(?:\d{1,3}[a-zđ]?|[a-zđ]\d?)[.)]\s+", "", body)
    bare = re.sub(r"[“\"«][^”\"»]*[”\"»]", " ", body)
    if _OF_WORDS.match(body):
        swaps = tuple(_swaps(body))
        for place in places_in(bare, within) or ((within,) if within else ()):
            yield place, "words", swaps
        return
    for part in _PART.split(bare):
        some = _SOME.search(part)
        head = re.split(r"\bnhư\s+sau\b", _WHERE.sub("", part), maxsplit=1)[0]
        places = places_in(head, _beside(part, within))
        if any(place.point and not place.clause for place in places):
            # "điểm c và bổ sung điểm d khoản 3": the clause stands once, at the end.
            last = next((place.clause for place in places_in(bare, within) if place.clause), "")
            places = tuple(replace(p, clause=p.clause or last) for p in places)
        if some:
            for place in places[:1] or (Place(""),):
                yield place, "context", ()
            continue
        act: Act = "replace"
        if re.match(r"\W*(?:bãi bỏ|h[ủuỷ]y bỏ)", part, re.IGNORECASE):
            act = "drop"
        elif re.match(r"\W*b\w\s+sung", part, re.IGNORECASE):
            act = "add"
        for place in places:
            yield place, act, ()
