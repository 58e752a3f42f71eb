"""pip and uv of the running environment, as child processes that can be watched and stopped."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from assistant.errors import RuntimeMissing

#: The hashed pins of the runtime and of what builds it.
LOCK = Path(__file__).resolve().parents[2] / "requirements-llm.lock"

RUNTIME = "llama-cpp-python"

_SYSTEM_CERTIFICATES = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}

#: Building and fetching run side by side and may both want pip.
_INSTALLING = threading.Lock()


class CommandFailed(Exception):
    """A child process ended badly; ``tail`` has its last lines."""

    def __init__(self, what: str, tail: Sequence[str]) -> None:
        super().__init__(f"{what} failed: {' | '.join(line.strip() for line in tail[-3:])}")
        self.tail = tuple(tail)


def run(
    command: Sequence[str],
    *,
    what: str,
    on_line: Callable[[str], None] = lambda _: None,
    on_tick: Callable[[], None] = lambda: None,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
    nice: int = 0,
    cwd: Path | None = None,
) -> None:
    """Run to the end, a line at a time; whatever is raised meanwhile ends its whole group.

    ``on_tick`` is called for each line and at least twice a second.
    """
    tail: list[str] = []
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        start_new_session=True,
    )
    try:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, nice)
        with _opened(log) as write:
            for line in _lines(process, on_tick):
                write(line)
                tail = [*tail[-40:], line]
                on_line(line)
        if process.wait() != 0:
            raise CommandFailed(what, tail)
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def pip(*arguments: str) -> list[str]:
    """A pip command line that answers soon, asks nothing and keeps no second copy."""
    quiet = ["--disable-pip-version-check", "--no-input", "--timeout", "20", "--retries", "2"]
    return [sys.executable, "-m", "pip", arguments[0], *quiet, *arguments[1:]]


def pins(*, only: str | None = None, without: str | None = None) -> str:
    """The blocks of the lock file for one package, or for all but one."""
    if not LOCK.is_file():
        raise RuntimeMissing(f"{LOCK} is missing: run troly from its source folder.")
    blocks = re.split(r"^(?=[A-Za-z0-9])", LOCK.read_text(encoding="utf-8"), flags=re.M)
    kept = []
    for block in blocks:
        name = re.split(r"[=\s;]", block, maxsplit=1)[0]
        if name and (only is None or name == only) and name != without:
            kept.append(block)
    return "".join(kept)


def install_tools(log: Path | None, on_tick: Callable[[], None]) -> None:
    """Install everything in the lock but the runtime itself; a no-op when it is all there."""
    wanted = pins(without=RUNTIME)
    with _INSTALLING:
        if not _all_present(wanted):
            _install(wanted, log, on_tick)


def _install(wanted: str, log: Path | None, on_tick: Callable[[], None]) -> None:
    with pin_file(wanted) as path:
        what, pins_of = "Installing the build tools", ["--require-hashes", "-r", str(path)]
        uv = shutil.which("uv") or _own("uv")
        if uv and not os.environ.get("TROLY_NO_UV"):
            command = [uv, "pip", "install", "--python", sys.executable, *pins_of]
            # Offices often have a certificate authority of their own; where uv fails, pip may not.
            with contextlib.suppress(CommandFailed):
                run(command, what=what, on_tick=on_tick, log=log, env=_SYSTEM_CERTIFICATES)
                return
        if not _has_pip():
            run([sys.executable, "-m", "ensurepip"], what="Installing pip", log=log)
        run([*pip("install"), *pins_of], what=what, on_tick=on_tick, log=log)


def install_pip(log: Path | None, on_tick: Callable[[], None]) -> None:
    """Have ``python -m pip``, which uv's environments lack."""
    if not _has_pip():
        install_tools(log, on_tick)


@contextlib.contextmanager
def pin_file(text: str) -> Iterator[Path]:
    """``text`` as a requirements file, for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="troly-pins-") as folder:
        path = Path(folder) / "pins.txt"
        path.write_text(text, encoding="utf-8")
        yield path


def arrived(folder: Path, suffix: str) -> int:
    """Bytes of the archives that pip has got so far; it moves and removes them meanwhile."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(suffix):
                with contextlib.suppress(OSError):
                    total += (Path(place) / name).stat().st_size
    return total


def _has_pip() -> bool:
    return importlib.util.find_spec("pip") is not None


def _own(name: str) -> str | None:
    path = Path(sys.executable).with_name(name)
    return str(path) if path.exists() else None


def _all_present(wanted: str) -> bool:
    """Whether each pinned package is installed in one of the pinned versions."""
    from importlib.metadata import PackageNotFoundError, version

    pinned: dict[str, set[str]] = {}
    for name, number in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", wanted, flags=re.M):
        pinned.setdefault(name, set()).add(number)
    for name, numbers in pinned.items():
        try:
            if version(name) not in numbers:
                return False
        except PackageNotFoundError:
            return False
    return True


def _lines(process: subprocess.Popen[bytes], on_tick: Callable[[], None]) -> Iterator[str]:
    """Lines of the output, with a tick while it is silent."""
    import selectors

    pipe = process.stdout
    assert pipe is not None  # noqa: S101
    os.set_blocking(pipe.fileno(), False)
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            on_tick()
            if not selector.select(0.5):
                continue
            data = os.read(pipe.fileno(), 65536)
            if not data:
                break
            *whole, rest = (rest + data).replace(b"\r", b"\n").split(b"\n")
            for line in whole:
                yield line.decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")


@contextlib.contextmanager
def _opened(log: Path | None) -> Iterator[Callable[[str], object]]:
    if log is None:
        yield lambda _: None
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        yield lambda line: file.write(line + "\n")
