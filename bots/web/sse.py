"""Server-sent events: the bytes, the headers, and the stream that carries them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no", "Connection": "keep-alive"}

#: A comment, which clients ignore and which keeps proxies from closing a quiet line.
HEARTBEAT = b": ping\n\n"


def encode(data: Any) -> str:
    """``data`` as JSON on one line, as an event's data must be."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def event(name: str, data: Any, number: int) -> bytes:
    """One named event.

    >>> event("token", {"text": "Lệ phí"}, 3).decode()
    'id: 3\\nevent: token\\ndata: {"text":"Lệ phí"}\\n\\n'
    """
    return f"id: {number}\nevent: {name}\ndata: {encode(data)}\n\n".encode()


class EventStream(StreamingResponse):
    """``parts`` as a response that proxies neither cache nor hold back.

    ``on_end`` is called however it ends: read to the end, hung up, or never begun.
    """

    def __init__(
        self,
        parts: AsyncIterator[bytes],
        on_end: Callable[[], None],
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(
            parts, media_type="text/event-stream", headers={**HEADERS, **(headers or {})}
        )
        self._on_end = on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._on_end()
