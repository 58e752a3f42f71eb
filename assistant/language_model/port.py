"""What the rest of troly knows of a language model: one prompt in, pieces of text out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request. A fixed ``system`` text stays in the model's cache and costs nothing again.

    ``max_tokens`` bounds the answer, ``stop`` strings end it (and are not part
    of it), ``grammar`` is GBNF text that constrains its shape (llama.cpp only;
    elsewhere it is ignored). Temperature 0 and a fixed seed: the same prompt
    gives the same answer.
    """

    system: str
    user: str
    max_tokens: int = 128
    stop: tuple[str, ...] = ()
    grammar: str | None = None
    temperature: float = 0.0
    seed: int = 0


@runtime_checkable
class LanguageModel(Protocol):
    """Anything that can phrase. One list of tests runs against every implementation."""

    @property
    def name(self) -> str:
        """What a receipt and an answer call it."""
        ...

    def stream(
        self, prompt: Prompt, *, deadline: float, cancel: threading.Event | None = None
    ) -> Iterator[str]:
        """Pieces of the answer as they come; nothing starts before the first ``next``.

        ``deadline`` is in seconds from that moment, waiting for a turn included.
        Closing the iterator stops the work for real; so does setting ``cancel``
        from another thread, after which the iterator simply ends.

        Errors: `ModelTimeout`, `ModelUnavailable`, `ModelMissing`,
        `ModelCorrupt`, `RuntimeMissing`, all `assistant.errors.ModelError`.
        """
        ...

    def close(self) -> None:
        """Give back processes and connections; safe to call twice."""
        ...
