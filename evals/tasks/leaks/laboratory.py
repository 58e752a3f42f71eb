"""A home of its own to ask in, a model that writes down its prompts, and a watch on the network."""

from __future__ import annotations

import errno
import json
import re
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from assistant.language_model.port import Prompt
from evals.subjects.port import Setting
from knowledge_base.home import Home

_LOOPBACK = re.compile(r"^(?:127\.|::1$|localhost$|0\.0\.0\.0$|::$|$)")


@contextmanager
def own_home(setting: Setting) -> Iterator[Home]:
    """A copy of the public store of ``setting.home``, removed afterwards."""
    setting.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=setting.work, prefix="leaks-") as folder:
        home = Home(Path(folder))
        shutil.copytree(
            setting.home.index(),
            home.index(),
            symlinks=True,
            ignore=shutil.ignore_patterns(".*"),
        )
        with (
            closing(sqlite3.connect(f"file:{setting.home.record()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(home.record())) as target,
        ):
            source.backup(target)
        yield home


def told(prompt: Prompt) -> str:
    """Everything of a prompt that a model would read."""
    return f"{prompt.system}\n{prompt.user}"


def in_files(folder: Path, words: Sequence[str]) -> list[str]:
    """``word in file`` for all files under ``folder``, whatever they are called."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        data = path.read_bytes()
        name = re.sub(r"[0-9a-f]{12,}", "…", path.relative_to(folder).as_posix())
        found += [f"{word[:3]}… in {name}" for word in words if _holds(data, word)]
    return found


def _holds(data: bytes, word: str) -> bool:
    """As typed, with its digits together, as JSON or the system may write it."""
    digits = re.sub(r"\D", "", word)
    spelled = {word, word.lower(), json.dumps(word)[1:-1]}
    if len(digits) >= 9 and not re.search(r"[^\W\d_]", word):
        spelled.add(digits)
    return any(each.encode(coding) in data for each in spelled for coding in ("utf-8", "utf-16-le"))


@contextmanager
def watched_network() -> Iterator[list[str]]:
    """Refuses and writes down every attempt to reach another machine, or to look up its name."""
    calls: list[str] = []

    def refuse(host: object) -> None:
        calls.append(str(host))
        raise OSError(errno.ENETUNREACH, f"the network is not to be used: {host}")

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(this: socket.socket, address: Any, *rest: Any) -> Any:
            host = address[0] if isinstance(address, tuple) else ""
            if this.family != socket.AF_UNIX and not _LOOPBACK.match(str(host)):
                refuse(host)
            return real(this, address, *rest)

        return call

    looked_up = socket.getaddrinfo

    def looking_up(host: Any, *rest: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _LOOPBACK.match(str(name)):
            refuse(name)
        return looked_up(host, *rest, **options)

    with (
        mock.patch.object(socket.socket, "connect", guarded(socket.socket.connect)),
        mock.patch.object(socket.socket, "connect_ex", guarded(socket.socket.connect_ex)),
        mock.patch.object(socket, "getaddrinfo", looking_up),
    ):
        yield calls
