"""``troly up`` as a process: the real assistant, real signals, a taken port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

ROOT = Path(__file__).parents[2]

# The command alone, so that this does not wait for what the others import.
PROGRAM = """
import typer
from pathlib import Path
from types import SimpleNamespace
from rich.console import Console
from assistant.config import Config
from assistant.dialogue.settings import DialogueSettings
from assistant.language_model.settings import ModelSettings
from bots.commands import up
from knowledge_base.home import Home

app = typer.Typer()

@app.callback()
def main(context: typer.Context) -> None:
    config = Config(model=ModelSettings(kind="none"), dialogue=DialogueSettings(mode="direct"))
    console = Console(stderr=True)
    context.obj = SimpleNamespace(home=Home(Path(HOME)), config=config, console=console)

app.command()(up)
app()
"""


class Up:
    """A running ``up`` and what it said on stderr."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"HOME = {str(home)!r}\n{PROGRAM}", "up", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.said.append(line.strip())

    @property
    def address(self) -> str:
        return next(
            (line.removeprefix("troly: ") for line in self.said if line.startswith("troly: http")),
            "",
        )

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(30)
        self._reader.join(5)
        return code


@pytest.fixture(scope="module")
def up(tmp_path_factory: Any, wait_for: Callable[..., bool]) -> Iterator[Up]:
    running = Up(tmp_path_factory.mktemp("home"), "--port", "0")
    try:
        assert wait_for(lambda: running.address or running.process.poll() is not None, 60)
        assert running.address, running.said
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def test_it_serves_before_it_can_answer_and_then_answers(
    up: Up, wait_for: Callable[..., bool]
) -> None:
    with httpx.Client(base_url=up.address, trust_env=False, timeout=60) as http:
        assert http.get("/livez").status_code == 200
        assert wait_for(lambda: http.get("/readyz").status_code == 200, 200), up.said
        assert http.get("/readyz").json()["model"] == "off"
        question = {"message": "Làm hộ chiếu phổ thông hết bao nhiêu tiền, mấy ngày có?"}
        stream = http.post("/api/chat", json=question).text
        assert "event: final" in stream
        assert "200.000 đồng" in stream
        page = http.post("/", data=question).text
        assert "Mã thủ tục" in page


def test_the_openai_client_gets_a_cited_answer(up: Up, wait_for: Callable[..., bool]) -> None:
    assert wait_for(lambda: "Sẵn sàng trả lời." in up.said, 200), up.said
    with openai.OpenAI(
        base_url=f"{up.address}/v1", api_key="-", http_client=httpx.Client(trust_env=False)
    ) as client:
        completion: Any = client.chat.completions.create(
            model="troly",
            messages=[{"role": "user", "content": "Đăng ký thường trú cần giấy tờ gì?"}],
        )
        for source in completion.sources:
            stored = httpx.get(
                f"{up.address}/api/sources/{source['document_id']}",
                params={name: source[name] for name in ("start", "end", "sha256")},
                trust_env=False,
            ).json()
            assert stored["slice"]["quote"] == source["quote"]
        assert completion.sources


def test_a_taken_port_is_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        second = Up(tmp_path, "--port", str(port))
        assert second.process.wait(60) == 1
        second._reader.join(5)
    assert len(second.said) == 1
    assert str(port) in second.said[0]
    assert "--port" in second.said[0]
    assert not any(tmp_path.iterdir())  # found out before any work was begun


@pytest.mark.parametrize("host", ["khong-co.invalid", "203.0.113.7"])
def test_an_address_of_another_machine_is_one_sentence(tmp_path: Path, host: str) -> None:
    wrong = Up(tmp_path, "--host", host, "--port", "0")
    assert wrong.process.wait(60) == 1
    wrong._reader.join(5)
    assert len(wrong.said) == 1
    assert "127.0.0.1" in wrong.said[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_and_in_peace_even_while_getting_ready(
    tmp_path: Path, wait_for: Callable[..., bool], number: int
) -> None:
    running = Up(tmp_path, "--port", "0")
    assert wait_for(lambda: running.address, 60)
    started = time.monotonic()
    assert running.end(number) == 0
    assert time.monotonic() - started < 10
    assert running.said[-1] == "Đã dừng."
    assert "Traceback" not in "\n".join(running.said)
