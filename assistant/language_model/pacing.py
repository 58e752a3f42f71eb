"""Deadlines and cancelling, the same for every model: first token, between tokens, total."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.errors import ModelError, ModelTimeout, ModelUnavailable
from assistant.language_model.settings import Deadlines

#: How often a waiting reader looks whether it was cancelled, in seconds.
GLANCE = 0.05


@dataclass(frozen=True, slots=True)
class Piece:
    """What a producer puts into a feed: text, or the end, or the error that ended it."""

    text: str = ""
    ended: bool = False
    error: ModelError | None = None


Feed = queue.Queue[Piece]


def paced(
    feed: Feed, deadlines: Deadlines, until: float, cancel: threading.Event | None
) -> Iterator[str]:
    """Text from ``feed`` until its end, or until ``cancel``.

    ``until`` is the monotonic instant by which all of it must be there.

    Errors: `ModelTimeout` on a breached deadline, or whatever the producer put in.
    """
    patience, what = deadlines.first_token, "first token"
    while True:
        piece = _next(feed, patience, what, until, cancel)
        if piece is None or piece.ended:
            return
        if piece.error is not None:
            raise piece.error
        patience, what = deadlines.between_tokens, "next token"
        yield piece.text


def _next(
    feed: Feed, patience: float, what: str, until: float, cancel: threading.Event | None
) -> Piece | None:
    """The next piece, or None when cancelled."""
    start = time.monotonic()
    while True:
        if cancel is not None and cancel.is_set():
            return None
        now = time.monotonic()
        if now >= until:
            raise ModelTimeout("The model did not finish in the time given; use the card alone.")
        if now - start >= patience:
            raise ModelTimeout(f"The model's {what} did not come within {patience:g} s.")
        wait = min(until - now, start + patience - now)
        try:
            return feed.get(timeout=wait if cancel is None else min(wait, GLANCE))
        except queue.Empty:
            continue


def pumped(
    produce: Callable[[], Iterator[str]],
    stop: Callable[[], None],
    *,
    deadlines: Deadlines,
    until: float,
    cancel: threading.Event | None,
) -> Iterator[str]:
    """Run a blocking producer on its own thread and read it under deadlines.

    ``stop`` is called once at the end, however it ends, and must make a
    producer that is blocked fail soon (close its connection).
    """
    feed: Feed = queue.Queue()
    left = threading.Event()

    def run() -> None:
        try:
            for text in produce():
                if left.is_set():
                    return
                feed.put(Piece(text))
            feed.put(Piece(ended=True))
        except ModelError as error:
            feed.put(Piece(error=error))
        except Exception as error:
            feed.put(Piece(error=ModelUnavailable(f"The model failed: {error}")))

    threading.Thread(target=run, name="model-stream", daemon=True).start()
    try:
        yield from paced(feed, deadlines, until, cancel)
    finally:
        left.set()
        stop()
