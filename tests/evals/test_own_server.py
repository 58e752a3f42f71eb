"""The real server behind the doors: the same answers, and nothing of it left when a run ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.config import Config, Limits
from assistant.language_model.settings import ModelSettings
from evals.errors import SubjectError
from evals.ground import Ground
from evals.subjects import kinds
from evals.subjects.in_process import open_plain
from evals.subjects.over_http import open_http
from evals.subjects.port import Setting
from evals.subjects.server import ROOT, write_config
from evals.tasks.channels import generate as channels
from evals.tasks.channels.score import score
from evals.tasks.load import generate as loaded
from evals.tasks.load.score import score as score_load
from evals.tasks.measured import made
from evals.vocabulary import Output
from knowledge_base.home import Home

CONVERSATIONS = [
    {"id": "a", "messages": ["Làm hộ chiếu phổ thông hết bao nhiêu?", "Nộp ở đâu?"], "as_of": None},
    {"id": "b", "messages": ["hôm nay trời có mưa không"], "as_of": "2026-03-01"},
]


@pytest.fixture
def setting(bundled_home: Home, tmp_path: Path) -> Setting:
    return Setting(bundled_home, Config(model=ModelSettings(kind="none")), tmp_path / "work")


@pytest.mark.slow
@pytest.mark.parametrize("door", ["http", "openai", "zalo-oa", "zalo-bot", "telegram"])
def test_every_door_gives_the_same_answer(door: str, setting: Setting) -> None:
    inside = open_plain(setting)
    sample = made("channels", door, {"door": door, "asked": CONVERSATIONS})
    rows = channels.generate(sample, inside, setting)
    assert [(row["id"], row["turn"]) for row in rows] == [("a", 0), ("a", 1), ("b", 0)]
    assert not any(row["differs"] for row in rows)
    scores = score(sample, Output(value=rows), Ground({}, ""))
    assert {each.value for each in scores} == {1.0}
    inside.close()


@pytest.mark.slow
def test_sources_come_over_http_and_a_killed_server_is_an_error(setting: Setting) -> None:
    subject = open_http(setting)
    try:
        (reply,) = subject.converse(["Làm hộ chiếu hết bao nhiêu tiền?"], date(2026, 1, 5))
        cited = reply.answer["citations"][0]
        text = subject.source(cited["document_id"], cited["sha256"])
        assert text is not None
        assert text[cited["start"] : cited["end"]] == cited["quote"]
        assert subject.source(cited["document_id"], "0" * 64) is None
        assert subject.source("procedure:none", cited["sha256"]) is None
        assert reply.steps
        assert reply.marks["card"] <= reply.ms
        server = subject.door.server
        assert server is not None
        os.kill(children(server.pid)[0], signal.SIGKILL)
        with pytest.raises(SubjectError, match=r"http://127.* gave no answer, asked twice"):
            subject.converse(["Nộp ở đâu?"], None)
    finally:
        subject.close()


def test_a_server_that_does_not_start_is_an_error_of_every_question(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "evals.subjects.server.write_config",
        lambda _, file: file.write_text("modle: {}\n", "utf-8") and file,
    )
    subject = open_http(setting)
    with pytest.raises(SubjectError, match=r"troly up ended with code 1: .*'modle'"):
        subject.converse(["Nộp ở đâu?"], None)
    subject.close()


@pytest.mark.slow
def test_a_killed_run_leaves_no_server_behind(bundled_home: Home, tmp_path: Path) -> None:
    """The leash: whoever started the server is killed with SIGKILL."""
    program = textwrap.dedent(
        f"""
        import time
        from pathlib import Path
        from assistant.config import Config
        from evals.subjects.port import Setting
        from evals.subjects.server import Server
        from knowledge_base.home import Home

        server = Server(Setting(Home(Path({str(bundled_home.path)!r})), Config(), Path(".")))
        print(server.pid, flush=True)
        time.sleep(100)
        """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    leash = int(process.stdout.readline())
    (server,) = children(leash)
    process.kill()
    process.wait()
    assert until(lambda: not (alive(server) or alive(leash)), 20)


def test_the_configuration_is_handed_over_whole(tmp_path: Path) -> None:
    from assistant.config import load_config

    config = Config(
        limits=Limits(question_characters=77),
        model=ModelSettings(kind="openai", api_key="secret"),  # type: ignore[arg-type]
    )
    file = write_config(config, tmp_path / "config.yml")
    assert "secret" not in file.read_text("utf-8")
    told = load_config(file)
    assert told.limits.question_characters == 77
    assert told == config.model_copy(
        update={"model": config.model.model_copy(update={"api_key": None})}
    )


@pytest.mark.slow
def test_load_is_put_on_a_server_and_ends_by_itself(setting: Setting) -> None:
    phases = [
        {"name": "steady", "seconds": 1.0, "rate": 2.0},
        {"name": "together", "seconds": 1.0, "at_once": 4},
    ]
    sample = made("load", "short", {"questions": ["Phí làm hộ chiếu?"], "phases": phases})
    (troly,) = kinds(["troly"])
    subject = troly.open(setting)
    value = loaded.generate(sample, subject, setting)
    subject.close()
    assert len(value["steady"]["ms"]) == 2
    assert len(value["together"]["ms"]) >= 4
    scores = {
        each.measure: each for each in score_load(sample, Output(value=value), Ground({}, ""))
    }
    assert scores["errors"].value == 0.0
    assert (scores["together p95 ms"].value or 0) > 0


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in found.split()]


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(happened: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.05)
    return happened()
