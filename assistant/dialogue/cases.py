"""What has to be asked because the answer hangs on it: "làm lại căn cước" — lost, or changed?

What tells cases apart is data (tables/cases.yml); which procedures there are to
tell apart comes from their names. Nothing is asked that was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.procedures import Procedures
from assistant.tables import Phrase, table
from assistant.vocabulary import Understanding
from knowledge_base.documents import ProcedureCard
from knowledge_base.vietnamese import tokens

_AGE = re.compile(r"(?<!\d)(\d{1,2}) ?(?:tuổi|tuoi|t)\b")
#: What a name has to have of what is said, and how alike two names must be, to be asked about.
_NAMED, _ALIKE = 0.45, 0.4
_MOST = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question back. ``names`` are the procedures' labels, ``titles`` the cases', in step."""

    case: str
    slot: str
    text: str
    titles: tuple[str, ...]
    names: tuple[str, ...]


def said_cases(spoken: Sequence[str]) -> dict[str, str]:
    """The slots that a message fills: ``{"person_kind": "minor"}``.

    What lasts beyond the message is taken only where the message opens the case: the age
    of who asks is not that of the child asked about later.
    """
    found: dict[str, str] = {}
    for row in _rows().values():
        value = _said(row, spoken)
        if value and (not row.get("lasting") or _opens(row, [spoken])):
            found.setdefault(str(row["slot"]), value)
    return found


def to_ask(
    understood: Understanding,
    readings: Sequence[Sequence[str]],
    slots: Mapping[str, str],
    procedures: Procedures,
) -> Asked | None:
    """The one thing that must be asked before an answer, if there is one."""
    for name, row, rivals in _open_cases(understood, readings, procedures):
        if _kept(row, slots) in rivals:
            continue
        cards = list(rivals.values())[:_MOST]
        titles = [str(row["values"][value]["title"]) for value in rivals][:_MOST]
        names = tuple(card.short_name for card in cards)
        return Asked(name, str(row["slot"]), str(row["ask"]), tuple(titles), names)
    return None


def kept_case(
    understood: Understanding,
    readings: Sequence[Sequence[str]],
    slots: Mapping[str, str],
    procedures: Procedures,
) -> str:
    """The procedure that this question means by what was said earlier; empty where nothing was."""
    told = (
        rivals[_kept(row, slots)].short_name
        for _, row, rivals in _open_cases(understood, readings, procedures)
        if _kept(row, slots) in rivals
    )
    return next(told, "")


def chosen_case(asks: str, titles: Sequence[str], spoken: Sequence[str]) -> tuple[int, str] | None:
    """Which of the ``titles`` of an offer a message says in other words (from 0), and its value."""
    for row in _rows().values():
        value = _said(row, spoken) if row["slot"] == asks else None
        if value and (title := title_of(row, value)) in titles:
            return titles.index(title), value
    return None


def beside_case(asks: str, content: Sequence[str]) -> tuple[str, ...]:
    """What of ``content`` says none of the cases that were ``asks``ed about."""
    known = {
        word
        for row in _rows().values()
        if row["slot"] == asks
        for value in row["values"].values()
        for phrase in _made(tuple(value["said"]))
        for word in phrase.syllables
    }
    return tuple(word for word in content if word not in known)


def case_slots() -> frozenset[str]:
    """What may be asked back."""
    return frozenset(str(row["slot"]) for row in _rows().values())


def title_of(row: Mapping[str, Any], value: str) -> str:
    """What the button of a case says."""
    return str(row["values"][value]["title"])


