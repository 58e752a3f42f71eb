"""Rasa's own Python environment: found or made, from hashed pins, by one process at a time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.dialogue.runtime.places import Places
from assistant.errors import DialogueSetupFailed
from assistant.language_model.installer import CommandFailed, run
from knowledge_base.locks import locked

#: ``progress(stage, done, total)``; a total of 0 means that it is not known.
Progress = Callable[[str, int, int], None]

#: What the environment takes on disk while it is made, in bytes.
_NEEDED = 1_200_000_000

_STAMP = ".troly-stamp"

#: Offices often have a certificate authority of their own.
_CERTIFICATES = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}


def silent(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


def find_python() -> Path | None:
    """A Python 3.10: ``$TROLY_PYTHON310``, PATH, pyenv, what uv knows; None without one."""
    for candidate in _candidates():
        if candidate and _is_310(candidate):
            return Path(candidate)
    return None


def _candidates() -> Iterator[str]:
    if named := os.environ.get("TROLY_PYTHON310"):
        yield named
        return  # who names one means that one
    # A shim of pyenv on the PATH may lead nowhere, so each is asked.
    for folder in os.get_exec_path():
        found = Path(folder) / "python3.10"
        if found.is_file():
            yield str(found)
    for pyenv in dict.fromkeys(_pyenv_roots()):
        yield from map(str, sorted(pyenv.glob("versions/3.10.*/bin/python")))
    if uv := find_uv():
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            told = subprocess.run(
                [uv, "python", "find", "3.10"], capture_output=True, text=True, timeout=20
            )
            if told.returncode == 0:
                yield told.stdout.strip()


def _pyenv_roots() -> Iterator[Path]:
    """Where pyenv may keep its Pythons; a service often runs with another home than its user's."""
    if named := os.environ.get("PYENV_ROOT"):
        yield Path(named)
        return  # who names one means that one
    with contextlib.suppress(RuntimeError):  # no home folder
        yield Path.home() / ".pyenv"
    with contextlib.suppress(KeyError):  # a user that no list has
        yield Path(pwd.getpwuid(os.getuid()).pw_dir) / ".pyenv"
    if (versions := Path(sys.base_prefix).parent).name == "versions":
        yield versions.parent


def _is_310(python: str) -> bool:
    check = "import sys, ensurepip, venv; sys.exit(sys.version_info[:2] != (3, 10))"
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run([python, "-c", check], capture_output=True, timeout=20)
        return done.returncode == 0
    return False


def find_uv() -> str | None:
    """uv from the PATH or beside this Python, unless ``$TROLY_NO_UV`` says not to."""
    if os.environ.get("TROLY_NO_UV"):
        return None
    beside = Path(sys.executable).with_name("uv")
    return shutil.which("uv") or (str(beside) if beside.exists() else None)


def stamp(places: Places) -> str:
    """What the environment is made from: the hash of the pins."""
    try:
        return hashlib.sha256(places.pins.read_bytes()).hexdigest()
    except OSError as error:
        raise DialogueSetupFailed(f"Không đọc được {places.pins}: {error}.") from error


def is_ready(places: Places) -> bool:
    """Whether the environment is there, whole, and made from these pins."""
    try:
        made = (places.venv / _STAMP).read_text(encoding="utf-8")
    except OSError:
        return False
    return made == stamp(places) and places.python.exists()


def ensure_environment(places: Places, progress: Progress = silent) -> None:
    """Have the environment; what an interrupted attempt has installed is kept.

    Raises:
        DialogueSetupFailed: no Python 3.10, no room, no network; one sentence that
            says what to do.
    """
    if is_ready(places):
        return
    places.make()
    waiting = "dialogue_waiting"
    lock = places.venv.with_name(places.venv.name + ".lock")
    with locked(lock, waiting=lambda: progress(waiting, 0, 0)):
        if is_ready(places):
            return
        _make(places, progress)
        new = places.venv / f"{_STAMP}.new"
        new.write_text(stamp(places), encoding="utf-8")
        new.replace(places.venv / _STAMP)


def _make(places: Places, progress: Progress) -> None:
    free = shutil.disk_usage(places.folder).free
    there = places.venv.exists()
    if free < _NEEDED and not there:
        raise DialogueSetupFailed(
            f"Ổ đĩa chứa {places.folder} còn trống {free // 1_000_000} MB mà môi trường của Rasa "
            f"cần khoảng {_NEEDED // 1_000_000} MB. Hãy xoá bớt tệp rồi chạy lại."
        )
    log = places.log("setup")
    uv = find_uv()
    try:
        if not _is_310(str(places.python)):
            _make_empty(places, uv, log)
        _install(places, uv, log, progress)
    except CommandFailed as error:
        raise DialogueSetupFailed(
            "Chưa cài được Rasa. Kiểm tra mạng và chỗ trống trên đĩa (cần 1,2 GB) rồi chạy lại: "
            f"phần đã cài được giữ. Nhật ký: {log}"
        ) from error
    except OSError as error:
        raise DialogueSetupFailed(
            f"Không ghi được vào {places.venv}: {error.strerror}. Kiểm tra quyền và chỗ trống."
        ) from error


def _make_empty(places: Places, uv: str | None, log: Path) -> None:
    python = find_python()
    if python is None:
        raise DialogueSetupFailed(
            "Rasa cần Python 3.10 mà máy này chưa có. Cài bằng `uv python install 3.10` (hoặc "
            "pyenv), hay chỉ chỗ: TROLY_PYTHON310=/đường/dẫn/python3.10. Trong lúc đó troly vẫn "
            "trả lời theo luật có sẵn."
        )
    if uv:
        command = [uv, "venv", "--quiet", "--clear", "--python", str(python), str(places.venv)]
    else:
        command = [str(python), "-m", "venv", "--clear", str(places.venv)]
    run(command, what="Making Rasa's environment", log=log, env=_CERTIFICATES)


def _install(places: Places, uv: str | None, log: Path, progress: Progress) -> None:
    total = _pinned(places)
    seen = [-1]

    def tick() -> None:
        done = sum(1 for _ in places.venv.glob("lib/python3.10/site-packages/*.dist-info"))
        if done != seen[0]:
            seen[0] = done
            progress("dialogue_install", min(done, total), total)

    what, pins = "Installing Rasa", ["--require-hashes", str(places.pins)]
    tick()
    if uv:
        # Where uv fails (a proxy, a certificate), pip may not.
        with contextlib.suppress(CommandFailed):
            command = [uv, "pip", "sync", "--python", str(places.python), *pins]
            run(command, what=what, on_tick=tick, log=log, env=_CERTIFICATES)
            return
    if not (places.venv / "bin" / "pip").exists():
        run([str(places.python), "-m", "ensurepip"], what="Installing pip", log=log)
    quiet = ["--disable-pip-version-check", "--no-input", "--no-deps", "--timeout", "20"]
    command = [str(places.python), "-m", "pip", "install", *quiet, pins[0], "-r", pins[1]]
    run(command, what=what, on_tick=tick, log=log)


def _pinned(places: Places) -> int:
    text = places.pins.read_text(encoding="utf-8")
    return len(re.findall(r"^[A-Za-z0-9._-]+==", text, flags=re.M))
