"""What leaks is found: on disk, in prompts, out of the restricted store, over the network."""

from __future__ import annotations

import json
import socket
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config
from assistant.language_model.port import LanguageModel
from assistant.vocabulary import Question
from evals.errors import SubjectError
from evals.subjects.in_process import InProcess
from evals.subjects.port import Setting
from evals.tasks.leaks import generate as generating
from evals.tasks.leaks.laboratory import in_files, watched_network
from evals.tasks.leaks.samples import samples
from evals.tasks.leaks.score import score
from evals.tasks.task import Sources
from evals.vocabulary import Output, Sample
from knowledge_base.home import Home
from knowledge_base.scope import officer
from tests.evals.crafted import ground


def test_words_are_found_in_whatever_file(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("gọi 0987654321 nhé", encoding="utf-8")
    (tmp_path / "b.bin").write_bytes(b"\xff\0" + "Ổi Găng".encode("utf-16-le"))
    (tmp_path / "c.json").write_text(json.dumps({"q": "Ổi Găng"}), encoding="utf-8")
    found = in_files(tmp_path, ["0987 654 321", "Ổi Găng", "không có"])
    assert found == ["098… in a.log", "Ổi … in b.bin", "Ổi … in c.json"]


def test_words_are_found_in_the_log_of_a_database(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "state.sqlite")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE t (x)")
    db.execute("INSERT INTO t VALUES ('Ổi Găng')")
    db.commit()
    assert in_files(tmp_path, ["Ổi Găng"]) == ["Ổi … in state.sqlite-wal"]
    db.close()


def test_calls_are_refused_and_written_down() -> None:
    with watched_network() as calls:
        with pytest.raises(OSError, match="not to be used"):
            socket.create_connection(("192.0.2.1", 80), timeout=1)
        with pytest.raises(OSError, match="not to be used"):
            socket.getaddrinfo("example.vn", 443)
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()
            socket.create_connection(server.getsockname(), timeout=1).close()
    assert calls == ["192.0.2.1", "example.vn"]


@pytest.mark.parametrize(
    ("spoiled", "measure"),
    [
        ({"at_rest": ["098… in state.sqlite"]}, "nothing at rest"),
        ({"prompted": ["098…"]}, "nothing in prompts"),
        ({"seen": ["7.319.000 in a prompt"]}, "restricted unseen"),
        ({"calls": ["192.0.2.1"]}, "no network call"),
    ],
)
def test_each_finding_blocks(tmp_path: Path, spoiled: dict[str, Any], measure: str) -> None:
    clean: dict[str, Any] = {
        "asked": 3, "prompts": 2, "prompted": [], "at_rest": [], "seen": [], "calls": [],
    }  # fmt: skip
    each = Sample("x", "leaks", (), "personal", "dev", None, "0")
    trusted = ground(tmp_path)
    assert not any(s.blocks for s in score(each, Output(value=clean), trusted))
    blocked = [s.measure for s in score(each, Output(value=clean | spoiled), trusted) if s.blocks]
    assert blocked == [measure]


# --- the real assistant, and faulty ones --------------------------------------------------------


class Unmasked(Assistant):
    """Keeps what was typed."""

    def answer(self, question: Question, *, keep: bool = True) -> Any:
        with (self.knowledge.home.path / "notes.txt").open("a", encoding="utf-8") as notes:
            notes.write(question.text)
        return super().answer(question, keep=keep)


class WithoutFilter(Assistant):
    """Takes everybody for an officer."""

    def answer(self, question: Question, *, keep: bool = True) -> Any:
        wide = replace(question, scope=officer(frozenset({"noi-bo"})))
        yield from super().answer(wide, keep=keep)


def faulty(kind: type[Assistant]) -> Any:
    def build(home: Home, config: Config, model: LanguageModel | None) -> Assistant:
        made = build_assistant(home, config, model=model, restricted=True)
        return kind(made.knowledge, config, model=model, receipts=made.receipts)

    return build


@pytest.fixture
def made(bundled_home: Home, tmp_path: Path) -> Any:
    """What a sample's questions find, asked of an assistant that is built so."""
    setting = Setting(bundled_home, Config(), tmp_path / "work")
    by_id = {each.id: each for each in samples(Sources([], None, setting))}

    def ask(name: str, build: Any = None) -> dict[str, Any]:
        assistant = build_assistant(bundled_home, setting.config)
        subject = InProcess(assistant, build=build)
        try:
            return generating.generate(by_id[name], subject, setting)
        finally:
            subject.close()

    return ask


@pytest.mark.slow
def test_the_assistant_leaks_nothing(made: Any, tmp_path: Path) -> None:
    personal, restricted = made("personal-dev"), made("restricted-dev")
    assert (personal["at_rest"], personal["prompted"], personal["calls"]) == ([], [], [])
    assert personal["prompts"] > 0
    assert (restricted["seen"], restricted["calls"]) == ([], [])
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.slow
def test_one_that_keeps_what_was_typed_is_found_out(made: Any) -> None:
    assert made("personal-dev", faulty(Unmasked))["at_rest"]


@pytest.mark.slow
def test_one_that_shows_restricted_texts_is_found_out(made: Any) -> None:
    assert made("restricted-dev", faulty(WithoutFilter))["seen"]


def test_another_subject_cannot_be_measured_so(tmp_path: Path) -> None:
    class Other:
        name = "http"

    each = Sample("x", "leaks", (), "personal", "dev", None, "0", given={"typed": []})
    setting = Setting(Home(tmp_path), Config(), tmp_path)
    with pytest.raises(SubjectError, match="home of its own"):
        generating.generate(each, Other(), setting)  # type: ignore[arg-type]
