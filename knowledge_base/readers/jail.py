"""Files are opened in another process, which may die of them; this one may not.

One worker serves many files and is started again when a file has killed it.
It has no network where the system allows that (`unshare`), a cap on memory and
processor time, and cannot write files. So have the programs it starts.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.portal.files import Found
from knowledge_base.readers.beir import Line
from knowledge_base.readers.cell_table import Table
from knowledge_base.readers.reading import Reading
from knowledge_base.settings import KnowledgeSettings

_LONGEST_ANSWER = 400_000_000  # bytes; no honest text of an allowed file is longer

Pages = Callable[[int, int], None]


class Jail:
    """Read files in a worker: ``with Jail(settings) as jail: jail.read(path)``."""

    def __init__(self, settings: KnowledgeSettings) -> None:
        self._settings = settings
        self._worker: subprocess.Popen[bytes] | None = None
        self._pending = bytearray()

    def __enter__(self) -> Jail:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def read(self, path: Path, progress: Pages | None = None) -> Reading:
        """The text of a file; raises `Unreadable` with a reason for people.

        ``progress`` is called with the number of a page and of all pages, for
        each that is read from a picture, which takes seconds.
        """
        return _reading(self._ask_for_pages(path, "file", progress))

    def read_cells(
        self, path: Path, progress: Pages | None = None
    ) -> tuple[Reading, tuple[Table, ...]]:
        """The text of a file, as `read` gives it, and the cells of its tables."""
        answer = self._ask_for_pages(path, "cells", progress)
        tables = (
            Table(
                str(one["name"]),
                tuple(one["above"]),
                tuple(tuple(row) for row in one["rows"]),
                tuple((int(t), int(le), int(b), int(r)) for t, le, b, r in one["merged"]),
                int(one["page"]),
                int(one["unsaved"]),
                bool(one["guessed"]),
                tuple(map(str, one["unseen"])),
            )
            for one in answer["tables"]
        )
        return _reading(answer), tuple(tables)

    def _ask_for_pages(self, path: Path, kind: str, progress: Pages | None) -> dict[str, Any]:
        answer = self._ask(path, kind)
        while "page" in answer:
            if progress:
                progress(int(answer["page"]), int(answer["pages"]))
            answer = self._answer()
        return answer

    def lines(self, path: Path) -> Iterator[list[Line]]:
        """The lines of a BEIR corpus in batches; raises `Unreadable`."""
        answer = self._ask(path, "beir")
        while True:
            yield [Line(**line) for line in answer["lines"]]
            if answer.get("end"):
                return
            answer = self._answer()

    def records(self, path: Path) -> Iterator[list[Found]]:
        """The portal records of a file in batches; raises `Unreadable`."""
        answer = self._ask(path, "records")
        while True:
            yield [Found(**found) for found in answer["records"]]
            if answer.get("end"):
                return
            answer = self._answer()

    # --- the worker -----------------------------------------------------------------------

    def _ask(self, path: Path, kind: str) -> dict[str, Any]:
        worker = self._started()
        assert worker.stdin is not None  # noqa: S101
        request = json.dumps({"path": str(path), "kind": kind}).encode() + b"\n"
        try:
            worker.stdin.write(request)
            worker.stdin.flush()
        except BrokenPipeError:
            raise self._dead() from None
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._line())
        if answer.get("ending"):
            self._stop()
        if "unreadable" in answer:
            raise Unreadable(str(answer["unreadable"]), QuarantineReason(answer["code"]))
        return answer

    def _line(self) -> bytes:
        worker = self._worker
        assert worker is not None  # noqa: S101
        assert worker.stdout is not None  # noqa: S101
        # The kernel counts processor seconds; this clock is for a reader that only sleeps.
        deadline = time.monotonic() + 3 * self._settings.reader_seconds + 10
        handle = worker.stdout.fileno()
        searched = 0
        while (end := self._pending.find(b"\n", searched)) < 0:
            searched = len(self._pending)
            ready, _, _ = select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
            if not ready or len(self._pending) > _LONGEST_ANSWER:
                self._stop()
                raise Unreadable(
                    "đọc quá lâu hoặc ra quá nhiều chữ, đã dừng lại", QuarantineReason.TIMED_OUT
                )
            piece = os.read(handle, 1 << 20)
            if not piece:
                raise self._dead()
            self._pending += piece
        line = bytes(self._pending[:end])
        del self._pending[: end + 1]
        return line

    def _dead(self) -> Unreadable:
        """Why the worker is gone, and away with what is left of it."""
        code = self._worker.wait() if self._worker else 0
        self._stop()
        # ``unshare`` reports a child's signal as 128 + its number.
        killer = -code if code < 0 else code - 128
        if killer in (signal.SIGXCPU, signal.SIGKILL):
            return Unreadable(
                f"đọc quá {self._settings.reader_seconds} giây, đã dừng lại",
                QuarantineReason.TIMED_OUT,
            )
        if killer == signal.SIGABRT:  # native libraries end so when they get no memory
            return Unreadable(
                f"trình đọc dừng vì tệp cần hơn {self._settings.reader_memory_mb} MB bộ nhớ "
                "hoặc bị hỏng",
                QuarantineReason.OUT_OF_MEMORY,
            )
        return Unreadable(
            "tệp làm trình đọc dừng đột ngột (tệp hỏng hoặc cố ý phá)", QuarantineReason.DAMAGED
        )

    def _started(self) -> subprocess.Popen[bytes]:
        if self._worker is None:
            given = self._settings
            self._worker = subprocess.Popen(
                [
                    *_no_network(),
                    sys.executable,
                    "-m",
                    "knowledge_base.readers.worker",
                    str(given.reader_memory_mb),
                    str(given.reader_seconds),
                    str(given.largest_file_mb),
                    str(given.ocr_pages if given.ocr == "auto" else 0),
                    str(given.ocr_seconds),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        return self._worker

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        self._pending.clear()
        if worker is None:
            return
        worker.kill()
        for pipe in (worker.stdin, worker.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        worker.wait()


def _reading(answer: dict[str, Any]) -> Reading:
    return Reading(
        str(answer["title"]),
        str(answer["text"]),
        tuple((tuple(where), int(a), int(b)) for where, a, b in answer["sections"]),
        {str(key): str(value) for key, value in answer.get("meta", {}).items()},
    )


def _environment() -> dict[str, str]:
    """Only what Python needs: a reader has no business with secrets in variables."""
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: os.environ[name] for name in ("PATH", "VIRTUAL_ENV") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}


@cache
def _no_network() -> tuple[str, ...]:
    command = ("unshare", "--user", "--net", "--map-root-user", "--")
    try:
        works = subprocess.run([*command, "true"], capture_output=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if works.returncode == 0 else ()
