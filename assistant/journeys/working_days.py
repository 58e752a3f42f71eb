"""Working days of Vietnamese offices, and what is not known of them.

Days are counted as the Civil Code counts them (Articles 147 and 148): the first
day is the one after the event; a last day that is no working day lets the
period end on the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import ConfigError

HOLIDAYS = Path(__file__).parent / "holidays.yml"
_DAY = timedelta(days=1)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Yearly(_Strict):
    day: int
    month: int
    name: str
    since: int = Field(default=0, alias="from")


class _Exchanged(_Strict):
    free: date
    worked: date


class _Decided(_Strict):
    tet: tuple[date, ...] = Field(min_length=5, max_length=5)
    hung_kings: date
    national_day: tuple[date, date]
    exchanged: tuple[_Exchanged, ...] = ()


class _Open(_Strict):
    new_year: date  # the first day of the lunar year
    hung_kings: date


class HolidaysFile(_Strict):
    """``holidays.yml``."""

    source: dict[str, str]
    fixed: tuple[_Yearly, ...]
    unsure: tuple[_Yearly, ...] = ()
    years: dict[int, _Decided]
    open: dict[int, _Open] = {}


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which offices are closed; ``name`` says why."""

    day: date
    name: str


class WorkingDays:
    """The calendar of offices. What is not known for sure counts as a working day."""

    def __init__(self, file: HolidaysFile) -> None:
        self._file = file
        self._years: dict[int, dict[date, str]] = {}
        exchanged = [each for year in file.years.values() for each in year.exchanged]
        self._worked = {each.worked for each in exchanged}

    def off(self, day: date) -> str:
        """Why offices are closed on ``day``; empty where they are open or it is not known."""
        if day in self._worked:
            return ""
        if name := self._of_year(day.year).get(day):
            return name
        return ("thứ Bảy" if day.weekday() == 5 else "Chủ nhật") if day.weekday() > 4 else ""

    def worked(self, day: date) -> bool:
        """Whether offices work on ``day``, a day of the weekend, in exchange for another."""
        return day in self._worked

    def holidays(self, year: int) -> list[DayOff]:
        """Days off of a year besides weekends, in order."""
        return [DayOff(day, name) for day, name in sorted(self._of_year(year).items())]

    def unsure(self, first: date, last: date) -> str:
        """What is not known of the days from ``first`` to ``last``; empty where all is."""
        told = [
            f"chưa rõ ngày {day:%d/%m/%Y} ({each.name}) có được nghỉ không"
            for each in self._file.unsure
            for year in range(max(first.year, each.since), last.year + 1)
            if first <= (day := date(year, each.month, each.day)) <= last and not self.off(day)
        ]
        for year in range(first.year, last.year + 1):
            if year in self._file.years:
                continue
            if year not in self._file.open:
                told.append(f"chưa có lịch nghỉ lễ, Tết năm {year}")
            elif self._near_open(self._file.open[year].new_year, first, last):
                told.append(f"chưa có lịch nghỉ Tết năm {year} được công bố")
            elif any(first <= date(year, 9, day) <= last for day in (1, 3)):
                told.append(f"chưa rõ Quốc khánh {year} nghỉ thêm ngày 01/9 hay 03/9")
        return "; ".join(told)

    def next_open(self, day: date) -> date:
        """``day``, or the first working day after it."""
        while self.off(day):
            day += _DAY
        return day

    def add(self, start: date, amount: int) -> date:
        """The last of ``amount`` working days after ``start``, which is not counted."""
        if amount < 0:
            raise ValueError("a period is not negative")
        day = start
        while amount:
            day += _DAY
            amount -= not self.off(day)
        return day

    def _near_open(self, new_year: date, first: date, last: date) -> bool:
        return first <= new_year + 4 * _DAY and last >= new_year - 3 * _DAY

    def _of_year(self, year: int) -> dict[date, str]:
        if year not in self._years:
            found: dict[date, str] = {}
            single = {
                date(year, each.month, each.day): each.name
                for each in self._file.fixed
                if year >= each.since
            }
            if decided := self._file.years.get(year):
                found |= dict.fromkeys(decided.tet, "Tết Nguyên đán")
                found |= dict.fromkeys(decided.national_day, "Quốc khánh")
                found |= {each.free: "nghỉ hoán đổi" for each in decided.exchanged}
                single[decided.hung_kings] = "Giỗ Tổ Hùng Vương"
            elif undecided := self._file.open.get(year):
                first = undecided.new_year  # its first three days are free in every arrangement
                found |= dict.fromkeys([first, first + _DAY, first + 2 * _DAY], "Tết Nguyên đán")
                single[undecided.hung_kings] = "Giỗ Tổ Hùng Vương"
            found = {**single, **found}
            for day, name in sorted(single.items()):
                if day.weekday() > 4 and day not in (decided.national_day if decided else ()):
                    instead = day
                    while instead.weekday() > 4 or instead in found:
                        instead += _DAY
                    found[instead] = f"nghỉ bù {name}"
            self._years[year] = found
        return self._years[year]


@cache
def working_days(path: Path = HOLIDAYS) -> WorkingDays:
    """The calendar in ``holidays.yml``. Raises `ConfigError` that names the field."""
    try:
        return WorkingDays(HolidaysFile.model_validate(yaml.safe_load(path.read_text("utf-8"))))
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(
            f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}"
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name}: not readable as YAML: {error}") from error
