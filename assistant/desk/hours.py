"""When officers read: working hours, days off, and the moment some work will be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path

from assistant.desk.settings import DeskSettings
from assistant.errors import ConfigError
from assistant.journeys.working_days import working_days

#: Days looked ahead for one with hours; a year of holidays in the file is a mistake.
_HORIZON = 400


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Hours of a desk in its own time zone. All moments taken and given are aware.

    Public holidays are those that deadlines reckon with (`assistant.journeys.working_days`),
    ``days_off`` what the operator adds to them.
    """

    spans: tuple[tuple[time, time], ...]
    weekdays: frozenset[int]
    zone: tzinfo
    days_off: frozenset[date] = frozenset()

    @classmethod
    def of(cls, settings: DeskSettings) -> WorkingHours:
        """The hours that ``settings`` describe. Raises `ConfigError` for the holidays file."""
        days = read_holidays(settings.holidays) if settings.holidays else frozenset()
        return cls(settings.spans, settings.weekdays, settings.zone, days)

    def works_on(self, day: date) -> bool:
        """Whether anybody reads on ``day``."""
        if day in self.days_off:
            return False
        calendar = working_days()
        if calendar.worked(day):  # a Saturday in exchange for a bridging day
            return True
        if day.weekday() not in self.weekdays:
            return False
        return all(each.day != day for each in calendar.holidays(day.year))

    def is_open(self, now: datetime) -> bool:
        """Whether somebody reads at ``now``."""
        local = now.astimezone(self.zone)
        at = local.time()
        return self.works_on(local.date()) and any(b <= at < e for b, e in self.spans)

    def next_open(self, now: datetime) -> datetime | None:
        """The first moment from ``now`` at which somebody reads; None if there is none in sight."""
        return next((begin for begin, _ in self._open_from(now)), None)

    def after(self, now: datetime, minutes: float) -> datetime | None:
        """When ``minutes`` of work that begins at ``now`` are done, counting open hours only."""
        left = timedelta(minutes=minutes)
        for begin, end in self._open_from(now):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return None

    def minutes_between(self, start: datetime, end: datetime) -> float:
        """Open minutes from ``start`` to ``end``; 0 where ``end`` is not later."""
        total = timedelta()
        for begin, close in self._open_from(start):
            if begin >= end:
                break
            total += min(close, end) - begin
        return total.total_seconds() / 60

    def _open_from(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        local = now.astimezone(self.zone)
        for ahead in range(_HORIZON):
            day = local.date() + timedelta(days=ahead)
            if not self.works_on(day):
                continue
            for begin, end in self.spans:
                first = datetime.combine(day, begin, self.zone)
                last = datetime.combine(day, end, self.zone)
                if last > local:
                    yield max(first, local), last


def read_holidays(path: Path) -> frozenset[date]:
    """Days off, one a line as ``2026-02-17`` or ``17/02/2026``; ``#`` begins a comment.

    Raises:
        ConfigError: the file cannot be read, or a line is no day.
    """
    try:
        lines = path.expanduser().read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"desk.holidays: {path} cannot be read ({error}). Correct the path or leave it out."
        ) from error
    found = set()
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        try:
            found.add(_day(text))
        except ValueError:
            raise ConfigError(
                f"{path}, line {number}: '{text[:40]}' is no day; write 2026-02-17."
            ) from None
    return frozenset(found)


def _day(text: str) -> date:
    if "/" in text:
        day, month, year = map(int, text.split("/"))
        return date(year, month, day)
    return date.fromisoformat(text)
