"""One process of Rasa's server: started on a free port, listened to, ended."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import re
import signal
import socket
import subprocess
import threading
from pathlib import Path

from assistant.dialogue.runtime.access import Access
from assistant.dialogue.runtime.places import Places
from assistant.dialogue.runtime.training import command

#: Size of a log file before the next is begun, and how many old ones stay.
_LOG_BYTES, _LOGS = 1_000_000, 3

#: What a line that says what went wrong has in it; that nothing could be loaded says not why.
_ERROR = re.compile(r"^(?!.*No agent loaded).*(?:ERROR|Error)")

#: Seconds that Rasa gets to end by itself (it takes less than one).
_PATIENCE = 5.0


class RasaChild:
    """A running ``rasa run``. It ends when this process does: its standard input is a leash."""

    def __init__(self, places: Places, model: Path) -> None:
        port = free_port()
        self.access = Access.fresh(port)
        options = ["--model", str(model), "--enable-api", "-i", "127.0.0.1", "-p", str(port)]
        options += ["--endpoints", str(places.project / "endpoints.yml")]
        options += ["--credentials", str(places.project / "credentials.yml")]
        self._process = subprocess.Popen(
            command(places, "run", *options),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=places.work,
            env={
                **places.environment(),
                "TROLY_DIALOGUE_LEASH": "1",
                "TROLY_DIALOGUE_SECRET": self.access.channel_secret,
                "TROLY_DIALOGUE_JWT": self.access.jwt_secret,
            },
            start_new_session=True,  # Ctrl-C in the terminal is the parent's to handle
        )
        self._last = ""
        self._listener = threading.Thread(
            target=self._listen, args=(places.log("server"),), name="rasa-log", daemon=True
        )
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def last_error(self) -> str:
        """The last line of its log that speaks of an error."""
        return self._last

    def obituary(self) -> str:
        """How it ended, for the operator."""
        code = self._process.poll()
        self._listener.join(1)
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return f"{how}{': ' if self._last else ''}{self._last[:200]}"

    def stop(self) -> None:
        """Ask it to leave; kill it if it does not."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGTERM)
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
        self._listener.join(1)

    def kill(self) -> None:
        """End it now and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)

    def _listen(self, log: Path) -> None:
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101
        with contextlib.closing(_log_file(log)) as handler:
            for raw in pipe:
                line = raw.decode("utf-8", "replace").rstrip()
                if line:
                    self._last = line if _ERROR.search(line) else self._last
                    handler.emit(logging.makeLogRecord({"msg": line}))


class _LogFile(logging.handlers.RotatingFileHandler):
    """A full disk must not keep Rasa from running, nor fill the terminal."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002
        return


def _log_file(path: Path) -> logging.Handler:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _LogFile(path, maxBytes=_LOG_BYTES, backupCount=_LOGS, encoding="utf-8", delay=True)
    except OSError:
        return logging.NullHandler()


def free_port() -> int:
    """A port of this machine that nobody listens on; it may be taken a moment later."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
