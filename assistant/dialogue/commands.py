"""``troly dialogue …``: Rasa's environment, model and server, from the command line."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from rich.console import Console

from assistant.dialogue.runtime.environment import Progress, find_python, is_ready
from assistant.dialogue.runtime.places import Places
from assistant.dialogue.runtime.server import read_server
from assistant.dialogue.runtime.service import RasaService
from assistant.dialogue.runtime.training import ensure_model, model_path
from assistant.dialogue.runtime.trials import run_trials
from assistant.errors import DialogueError, DialogueSetupFailed
from knowledge_base.progress import bars

dialogue = typer.Typer(help="Hội thoại: môi trường, mô hình và máy chủ Rasa.", no_args_is_help=True)

#: What a person reads while it happens.
STAGES = {
    "dialogue_waiting": "Chờ tiến trình khác chuẩn bị Rasa",
    "dialogue_install": "Cài môi trường của Rasa (Python 3.10)",
    "dialogue_train": "Rasa học từ câu mẫu và luật",
}

#: Seconds that ``shell`` waits for the server.
_TO_START = 240.0


class _Home(Protocol):
    @property
    def path(self) -> Path: ...


class _State(Protocol):
    @property
    def home(self) -> _Home: ...
    @property
    def config_path(self) -> Path | None: ...
    @property
    def console(self) -> Console: ...


@dialogue.command("train")
def train(
    context: typer.Context,
    again: Annotated[bool, typer.Option("--again", help="Học lại dù không có gì đổi.")] = False,
) -> None:
    """Cài môi trường Rasa nếu chưa có, rồi dạy mô hình; không đổi gì thì không làm gì."""
    state, places = _found(context)
    started = time.monotonic()
    with _shown(state) as progress:
        trained = ensure_model(places, progress, again=again)
    state.console.print(
        f"{time.monotonic() - started:.1f} giây" if trained.fresh else "Không có gì đổi.",
        highlight=False,
    )
    typer.echo(trained.path)


@dialogue.command("test")
def test(context: typer.Context) -> None:
    """Kiểm tra dữ liệu của Rasa (rasa data validate) và chạy các bài thử của nó (rasa test)."""
    state, places = _found(context)
    with _shown(state) as progress:
        trained = ensure_model(places, progress)
    failed = False
    for trial in run_trials(places, trained):
        failed = failed or not trial.passed
        typer.echo(f"{'đạt' if trial.passed else 'CHƯA ĐẠT'}  {trial.name}  {trial.summary}")
    if failed:
        typer.echo(f"Xem: {places.log('test')}, {places.work / 'results'}")
        raise typer.Exit(1)


@dialogue.command("shell")
def shell(context: typer.Context) -> None:
    """Gõ từng câu, xem Rasa quyết định gì; câu bắt đầu bằng / là nút bấm. Ctrl-D để thoát."""
    state, places = _found(context)
    with _shown(state) as progress:
        service = RasaService(replace(places, tag="-shell"), progress)
        service.start()
        ready = service.wait_ready(_TO_START)
    try:
        if not ready:
            why = service.health.reason or f"xem {places.log('server')}"
            raise DialogueSetupFailed(f"Máy chủ Rasa chưa chạy được: {why}")
        name = f"shell-{time.time():.0f}"
        while True:
            try:
                text = input("> ").strip()
            except EOFError:
                break
            if text:
                _say(service, name, text)
    except KeyboardInterrupt:
        pass
    finally:
        service.close()


def _say(service: RasaService, name: str, text: str) -> None:
    from assistant.dialogue.decision import decision_json

    started = time.monotonic()
    try:
        payload = text if text.startswith("/") else ""
        decision = service.client.decide(name, text, payload=payload)
    except DialogueError as error:
        typer.echo(f"({error})")
        return
    took = f"{1000 * (time.monotonic() - started):.0f} ms"
    typer.echo(f"{json.dumps(decision_json(decision)['decision'], ensure_ascii=False)}  {took}")


@dialogue.command("status")
def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")] = False,
) -> None:
    """Đã có Python 3.10, môi trường, mô hình chưa; máy chủ Rasa đang thế nào."""
    _, places = _found(context)
    python = find_python()
    report: dict[str, Any] = {
        "python": str(python) if python else None,
        "environment": {"path": str(places.venv), "ready": is_ready(places)},
        "model": {"path": None, "ready": False, "problem": ""},
        "server": read_server(places),
    }
    try:
        path = model_path(places)
        report["model"].update(path=str(path), ready=path.is_file())
    except DialogueSetupFailed as error:
        report["model"]["problem"] = str(error)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    server = report["server"]
    model = "có" if report["model"]["ready"] else report["model"]["problem"] or "chưa học"
    typer.echo(f"Python 3.10: {python or 'không thấy (TROLY_PYTHON310)'}")
    typer.echo(f"Môi trường:  {'có' if is_ready(places) else 'chưa cài'} ({places.venv})")
    typer.echo(f"Mô hình:     {model}")
    typer.echo(f"Máy chủ:     {_server_line(server)}")


def _server_line(server: dict[str, Any] | None) -> str:
    if server is None:
        return "không chạy"
    states = {"starting": "đang khởi động", "ready": "sẵn sàng", "down": "hỏng, sẽ chạy lại"}
    told = states.get(str(server.get("state")), "đã dừng")
    again = f", đã chạy lại {server['restarts']} lần" if server.get("restarts") else ""
    return f"{told}{again} {server.get('reason') or ''}".rstrip()


def _found(context: typer.Context) -> tuple[_State, Places]:
    state: _State = context.obj
    return state, Places.of(state.home.path, state.config_path)


@contextmanager
def _shown(state: _State) -> Iterator[Progress]:
    with bars(state.console, lambda stage: STAGES.get(stage, stage)) as progress:
        yield progress
