"""``troly models …``: which models there are, and having one ready."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from rich.console import Console
from rich.table import Table

from assistant.errors import ConfigError, ModelError
from assistant.language_model.catalogue import load_catalogue, model_path
from assistant.language_model.files import sha256_of
from assistant.language_model.opening import check_model, verify_model
from assistant.language_model.pull import Progress
from assistant.language_model.runtime import build_runtime, runtime_version
from assistant.language_model.settings import ModelSettings
from assistant.language_model.setup import fetch_model, prepare_recorded, read_status, title

models = typer.Typer(
    help="Mô hình ngôn ngữ: danh sách, tải về, chọn, kiểm tra.", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="In JSON ra stdout.")]
Again = Annotated[bool, typer.Option("--again", help="Làm lại dù đã có.")]
Key = Annotated[str, typer.Argument(help="Khóa trong danh mục; bỏ trống: mô hình đang chọn.")]


class _Home(Protocol):
    @property
    def path(self) -> Path: ...
    @property
    def models(self) -> Path: ...


class _Config(Protocol):
    @property
    def model(self) -> ModelSettings: ...


class _State(Protocol):
    @property
    def home(self) -> _Home: ...
    @property
    def config(self) -> _Config: ...
    @property
    def config_path(self) -> Path | None: ...
    @property
    def console(self) -> Console: ...


def _state(context: typer.Context) -> _State:
    state: _State = context.obj
    return state


@models.command("list")
def list_models(context: typer.Context, as_json: Json = False) -> None:
    """Các mô hình trong danh mục, giấy phép, dung lượng, và đã có trên máy chưa."""
    state = _state(context)
    catalogue, chosen = load_catalogue(), state.config.model
    rows = [
        {
            "key": key,
            **entry.model_dump(mode="json", exclude={"sources"}),
            "sources": [source.title for source in entry.sources],
            "here": (state.home.models / entry.file).is_file(),
            "in_use": chosen.kind == "llama_cpp" and chosen.path is None and chosen.name == key,
        }
        for key, entry in catalogue.models.items()
    ]
    if as_json:
        _print_json(rows)
        return
    table = Table("", "Khóa", "Giấy phép", "MB", "RAM (MB)", "Trên máy", "SHA-256", "Ghi chú")
    for row, entry in zip(rows, catalogue.models.values(), strict=True):
        table.add_row(
            "→" if row["in_use"] else "",
            row["key"],
            entry.licence,
            f"{entry.approximate_bytes / 1e6:,.0f}",
            str(entry.memory_mb),
            "có" if row["here"] else "",
            "có" if entry.sha256 else "tự cung cấp",
            entry.note,
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@models.command("pull")
def pull_model(
    context: typer.Context,
    key: Key = "",
    sha256: Annotated[
        str | None, typer.Option(help="SHA-256 do nhà phát hành công bố, cho mô hình chưa có sẵn.")
    ] = None,
    again: Again = False,
) -> None:
    """Tải tệp mô hình, kiểm tra SHA-256; ngắt giữa chừng thì chạy lại sẽ tải tiếp."""
    state = _state(context)
    if sha256 is not None and not re.fullmatch("[0-9a-f]{64}", sha256.lower()):
        raise ConfigError("--sha256 takes 64 hexadecimal digits, as the publisher shows them.")
    settings = _named(state, key)
    with bars(state.console) as progress:
        fetch_model(
            state.home.models,
            settings,
            progress,
            sha256=sha256.lower() if sha256 else None,
            again=again,
        )
    typer.echo(model_path(settings, state.home.models))


@models.command("use")
def use_model(
    context: typer.Context, key: Annotated[str, typer.Argument(help="Khóa trong danh mục.")]
) -> None:
    """Chọn mô hình: ghi vào mục model của config.yml."""
    state = _state(context)
    load_catalogue().entry(key)
    path = state.config_path or state.home.path / "config.yml"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(chosen_in(text, key), encoding="utf-8")
    temporary.replace(path)
    typer.echo(f"{path}: model.name = {key}")
    if not (state.home.models / load_catalogue().entry(key).file).is_file():
        state.console.print(f"Chưa có tệp của mô hình này. Tải về: troly models pull {key}")


@models.command("verify")
def verify_models(context: typer.Context, key: Key = "") -> None:
    """Đọc lại toàn bộ tệp mô hình và so SHA-256 với bản chính thức."""
    state = _state(context)
    settings = _named(state, key)
    path = verify_model(settings, state.home.models, thorough=True)
    typer.echo(f"{sha256_of(path)}  {path}")


@models.command("status")
def status(context: typer.Context, as_json: Json = False) -> None:
    """Mô hình đang chọn, llama.cpp đã có chưa, việc chuẩn bị đến đâu."""
    state = _state(context)
    settings = state.config.model
    problem = ""
    try:
        check_model(settings, state.home.models)
    except ModelError as error:
        problem = str(error)
    setup = read_status(state.home.path)
    report: dict[str, Any] = {
        "kind": settings.kind,
        "name": settings.name,
        "ready": not problem,
        "problem": problem,
        "runtime": runtime_version(),
        "setup": asdict(setup) if setup else None,
    }
    if settings.kind == "llama_cpp":
        report["file"] = str(model_path(settings, state.home.models))
    if as_json:
        _print_json(report)
        return
    typer.echo(f"Mô hình: {settings.name} ({settings.kind})")
    typer.echo(f"llama.cpp: {report['runtime'] or 'chưa biên dịch'}")
    typer.echo("Sẵn sàng" if not problem else f"Chưa sẵn sàng: {problem}")
    if setup is not None and setup.state == "running":
        for stage, (done, total) in setup.stages.items():
            typer.echo(f"  {title(stage)}: {f'{100 * done // total}%' if total else 'đang làm'}")
    elif setup is not None and setup.message:
        typer.echo(f"Lần chuẩn bị gần nhất: {setup.message}")


@models.command("build")
def build(context: typer.Context, again: Again = False) -> None:
    """Biên dịch llama.cpp trên máy này (khoảng 1 phút trên 2 lõi nhanh, rảnh)."""
    state = _state(context)
    with bars(state.console) as progress:
        built = build_runtime(state.home.path, progress, again=again)
    for stage, seconds in built.seconds.items():
        state.console.print(f"{title(stage)}: {seconds:g} s")
    typer.echo(f"llama-cpp-python {built.version}")


@models.command("prepare")
def prepare_all(context: typer.Context) -> None:
    """Biên dịch llama.cpp và tải mô hình cùng lúc; đã có thì không làm gì."""
    state = _state(context)
    started = time.monotonic()
    with bars(state.console) as progress:
        seconds = prepare_recorded(state.home.path, state.config.model, progress)
    for stage, took in seconds.items():
        state.console.print(f"{title(stage)}: {took:g} s")
    typer.echo(f"{time.monotonic() - started:.1f} s")


@contextmanager
def bars(console: Console) -> Iterator[Progress]:
    """A progress bar for each stage on a terminal, a line now and then elsewhere."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = ("{task.description}", BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Bars(*columns, TimeElapsedColumn(), console=console, transient=True) as shown:
        tasks: dict[str, Any] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage.startswith("note: "):
                shown.console.print(title(stage), markup=False)
                return
            if stage not in tasks:
                tasks[stage] = shown.add_task(title(stage), total=None)
            shown.update(tasks[stage], completed=done, total=total or None)

        yield progress


