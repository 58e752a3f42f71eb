"""A provider and a killable server for `evals.benchmarks.delivery`, each on its own port."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from assistant.state_file import URL

ROOT = Path(__file__).resolve().parents[2]
#: What one message is called, so that it can be found in the answers.
_NAMES = re.compile(r"m\d+-\d+")


class _Quiet(ThreadingHTTPServer):
    """Whoever was killed in mid-sentence is no news."""

    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        pass


class Provider:
    """What a provider does: takes answers, and remembers them as people would see them."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str, float]] = []
        self.first_sign: dict[str, float] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if self.path == "/send":
                    provider.answers.append((told["chat"], told["text"], time.monotonic()))
                provider.first_sign.setdefault(told["chat"], time.monotonic())
                body = b'{"id": "1"}'
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = _Quiet(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def named(self, chat: str) -> list[str]:
        """The messages that were answered in a chat, in the order of the answers."""
        return [name for to, name, _ in self.all_named() if to == chat]

    def replies(self) -> int:
        """How many answers came, without sentences about waiting."""
        return sum("trả lời: " in text for _, text, _ in tuple(self.answers))

    def all_named(self) -> list[tuple[str, str, float]]:
        """Chat, message and time of every answer."""
        return [
            (chat, name, at)
            for chat, text, at in tuple(self.answers)
            for name in _NAMES.findall(text)
        ]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Server:
    """The server's process, which can be killed and started again on the same port."""

    def __init__(
        self,
        home: Path,
        provider: str,
        *,
        seconds: float = 0.0,
        answers: int = 4,
        state_url: str = "",
    ) -> None:
        """``state_url``: a PostgreSQL to be filled; else the state is in a file, whatever the
        environment says."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._command = [
            sys.executable, "-m", "bots.fakes.plain", "--home", str(home),
            "--port", str(self.port), "--provider", provider,
            "--seconds", str(seconds), "--answers", str(answers),
        ]  # fmt: skip
        self._environ = {**os.environ, URL: state_url}
        self._log = home.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; returns at once."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, stdout=log, stderr=log, env=self._environ
            )

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until it delivers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.health().get("delivery") == "ok":
                return
            time.sleep(0.02)
        raise RuntimeError(f"the server did not start: {self._log.read_text()[-2000:]}")

    def health(self) -> dict[str, Any]:
        try:
            told = httpx.get(f"{self.address}/readyz", timeout=5, trust_env=False)
        except httpx.HTTPError:
            return {}
        found: dict[str, Any] = told.json()
        return found

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
