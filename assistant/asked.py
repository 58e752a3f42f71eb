"""What a question asks for: slots of a card, or one of the two things several slots tell together.

The longest phrase wins, and what it took no shorter one takes again: "nhận được
giấy tờ gì" asks for the result, not for papers; "có giá trị bao lâu" does not
ask how long the office takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from assistant.tables import Phrase, first, phrases, table

#: How long something is valid, how soon or how late one may act: tables/slots.yml.
VALIDITY = "validity"
#: Whether one may or must ("… được không?"), or how many it takes.
ELIGIBILITY = "eligibility"
#: Slots that answer these two, in the order they are shown.
TOLD_BY = {
    VALIDITY: ("result", "conditions", "notes"),
    ELIGIBILITY: ("who", "conditions", "notes"),
}
_GAP = "\0"
_TAG = 4  # syllables at the end among which a tag stands
#: Beside these alone a bare "… bao nhiêu?" asks for the fee.
_BESIDE_FEES = frozenset({"online", "where"})
_OF_YES_OR_NO = frozenset({"conditions", ELIGIBILITY})
_HOW_MUCH = (("bao", "nhiêu"), ("bao", "nhieu"))
_PARTICLES = frozenset(
    ("ạ", "a", "vậy", "vay", "thế", "nhỉ", "nhi", "v", "hả", "ha", "ta", "nhé", "à")
)


def slots_asked(*readings: Sequence[str]) -> tuple[str, ...]:
    """The slots that any of the readings (canonical syllables) asks for, in the table's order.

    The first reading is as it was typed: the others may have words added at their end.
    """
    found: set[str] = set()
    for spoken in readings:
        found |= _read(spoken)
    if found <= _BESIDE_FEES and _ends_in_how_much(readings[0]):
        found.add("fees")
    if found <= _OF_YES_OR_NO:
        found |= _of_yes_or_no(readings, found)
    return tuple(slot for slot in table("slots") if slot in found)


@cache
def slot_phrases(*slots: str) -> tuple[Phrase, ...]:
    """The phrases of these slots (of all, where none is named), longest first."""
    rows = slots or tuple(table("slots"))
    found = [phrase for slot in rows for phrase in phrases("slots", slot)]
    return tuple(sorted(found, key=lambda phrase: -len(phrase.syllables)))


@cache
def _with_slots() -> tuple[tuple[Phrase, str], ...]:
    found = [(phrase, slot) for slot in table("slots") for phrase in phrases("slots", slot)]
    return tuple(sorted(found, key=lambda pair: -len(pair[0].syllables)))


def _read(spoken: Sequence[str]) -> set[str]:
    left = list(spoken)
    found: set[str] = set()
    for phrase, slot in _with_slots():
        while (at := phrase.at(left)) >= 0:
            left[at : at + len(phrase.syllables)] = [_GAP] * len(phrase.syllables)
            found.add(slot)
    return found


def _ends_in_how_much(spoken: Sequence[str]) -> bool:
    left = list(spoken)
    while left and left[-1] in _PARTICLES:
        left.pop()
    return tuple(left[-2:]) in _HOW_MUCH


def _of_yes_or_no(readings: Sequence[Sequence[str]], found: set[str]) -> set[str]:
    """A yes-or-no question that names no slot: where one may file, or whether one may at all."""
    asks = _has_no(readings[0]) or any(first("routes", "yes_or_no", each) for each in readings)
    if not asks or first("words", "confirm", readings[0][-_TAG:]):
        # "…, đúng không?" wants what was said confirmed, whatever it was
        return set()
    elsewhere = any(first("routes", "elsewhere", spoken) for spoken in readings)
    if elsewhere:
        return {"where"}
    return set() if found else {ELIGIBILITY}


def _has_no(spoken: Sequence[str]) -> bool:
    """ "có … không" and "phải … không": a question that yes or no answers."""
    if not {"không", "ko", "khong", "hông", "hong"} & set(spoken[-_TAG:]):
        return False
    return bool({"có", "phải", "cần", "co", "phai", "can"} & set(spoken[:-1]))
