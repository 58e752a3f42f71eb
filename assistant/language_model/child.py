"""One worker process and the pipe to it: started, spoken to, listened to, ended."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from assistant.errors import ModelError, ModelUnavailable, RuntimeMissing
from assistant.language_model.pacing import Feed, Piece

WORKER = Path(__file__).with_name("llama_worker.py")

#: Without a sign of life for so long, an idle child is taken for hung. Seconds.
SILENCE = 10.0


def worker_command() -> list[str]:
    """Start the worker by its file: it imports nothing of ours, and starts the faster for it."""
    return [sys.executable, "-P", str(WORKER)]


def worker_environment(threads: int) -> dict[str, str]:
    """Set before the library loads: OpenMP threads that sleep while they wait.

    With the default (spinning) one other busy process on a two-core machine
    slows decoding fifty times.
    """
    return {
        **os.environ,
        "OMP_WAIT_POLICY": "passive",
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONUNBUFFERED": "1",
    }


class Child:
    """A running worker. Any thread may use it; one request at a time is the caller's duty."""

    def __init__(
        self,
        command: Sequence[str],
        options: Mapping[str, object],
        environment: Mapping[str, str],
        log: Path | None,
    ) -> None:
        self.started = time.monotonic()
        self.usage: dict[str, Any] = {}
        self.load_error: ModelError | None = None
        self.closing = False
        self._ready = threading.Event()
        self._dead = threading.Event()
        self._feeds: dict[int, Feed] = {}
        self._lock = threading.Lock()
        self._last_sign = time.monotonic()
        with _log_file(log) as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(environment),
                start_new_session=True,  # Ctrl-C in the terminal is the parent's to handle
            )
        threading.Thread(target=self._listen, name="model-child", daemon=True).start()
        self._send({"op": "load", **options})

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return not self._dead.is_set()

    def is_ready(self) -> bool:
        return self._ready.is_set() and self.load_error is None and self.is_alive()

    def is_silent(self) -> bool:
        """No heartbeat for a while: stopped, swapped out, or hung."""
        return time.monotonic() - self._last_sign > SILENCE

    def wait_ready(self, seconds: float) -> bool:
        """Whether loading ended (well or not) within ``seconds``."""
        return self._ready.wait(max(0.0, seconds))

    def begin(self, number: int, request: Mapping[str, object]) -> Feed:
        """Send a request; its pieces come into the feed that is returned."""
        feed: Feed = queue.Queue()
        with self._lock:
            self._feeds[number] = feed
        self._send({"op": "generate", "id": number, **request})
        if not self.is_alive():
            feed.put(Piece(error=self._obituary()))
        return feed

    def cancel(self, number: int, patience: float) -> None:
        """Stop a request for real: ask, wait ``patience`` seconds, then kill."""
        if not self._is_open(number):
            return
        self._send({"op": "cancel", "id": number})
        until = time.monotonic() + patience
        while self._is_open(number) and self.is_alive():
            if time.monotonic() > until:
                self.kill()
                return
            time.sleep(0.01)

    def kill(self) -> None:
        """End it now and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._dead.wait(1)

    def close(self) -> None:
        """Ask it to leave; kill it if it does not within a second."""
        self.closing = True
        self._send({"op": "exit"})
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self.kill()

    def _is_open(self, number: int) -> bool:
        with self._lock:
            return number in self._feeds

    def _send(self, message: Mapping[str, object]) -> None:
        line = json.dumps(message, ensure_ascii=False).encode() + b"\n"
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101
        # A dead child is noticed, once, where its output ends.
        with contextlib.suppress(BrokenPipeError, ValueError, OSError), self._lock:
            pipe.write(line)
            pipe.flush()

    def _listen(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101
        try:
            for line in pipe:
                self._hear(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            # Not our protocol: nothing it says can be trusted any more.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._dead.set()
        if not self._ready.is_set():
            self.load_error = self._obituary()
            self._ready.set()
        with self._lock:
            left, self._feeds = self._feeds, {}
        for feed in left.values():
            feed.put(Piece(error=self._obituary()))

    def _hear(self, message: dict[str, Any]) -> None:
        self._last_sign = time.monotonic()
        match message["event"]:
            case "ready":
                self._ready.set()
            case "token":
                with self._lock:
                    feed = self._feeds.get(message["id"])
                if feed is not None:
                    feed.put(Piece(str(message["text"])))
            case "done":
                self.usage = message
                self._finish(message["id"], Piece(ended=True))
            case "error" if message["id"] == 0:
                kind = RuntimeMissing if message["kind"] == "runtime" else ModelUnavailable
                self.load_error = kind(f"The model could not be loaded: {message['message']}.")
                self._ready.set()
            case "error":
                self._finish(message["id"], Piece(error=_request_error(message)))

    def _finish(self, number: int, piece: Piece) -> None:
        with self._lock:
            feed = self._feeds.pop(number, None)
        if feed is not None:
            feed.put(piece)

    def _obituary(self) -> ModelUnavailable:
        code = self._process.poll()
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        if code == -signal.SIGILL:
            return ModelUnavailable(
                "llama.cpp was compiled for another processor: troly models build --again"
            )
        return ModelUnavailable(f"The model's process ended ({how}); it starts again when asked.")


def _request_error(message: Mapping[str, Any]) -> ModelError:
    if message["kind"] == "too_long":
        return ModelError(
            f"The request is too long for the model ({message['message']}); raise model.context."
        )
    return ModelUnavailable(f"The model failed on this request: {message['message']}.")


@contextlib.contextmanager
def _log_file(log: Path | None) -> Any:
    """Where the library's own words go; started anew when it grew past 1 MB."""
    if log is None:
        yield subprocess.DEVNULL
        return
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        big = log.exists() and log.stat().st_size > 1_000_000
        file: IO[bytes] = log.open("wb" if big else "ab")
    except OSError:  # a full disk must not keep the model from running
        yield subprocess.DEVNULL
        return
    with file:
        yield file
