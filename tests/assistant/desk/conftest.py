"""A desk on a clock that a test turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.config import Config
from assistant.desk.opening import OfficerDesk, open_desk
from assistant.desk.queue import HandOff, Referral
from assistant.desk.settings import DeskSettings
from assistant.desk.tickets import Line

#: A Monday, 08:00 in Viet Nam.
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class TurnedClock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


class DeskOfTest:
    """A desk with settings of its own, and a short way to open tickets."""

    def __init__(self, path: Path, **settings: object) -> None:
        self.clock = TurnedClock()
        self.path = path
        self.config = Config(desk=DeskSettings.model_validate(settings))
        self.desk: OfficerDesk = open_desk(path, self.config)
        self.desk.queue.clock = self.clock

    def ask(self, conversation: str = "c-1", *said: str, **more: str) -> Referral:
        lines = tuple(Line("citizen", text) for text in said or ("Tôi muốn gặp cán bộ",))
        return self.desk.queue.hand_off(HandOff(conversation, "web", lines, **more))

    def code(self, conversation: str = "c-1", *said: str) -> str:
        ticket = self.ask(conversation, *said).ticket
        assert ticket
        return ticket.code


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., DeskOfTest]:
    """A desk in this test's folder; again, it is another process's view of the same."""
    return lambda **settings: DeskOfTest(tmp_path / "state.sqlite", **settings)


@pytest.fixture
def one(make: Callable[..., DeskOfTest]) -> DeskOfTest:
    return make()
