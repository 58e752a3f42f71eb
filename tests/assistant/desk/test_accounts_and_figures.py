"""Officers' tokens, the figures of the queue, English, and days worked in exchange."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.desk.database import MIGRATIONS, DeskDatabase
from assistant.desk.figures import QueueFigures, queue_figures
from assistant.desk.for_conversations import DeskForConversations
from assistant.desk.hours import WorkingHours
from assistant.desk.settings import DeskSettings
from assistant.desk.tickets import DeskError, Unusable
from assistant.dialogue.memory import Told
from assistant.dialogue.state import Heard
from assistant.vocabulary import Status, Turn
from knowledge_base.scope import citizen

pytestmark = pytest.mark.usefixtures("either_store")


def test_a_token_is_kept_as_a_hash_alone(one: Any) -> None:
    accounts = one.desk.accounts
    assert not accounts.any()
    token = accounts.add("Nguyễn Lan")
    assert accounts.any()
    assert accounts.opened_by(token) == "Nguyễn Lan"
    for other in ("", token[:-1], token.upper(), "troly-", "troly-" + "x" * 10_000, "\ud800"):
        assert accounts.opened_by(other) is None
    content = b"".join(each.read_bytes() for each in one.path.parent.glob("state.sqlite*"))
    assert token.encode() not in content
    assert accounts.all()[0].seen_on == "2026-11-23"
    with pytest.raises(DeskError, match="Đã có cán bộ"):
        accounts.add("nguyen  lan")
    with pytest.raises(Unusable, match="dành cho hệ thống"):
        accounts.add("Citizen")
    assert accounts.revoke("nguyễn lan") == ("Nguyễn Lan", 0)
    assert accounts.opened_by(token) is None
    with pytest.raises(DeskError, match="Chưa có cán bộ nào"):
        accounts.revoke("Nguyễn Lan")


def test_figures_of_the_queue(one: Any) -> None:
    assert queue_figures(one.desk.queue) == QueueFigures()
    first = one.code("c-1")
    one.clock.turn(minutes=10)
    second = one.code("c-2")
    one.code("c-3")
    one.clock.turn(minutes=5)
    assert queue_figures(one.desk.queue) == QueueFigures(3, 0, 0, 900.0)
    one.desk.officers.take(first, "Lan")
    one.desk.officers.answer(second, "Lan", "Xong.")
    figures = queue_figures(one.desk.queue)
    assert figures == QueueFigures(1, 1, 1, 300.0)
    assert figures.open == 3


def test_tables_of_the_first_version_are_brought_up_to_date(one: Any, make: Any) -> None:
    path = one.path
    path.unlink(missing_ok=True)
    old = DeskDatabase(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.desk.database.MIGRATIONS", MIGRATIONS[:1])
        with old.write() as db:
            db.execute(
                "INSERT INTO desk_tickets (code, conversation, channel, address, topic, reason,"
                " status, opened_at, waiting_since, changed_at) VALUES ('TR-4821-A', 'h', 'web',"
                " '', '', '', 'waiting', ?, ?, ?)",
                ("2026-11-23T00:00:00.000000Z",) * 3,
            )
    desk = make().desk
    assert desk.officers.tickets().tickets[0].language == "vi"
    assert desk.accounts.all() == ()


def test_who_writes_english_is_told_in_english(one: Any) -> None:
    desk = DeskForConversations(one.desk)
    heard = Heard("I want to talk to an officer please", "c-1", citizen(), door="web")
    told = desk.hand_off(heard, (), topic="", words=heard.text).text
    assert told.startswith("I have passed this conversation to an officer. Your ticket code is TR-")
    assert "No ticket waits before yours." in told
    assert "within about 15 minutes" in told
    ticket = one.desk.officers.tickets().tickets[0]
    assert ticket.language == "en"
    one.desk.officers.answer(ticket.code, "Lan", "Bring your passport.")
    (answer,) = desk.answers("c-1")
    assert answer == f"Officer Lan answers ticket {ticket.code}: Bring your passport."
    one.clock.turn(hours=12)
    before = (Told(0.0, {}, Turn("How much is a passport?", "…", Status.ANSWERED)),)
    pressed = Heard("Gặp cán bộ", "c-2", citizen(), door="web")
    closed = desk.hand_off(pressed, before, topic="", words=pressed.text).text
    assert "officers read from 07:30 on Tuesday, 24/11/2026" in closed
    vietnamese = Heard("cho tôi gặp cán bộ", "c-2", citizen(), door="web")
    again = desk.hand_off(vietnamese, before, topic="", words=vietnamese.text).text
    assert again.startswith("Yêu cầu gặp cán bộ")


def test_a_saturday_worked_in_exchange_is_a_working_day() -> None:
    hours = WorkingHours.of(DeskSettings())
    assert hours.is_open(datetime(2026, 8, 22, 2, tzinfo=UTC))  # for Monday 31 August
    assert not hours.is_open(datetime(2026, 8, 31, 2, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 8, 15, 2, tzinfo=UTC))