class _Lines:
    """Progress for logs: a line when a stage begins and every ten per cent of it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said: dict[str, int] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 0
        if stage.startswith("note: ") or tenth > self._said.get(stage, -1):
            self._said[stage] = tenth
            share = f" {tenth * 10}%" if total else ""
            self._console.print(f"{title(stage)}{share}", markup=False, highlight=False)


def chosen_in(text: str, key: str) -> str:
    """``text`` of config.yml with ``model.kind`` and ``model.name`` set, all else as it was."""
    block = re.search(r"^model:[^\n]*\n(?:(?:[ \t]+[^\n]*|[ \t]*#[^\n]*)?\n)*", text, flags=re.M)
    if block is None:
        return f"{text.rstrip()}\n\nmodel:\n  kind: llama_cpp\n  name: {key}\n".lstrip("\n")
    body = re.sub(r"^[ \t]+path:[^\n]*\n", "", block[0], flags=re.M)
    for name, value in (("name", key), ("kind", "llama_cpp")):
        line = re.compile(rf"^([ \t]+){name}:[ \t]*[^\s#]+", flags=re.M)
        if line.search(body):
            body = line.sub(rf"\g<1>{name}: {value}", body, count=1)
        else:
            body = body.replace("\n", f"\n  {name}: {value}\n", 1)
    return text[: block.start()] + body + text[block.end() :]


def _named(state: _State, key: str) -> ModelSettings:
    """The settings, for the model ``key`` when one is given."""
    if not key:
        return state.config.model
    load_catalogue().entry(key)
    return state.config.model.model_copy(
        update={"kind": "llama_cpp", "name": key, "path": None, "sha256": None, "template": None}
    )


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
