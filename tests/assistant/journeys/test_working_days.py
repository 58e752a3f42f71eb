"""Days off are those of the law, lunar days those of the moon, and what is unknown is said."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ConfigError
from assistant.journeys.working_days import HOLIDAYS, working_days

DAYS = working_days()
ANY_DAY = st.dates(date(2024, 1, 1), date(2029, 12, 31))


def new_moon(k: int) -> float:
    """Julian day (UT) of the k-th new moon after 1900-01-00.5 (Meeus, short series)."""
    t = k / 1236.85
    rad = math.pi / 180
    jd = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    jd += 0.00033 * math.sin((166.56 + 132.87 * t - 0.009173 * t**2) * rad)
    m = (359.2242 + 29.10535608 * k - 0.0000333 * t**2) * rad
    mp = (306.0253 + 385.81691806 * k + 0.0107306 * t**2) * rad
    f = (21.2964 + 390.67050646 * k - 0.0016528 * t**2) * rad
    c = (0.1734 - 0.000393 * t) * math.sin(m) + 0.0021 * math.sin(2 * m)
    c += -0.4068 * math.sin(mp) + 0.0161 * math.sin(2 * mp) - 0.0004 * math.sin(3 * mp)
    c += 0.0104 * math.sin(2 * f) - 0.0051 * math.sin(m + mp) - 0.0074 * math.sin(m - mp)
    c += 0.0004 * math.sin(2 * f + m) - 0.0004 * math.sin(2 * f - m)
    c += -0.0006 * math.sin(2 * f + mp) + 0.0010 * math.sin(2 * f - mp)
    c += 0.0005 * math.sin(m + 2 * mp)
    delta = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return jd + c - delta


def new_moon_day(k: int) -> date:
    """The day in Viet Nam (UTC+7) on which the moon is new."""
    return date(1970, 1, 1) + timedelta(math.floor(new_moon(k) + 0.5 + 7 / 24) - 2440588)


def first_of_year(year: int) -> date:
    """The new moon between 21 January and 20 February: no leap month is near in these years."""
    about = round((date(year, 2, 4) - date(1900, 1, 1)).days / 29.530588)
    days = [new_moon_day(k) for k in range(about - 2, about + 3)]
    return next(day for day in days if date(year, 1, 21) <= day <= date(year, 2, 20))


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_lunar_days_are_those_of_the_moon(year: int) -> None:
    data = yaml.safe_load(HOLIDAYS.read_text("utf-8"))
    first = first_of_year(year)
    if year in data["open"]:
        assert data["open"][year]["new_year"] == first
        kings = data["open"][year]["hung_kings"]
    else:
        assert first in data["years"][year]["tet"]
        kings = data["years"][year]["hung_kings"]
    k = round((first - date(1900, 1, 1)).days / 29.530588)
    third_month = next(
        d for d in (new_moon_day(k + i) for i in range(-1, 5)) if d > first + timedelta(50)
    )
    assert kings == third_month + timedelta(9)  # the tenth of the third month


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 1, 1), "Tết Dương lịch"),
        (date(2026, 1, 2), "nghỉ hoán đổi"),
        (date(2026, 1, 10), ""),  # a Saturday that was worked on
        (date(2026, 1, 17), "thứ Bảy"),
        (date(2026, 2, 16), "Tết Nguyên đán"),
        (date(2026, 2, 20), "Tết Nguyên đán"),
        (date(2026, 2, 23), ""),
        (date(2026, 4, 27), "nghỉ bù Giỗ Tổ Hùng Vương"),  # the day itself is a Sunday
        (date(2026, 8, 31), "nghỉ hoán đổi"),
        (date(2026, 9, 1), "Quốc khánh"),
        (date(2026, 11, 22), "Chủ nhật"),
        (date(2027, 5, 3), "nghỉ bù Ngày Quốc tế lao động"),
        (date(2028, 1, 3), "nghỉ bù Tết Dương lịch"),
        (date(2028, 5, 2), "nghỉ bù Ngày Chiến thắng"),
        (date(2035, 9, 3), "nghỉ bù Quốc khánh"),
        (date(2035, 9, 4), ""),
    ],
)
def test_days_off(day: date, off: str) -> None:
    assert DAYS.off(day) == off


@given(ANY_DAY, st.integers(0, 60))
def test_working_days_skip_weekends_and_holidays(start: date, amount: int) -> None:
    end = DAYS.add(start, amount)
    between = [start + timedelta(i) for i in range(1, (end - start).days + 1)]
    assert sum(not DAYS.off(day) for day in between) == amount
    assert end >= start
    assert not amount or not DAYS.off(end)


@given(ANY_DAY)
def test_the_next_open_day_is_open_and_near(day: date) -> None:
    found = DAYS.next_open(day)
    assert found >= day
    assert not DAYS.off(found)
    assert (found - day).days < 12


def test_every_year_has_the_days_of_the_labour_code() -> None:
    for year in (2025, 2026):
        names = [each.name for each in DAYS.holidays(year)]
        assert names.count("Tết Nguyên đán") == 5
        assert names.count("Quốc khánh") == 2


def test_what_is_not_known_is_said() -> None:
    assert DAYS.unsure(date(2026, 3, 2), date(2026, 3, 20)) == ""
    assert "24/11/2026" in DAYS.unsure(date(2026, 11, 23), date(2026, 11, 25))
    assert "Tết năm 2027" in DAYS.unsure(date(2027, 2, 1), date(2027, 2, 12))
    assert DAYS.unsure(date(2027, 6, 1), date(2027, 6, 30)) == ""
    assert "Quốc khánh 2027" in DAYS.unsure(date(2027, 8, 30), date(2027, 9, 10))
    assert "năm 2030" in DAYS.unsure(date(2030, 6, 3), date(2030, 6, 5))


def test_a_broken_calendar_is_told(tmp_path: Path) -> None:
    path = tmp_path / "holidays.yml"
    path.write_text("source: {}\nfixed: []\nyears: {2026: {tet: []}}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"holidays\.yml: years\.2026\.tet"):
        working_days(path)
