"""A conversation becomes a ticket, waits its turn, and can be erased."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from assistant.desk.queue import HandOff, Outcome
from assistant.desk.tickets import LONGEST_LINE, MOST_LINES, Line, TicketStatus, UnknownTicket
from assistant.errors import StateError
from assistant.state_file import state_opened

pytestmark = pytest.mark.usefixtures("either_store")

ROOT = Path(__file__).parents[3]


def bytes_of(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_a_request_within_hours_is_queued_with_code_and_wait(one: Any) -> None:
    said = one.ask()
    assert said.outcome is Outcome.QUEUED
    assert said.ticket.status is TicketStatus.WAITING
    assert said.ticket.code in said.text
    assert "Trước anh/chị không còn phiếu nào chờ." in said.text
    assert "khoảng 15 phút nữa" in said.text
    assert "18001096" in said.text
    second = one.ask("c-2")
    assert "còn 1 phiếu đang chờ" in second.text
    assert "khoảng 30 phút nữa" in second.text


def test_outside_hours_it_says_when_it_will_be_read(one: Any) -> None:
    one.clock.turn(hours=10)  # 18:00
    said = one.ask()
    assert said.outcome is Outcome.OUTSIDE_HOURS
    assert "ngoài giờ làm việc" in said.text
    assert "07:30 thứ Ba, ngày 24/11/2026" in said.text
    assert "trước 07:45 thứ Ba, ngày 24/11/2026" in said.text


def test_a_second_request_gives_the_same_ticket_with_what_was_said_since(one: Any) -> None:
    first = one.ask("c-1", "a b")
    again = one.ask("c-1", "a b", "còn nữa")
    assert again.outcome is Outcome.AGAIN
    assert again.ticket.code == first.ticket.code
    assert [line.text for line in again.ticket.transcript] == ["a b", "còn nữa"]
    assert again.ticket.version == first.ticket.version + 1
    assert one.ask("c-1", "a b", "còn nữa").ticket.version == again.ticket.version
    assert len(one.desk.officers.tickets().tickets) == 1


def test_the_transcript_is_masked_and_nothing_raw_is_on_the_disk(one: Any) -> None:
    said = "Tôi tên là Nguyễn Văn An, CCCD 001085012345, gọi 0912 345 678"
    ticket = one.ask("phien-bi-mat", said, reason="gọi 0912345678").ticket
    assert (
        ticket.transcript[0].text == "Tôi tên là [họ tên], CCCD [số định danh], gọi [số điện thoại]"
    )
    data = bytes_of(one.path)
    for secret in ("001085012345", "0912345678", "0912 345 678", "Nguyễn Văn An", "phien-bi-mat"):
        assert secret.encode() not in data


def test_ten_megabytes_are_cut_quickly_and_no_half_number_is_left(one: Any) -> None:
    number = "001085012345"
    before = "x" * (LONGEST_LINE - 6) + " "
    lines = [Line("citizen", before + number + " y" * 5_000_000)] + [Line("assistant", "z")] * 9
    began = time.perf_counter()
    ticket = one.desk.queue.hand_off(HandOff("c", "web", tuple(lines))).ticket
    assert time.perf_counter() - began < 2
    assert len(ticket.transcript[0].text) <= LONGEST_LINE + 2
    assert "00108" not in ticket.transcript[0].text
    many = tuple(Line("citizen", f"câu {n}") for n in range(5000))
    kept = one.desk.queue.hand_off(HandOff("d", "web", many)).ticket.transcript
    assert len(kept) == MOST_LINES
    assert kept[-1].text == "câu 4999"


@pytest.mark.parametrize(
    "said", ["😀👩‍👩‍👧‍👦", "\ud800", "\x1b[31mđỏ\x1b[0m\x00\x07", "", "\n\n", "‮ngược", "{code} %s"]
)
def test_odd_words_are_kept_without_what_is_hidden(one: Any, said: str) -> None:
    ticket = one.ask("c", said).ticket
    kept = "".join(line.text for line in ticket.transcript)
    assert not set("\x1b\x00\x07\ud800\u202e") & set(kept)
    assert one.desk.officers.ticket(ticket.code) == ticket


def test_one_conversation_may_open_so_many_a_day(make: Any) -> None:
    one = make(tickets_per_day=2)
    for _ in range(2):
        one.desk.officers.close(one.code(), "Lan")
    refused = one.ask()
    assert refused.outcome is Outcome.TOO_MANY
    assert refused.ticket is None
    assert "18001096" in refused.text
    assert one.ask("c-2").ticket
    one.clock.turn(hours=25)
    assert one.ask().ticket


def test_a_full_queue_and_an_empty_desk_send_people_elsewhere(make: Any) -> None:
    one = make(most_waiting=2)
    codes = {one.code("a"), one.code("b")}
    assert one.ask("c").outcome is Outcome.FULL
    assert one.ask("a").ticket.code in codes  # who waits already is still told
    nobody = make(staffed=False).ask("d")
    assert nobody.outcome is Outcome.UNSTAFFED
    assert "bộ phận một cửa" in nobody.text


def test_the_wait_is_measured_by_answers(one: Any) -> None:
    for number in range(3):
        code = one.code(f"c-{number}")
        one.desk.officers.take(code, "Lan")
        one.clock.turn(minutes=40)
        one.desk.officers.answer(code, "Lan", "Đã rõ.")
    assert "khoảng 40 phút nữa" in one.ask("next").text


def test_asking_again_after_an_answer_goes_back_into_the_queue(one: Any) -> None:
    code = one.code()
    other = one.code("c-2")
    one.desk.officers.answer(code, "Lan", "Xong.")
    assert "đã được cán bộ trả lời" in one.desk.queue.standing("c-1").text
    one.clock.turn(minutes=1)
    again = one.ask("c-1", "vẫn chưa rõ")
    assert again.ticket.code == code
    assert again.ticket.status is TicketStatus.WAITING
    assert again.ticket.officer == ""
    assert [each.code for each in one.desk.officers.tickets().tickets] == [other, code]


def test_standing_says_how_it_is(one: Any) -> None:
    assert one.desk.queue.standing("c-1") is None
    code = one.code()
    assert "hàng chờ" in one.desk.queue.standing("c-1").text
    one.desk.officers.take(code, "Lan")
    assert "đang xem" in one.desk.queue.standing("c-1").text
    one.desk.officers.close(code, "Lan")
    assert "đã đóng" in one.desk.queue.standing("c-1").text


def test_erasing_leaves_the_bare_code(one: Any) -> None:
    code = one.code("c-1", "chuyện riêng tư của tôi")
    one.desk.officers.answer(code, "Lan", "lời của cán bộ")
    kept = one.code("c-2")
    assert one.desk.queue.forget("c-1") == 1
    assert one.desk.queue.forget("c-1") == 0
    assert one.desk.queue.standing("c-1") is None
    assert one.desk.outbox.pending("c-1") == ()
    with pytest.raises(UnknownTicket, match="đã được xóa theo yêu cầu"):
        one.desk.officers.ticket(code)
    assert one.desk.officers.ticket(kept)
    data = bytes_of(one.path)
    assert "chuyện riêng tư".encode() not in data
    assert "lời của cán bộ".encode() not in data


def test_time_expires_closes_and_deletes(make: Any) -> None:
    one = make(expire_days=10, keep_days=20)
    waiting, answered = one.code("a"), one.code("b")
    one.desk.officers.answer(answered, "Lan", "Xong.")
    one.clock.turn(days=11)
    counts = {each.code: each.status for each in one.desk.officers.tickets().tickets}
    assert counts == {waiting: TicketStatus.EXPIRED, answered: TicketStatus.CLOSED}
    assert "chúng tôi xin lỗi" in one.desk.queue.standing("a").text
    assert one.desk.officers.ticket(waiting).changes[-1].by == "troly"
    one.clock.turn(days=21)
    assert one.desk.officers.tickets().tickets == ()
    assert one.ask("a").outcome is Outcome.QUEUED


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_a_conversation_has_a_name(one: Any, name: str) -> None:
    with pytest.raises(ValueError, match="conversation"):
        one.ask(name)


def test_many_at_once_open_one_ticket_each(make: Any) -> None:
    first, second = make(), make()
    codes: list[tuple[str, str]] = []

    def work(desk: Any, number: int) -> None:
        codes.append((f"c-{number % 4}", desk.code(f"c-{number % 4}")))

    threads = [threading.Thread(target=work, args=((first, second)[n % 2], n)) for n in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(codes) == 16
    assert len(set(codes)) == 4 == len({code for _, code in codes})


_WRITER = """
import sys
from pathlib import Path
from assistant.config import Config
from assistant.desk.opening import open_desk
from assistant.desk.queue import HandOff
from assistant.desk.tickets import Line
desk = open_desk(Path(sys.argv[1]), Config())
for number in range(100000):
    said = desk.queue.hand_off(HandOff(f"c-{number}", "web", (Line("citizen", "x " * 500),) * 40))
    if said.ticket is None:
        break
    print(said.ticket.code, flush=True)
