"""llama.cpp behind the port, in a child process that may die without taking anything along."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ModelTimeout, ModelUnavailable
from assistant.language_model.breaker import BackOff, Breaker
from assistant.language_model.child import Child, worker_command, worker_environment
from assistant.language_model.pacing import GLANCE, paced
from assistant.language_model.port import Prompt
from assistant.language_model.settings import Deadlines, ModelSettings
from assistant.language_model.templates import end_marks, segments


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A GGUF file to load, its chat format, and the check to pass before it is."""

    name: str
    path: Path
    template: str
    verify: Callable[[], None]  # raises ModelMissing or ModelCorrupt


@dataclass(frozen=True, slots=True)
class Health:
    """A glance at the model for status pages and metrics. It never asks the model anything."""

    state: str  # stopped | loading | ready
    pid: int | None
    breaker: str
    waiting: int
    restarts: int


class LlamaChild:
    """One model, one context, one request at a time; others wait their turn, a bounded time.

    The child is started by the first request (or `warm`), restarted by the next
    request after it died, with growing pauses when it keeps dying, and left
    alone for a while after three failures in half a minute.
    """

    def __init__(
        self,
        file: ModelFile,
        settings: ModelSettings,
        *,
        log: Path | None = None,
        command: Sequence[str] | None = None,
        breaker: Breaker | None = None,
        back_off: BackOff | None = None,
    ) -> None:
        self._file, self._settings, self._log = file, settings, log
        self._limits: Deadlines = settings.deadlines
        self._command = list(command or worker_command())
        self._breaker, self._back_off = breaker or Breaker(), back_off or BackOff()
        self._child: Child | None = None
        self._starts = 0
        self._turn = threading.Lock()
        self._waiting = 0
        self._guard = threading.Lock()
        self._numbers = itertools.count(1)
        self._closed = False

    @property
    def name(self) -> str:
        return self._file.name

    @property
    def usage(self) -> dict[str, Any]:
        """Counts and seconds of the last finished request: prompt_tokens, tokens, total_s…"""
        return dict(self._child.usage) if self._child else {}

    def health(self) -> Health:
        child = self._child
        alive = child is not None and child.is_alive()
        ready = child is not None and child.is_ready()
        return Health(
            state="ready" if ready else "loading" if alive else "stopped",
            pid=child.pid if child is not None and alive else None,
            breaker=self._breaker.state,
            waiting=self._waiting,
            restarts=max(0, self._starts - 1),
        )

    def warm(self, system: str = "") -> None:
        """Load the model now; with ``system``, also compute that fixed beginning of prompts."""
        prompt = Prompt(system=system, user="", max_tokens=1)
        for _ in self.stream(prompt, deadline=self._limits.load + self._limits.first_token):
            pass

    def stream(
        self, prompt: Prompt, *, deadline: float, cancel: threading.Event | None = None
    ) -> Iterator[str]:
        """See `LanguageModel.stream`. The child is asked to stop, then made to."""
        until = time.monotonic() + min(deadline, self._limits.total + self._limits.load)
        if not self._take_turn(until, cancel):
            return
        try:
            child = self._ready_child(until, cancel)
            if child is None:
                return
            if self._breaker.state == "half_open":
                self._probe(child)
            yield from self._ask(child, prompt, until, cancel)
        finally:
            self._turn.release()

    def close(self) -> None:
        self._closed = True
        with self._guard:
            if self._child is not None:
                self._child.close()

    def _take_turn(self, until: float, cancel: threading.Event | None) -> bool:
        """Wait for the model to be free; False when cancelled meanwhile."""
        if self._turn.acquire(blocking=False):
            return True
        with self._guard:
            if self._waiting >= self._settings.waiting:
                raise ModelUnavailable("The model is busy, with a full queue; use the card alone.")
            self._waiting += 1
        try:
            until = min(until, time.monotonic() + self._limits.queue)
            while not self._turn.acquire(timeout=GLANCE):
                if cancel is not None and cancel.is_set():
                    return False
                if time.monotonic() >= until:
                    raise ModelUnavailable("The model stayed busy; use the card alone.")
            return True
        finally:
            with self._guard:
                self._waiting -= 1

    def _ready_child(self, until: float, cancel: threading.Event | None) -> Child | None:
        """A loaded child, started if there is none; None when cancelled meanwhile."""
        child = self._living_child()
        while not child.wait_ready(GLANCE):
            now = time.monotonic()
            if cancel is not None and cancel.is_set():
                return None
            if now - child.started > self._limits.load:
                child.kill()
                self._died()
                raise ModelTimeout(f"The model did not load within {self._limits.load:g} s.")
            if now >= until:  # it goes on loading, for the next question
                raise ModelTimeout("The model is still loading; use the card alone.")
        if child.load_error is not None:
            child.kill()
            self._died()
            raise child.load_error
        return child

    def _living_child(self) -> Child:
        with self._guard:
            if self._closed:
                raise ModelUnavailable("The model has been closed.")
            if (wait := self._breaker.seconds_left()) > 0:
                raise ModelUnavailable(f"The model failed repeatedly; asked again in {wait:.0f} s.")
            child = self._child
            if child is not None and child.is_alive() and child.is_silent():
                child.kill()
            if child is not None and child.is_alive():
                return child
            if (wait := self._back_off.seconds_left()) > 0:
                raise ModelUnavailable(f"The model keeps dying; started again in {wait:.0f} s.")
            self._file.verify()
            self._child = self._start()
            return self._child

    def _start(self) -> Child:
        settings, megabytes = self._settings, self._file.path.stat().st_size // 1_048_576
        self._starts += 1
        return Child(
            self._command,
            {
                "path": str(self._file.path),
                "context": settings.context,
                "batch": settings.batch,
                "threads": settings.threads,
                "nice": settings.nice,
                # Measured for the default: 1.0 GB of addresses, 0.65 GB resident, for 0.47 GB of
                # file. Weights may be held twice, repacked for the processor.
                "memory_limit_mb": settings.memory_limit_mb or 1024 + megabytes * 5 // 2,
            },
            worker_environment(settings.threads),
            self._log,
        )

    def _probe(self, child: Child) -> None:
        """One token, to see whether it is back; raises when it is not."""
        until = time.monotonic() + self._limits.first_token
        for _ in self._ask(child, Prompt(system="", user="1", max_tokens=1), until, None):
            pass

    def _ask(
        self, child: Child, prompt: Prompt, until: float, cancel: threading.Event | None
    ) -> Iterator[str]:
        number = next(self._numbers)
        feed = child.begin(number, _request(self._file.template, prompt))
        try:
            yield from paced(feed, self._limits, until, cancel)
            if cancel is None or not cancel.is_set():
                self._breaker.succeeded()
        except (ModelTimeout, ModelUnavailable):
            self._died() if not child.is_alive() else self._breaker.failed()
            raise
        finally:
            child.cancel(number, self._limits.cancel)

    def _died(self) -> None:
        self._back_off.died()
        self._breaker.failed()


def _request(template: str, prompt: Prompt) -> dict[str, object]:
    return {
        "pieces": segments(template, prompt.system, prompt.user),
        "max_tokens": prompt.max_tokens,
        "stop": [*prompt.stop, *end_marks(template)],
        "grammar": prompt.grammar,
        "temperature": prompt.temperature,
        "seed": prompt.seed,
    }
