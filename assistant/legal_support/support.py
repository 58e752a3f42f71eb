"""The answer on one or two matters: what stands above, between and below their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.legal_support.event_day import event_day
from assistant.legal_support.lines import Asked, Told, line_of, notices_of, told_of, urgent
from assistant.legal_support.recognise import recognise
from assistant.legal_support.schema import MatterFile, matters
from assistant.legal_support.sources import Library, named, quote
from assistant.legal_support.told import about, heading, legal_aid, notice, safety
from assistant.vocabulary import Draft, Line
from knowledge_base.vietnamese import tokens

#: The kind of a draft that is answered so.
MATTER = "matter"


@dataclass(frozen=True, slots=True)
class LegalSupport:
    """Composes answers on matters out of what is stored."""

    library: Library

    def about(self, draft: Draft, now: date, *, in_danger: bool = False) -> Draft | None:
        """``draft`` with the answer on the matters it is about; None where it is about none.

        ``in_danger``: only a matter of safety is told, and briefly.
        """
        understood = draft.understanding
        meant = list(understood.syllables) if understood else tokens(draft.spoken)
        texts = (tokens(draft.text), meant)
        event = None if in_danger else event_day(draft.text, now)
        asked = Asked(texts, draft.question.scope, now, event)
        found = recognise(*texts)
        if in_danger:
            found = tuple(matter for matter in found if matter.safety)[:1]
        lines: list[Line] = []
        headings: list[tuple[str, str]] = []
        notices: list[str] = []
        for number, matter in enumerate(found):
            told = told_of(matter, self.library, asked)
            told = _new(urgent(told) if in_danger else told, lines)
            headings += _headings(number, matter, told, asked, alone=len(found) == 1)
            lines += [replace(each.line, slot=f"{number}.{each.part}") for each in told]
            notices += notices_of(matter, told, self.library, asked)
        if not lines:
            return None
        if not in_danger and any(matter.legal_aid for matter in found):
            lines += self._aid(asked)
            headings.append(("aid", heading("aid", event, now)))
        lead = tuple(_lead(found))
        return replace(
            draft,
            kind=MATTER,
            as_of=now,
            card=None,
            slots=(),
            lead="\n".join(lead),
            lines=tuple(lines),
            headings=tuple(headings),
            notices=tuple(dict.fromkeys((*lead, _prepare(found), *notices, notice("no_verdict")))),
            suggestions=tuple(dict.fromkeys(s for m in found for s in m.suggestions)),
            verdicts={**draft.verdicts, "matters": [matter.id for matter in found]},
        )

    def is_firm(self, draft: Draft) -> bool:
        """Whether one of the matters that ``draft`` answers leaves no room for a procedure."""
        told = draft.verdicts.get("matters", ())
        return any(matter.firm for matter in matters() if matter.id in told)

    def _aid(self, asked: Asked) -> Iterator[Line]:
        for line in legal_aid():
            quoted = quote(line, self.library, asked.scope)
            if quoted is not None and quoted.holds_on(asked.now):
                yield line_of("aid", line, quoted)


def _new(told: Sequence[Told], lines: Sequence[Line]) -> list[Told]:
    """What another matter of the same answer has not told already."""
    said = {line.text for line in lines}
    return [each for each in told if each.line.text not in said]


def _headings(
    number: int, matter: MatterFile, told: Sequence[Told], asked: Asked, *, alone: bool
) -> Iterator[tuple[str, str]]:
    for at, part in enumerate(dict.fromkeys(each.part for each in told)):
        cited = [each.line.citation for each in told if each.part == part]
        laws = list(dict.fromkeys(named(each) for each in cited))
        above = heading(part, asked.event, asked.now, laws)
        first = at == 0 and not alone
        yield f"{number}.{part}", f"{about(matter.title)}\n{above}" if first else above


def _lead(found: Sequence[MatterFile]) -> Iterator[str]:
    """Safety first, then what each matter comes down to."""
    yield from dict.fromkeys(safety(matter.safety) for matter in found if matter.safety)
    yield from (matter.lead for matter in found)


def _prepare(found: Sequence[MatterFile]) -> str:
    things = dict.fromkeys(thing for matter in found for thing in matter.prepare)
    return notice("prepare", things="; ".join(things))
