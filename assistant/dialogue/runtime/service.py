"""Rasa as one thing to hold: made ready behind the first answers, asked, and ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from assistant.dialogue.runtime.access import Access
from assistant.dialogue.runtime.client import RasaClient
from assistant.dialogue.runtime.environment import Progress, find_python, is_ready, silent
from assistant.dialogue.runtime.places import Places
from assistant.dialogue.runtime.server import RasaServer, ServerState, ServerStatus
from assistant.dialogue.runtime.tracker import forget_conversation, forget_older
from assistant.dialogue.runtime.training import ensure_model
from assistant.dialogue.settings import DialogueSettings
from assistant.errors import StateError, TrolyError
from knowledge_base.errors import disk_full, is_full

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """For ``/readyz``, metrics and ``troly dialogue status``. ``usable``: a turn may be tried."""

    state: Literal["preparing", "starting", "ready", "down", "failed", "stopped"]
    usable: bool
    breaker: Literal["closed", "open", "half_open"]
    model: str
    restarts: int
    reason: str


class RasaService:
    """Starts at once and is ready later; ``client`` may be used (and fails fast) meanwhile."""

    def __init__(
        self,
        places: Places,
        progress: Progress = silent,
        *,
        days: int = 30,
        say: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._places, self._progress, self._days, self._say = places, progress, days, say
        self._server: RasaServer | None = None
        self._failure = ""
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._prepare, name="rasa-setup", daemon=True)
        self.client = RasaClient(self._access, forget=partial(forget_conversation, places))

    def start(self) -> None:
        """Make environment and model if needed, then start the server; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End the server; a training that still runs is left to end with this process."""
        self._stopped.set()
        with self._lock:
            server = self._server
        if server is not None:
            server.stop()
        self.client.close()

    @property
    def health(self) -> Health:
        server, breaker = self._server, self.client.breaker
        if self._stopped.is_set():
            return Health("stopped", False, breaker, "", 0, "")
        if self._failure:
            return Health("failed", False, breaker, "", 0, self._failure)
        if server is None:
            return Health("preparing", False, breaker, "", 0, "")
        status = server.status
        return Health(
            status.state.value,
            self.client.is_usable(),
            breaker,
            status.model,
            status.restarts,
            status.reason,
        )

    def wait_ready(self, seconds: float) -> bool:
        """Whether it is ready within ``seconds`` after the model is there."""
        self._thread.join()
        server = self._server
        return server is not None and server.wait_ready(seconds)

    def _access(self) -> Access | None:
        server = self._server
        return server.access if server is not None else None

    def _failed(self, why: str) -> None:
        self._failure = why
        self._say(f"Chưa dùng được Rasa, troly quyết định theo luật có sẵn. {why}")

    def _heard(self, status: ServerStatus) -> None:
        if status.state is ServerState.READY:
            self._say("Rasa sẵn sàng.")
        elif status.state is ServerState.DOWN:
            self._say(
                f"Rasa ngừng chạy ({status.reason}), sẽ tự khởi động lại; trong lúc đó troly quyết "
                "định theo luật có sẵn."
            )

    def _tidy(self) -> None:
        try:
            forget_older(self._places, self._days)
        except StateError as error:  # a reason to look, none to keep Rasa down
            logger.warning("%s", error)

    def _prepare(self) -> None:
        try:
            model = ensure_model(self._places, self._progress)
            self._tidy()
        except TrolyError as error:
            self._failed(str(error))
            return
        except OSError as error:
            full = is_full(error)
            self._failed(disk_full(error.filename or self._places.folder) if full else str(error))
            return
        except Exception as error:  # it must be seen in health, not only in a thread's last words
            logger.exception("Rasa could not be prepared")
            self._failed(f"{type(error).__name__}: {error}")
            return
        with self._lock:
            if self._stopped.is_set():
                return
            self._server = RasaServer(self._places, model, heard=self._heard)
            self._server.start()


def rasa_wanted(settings: DialogueSettings, places: Places) -> bool:
    """Whether a server of this installation is to run Rasa."""
    if settings.mode == "auto":
        return is_ready(places) or find_python() is not None
    return settings.mode == "rasa"
