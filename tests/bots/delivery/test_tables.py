"""Inbox and outbox without a server: leases, faults, what is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.errors import StateError
from bots.delivery.channel import Incoming, Kind, Part
from bots.delivery.mailbox import KEPT_DAYS, LEASE, LeaseLostError, Mailbox, Taken
from bots.delivery.outbox import Outgoings

pytestmark = pytest.mark.usefixtures("either_store")

TEXT = Incoming("plain", "1", "a", "a", Kind.BUTTON, 0.0, "Lệ phí", payload="chon:1:0")


class Time:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def mailbox(tmp_path: Path, time: Time) -> Mailbox:
    return Mailbox(tmp_path / "state.sqlite", clock=time, ticks=time)


def taken(mailbox: Mailbox) -> Taken:
    found = mailbox.take("plain", "a")
    assert isinstance(found, Taken)
    return found


def settled(mailbox: Mailbox, turn: Taken) -> None:
    with mailbox.tables.writing() as db:
        mailbox.settle(db, turn)


def test_a_turn_is_settled_by_who_holds_its_lease(mailbox: Mailbox, time: Time) -> None:
    assert mailbox.accept(TEXT)
    first = taken(mailbox)
    assert mailbox.take("plain", "a") is None
    assert not mailbox.heads()
    time.now += LEASE + 1
    second = taken(mailbox)
    with pytest.raises(LeaseLostError):
        settled(mailbox, first)
    settled(mailbox, second)
    assert not mailbox.is_open(second)
    with pytest.raises(LeaseLostError):
        settled(mailbox, second)
    assert first.name == second.name


def test_a_lease_of_before_the_machine_started_holds_nothing(mailbox: Mailbox, time: Time) -> None:
    mailbox.accept(TEXT)
    taken(mailbox)
    time.now = 10.0  # ticks begin anew
    assert mailbox.heads()
    assert isinstance(mailbox.take("plain", "a"), Taken)


def test_what_is_given_back_is_taken_again(mailbox: Mailbox) -> None:
    mailbox.accept(TEXT)
    mailbox.give_back(taken(mailbox))
    taken(mailbox)
    mailbox.give_all_back()
    assert taken(mailbox).plan.last.payload == TEXT.payload


def test_stop_takes_over_what_is_running(mailbox: Mailbox) -> None:
    mailbox.accept(TEXT)
    running = taken(mailbox)
    mailbox.accept(replace(TEXT, update="2", kind=Kind.TEXT, text="/dung"))
    (head,) = mailbox.heads()
    assert head.urgent
    stop = taken(mailbox)
    assert len(stop.plan.rows) == 2
    with pytest.raises(LeaseLostError):
        settled(mailbox, running)
    mailbox.give_all_back()
    assert mailbox.heads()[0].urgent
    settled(mailbox, taken(mailbox))
    assert mailbox.figures() == (0, 0.0)


def test_the_same_update_at_the_same_time_is_one(mailbox: Mailbox) -> None:
    known: list[bool] = []

    def accept(number: int) -> None:
        known.append(mailbox.accept(replace(TEXT, update=str(number % 5))))

    threads = [threading.Thread(target=accept, args=(number,)) for number in range(40)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert known.count(True) == 5
    assert mailbox.figures()[0] == 5


def test_a_new_file_is_made_by_all_who_need_it(tmp_path: Path) -> None:
    for number in range(20):
        mailbox = Mailbox(tmp_path / f"{number}.sqlite")
        failed: list[Exception] = []

        def use(mailbox: Mailbox = mailbox, failed: list[Exception] = failed) -> None:
            try:
                mailbox.figures()
                mailbox.give_all_back()
            except StateError as error:
                failed.append(error)

        threads = [threading.Thread(target=use) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert not failed


def test_odd_updates_are_kept(mailbox: Mailbox) -> None:
    odd = replace(TEXT, update="\ud800", text="\ud83d x" * 9_000, chat="a")
    assert mailbox.accept(odd)
    assert not mailbox.accept(odd)
    assert len(taken(mailbox).plan.text) == 8_000
    assert not mailbox.accept(replace(TEXT, update="r", kind=Kind.RECEIPT))


@pytest.mark.usefixtures("in_a_file")
def test_what_cannot_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"no database at all, but a text " * 99)
    with pytest.raises(StateError):
        Mailbox(tmp_path / "state.sqlite").accept(TEXT)


@pytest.mark.usefixtures("in_a_file")
def test_a_state_that_was_moved_away_is_begun_anew(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.accept(TEXT)
    for file in tmp_path.glob("state.sqlite*"):
        file.rename(tmp_path / f"old-{file.name}")
    assert mailbox.accept(TEXT)
    assert mailbox.figures()[0] == 1


def test_settled_rows_hold_nobody_and_go(mailbox: Mailbox, time: Time) -> None:
    outbox = Outgoings(mailbox.tables, clock=time)
    mailbox.accept(TEXT)
    turn = taken(mailbox)
    with mailbox.tables.writing() as db:
        mailbox.settle(db, turn)
        outbox.put(db, ("plain", "a"), turn.name, [Part({"text": "x"}, "x")])
        outbox.put(db, ("plain", "a"), turn.name, [Part({"text": "y"}, "y")])  # the first stays
    (part,) = outbox.heads("plain")
    assert part.body == {"text": "x"}
    outbox.sending(part.seq)
    outbox.sent(part.seq, "m1")
    with mailbox.tables.reading() as db:
        for table in ("delivery_inbox", "delivery_outbox"):
            (row,) = db.execute(f"SELECT chat, body FROM {table}").fetchall()  # noqa: S608
            assert tuple(row) == ("", "")
    time.now += KEPT_DAYS * 86_400 + 1
    mailbox.sweep()
    with mailbox.tables.reading() as db:
        for table in ("delivery_inbox", "delivery_outbox"):
            assert not db.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608


def test_parts_keep_their_order_and_wait_for_each_other(mailbox: Mailbox, time: Time) -> None:
    outbox = Outgoings(mailbox.tables, clock=time)
    with mailbox.tables.writing() as db:
        outbox.put(db, ("plain", "a"), "t", [Part({"n": n}, str(n)) for n in range(3)])
    (first,) = outbox.heads("plain")
    outbox.sending(first.seq)
    assert not outbox.heads("plain")
    assert outbox.resume() == 1
    (again,) = outbox.heads("plain")
    assert (again.seq, again.maybe_sent) == (first.seq, 1)
    outbox.again(first.seq, 60.0)
    assert not outbox.heads("plain")
    time.now += 61
    outbox.sending(first.seq)
    outbox.sent(first.seq, "")
    assert [part.body["n"] for part in outbox.heads("plain")] == [1]
    outbox.erase_but("plain", "a", "other")
    assert outbox.depth() == {}


def test_the_command(tmp_path: Path, run_troly: Callable[..., str]) -> None:
    assert "tạm dừng zalo_oa" in run_troly("channels", "off", "zalo-oa", "--reason", "bảo trì")
    assert "vì bảo trì" in run_troly("channels", "list")
    assert '"state": "off"' in run_troly("channels", "list", "--json")
    assert "Đã mở lại" in run_troly("channels", "on", "zalo_oa")
    assert "Không có kênh" in run_troly("channels", "on", "viber")
    assert "nêu lý do" in run_troly("channels", "off", "telegram", "--reason", "  ")


@pytest.fixture
def run_troly(tmp_path: Path) -> Callable[..., str]:
    import troly

    def run(*words: str) -> str:
        done = CliRunner().invoke(troly.app, ["--home", str(tmp_path / "home"), *words])
        return done.output + str(done.exception or "")

    return run
