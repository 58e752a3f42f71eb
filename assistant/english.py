"""The lines of a card for English readers: labels and figures in English.

Names of papers, bodies and conditions stay in Vietnamese, because that is what
stands on the forms and at the counter; the citation is the Vietnamese text.
"""

from __future__ import annotations

from knowledge_base.card_text import CardLine
from knowledge_base.documents import (
    Duration,
    Fee,
    FeeState,
    FilingChannel,
    How,
    OnlineLevel,
    ProcedureCard,
    TimeUnit,
)
from knowledge_base.wording import AS_WRITTEN, UNREADABLE

_HOW = {How.IN_PERSON: "in person", How.ONLINE: "online", How.POST: "by post"}
_UNIT = {
    TimeUnit.MINUTE: "minute",
    TimeUnit.HOUR: "hour",
    TimeUnit.DAY: "day",
    TimeUnit.WORKING_DAY: "working day",
    TimeUnit.MONTH: "month",
    TimeUnit.YEAR: "year",
}
_STATE = {
    FeeState.FREE: "free of charge",
    FeeState.BY_PROVINCE: "set by the provincial People's Council",
    FeeState.UNKNOWN: "not known from the source",
    FeeState.FORMULA: "",
}
_UNREADABLE = "could not be read for certain, see the source's own words"
_LABEL = {
    "authority": "Authority",
    "where": "Where to file",
    "who": "Who may apply",
    "times": "Processing time",
    "fees": "Fee",
    "online": "How to file",
    "dossier": "Document",
    "steps": "Step",
    "result": "Result",
    "conditions": "Condition",
    "legal_basis": "Legal basis",
    "notes": "Note",
}


def line_in_english(card: ProcedureCard, line: CardLine) -> str:
    """What ``line`` says, with English labels and figures."""
    if line.slot == "summary":
        return f"Procedure: {card.english_name or card.short_name} ({_named(card)})."
    label = _LABEL.get(line.slot, line.slot)
    channel = next((c for c in card.channels if c.how in line.channels), None)
    hows = ", ".join(_HOW[how] for how in line.channels)
    heading, _, said = line.text.partition(": ")
    if heading.endswith(AS_WRITTEN):
        return f"{label}, in the source's own words: {said}"
    nothing = _UNREADABLE if line.slot in card.unreadable else _STATE[FeeState.UNKNOWN]
    if line.slot == "fees" and channel is not None:
        return f"{label} ({hows}): {'; '.join(map(_fee, channel.fees)) or nothing}."
    if line.slot == "times" and channel is not None:
        times = "; ".join(map(_duration, channel.times)) or nothing
        return f"{label} ({hows}): {times}."
    if line.slot == "online" and channel is not None:
        return f"{label}: {hows}{_level(channel) if line.channels == (How.ONLINE,) else ''}."
    return f"{label}: {_UNREADABLE if said.startswith(UNREADABLE) else said or line.text}"


def _named(card: ProcedureCard) -> str:
    """What the procedure is called at the counter, and its code."""
    own = f"{card.short_name}, " if card.english_name else ""
    return f"{own}code {card.code}"


def _fee(fee: Fee) -> str:
    words = f"{fee.amount:,} VND" if fee.amount is not None else _STATE[fee.state]
    words += f" per {fee.per.removeprefix('/')}" if fee.per else ""
    details = "; ".join(part for part in (fee.condition, fee.text) if part)
    return f"{words} ({details})" if details and words else words or details


def _duration(time: Duration) -> str:
    if time.amount is None:
        words = "on the same working day"
    else:
        words = f"{time.amount:g} {_UNIT[time.unit]}{'' if time.amount == 1 else 's'}"
    return f"{words} ({time.condition})" if time.condition else words


def _level(channel: FilingChannel) -> str:
    names = {OnlineLevel.FULL: ", fully online", OnlineLevel.PARTIAL: ", partly online"}
    return names.get(channel.online_level, "") if channel.online_level else ""
