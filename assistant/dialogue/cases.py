"""What has to be asked because the answer hangs on it: "làm lại căn cước" — lost, or changed?

What tells cases apart is data (tables/cases.yml); which procedures there are to
tell apart comes from their names. Nothing is asked that was said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.procedures import Procedures
from assistant.tables import Phrase, table
from assistant.vocabulary import Understanding
from knowledge_base.documents import ProcedureCard
from knowledge_base.vietnamese import tokens

_AGE = re.compile(r"(?<!\d)(\d{1,2}) tuổi")
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
    """The slots that a message fills: ``{"person_kind": "minor"}``."""
    found: dict[str, str] = {}
    for row in table("cases")["cases"].values():
        value = _said(row, spoken)
        if value:
            found[str(row["slot"])] = value
    return found


def to_ask(
    understood: Understanding,
    readings: Sequence[Sequence[str]],
    slots: Mapping[str, str],
    procedures: Procedures,
) -> Asked | None:
    """The one thing that must be asked before an answer, if there is one."""
    if understood.english or understood.procedure_codes:
        return None
    for name, row in table("cases")["cases"].items():
        opens = any(p.at(each) >= 0 for p in _made(tuple(row["opens"])) for each in readings)
        known = str(row["slot"]) in slots or _said(row, readings[0])
        if not opens or known:
            continue
        rivals = _rivals(row, understood, procedures)
        if len(rivals) > 1:
            cards = list(rivals.values())[:_MOST]
            titles = [str(row["values"][value]["title"]) for value in rivals][:_MOST]
            names = tuple(card.short_name for card in cards)
            return Asked(str(name), str(row["slot"]), str(row["ask"]), tuple(titles), names)
    return None


def title_of(slot: str, value: str) -> str:
    """What the button of a case says; empty where there is no such case."""
    for row in table("cases")["cases"].values():
        if row["slot"] == slot and value in row["values"]:
            return str(row["values"][value]["title"])
    return ""


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
        if (
            value
            and value not in found
            and all(_alike(card, other, procedures) for other in found.values())
        ):
            found[value] = card
    first = procedures.card(matches[0].code) if matches else None
    if first is not None and first not in found.values():
        return {}  # what is named best has no such case
    return dict(sorted(found.items(), key=lambda pair: list(row["values"]).index(pair[0])))


def _case_of(row: Mapping[str, Any], card: ProcedureCard) -> str | None:
    name = tokens(card.short_name)
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
    ages = [int(age) for age in _AGE.findall(" ".join(spoken).replace("tuoi", "tuổi"))]
    for value, known in row["values"].items():
        limits = known.get("ages")
        if limits and any(limits[0] <= age < limits[1] for age in ages):
            return str(value)
        if any(phrase.at(spoken) >= 0 for phrase in _made(tuple(known["said"]))):
            return str(value)
    return None


@cache
def _made(listed: tuple[object, ...]) -> tuple[Phrase, ...]:
    made = [Phrase(tuple(tokens(str(entry).lstrip("="))), str(entry)[0] == "=") for entry in listed]
    return tuple(sorted(made, key=lambda phrase: -len(phrase.syllables)))
