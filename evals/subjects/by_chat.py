"""troly by a chat channel: ``troly demo`` plays the provider, and each conversation is a person."""

from __future__ import annotations

import contextlib
import itertools
import json
import queue
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant import VERSION
from evals.errors import MissingData, SubjectError
from evals.subjects.door import Door
from evals.subjects.in_process import without_varying
from evals.subjects.over_http import source
from evals.subjects.port import Reply, Setting
from evals.subjects.server import ROOT, child_environment, plain, write_config

#: Seconds: a first index; an answer.
_READY, _ANSWER = 600.0, 60.0
#: What channels show in their own way.
_OWN_WAY = re.compile(r"[\s•-]+")


class ByChat:
    """A provider that is played, with our server behind it, in a process of its own.

    What counts is what people see: an answer with a line that no message shows, or a
    source that none names, is another answer.
    """

    def __init__(self, name: str, setting: Setting, *, at_once: bool = True) -> None:
        if setting.url:
            raise MissingData("a chat channel is tried on this machine, and by no address")
        self._name = name
        self._folder = tempfile.TemporaryDirectory(prefix="troly-eval-")
        here = Path(self._folder.name)
        file = write_config(plain(setting.config), here / "config.yml")
        command = [
            sys.executable, str(ROOT / "troly.py"), "--home", str(setting.home.path),
            "--config", str(file), "demo", name, "--json", *(["--at-once"] if at_once else []),
        ]  # fmt: skip
        self._log = here / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                env=child_environment(), cwd=ROOT,
            )  # fmt: skip
        self._lines: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._people = itertools.count(1)
        self._corpus_version = ""
        try:
            self.door = Door(self._line(_READY)["address"])
        except BaseException:
            self._end()
            raise

    @property
    def name(self) -> str:
        return self._name

    def describe(self) -> dict[str, Any]:
        return {"door": f"troly demo {self._name}", "version": VERSION, "model": None}

    def converse(self, messages: Sequence[str], as_of: date | None) -> list[Reply]:
        person = next(self._people)
        day = as_of.isoformat() if as_of else None
        return [
            self._reply(self.exchange({"person": person, "says": message, "as_of": day}))
            for message in messages
        ]

    def exchange(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What came of one thing that a person did, as ``troly demo --json`` tells it."""
        line = json.dumps(asked).encode() + b"\n"
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(line)
                self._process.stdin.flush()
        except OSError:
            raise SubjectError(f"troly demo {self._name}: {self._last_words()}") from None
        return self._line(_ANSWER * 2)

    def source(self, document_id: str, sha256: str) -> str | None:
        return source(self.door, document_id, sha256)

    def close(self) -> None:
        self.door.close()
        self._end()

    # --- the process --------------------------------------------------------------------------

    def _reply(self, told: dict[str, Any]) -> Reply:
        if not told["answers"]:
            raise SubjectError(f"{self._name} showed no answer: {told['shown']}")
        marks = {"first sign": told["first_sign_ms"], "message": told["first_message_ms"]}
        answer = as_seen(told["answers"][-1], [each["text"] for each in told["shown"]])
        return Reply(without_varying(answer), told["last_message_ms"], marks=marks)

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._lines.put(line)
        self._lines.put(b"")

    def _line(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
            told: dict[str, Any] = json.loads(line)
        except queue.Empty:
            raise SubjectError(f"{self._name} gave no answer within {seconds:g} s") from None
        except ValueError:
            raise SubjectError(f"troly demo {self._name}: {self._last_words()}") from None
        if "error" in told:
            raise SubjectError(f"{self._name}: {told['error']}")
        return told

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", errors="replace").splitlines()
        return " · ".join(line.strip() for line in lines[-3:]) or "it said nothing"

    def _end(self) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


def as_seen(answer: dict[str, Any], shown: Sequence[str]) -> dict[str, Any]:
    """``answer`` where the messages show all of it; else with what they show in its place.

    >>> as_seen({"text": "- a\\n- b", "citations": []}, ["• a", "• b"])["text"]
    '- a\\n- b'
    >>> as_seen({"text": "- a\\n- b", "citations": []}, ["• a"])["text"]
    '• a'
    """
    seen = _squeezed("\n".join(shown))
    if not all(_squeezed(line) in seen for line in answer["text"].splitlines()):
        answer = {**answer, "text": "\n".join(shown)}
    cited = [each for each in answer["citations"] if _squeezed(each["title"]) in seen]
    return {**answer, "citations": cited}


def _squeezed(text: str) -> str:
    return _OWN_WAY.sub("", text)


def by_chat(name: str) -> Callable[[Setting], ByChat]:
    """Opens the channel ``name``, as ``troly demo`` calls it."""
    return lambda setting: ByChat(name, setting)
