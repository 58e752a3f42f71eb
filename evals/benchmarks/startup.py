"""``troly bench startup``: whole processes, from the command line to the answer, and memory.

Each run is a new process of this environment's ``troly``; medians of several
runs. Memory is the resident set of each process while it answers.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config
from assistant.language_model.opening import open_model
from assistant.language_model.setup import is_prepared
from assistant.session import SessionState
from assistant.vocabulary import Question
from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready
from knowledge_base.scope import citizen

QUESTION = "Làm hộ chiếu phổ thông hết bao nhiêu tiền, mấy ngày có?"
ROOT = Path(__file__).resolve().parents[2]


def startup(
    context: typer.Context,
    runs: Annotated[int, typer.Option(min=1, help="Số lượt mỗi phép đo.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Thời gian từ lệnh tới câu trả lời (lần đầu và các lần sau), và bộ nhớ."""
    state: SessionState = context.obj
    report = {"seconds": measure(state.home, state.config, runs), "rss_mb": memory(state)}
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else table(report))


def measure(home: Home, config: Config, runs: int) -> dict[str, float]:
    """Median seconds of each way to start."""
    ensure_ready(home, config.knowledge_base)
    found: dict[str, float] = {}
    launcher = ROOT / "troly"
    if (ROOT / ".venv" / ".troly-stamp").exists():
        direct = str(ROOT / ".venv" / "bin" / "troly")
        bare = _median([direct, "--version"], home, runs)
        found["launcher over the command itself (--version)"] = max(
            0.0, _median([str(launcher), "--version"], home, runs) - bare
        )
    troly = [sys.executable, "-m", "troly"]
    ask = [*troly, "ask", QUESTION]
    with tempfile.TemporaryDirectory() as empty:
        found["first answer of an empty home (ask --no-llm)"] = _seconds(
            [*ask, "--no-llm"], Home(Path(empty))
        )
    found["answer in a new process (ask --no-llm)"] = _median([*ask, "--no-llm"], home, runs)
    if is_prepared(home.path, config.model):
        found["answer with the model in a new process (ask)"] = _median(
            ask, home, max(1, runs // 2)
        )
    return {name: round(value, 3) for name, value in found.items()}


def memory(state: SessionState) -> dict[str, int]:
    """Resident megabytes: this process with everything open, and the model's child."""
    assistant: Assistant = build_assistant(state.home, state.config)
    found: dict[str, int] = {}
    model = None
    if is_prepared(state.home.path, state.config.model):
        model = open_model(state.config.model, models=state.home.models, logs=state.home.logs)
        assistant.use_model(model)
    assistant.ask(Question(QUESTION, citizen()), keep=False)
    found["assistant (search, embedder, Chroma)"] = _resident(os.getpid())
    for pid in _children(os.getpid()):
        found["model child (llama.cpp)"] = max(
            found.get("model child (llama.cpp)", 0), _resident(pid)
        )
    assistant.close()
    found["all together"] = sum(found.values())
    return found


def _median(command: Sequence[str], home: Home, runs: int) -> float:
    return statistics.median(_seconds(command, home) for _ in range(runs))


def _seconds(command: Sequence[str], home: Home) -> float:
    started = time.perf_counter()
    environment = {**os.environ, "TROLY_HOME": str(home.path)}
    subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - started


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    found = {int(child) for child in listed.read_text().split()} if listed.exists() else set()
    for task in Path(f"/proc/{pid}/task").iterdir():  # children belong to the thread that made them
        with open(task / "children") as file:  # noqa: PTH123
            found |= {int(child) for child in file.read().split()}
    return sorted(found)


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


def table(report: dict[str, Any]) -> str:
    """The report as Markdown."""
    rows = ["| what | median s |", "| --- | --- |"]
    rows += [f"| {name} | {value} |" for name, value in report["seconds"].items()]
    rows += ["", "| process | RSS MB |", "| --- | --- |"]
    rows += [f"| {name} | {value} |" for name, value in report["rss_mb"].items()]
    return "\n".join(rows)
