"""The sentences of the desk, from replies.vi.yml and replies.en.yml."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.config import Contacts
from assistant.desk.hours import WorkingHours

#: Waits are told in steps of this many minutes, and as minutes up to so many.
_STEP, _AS_MINUTES = 5, 60
_QUARTER = timedelta(minutes=15)
#: What people may write, and are answered in.
LANGUAGES = ("vi", "en")


@cache
def _file(language: str = "vi") -> dict[str, Any]:
    path = Path(__file__).parent / f"replies.{language}.yml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def word(group: str, key: str) -> str:
    """A name shown to people: ``word("statuses", "waiting")``; the key where there is none."""
    found: str = _file()[group].get(key, key)
    return found


def feedback_reasons() -> dict[str, str]:
    """What each reason of `assistant.desk.feedback.Reason` is called on a button."""
    names: dict[str, str] = _file()["feedback"]["reasons"]
    return dict(names)


class DeskReplies:
    """The sentences of one installation in one of `LANGUAGES`."""

    def __init__(self, contacts: Contacts, hours: WorkingHours, language: str = "vi") -> None:
        self._contacts = contacts
        self._hours = hours
        self._file = _file(language)

    def say(self, key: str, **blanks: object) -> str:
        """The sentence ``key``, ``feedback.why`` for one within; contacts are filled in."""
        found: Any = self._file
        for part in key.split("."):
            found = found[part]
        known = {
            "human_route": self._contacts.human_route,
            "hotline": self._contacts.hotline,
            "masked": self._file["parts"]["masked"],
            "urgent": self._file["parts"]["urgent"].format(hotline=self._contacts.hotline),
        }
        text: str = found.format(**{**known, **blanks})
        return re.sub(" {2,}", " ", text).strip()

    def ahead(self, count: int) -> str:
        """How many tickets are before this one."""
        return self.say("parts.ahead" if count else "parts.nobody_ahead", count=count)

    def when(self, expected: datetime | None, now: datetime) -> str:
        """When an answer is to be expected: in minutes if that is soon, else by an hour."""
        if expected is None:
            return self.say("parts.no_day")
        minutes = _up((expected - now).total_seconds() / 60)
        if minutes <= _AS_MINUTES:
            return self.say("parts.minutes", minutes=minutes)
        midnight = expected.replace(hour=0, minute=0, second=0, microsecond=0)
        expected += (midnight - expected) % _QUARTER  # up to the next quarter of an hour
        there = expected.astimezone(self._hours.zone)
        day = there.date()
        key = "parts.today" if day == now.astimezone(self._hours.zone).date() else "parts.on_day"
        return self.say(key, time=there.strftime("%H:%M"), **self._day(there))

    def opens(self, at: datetime | None) -> str:
        """The moment the desk opens: "07:30 thứ Hai, ngày 23/11/2026"."""
        if at is None:
            return self.say("parts.next_day")
        there = at.astimezone(self._hours.zone)
        return self.say("parts.at", time=there.strftime("%H:%M"), **self._day(there))

    def hours(self, now: datetime) -> str:
        """Working hours in one sentence, and whether it is them."""
        names = [self._file["weekdays"][day] for day in sorted(self._hours.weekdays)]
        to, both = self._file["parts"]["to"], self._file["parts"]["and"]
        spans = [f"{begin:%H:%M} {to} {end:%H:%M}" for begin, end in self._hours.spans]
        return self.say(
            "hours.open" if self._hours.is_open(now) else "hours.closed",
            hours=f" {both} ".join(spans),
            days=", ".join(names),
            opens=self.opens(self._hours.next_open(now)),
        )

    def _day(self, there: datetime) -> dict[str, str]:
        weekday = self._file["weekdays"][there.weekday()]
        return {"weekday": weekday, "day": there.strftime("%d/%m/%Y")}


def _up(minutes: float) -> int:
    return max(_STEP, -(-round(minutes) // _STEP) * _STEP)
