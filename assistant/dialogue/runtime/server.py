"""Keeps one Rasa server running, and knows at any time whether it can be asked."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.dialogue.runtime.access import Access
from assistant.dialogue.runtime.child import RasaChild
from assistant.dialogue.runtime.places import Places
from assistant.dialogue.runtime.tracker import forget_conversation
from assistant.dialogue.runtime.training import Trained
from assistant.errors import StateError
from assistant.language_model.breaker import BackOff

logger = logging.getLogger(__name__)

#: A conversation that nobody has.
_WARMING = "troly-warming"
#: What the operator is told where Rasa runs without a model.
_NO_MODEL = "the model cannot be loaded; troly dialogue train --again makes it anew"


class ServerState(StrEnum):
    """What the operator sees."""

    STARTING = "starting"
    READY = "ready"
    DOWN = "down"  # ended or hung; the next start comes after a pause
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. ``start`` covers a busy machine: 5 to 20 are usual."""

    start: float = 240.0
    glance: float = 0.3
    check: float = 5.0
    hung: float = 30.0


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """``since`` is in seconds since 1970; ``restarts`` of this supervisor."""

    state: ServerState
    reason: str
    model: str
    pid: int | None
    supervisor: int
    restarts: int
    since: float


class RasaServer:
    """Supervises ``rasa run`` on a thread. Use as a context manager, or `start` and `stop`."""

    def __init__(
        self,
        places: Places,
        model: Trained,
        timing: Timing = Timing(),
        *,
        heard: Callable[[ServerStatus], object] = lambda _: None,
    ) -> None:
        self._places, self._model, self._timing, self._heard = places, model, timing, heard
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        self._pauses = BackOff(first=1.0, longest=60.0, forget=600.0)
        self._child: RasaChild | None = None
        self._status = ServerStatus(
            ServerState.STOPPED, "", model.name, None, os.getpid(), 0, time.time()
        )
        self._thread = threading.Thread(target=self._supervise, name="rasa-server", daemon=True)

    def __enter__(self) -> RasaServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin; returns at once."""
        self._set(ServerState.STARTING)
        self._thread.start()

    def stop(self) -> None:
        """End the server and wait until it is gone. May be called twice, from any thread."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(15)

    @property
    def status(self) -> ServerStatus:
        return self._status

    @property
    def access(self) -> Access | None:
        """How to speak to it; None unless it is ready."""
        child = self._child
        if child is None or self._status.state is not ServerState.READY or not child.is_alive():
            return None
        return child.access

    def wait_ready(self, seconds: float) -> bool:
        """Whether it was ready within ``seconds``."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._status.state is ServerState.READY, max(0.0, seconds)
            )

    # --- the supervisor's thread ----------------------------------------------------------------

    def _supervise(self) -> None:
        try:
            while not self._stopped.is_set():
                why = self._one_life()
                if self._stopped.is_set():
                    break
                logger.warning("Rasa's server is down: %s", why)
                self._pauses.died()
                self._set(ServerState.DOWN, why, restarts=self._status.restarts + 1)
                self._stopped.wait(self._pauses.seconds_left())
        finally:
            self._set(ServerState.STOPPED)

    def _one_life(self) -> str:
        """Start it and watch it until it ends; why it ended."""
        try:
            self._child = child = RasaChild(self._places, self._model.path)
        except OSError as error:
            return f"could not be started: {error}"
        self._set(ServerState.STARTING, self._status.reason, pid=child.pid)
        try:
            return self._watch(child)
        except Exception as error:  # the supervisor must outlive every surprise
            logger.exception("watching Rasa's server failed")
            return f"{type(error).__name__}"
        finally:
            self._child = None
            child.stop()

    def _watch(self, child: RasaChild) -> str:
        timing, answered = self._timing, time.monotonic()
        ready = False
        while not self._stopped.wait(timing.check if ready else timing.glance):
            if not child.is_alive():
                return child.obituary()
            serves = _serves(child.access)
            silent = time.monotonic() - answered
            if serves == self._model.name:
                if not ready:
                    self._warm(child.access)
                    ready = True
                    self._set(ServerState.READY, pid=child.pid)
                answered = time.monotonic()
            elif serves == _NO_MODEL:  # it listens only after it has tried to load it
                return f"{_NO_MODEL}: {child.last_error or 'see its log'}"[:300]
            elif serves:
                return f"it serves the model {serves} instead of {self._model.name}"
            elif silent > (timing.hung if ready else timing.start):
                return f"no answer for {silent:.0f} s"
        return "stopped"

    def _warm(self, access: Access) -> None:
        """The first turn loads what later ones have, and takes seconds: nobody waits for it."""
        import httpx

        body = {"sender": _WARMING, "message": "xin chào"}
        with contextlib.suppress(httpx.HTTPError, StateError):
            for _ in range(2):
                url = f"{access.url}/webhooks/troly/webhook"
                httpx.post(url, headers=access.channel(), json=body, timeout=30, trust_env=False)
            forget_conversation(self._places, _WARMING)

    def _set(
        self,
        state: ServerState,
        reason: str = "",
        *,
        pid: int | None = None,
        restarts: int | None = None,
    ) -> None:
        with self._changed:
            self._status = ServerStatus(
                state,
                reason,
                self._model.name,
                pid,
                os.getpid(),
                self._status.restarts if restarts is None else restarts,
                time.time(),
            )
            _write(self._places.server_file, asdict(self._status))
            self._changed.notify_all()
        self._heard(self._status)


def _serves(access: Access) -> str:
    """The name of the model that is being served; empty while nobody answers.

    An open port is not health: with no model the server says that it is up, too. One that
    it cannot load (cut short, of another version of Rasa) is `_NO_MODEL`.
    """
    import httpx

    try:
        told = httpx.get(f"{access.url}/status", headers=access.api(), timeout=5, trust_env=False)
        if told.status_code == 409:
            return _NO_MODEL
        named = told.json().get("model_file") if told.status_code == 200 else None
    except (httpx.HTTPError, ValueError, AttributeError):
        return ""
    return Path(named).name if isinstance(named, str) else ""


def _write(path: Path, data: dict[str, Any]) -> None:
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with contextlib.suppress(OSError):  # what others may read must not end what runs
        new.write_text(json.dumps(data), encoding="utf-8")
        new.replace(path)


def read_server(places: Places) -> dict[str, Any] | None:
    """What the server of this home last said; None when its supervisor is gone."""
    try:
        read = json.loads(places.server_file.read_text(encoding="utf-8"))
        os.kill(int(read["supervisor"]), 0)
    except PermissionError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(read)
