"""Making the local model ready: the runtime is compiled while the file is fetched.

``python -m assistant.language_model.setup HOME`` does it in the background and
writes how far it is into ``<HOME>/state/setup.json``, which `read_status` reads.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from assistant.errors import ModelError, RuntimeMissing
from assistant.language_model.catalogue import load_catalogue
from assistant.language_model.opening import check_model, verify_model
from assistant.language_model.pull import Progress, pull
from assistant.language_model.runtime import build_runtime, runtime_version
from assistant.language_model.settings import ModelSettings

#: What a person reads while it happens.
STAGES = {
    "runtime.wait": "Chờ tiến trình khác biên dịch llama.cpp",
    "runtime.tools": "Cài công cụ biên dịch",
    "runtime.source": "Tải mã nguồn llama.cpp",
    "runtime.compile": "Biên dịch llama.cpp",
    "runtime.install": "Cài llama.cpp",
    "model.download": "Tải mô hình ngôn ngữ",
    "model.verify": "Kiểm tra mô hình",
    "runtime": "Có llama.cpp",
    "model": "Có mô hình",
}


def title(stage: str) -> str:
    """The Vietnamese title of a stage; a ``note: …`` is its own sentence."""
    return STAGES.get(stage, stage.removeprefix("note: "))


@dataclass(frozen=True, slots=True)
class SetupStatus:
    """How far the set-up of the model is, by the file that it keeps."""

    state: Literal["running", "done", "failed", "interrupted"]
    stages: dict[str, tuple[int, int]] = field(default_factory=dict)  # done, total
    message: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    pid: int = 0
    updated: float = 0.0  # Unix time


class _Stopped(Exception):
    """The other half failed or was interrupted; this half leaves at its next step."""


def is_prepared(home: Path, settings: ModelSettings) -> bool:
    """Whether the model could be loaded now; quick, once the file has been verified."""
    try:
        check_model(settings, home / "models")
    except ModelError:
        return False
    return True


def prepare(home: Path, settings: ModelSettings, progress: Progress) -> dict[str, float]:
    """Build the runtime and fetch the model, both at once; seconds by stage.

    Does nothing (and returns nothing) for other kinds and when all is there.
    ``progress`` is called from two threads, one at a time.

    Raises:
        ModelError: what could not be done, and what to do; the other half is stopped.
    """
    if settings.kind != "llama_cpp":
        return {}
    seconds: dict[str, float] = {}
    errors: list[BaseException] = []
    stopped, lock = threading.Event(), threading.Lock()

    def guarded(stage: str, done: int, total: int) -> None:
        if stopped.is_set():
            raise _Stopped
        with lock:
            progress(stage, done, total)

    def fetch() -> None:
        started = time.monotonic()
        try:
            if fetch_model(home / "models", settings, guarded):
                seconds["model"] = round(time.monotonic() - started, 1)
        except _Stopped:
            pass
        except BaseException as error:
            errors.append(error)

    download = threading.Thread(target=fetch, name="model-download", daemon=True)
    download.start()
    try:
        started = time.monotonic()
        if runtime_version() is None:
            seconds |= build_runtime(home, guarded).seconds
            seconds["runtime"] = round(time.monotonic() - started, 1)
        while download.is_alive():
            download.join(0.2)
    except BaseException:
        stopped.set()
        download.join(5)
        raise
    if errors:
        raise errors[0]
    return seconds


def fetch_model(
    models: Path,
    settings: ModelSettings,
    progress: Progress,
    *,
    sha256: str | None = None,
    again: bool = False,
) -> bool:
    """Have the verified file that the settings name; whether anything was fetched."""
    if settings.path is not None:
        verify_model(settings, models)
        return False
    catalogue = load_catalogue()
    entry = catalogue.entry(settings.name)
    if not again:
        with contextlib.suppress(ModelError):
            verify_model(settings, models)
            return False
    pull(
        entry,
        models=models,
        hub=catalogue.hub,
        progress=progress,
        sha256=sha256 or settings.sha256,
        again=again,
    )
    return True


class StatusFile:
    """Writes a `SetupStatus` for other processes to read, twice a second at most."""

    def __init__(self, home: Path) -> None:
        self._path = _status_path(home)
        self._stages: dict[str, tuple[int, int]] = {}
        self._written = 0.0

    def progress(self, stage: str, done: int, total: int) -> None:
        if stage.startswith("note: "):
            return
        new = stage not in self._stages
        self._stages[stage] = (done, total)
        if new or time.monotonic() - self._written > 0.5:
            self.write("running")

    def write(
        self,
        state: Literal["running", "done", "failed"],
        message: str = "",
        seconds: dict[str, float] | None = None,
    ) -> None:
        self._written = time.monotonic()
        status = SetupStatus(
            state, dict(self._stages), message, seconds or {}, os.getpid(), time.time()
        )
        with contextlib.suppress(OSError):  # how far it is matters less than going on
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}")
            temporary.write_text(json.dumps(asdict(status)), encoding="utf-8")
            temporary.replace(self._path)


def read_status(home: Path) -> SetupStatus | None:
    """How far the set-up is; None when it never ran. A dead process reads as interrupted."""
    try:
        data = json.loads(_status_path(home).read_text(encoding="utf-8"))
        data["stages"] = {name: (pair[0], pair[1]) for name, pair in data["stages"].items()}
        status = SetupStatus(**data)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if status.state == "running" and not _is_alive(status.pid):
        return SetupStatus("interrupted", status.stages, updated=status.updated)
    return status


def prepare_recorded(
    home: Path, settings: ModelSettings, progress: Progress | None = None
) -> dict[str, float]:
    """`prepare`, with its status kept in the home for other processes."""
    status = StatusFile(home)

    def both(stage: str, done: int, total: int) -> None:
        status.progress(stage, done, total)
        if progress is not None:
            progress(stage, done, total)

    try:
        status.write("running")
        seconds = prepare(home, settings, both)
    except BaseException as error:
        status.write("failed", str(error) or type(error).__name__)
        raise
    status.write("done", seconds=seconds)
    return seconds


def prepare_in_background(home: Path, settings: ModelSettings) -> int | None:
    """Start `prepare` in a process of its own, which outlives this one; its pid.

    None when it is running already. Its output goes to ``<home>/logs/setup.log``.
    """
    status = read_status(home)
    if status is not None and status.state == "running":
        return None
    with contextlib.suppress(OSError):  # how an earlier one ended is not how this one ends
        _status_path(home).unlink()
    log = home / "logs" / "setup.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    chosen = settings.model_dump_json(exclude={"api_key"})
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant.language_model.setup", str(home), chosen],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
            cwd=Path(__file__).resolve().parents[2],
        )
    return process.pid


def _status_path(home: Path) -> Path:
    return home / "state" / "setup.json"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except PermissionError:
        return True
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def _main(arguments: list[str], say: Callable[[str], object] = print) -> int:
    home = Path(arguments[0])
    text = arguments[1] if len(arguments) > 1 else "{}"
    settings = ModelSettings.model_validate_json(text)
    try:
        seconds = prepare_recorded(home, settings)
    except (ModelError, RuntimeMissing) as error:
        say(str(error))
        return 1
    say(json.dumps(seconds))
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