def _open_cases(
    understood: Understanding, readings: Sequence[Sequence[str]], procedures: Procedures
) -> Iterator[tuple[str, Mapping[str, Any], dict[str, ProcedureCard]]]:
    """The cases that a question opens and does not settle itself, with those that compete."""
    if understood.english or understood.procedure_codes:
        return
    for name, row in _rows().items():
        asked = row.get("asked")
        if asked and not set(asked) & set(understood.slots):
            continue
        # What was understood has "chồng Hàn Quốc" as a foreigner.
        if not _opens(row, [*readings, understood.syllables]) or _said(row, readings[0]):
            continue
        rivals = {
            value: card
            for value, card in _rivals(row, understood, procedures).items()
            if not _stands(row["values"][value].get("not_with", ()), readings)
        }
        if len(rivals) > 1:
            yield name, row, rivals


def _opens(row: Mapping[str, Any], readings: Sequence[Sequence[str]]) -> bool:
    needs = "needs" not in row or _stands(row["needs"], readings)
    return (
        needs and _stands(row["opens"], readings) and not _stands(row.get("unless", ()), readings)
    )


def _stands(listed: Iterable[object], readings: Sequence[Sequence[str]]) -> bool:
    return any(phrase.at(each) >= 0 for phrase in _made(tuple(listed)) for each in readings)


def _kept(row: Mapping[str, Any], slots: Mapping[str, str]) -> str:
    return slots.get(str(row["slot"]), "") if row.get("lasting") else ""


def _rivals(
    row: Mapping[str, Any], understood: Understanding, procedures: Procedures
) -> dict[str, ProcedureCard]:
    """For each case the procedure that is named best, where they are of one matter."""
    matches = procedures.match(understood.subject, understood.content)
    found: dict[str, ProcedureCard] = {}
    best = matches[0].score if matches else 0.0
    for match in matches:
        card = procedures.card(match.code)
        if card is None or match.score < _NAMED or match.score < best * _ALIKE:
            continue
        value = _case_of(row, card)
        if value is None or value in found:
            continue
        if row.get("unlike") or all(_alike(card, other, procedures) for other in found.values()):
            found[value] = card
    first = procedures.card(matches[0].code) if matches else None
    if first is not None and first not in found.values():
        return {}  # what is named best has no such case
    if row.get("whole") and found:
        for value in row["values"].keys() - found.keys():
            named = (card for card in procedures.cards() if _case_of(row, card) == value)
            if card := min(named, key=lambda each: len(each.short_name), default=None):
                found[value] = card
    return dict(sorted(found.items(), key=lambda pair: list(row["values"]).index(pair[0])))


def _case_of(row: Mapping[str, Any], card: ProcedureCard) -> str | None:
    """The case that a procedure is for, by its label, else by its official name."""
    for name in (tokens(card.short_name), tokens(card.name)):
        for value, known in row["values"].items():
            if any(phrase.at(name) >= 0 for phrase in _made(tuple(known["names"]))):
                return str(value)
    return None


def _alike(card: ProcedureCard, other: ProcedureCard, procedures: Procedures) -> bool:
    """Whether two procedures are about the same paper."""
    names = set(tokens(card.short_name)), set(tokens(other.short_name))
    weight = procedures.weight
    both = sum(map(weight, names[0] & names[1]))
    return both >= _ALIKE * min(sum(map(weight, names[0])), sum(map(weight, names[1])))


def _said(row: Mapping[str, Any], spoken: Sequence[str]) -> str | None:
    ages = [int(age) for age in _AGE.findall(" ".join(spoken))]
    for value, known in row["values"].items():
        limits = known.get("ages")
        if limits and any(limits[0] <= age < limits[1] for age in ages):
            return str(value)
        if any(phrase.at(spoken) >= 0 for phrase in _made(tuple(known["said"]))):
            return str(value)
    return None


def _rows() -> Mapping[str, Mapping[str, Any]]:
    rows: Mapping[str, Mapping[str, Any]] = table("cases")["cases"]
    return rows


@cache
def _made(listed: tuple[object, ...]) -> tuple[Phrase, ...]:
    made = [Phrase(tuple(tokens(str(entry).lstrip("="))), str(entry)[0] == "=") for entry in listed]
    return tuple(sorted(made, key=lambda phrase: -len(phrase.syllables)))
