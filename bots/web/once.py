"""A message that is sent twice is answered once, whole, however often its connection breaks."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

#: How many final events are kept for readers who come back, and for how many seconds.
MOST, LONGEST = 200, 600.0

#: A session and the client's id of a message in it.
Key = tuple[str, str]


class Once:
    """The final event of each session's latest message with an id; lives on one event loop."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[float, asyncio.Future[Any]]] = OrderedDict()

    def begin(self, key: Key) -> asyncio.Future[Any] | None:
        """The answer to a message that came before: its final event, now or once it is there,
        or None where that attempt breaks off. None here where the message is a new one."""
        loop = asyncio.get_running_loop()
        begun, earlier = self._kept.get(key, (0.0, None))
        if earlier is not None and loop.time() - begun < LONGEST:
            return earlier
        # Whoever sends a new message has the answers before it; and what is erased by a
        # message of its own is not kept here.
        for done in [one for one in self._kept if one[0] == key[0] and self._kept[one][1].done()]:
            del self._kept[done]
        self._kept[key] = (loop.time(), loop.create_future())
        while len(self._kept) > MOST:
            _, (_, oldest) = self._kept.popitem(last=False)
            _settle(oldest, None)
        return None

    def end(self, key: Key, final: Any = None) -> None:
        """Keep the final event; without one, an attempt without an answer leaves nothing."""
        _, waited_for = self._kept.get(key, (0.0, None))
        if waited_for is None or waited_for.done():
            return
        _settle(waited_for, final)
        if final is None:
            del self._kept[key]

    def forget(self, session: str) -> None:
        """Drop what is kept of a session."""
        for key in [key for key in self._kept if key[0] == session]:
            _settle(self._kept.pop(key)[1], None)


def _settle(waited_for: asyncio.Future[Any], final: Any) -> None:
    if not waited_for.done():
        waited_for.set_result(final)