"""


def test_what_was_returned_survives_kill_9(one: Any) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(one.path)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert writer.stdout
    told = [writer.stdout.readline().strip() for _ in range(15)]
    writer.send_signal(signal.SIGKILL)
    told += writer.stdout.read().split()
    writer.wait()
    for code in told[:-1]:  # the last line may have been cut
        assert len(one.desk.officers.ticket(code).transcript) == 40
    with state_opened(one.path) as db:
        whole = db.execute("PRAGMA integrity_check").fetchone()
        lines = db.execute("SELECT count(*) FROM desk_lines GROUP BY ticket").fetchall()
    assert whole is None or whole[0] == "ok"
    assert {tuple(line) for line in lines} == {(40,)}  # no half ticket
    assert one.ask("after").ticket


@pytest.mark.usefixtures("in_a_file")
def test_tables_of_a_newer_troly_and_no_database_are_said_to_be(make: Any) -> None:
    one = make()
    one.ask()
    with sqlite3.connect(one.path) as db:
        db.execute("UPDATE desk_schema SET version = 99")
    with pytest.raises(StateError, match="newer troly"):
        make().ask()
    one.path.write_bytes(b"no database at all, by any means" * 100)
    with pytest.raises(StateError, match="cannot be used"):
        make().ask()


@pytest.mark.usefixtures("in_a_file")
def test_a_full_disk_leaves_the_queue_as_it_was(one: Any) -> None:
    code = one.code()
    database = one.desk.queue.database

    def fill() -> None:
        with database.write() as db:
            db.execute("UPDATE desk_tickets SET topic = 'x'")
            raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(StateError, match="Free some disk space"):
        fill()
    assert one.desk.officers.ticket(code).topic == ""
