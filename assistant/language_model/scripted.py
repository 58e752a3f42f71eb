"""A model that says what it is told to: for tests, demonstrations, and machines without a model."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.errors import ModelError, ModelTimeout
from assistant.language_model.port import Prompt

Replies = Sequence[str] | Mapping[str, str] | Callable[[Prompt], str]


class ScriptedModel:
    """Replies in order (the last one again and again), by a part of the prompt, or by a function.

    ``delay`` seconds pass before each piece; ``failure`` is raised instead of
    (or after ``fail_after`` pieces of) a reply. ``prompts`` keeps what was asked
    and ``cancelled`` counts answers that were not read to their end.

    >>> model = ScriptedModel({"lệ phí": "Lệ phí là {{phi_1}}."})
    """

    def __init__(
        self,
        replies: Replies = ("",),
        *,
        name: str = "scripted",
        delay: float = 0.0,
        failure: ModelError | None = None,
        fail_after: int = 0,
    ) -> None:
        self._replies, self._delay = replies, delay
        self._failure, self._fail_after = failure, fail_after
        self._name = name
        self._asked = 0
        self.prompts: list[Prompt] = []
        self.cancelled = 0

    @property
    def name(self) -> str:
        return self._name

    def stream(
        self, prompt: Prompt, *, deadline: float, cancel: threading.Event | None = None
    ) -> Iterator[str]:
        until = time.monotonic() + deadline
        self.prompts.append(prompt)
        words = re.findall(r"\S+\s*|\s+", self._reply(prompt))[: prompt.max_tokens]
        finished = False
        try:
            for count, word in enumerate(words):
                if self._failure is not None and count >= self._fail_after:
                    raise self._failure
                if self._pause(until, cancel):
                    return
                yield word
            if self._failure is not None and len(words) <= self._fail_after:
                raise self._failure
            finished = True
        finally:
            self.cancelled += not finished

    def close(self) -> None:
        """Nothing to give back."""

    def _pause(self, until: float, cancel: threading.Event | None) -> bool:
        """Wait like a real model would; True when cancelled."""
        wait = min(self._delay, max(0.0, until - time.monotonic()))
        if cancel is not None:
            if cancel.wait(wait):
                return True
        else:
            time.sleep(wait)
        if time.monotonic() >= until:
            raise ModelTimeout("The model did not finish in the time given; use the card alone.")
        return False

    def _reply(self, prompt: Prompt) -> str:
        if callable(self._replies):
            reply = self._replies(prompt)
        elif isinstance(self._replies, Mapping):
            found = (text for key, text in self._replies.items() if key in prompt.user)
            reply = next(found, "")
        else:
            at = min(self._asked, len(self._replies) - 1)
            reply = self._replies[at] if self._replies else ""
            self._asked += 1
        for stop in prompt.stop:
            reply = reply.split(stop)[0]
        return reply
