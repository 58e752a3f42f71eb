"""Ways to file with their times and fees, one per way, from the rows of the table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from knowledge_base.documents import (
    Duration,
    Fee,
    FeeState,
    FilingChannel,
    How,
    OnlineLevel,
)
from knowledge_base.portal.check import unsupported
from knowledge_base.portal.fees import Fees, fees_of
from knowledge_base.portal.rows import Row
from knowledge_base.portal.times import Times, case_of, times_of

_FULL = re.compile(r"trực tuyến toàn trình", re.IGNORECASE)
_PARTIAL = re.compile(r"trực tuyến một phần", re.IGNORECASE)
_LONGEST_CASE = 160  # characters of a description that tells two rows of one way apart


@dataclass(slots=True)
class Channels:
    """The channels, with what could not be read and what contradicts itself."""

    channels: tuple[FilingChannel, ...] = ()
    unreadable: set[str] = field(default_factory=set)
    no_time_limit: bool = False
    overruled: bool = False


def channels_of(rows: Sequence[Row]) -> Channels:
    """One channel for each way to file, in the order of the table.

    Rows of one way become cases: each row's description is the condition of its
    times and fees. Every figure is looked for in the source again; what is not
    there is taken out and its slot is unreadable.
    """
    found = Channels()
    of_how: dict[How, list[tuple[Row, Times, Fees]]] = {}
    for row in dict.fromkeys(rows):
        times = times_of(row.time, row.description)
        fees = fees_of(row.fee, row.fee_note, row.description, sure=row.sure)
        wrong = unsupported(row, times.values, fees.values)
        if "times" in wrong:
            times = Times(readable=False)
        if "fees" in wrong:
            fees = Fees((Fee(FeeState.UNKNOWN, text=_short(row.fee_cell)),), readable=False)
        if not times.readable:
            found.unreadable.add("times")
        if not fees.readable:
            found.unreadable.add("fees")
        found.overruled = found.overruled or fees.overruled
        of_how.setdefault(row.how, []).append((row, times, fees))
    every = [times for group in of_how.values() for _, times, _ in group]
    found.no_time_limit = bool(every) and all(times.none for times in every)
    found.channels = tuple(_channel(how, group) for how, group in of_how.items())
    return found


def _channel(how: How, group: list[tuple[Row, Times, Fees]]) -> FilingChannel:
    several = len(group) > 1
    times: list[Duration] = []
    fees: list[Fee] = []
    notes: list[str] = []
    for row, row_times, row_fees in group:
        case = _case(row.description) if several else ""
        times += [
            replace(value, condition=case_of(row.description, value))
            if several and not value.condition
            else value
            for value in row_times.values
        ]
        values = row_fees.values
        if not row_fees.readable and not values and row.fee_cell:
            values = (Fee(FeeState.UNKNOWN, text=_short(row.fee_cell)),)
        fees += [_under_fee(value, case) for value in values]
        notes.append(row.description)
    if len({(value.unit, value.amount) for value in times}) == 1:
        times = [replace(times[0], condition="" if several else times[0].condition)]
    if several and len({replace(value, condition="") for value in fees}) == 1:
        fees = [replace(fees[0], condition="")]
    note = "\n".join(dict.fromkeys(filter(None, notes)))
    return FilingChannel(
        how=how,
        online_level=_online_level(note) if how is How.ONLINE else None,
        times=tuple(dict.fromkeys(times)),
        fees=tuple(dict.fromkeys(fees)),
        note=note,
    )


def _online_level(note: str) -> OnlineLevel | None:
    full, partial = _FULL.search(note), _PARTIAL.search(note)
    if bool(full) == bool(partial):
        return None
    return OnlineLevel.FULL if full else OnlineLevel.PARTIAL


def _under_fee(value: Fee, case: str) -> Fee:
    return value if value.condition or not case else replace(value, condition=case)


def _case(description: str) -> str:
    line = re.sub(r"^[\s\-+*•]+", "", " ".join(description.split())).rstrip(" .;")
    return line if len(line) <= _LONGEST_CASE else line[:_LONGEST_CASE].rsplit(" ", 1)[0] + "…"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 300 else line[:300].rsplit(" ", 1)[0] + "…"
