"""The sender alone, with a channel that plays errors."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.dialogue.memory import Memory
from assistant.dialogue.state import ConversationState
from assistant.errors import StateError
from assistant.vocabulary import Turn
from bots.delivery.channel import Incoming, Part, Payload, Reply, Transient
from bots.delivery.mailbox import Mailbox
from bots.delivery.outbox import Outgoings
from bots.delivery.sending import BUDGET, MAYBES, Sender
from bots.delivery.switches import Switches
from bots.fakes.plain import PlainChannel, echoed

pytestmark = pytest.mark.usefixtures("either_store")


class Played(PlainChannel):
    """Raises what ``errors`` holds; counts sends; ``slow`` chats take a while."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.sent: list[tuple[str, str]] = []
        self.slow: set[str] = set()
        self.at_once = self.most_at_once = 0

    async def send(self, chat: str, part: Part) -> str:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(2.0 if chat in self.slow else 0)
            if self.errors:
                raise self.errors.pop(0)
            self.sent.append((chat, part.body["text"]))
            return "m"
        finally:
            self.at_once -= 1

    async def seen(self, incoming: Incoming) -> None: ...


@pytest.fixture
def clock() -> list[float]:
    return [1_000_000.0]


@pytest.fixture
def outbox(tmp_path: Path, clock: list[float]) -> Outgoings:
    mailbox = Mailbox(tmp_path / "state.sqlite", clock=lambda: clock[0])
    return Outgoings(mailbox.tables, clock=lambda: clock[0])


def put(outbox: Outgoings, *texts: str, chat: str = "a") -> None:
    with outbox._tables.writing() as db:
        parts = [Part({"text": text}, text) for text in texts]
        outbox.put(db, ("plain", chat), f"{chat}:{texts}", parts)


def sending(outbox: Outgoings, played: Played, until: Callable[[], Any], **more: Any) -> list[str]:
    """What was counted until ``until`` held."""
    counted: list[str] = []

    async def work() -> None:
        sender = Sender(
            played, outbox, Switches(outbox._tables), counted=counted.append,
            random=random.Random(1), **more,  # noqa: S311
        )  # fmt: skip
        task = asyncio.create_task(sender.run())
        async with asyncio.timeout(10):
            while not until():
                await asyncio.sleep(0.01)
        await sender.stop(3)
        await task

    asyncio.run(work())
    return counted


def test_in_order_and_one_at_a_time(outbox: Outgoings) -> None:
    played = Played()
    for chat in "abc":
        put(outbox, *(f"{chat}{n}" for n in range(4)), chat=chat)
    sending(outbox, played, lambda: not outbox.depth())
    for chat in "abc":
        assert [text for to, text in played.sent if to == chat] == [f"{chat}{n}" for n in range(4)]
    assert played.most_at_once == 1


def test_a_slow_chat_keeps_nobody_waiting(outbox: Outgoings) -> None:
    played = Played()
    played.slow = {"a"}
    put(outbox, "late", chat="a")
    put(outbox, "soon", chat="b")
    sending(outbox, played, lambda: len(played.sent) == 2, slow=0.1)
    assert played.sent == [("b", "soon"), ("a", "late")]


def test_not_before_the_time_that_is_named(outbox: Outgoings, clock: list[float]) -> None:
    played = Played()
    played.errors = [Transient("429", after=100.0)]
    put(outbox, "one", "two")
    counted = sending(outbox, played, lambda: not played.errors)
    assert counted == ["retried"]
    assert not outbox.heads("plain")
    clock[0] += 99
    assert not outbox.heads("plain")
    clock[0] += 12
    sending(outbox, played, lambda: not outbox.depth())
    assert played.sent == [("a", "one"), ("a", "two")]


def test_there_is_a_budget(outbox: Outgoings, clock: list[float]) -> None:
    played = Played()
    put(outbox, "one")
    clock[0] += BUDGET + 1
    played.errors = [Transient("still")]
    assert sending(outbox, played, lambda: not outbox.depth()) == ["given_up"]


def test_what_may_have_arrived_is_not_sent_for_ever(outbox: Outgoings, clock: list[float]) -> None:
    played = Played()
    put(outbox, "one")
    counted = []
    for _ in range(MAYBES + 1):
        played.errors = [Transient("lost", maybe=True)]
        counted += sending(outbox, played, lambda: not played.errors)
        clock[0] += 1000
    assert counted == ["retried"] * MAYBES + ["given_up"]
    assert not outbox.depth()


def test_a_fault_of_the_adapter_is_no_end(outbox: Outgoings, clock: list[float]) -> None:
    played = Played()
    played.errors = [KeyError("x"), Payload("no", code="400")]
    put(outbox, "one")
    sending(outbox, played, lambda: len(played.errors) == 1)
    clock[0] += 1000
    sending(outbox, played, lambda: not outbox.depth())
    assert played.sent == [("a", "one")]  # as plain words


def test_a_part_is_rendered_within_the_limits() -> None:
    parts = Played().render("a", Reply(echoed("xin chào " * 200), before=("Đây là AI.",)))
    assert parts[0].text == "Đây là AI."
    assert all(len(part.text) <= 500 for part in parts)


def test_what_a_door_keeps_is_remembered_with_the_turn_or_not_at_all(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "state.sqlite")
    turn = Turn.of("hỏi", echoed("đáp"))

    def fails(db: sqlite3.Connection) -> None:
        raise StateError("no")

    with pytest.raises(StateError):
        memory.remember(ConversationState("c"), turn, {}, also=fails)
    assert not memory.transcript("c")
    memory.remember(ConversationState("c"), turn, {}, also=lambda db: db.execute("SELECT 1"))
    assert memory.transcript("c")
