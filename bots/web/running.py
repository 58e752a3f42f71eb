"""One answer being worked out in a thread, read from the event loop, and cancelled for real."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator

from assistant.vocabulary import AnswerEvent

logger = logging.getLogger(__name__)


class Running:
    """The sync event generator of an assistant, as something to wait on.

    The generator lives in its thread from first to last: there it is started,
    advanced, and closed, because a generator that is running cannot be closed
    from elsewhere. So a cancellation takes hold when the generator next comes
    up for air, and ``cancelled`` is what long waits inside it should watch.
    ``done`` is called in that thread when the work has really ended.
    """

    def __init__(
        self,
        start: Callable[[], Iterator[AnswerEvent]],
        done: Callable[[], None],
        cancelled: threading.Event,
    ) -> None:
        self._start = start
        self._done = done
        self._cancelled = cancelled
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[AnswerEvent | BaseException | None] = asyncio.Queue()
        # A daemon, so that a generator that never breathes cannot keep the process alive.
        self._thread = threading.Thread(target=self._work, name="answer", daemon=True)

    def start(self) -> None:
        """Begin. Apart from the constructor, so that ``done`` may speak of this object."""
        self._thread.start()

    def cancel(self) -> None:
        """Have the work stop at its next breath, and its reader at once. Harmless when repeated."""
        self._cancelled.set()
        self._put(None)

    def join(self, seconds: float) -> None:
        """Wait for the work to end, at most ``seconds``."""
        self._thread.join(seconds)

    async def next(self, seconds: float) -> AnswerEvent:
        """The next event.

        Raises:
            TimeoutError: nothing happened for ``seconds``.
            StopAsyncIteration: the work has ended.
            Exception: whatever the work raised.
        """
        async with asyncio.timeout(seconds):
            item = await self._queue.get()
        if item is None:
            raise StopAsyncIteration
        if isinstance(item, BaseException):
            raise item
        return item

    def _work(self) -> None:
        events: Iterator[AnswerEvent] | None = None
        try:
            if self._cancelled.is_set():
                return
            events = self._start()
            for event in events:
                if self._cancelled.is_set():
                    return
                self._put(event)
        except Exception as error:
            logger.exception("an answer broke")
            self._put(error)
        finally:
            self._close(events)
            self._done()
            self._put(None)

    @staticmethod
    def _close(events: Iterator[AnswerEvent] | None) -> None:
        close = getattr(events, "close", None)
        if close is None:
            return
        try:
            close()
        except Exception:
            logger.exception("an answer broke while it was being closed")

    def _put(self, item: AnswerEvent | BaseException | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, item)
        except RuntimeError:  # the loop is gone: the server has stopped
            self._cancelled.set()
