"""``desk:`` of config.yml: when officers read, and how much may wait for them."""

from __future__ import annotations

from datetime import time, tzinfo
from pathlib import Path
from typing import Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assistant.as_of import VIET_NAM

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class DeskSettings(BaseModel):
    """When officers read, and for how long what they read is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Whether anybody reads tickets here. Without, people are sent to the human route at once.
    staffed: bool = True
    hours: tuple[str, ...] = ("07:30-11:30", "13:30-17:00")
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    #: A file with a day (2026-02-17) a line on which nobody reads, besides public holidays.
    holidays: Path | None = None
    time_zone: str = "Asia/Ho_Chi_Minh"
    #: How many officers work through the queue, and minutes a ticket takes until it is measured.
    officers: int = Field(default=1, ge=1, le=1000)
    minutes_per_ticket: int = Field(default=15, ge=1, le=10_000)
    #: Tickets that one conversation may open within 24 hours, and most that wait at once.
    tickets_per_day: int = Field(default=3, ge=1, le=1000)
    most_waiting: int = Field(default=500, ge=1, le=100_000)
    #: Days after which a ticket nobody took expires, and an answered one closes by itself.
    expire_days: int = Field(default=14, ge=1, le=3650)
    #: Days that a closed or expired ticket, and feedback, are kept.
    keep_days: int = Field(default=30, ge=1, le=3650)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            _zone(value)
        except (KeyError, ValueError, OSError):  # what ZoneInfo raises, by what the name is like
            raise ValueError("is no IANA time zone; take one such as Asia/Ho_Chi_Minh") from None
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        last = time.min
        for begin, end in self.spans:
            if not last <= begin < end:
                raise ValueError("hours must be in order, such as 07:30-11:30 then 13:30-17:00")
            last = end
        if self.staffed and not (self.spans and self.days):
            raise ValueError("hours and days must not be empty; staffed: false closes the desk")
        return self

    @property
    def spans(self) -> tuple[tuple[time, time], ...]:
        """The hours of one day, as (begin, end)."""
        return tuple(_span(each) for each in self.hours)

    @property
    def zone(self) -> tzinfo:
        return _zone(self.time_zone)

    @property
    def weekdays(self) -> frozenset[int]:
        """Working days, Monday is 0."""
        return frozenset(WEEKDAYS.index(day) for day in self.days)


def _zone(name: str) -> tzinfo:
    """That of Viet Nam needs no database of time zones, which small systems do not have."""
    return VIET_NAM if name == VIET_NAM.tzname(None) else ZoneInfo(name)


def _span(text: str) -> tuple[time, time]:
    begin, _, end = text.partition("-")
    try:
        return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError:
        raise ValueError(f"'{text}' is no span of hours; write 07:30-11:30") from None
