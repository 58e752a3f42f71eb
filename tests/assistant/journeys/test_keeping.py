"""Checklists are taken up again by their code, and by nothing else."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.errors import InputError, StateError
from assistant.journeys.checklist import Kept, Mark, StepStatus
from assistant.journeys.guide import Guide
from assistant.journeys.keeping import (
    KEPT_DAYS,
    Checklists,
    kept_json,
    new_code,
    read_code,
    read_kept,
)
from assistant.journeys.sources import RecordSources
from assistant.state_file import state_opened

pytestmark = pytest.mark.usefixtures("either_store")

BORN, TODAY = date(2026, 11, 20), date(2026, 12, 5)
ANSWERS = {"family": "vietnam", "together": "no", "insurance": "none"}


@pytest.fixture
def guide(sources: RecordSources, tmp_path: Path) -> Guide:
    return Guide(sources, Checklists(tmp_path / "state.sqlite"))


@pytest.fixture
def code(guide: Guide) -> str:
    return guide.keep(guide.begin("birth", BORN, ANSWERS, today=TODAY)).code


def rows(path: Path) -> list[tuple[str, str, str, str]]:
    with state_opened(path) as db:
        return [tuple(row) for row in db.execute("SELECT * FROM checklists").fetchall()]


def test_the_walk_of_one_checklist(guide: Guide, code: str) -> None:
    made = guide.mark(code, "birth", StepStatus.DONE, date(2026, 12, 1), today=TODAY)
    assert made.steps[0].done_on == date(2026, 12, 1)
    twice = guide.mark(code, "birth", StepStatus.DONE, today=TODAY)  # pressed once more
    assert twice.steps == made.steps
    later = guide.take_up(code.lower().replace("-", " "), today=TODAY)
    assert later.code == code
    assert later.steps == made.steps
    undone = guide.mark(code, "birth", StepStatus.OPEN, today=TODAY)
    assert undone.steps[0].status is StepStatus.OPEN
    assert guide.forget(code)
    assert not guide.forget(code)
    with pytest.raises(InputError, match="Không tìm thấy"):
        guide.take_up(code)


def test_the_day_and_an_answer_can_be_put_right(guide: Guide) -> None:
    code = guide.keep(guide.begin("birth", today=TODAY)).code
    assert guide.on(code, BORN, today=TODAY).event_date == BORN
    assert guide.answer(code, "family", "foreign", today=TODAY).answers == {"family": "foreign"}
    for wrong in (("family", "mars"), ("colour", "red")):
        with pytest.raises(InputError):
            guide.answer(code, *wrong, today=TODAY)
    with pytest.raises(InputError):
        guide.on(code, date(1, 1, 1), today=TODAY)
    assert guide.take_up(code, today=TODAY).answers == {"family": "foreign"}
    assert guide.take_up(code, today=TODAY).event_date == BORN


@pytest.mark.parametrize(("step", "on"), [("wedding", None), ("birth", date(2027, 1, 1))])
def test_what_cannot_be_marked_is_told_and_changes_nothing(
    guide: Guide, code: str, step: str, on: date | None
) -> None:
    before = guide.take_up(code, today=TODAY)
    with pytest.raises(InputError):
        guide.mark(code, step, StepStatus.DONE, on, today=TODAY)
    assert guide.take_up(code, today=TODAY) == before


@pytest.mark.parametrize("typed", ["", "1", "7K2M", "7K2M-9QXA-4TR0", "'; DROP TABLE", "x" * 9999])
def test_what_is_no_code_is_told(guide: Guide, typed: str) -> None:
    with pytest.raises(InputError, match="mã"):
        guide.take_up(typed)


def test_neither_codes_nor_people_are_in_the_database(
    guide: Guide, code: str, tmp_path: Path
) -> None:
    guide.mark(code, "birth", StepStatus.DONE, BORN, today=TODAY)
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert code.encode() not in content
    assert code.replace("-", "").encode() not in content
    ((_, kept, _, _),) = rows(tmp_path / "state.sqlite")
    assert set(json.loads(kept)) == {
        "format", "journey", "event_date", "answers", "marks", "revision",
    }  # fmt: skip


def test_codes_differ_and_are_easy_to_read() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    for each in codes:
        assert read_code(each.lower()) == each
        assert not set(each) & set("01OIL")


def test_old_checklists_go(guide: Guide, code: str, tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    with state_opened(path) as db:
        old = (date.today() - timedelta(KEPT_DAYS + 2)).isoformat()  # noqa: DTZ011
        db.execute("UPDATE checklists SET seen = ?", (old,))
    guide.keep(guide.begin("move", BORN, today=TODAY))
    assert len(rows(path)) == 1
    with pytest.raises(InputError):
        guide.take_up(code)


def test_two_changes_at_once_are_both_kept(guide: Guide, code: str) -> None:
    steps = ["birth", "residence", "health_card", "dependant", "identity_card"]
    threads = [
        threading.Thread(target=guide.mark, args=(code, name, StepStatus.SKIPPED)) for name in steps
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = guide.take_up(code, today=TODAY)
    assert {step.id for step in made.steps if step.status is StepStatus.SKIPPED} == set(steps)


def test_json_and_back() -> None:
    kept = Kept("event_birth", BORN, ANSWERS, {"birth": Mark(StepStatus.DONE, BORN, "Tên")}, "r")
    assert read_kept(json.loads(json.dumps(kept_json(kept)))) == kept


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"format": 2, "journey": "event_birth"},
        {"format": 1},
        {"format": 1, "journey": "event_birth", "event_date": "yesterday"},
        {"format": 1, "journey": "event_birth", "marks": {"birth": {"status": "maybe"}}},
    ],
)
def test_what_cannot_be_read_is_told(data: object) -> None:
    with pytest.raises(StateError, match="không đọc được"):
        read_kept(data)


@pytest.mark.usefixtures("in_a_file")
def test_damage_is_told_and_left_as_it_is(guide: Guide, code: str, tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("UPDATE checklists SET kept = '{broken'")
    with pytest.raises(StateError):
        guide.take_up(code)
    assert rows(path)[0][1] == "{broken"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StateError):
        guide.take_up(code)


def test_a_journey_that_is_gone_is_told(
    guide: Guide, sources: RecordSources, tmp_path: Path
) -> None:
    code = Checklists(tmp_path / "state.sqlite").add(Kept("event_wedding", BORN, {}, {}))
    with pytest.raises(InputError, match="không còn"):
        guide.take_up(code)


def test_a_database_of_before_lists_belonged_to_conversations(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    code = new_code()
    with state_opened(path) as db:
        db.execute("CREATE TABLE checklists (code_sha256 TEXT PRIMARY KEY, kept TEXT, seen TEXT)")
        key = hashlib.sha256(code.encode()).hexdigest()
        kept = json.dumps(kept_json(Kept("event_birth", None, {}, {})))
        db.execute("INSERT INTO checklists VALUES (?, ?, '2026-11-22')", (key, kept))
    lists = Checklists(path)
    assert lists.get(code).journey == "event_birth"
    assert lists.forget_all_of("c") == 0
    lists.add(Kept("event_home", None, {}, {}), "c")
    assert lists.forget_all_of("c") == 1
    assert lists.get(code).journey == "event_birth"
