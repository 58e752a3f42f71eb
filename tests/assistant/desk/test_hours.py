"""Working hours, days off, and when work is done."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.desk.hours import WorkingHours, read_holidays
from assistant.desk.settings import DeskSettings
from assistant.errors import ConfigError

VN = timezone(timedelta(hours=7))
HOURS = WorkingHours.of(DeskSettings())


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VN)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(23, 7, 29), False),
        (at(23, 7, 30), True),
        (at(23, 11, 30), False),
        (at(23, 12), False),
        (at(23, 16, 59), True),
        (at(23, 17), False),
        (at(22, 9), False),  # a Sunday
        (datetime(2026, 9, 2, 9, tzinfo=VN), False),
        (datetime(2026, 2, 17, 9, tzinfo=VN), False),  # Tết
        (datetime(2026, 4, 27, 9, tzinfo=VN), False),  # for the Hùng Kings on a Sunday
    ],
)
def test_open_and_closed(moment: datetime, is_open: bool) -> None:
    assert HOURS.is_open(moment) is is_open


def test_work_goes_on_when_the_desk_is_open_again() -> None:
    assert HOURS.after(at(23, 8), 15) == at(23, 8, 15)
    assert HOURS.after(at(23, 11, 20), 30) == at(23, 13, 50)
    assert HOURS.after(at(20, 16, 50), 30) == at(23, 7, 50)  # over a weekend
    assert HOURS.after(at(22, 9), 15) == at(23, 7, 45)
    assert HOURS.next_open(at(20, 18)) == at(23, 7, 30)
    assert HOURS.minutes_between(at(20, 16, 50), at(23, 7, 50)) == 30
    assert HOURS.minutes_between(at(23, 9), at(23, 8)) == 0


def test_days_off_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "nghi.txt"
    file.write_text("# Tết\n2026-11-23\n24/11/2026  # thứ Ba\n\n", encoding="utf-8")
    assert read_holidays(file) == {date(2026, 11, 23), date(2026, 11, 24)}
    hours = WorkingHours.of(DeskSettings(holidays=file))
    assert hours.next_open(at(23, 9)) == at(25, 7, 30)
    file.write_text("2026-11-23\n31/02/2026", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 2: '31/02/2026'"):
        read_holidays(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_holidays(file)
    with pytest.raises(ConfigError, match="Correct the path"):
        read_holidays(tmp_path / "none.txt")


def test_a_desk_that_never_opens_has_no_day() -> None:
    every = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(1000))
    closed = WorkingHours(HOURS.spans, HOURS.weekdays, HOURS.zone, every)
    assert closed.next_open(at(23, 9)) is None
    assert closed.after(at(23, 9), 15) is None


@pytest.mark.parametrize(
    "given",
    [
        {"hours": ["7h-11h"]},
        {"hours": ["13:30-17:00", "07:30-11:30"]},
        {"hours": ["09:00-08:00"]},
        {"hours": []},
        {"days": []},
        {"days": ["monday"]},
        {"time_zone": "Saigon/Nowhere"},
        {"time_zone": "../../etc/passwd"},
        {"officers": 0},
        {"keep_day": 3},
    ],
)
def test_settings_that_cannot_be_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DeskSettings.model_validate(given)


def test_a_desk_that_is_not_staffed_needs_no_hours() -> None:
    assert not DeskSettings(staffed=False, hours=(), days=()).spans
