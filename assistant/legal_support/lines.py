"""The lines of one matter: what holds today by part, and what held on the day it happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.legal_support.event_day import EventDay
from assistant.legal_support.schema import LineFile, MatterFile, phrase
from assistant.legal_support.sources import Library, Quoted, quote
from assistant.legal_support.told import notice
from assistant.vocabulary import Line
from knowledge_base.scope import Scope

#: Parts that the law of another day may tell otherwise; where to go is told as of today.
_OF_THE_DAY = ("law", "deadlines")
#: The parts in the order they are told.
_ORDER = ("law", "then", "now", "transition", "deadlines", "bodies", "next")
#: What somebody in danger is told, in this order: no more than can be read then.
_URGENT: Mapping[str, int] = {"bodies": 2, "deadlines": 2, "law": 2}


@dataclass(frozen=True, slots=True)
class Asked:
    """A message: its tokens as typed and as meant, who asks, and the days it is about."""

    texts: tuple[Sequence[str], ...]
    scope: Scope
    now: date
    event: EventDay | None


@dataclass(frozen=True, slots=True)
class Told:
    """A line with the part it is told in."""

    part: str
    line: Line


def told_of(matter: MatterFile, library: Library, asked: Asked) -> list[Told]:
    """Lines of a matter in the order they are told.

    Where the law of the event's day differs from today's, both stand under headings
    of their own ("then", "now"), followed by which of them holds.
    """
    found = list(_found(matter, library, asked))
    if any(told.part in ("then", "now") for told in found) and matter.transition is not None:
        quoted = quote(matter.transition, library, asked.scope)
        if quoted is not None:
            found.append(Told("transition", line_of("transition", matter.transition, quoted)))
    return sorted(found, key=lambda told: _ORDER.index(told.part))


def urgent(told: Sequence[Told]) -> list[Told]:
    """The few of them for somebody in danger: where to turn first."""
    return [
        each
        for part, most in _URGENT.items()
        for each in [one for one in told if one.part == part][:most]
    ]


def notices_of(
    matter: MatterFile, told: Sequence[Told], library: Library, asked: Asked
) -> Iterator[str]:
    """What has to be said of the day of the event, if one was named."""
    event = asked.event
    if event is None:
        return
    parts = {each.part for each in told}
    if not parts & {"then", "now"}:
        yield notice("same_law", when=event.words)
        return
    if not parts & {"then", "law"}:
        laws = sorted({each.line.citation.title for each in told if each.part == "now"})
        yield notice("then_unknown", when=event.words, laws=", ".join(laws))
    if matter.transition is None:
        yield notice("transition_unknown")
    if _changed_within(matter, library, asked.scope, event):
        yield notice("changed_within", when=event.words)


def line_of(part: str, line: LineFile, quoted: Quoted) -> Line:
    """The line as it is shown: our words or the quote, with the article beside it."""
    return Line(part, f"{quoted.place}: {line.say or quoted.words}", quoted.citation)


def _found(matter: MatterFile, library: Library, asked: Asked) -> Iterator[Told]:
    for part, line in matter.lines():
        quoted = quote(line, library, asked.scope)
        if part == "transition" or quoted is None or not _fits(line, asked.texts):
            continue
        holds = quoted.holds_on(asked.now)
        if asked.event is not None and part in _OF_THE_DAY:
            held = quoted.holds_on(asked.event.first) or quoted.holds_on(asked.event.last)
            if held != holds:
                part = "then" if held else "now"
            elif not holds:
                continue
        elif not holds:
            continue
        yield Told(part, line_of(part, line, quoted))


def _changed_within(matter: MatterFile, library: Library, scope: Scope, event: EventDay) -> bool:
    quotes = [quote(line, library, scope) for part, line in matter.lines() if part in _OF_THE_DAY]
    return any(q and q.holds_on(event.first) != q.holds_on(event.last) for q in quotes)


def _fits(line: LineFile, texts: Sequence[Sequence[str]]) -> bool:
    def said(words: Sequence[str]) -> bool:
        return any(phrase(each).at(text) >= 0 for each in words for text in texts)

    return (not line.only or said(line.only)) and not said(line.unless)
