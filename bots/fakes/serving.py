"""What the fake providers share: a real socket, a journal, a fault plan, a clock, a webhook pusher.

A fake wraps its ASGI application in `FakeServer`. Tests and people control it through
the object, never through the provider's paths.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs

import httpx
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Seconds that starting, stopping and one push may take.
_START, _STOP, _PUSH = 20.0, 10.0, 15.0


class Clock:
    """Seconds since 1970, as a callable. Runs on by itself unless ``at`` holds it still.

    >>> clock = Clock(at=1_000.0)
    >>> clock.advance(60)
    >>> clock()
    1060.0
    """

    def __init__(self, at: float | None = None) -> None:
        self._at = at
        self._ahead = 0.0

    def __call__(self) -> float:
        return (time.time() if self._at is None else self._at) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once."""
        self._ahead += seconds


@dataclass(slots=True)
class Request:
    """One request as it came, raw; ``status`` and ``answer`` are what it was told (0: nothing)."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    at: float
    status: int = 0
    answer: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """The last value of each field of a form or, without a body, of the query."""
        text = self.body.decode() if self.body else self.query
        return {name: values[-1] for name, values in parse_qs(text, True).items()}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request instead of, or around, its proper answer.

    ``status``: that HTTP status with a page of text. ``error``: the provider's own kind
    of error. ``delay``: seconds before anything is done. ``close``: the connection is
    dropped "before" the request is worked on, or "after" (the work is done, the answer
    lost). ``truncate``: only so many bytes of the answer's body are sent.
    """

    status: int | None = None
    error: Any = None
    delay: float = 0.0
    close: Literal["before", "after"] | None = None
    truncate: int | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook pushed: what we were answered and in how many seconds. Status 0: no connection,
    and ``error`` says why."""

    body: bytes
    headers: Mapping[str, str]
    status: int
    seconds: float
    answer: bytes = b""
    error: str = ""


def json_error(error: Any) -> tuple[int, bytes]:
    """An error as the JSON it is given as, with HTTP status 200."""
    return 200, json.dumps(error, ensure_ascii=False).encode()


@dataclass
class FakeServer:
    """An ASGI application on a port of this machine, in a thread of its own.

    ``error_answer`` makes the status and body of a `Fault.error`. Use as a context
    manager, or `start` and `stop`.
    """

    app: ASGIApp
    clock: Callable[[], float] = field(default_factory=Clock)
    port: int = 0
    error_answer: Callable[[Any], tuple[int, bytes]] = json_error
    address: str = ""
    requests: list[Request] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    # --- running ----------------------------------------------------------------------------

    def start(self) -> Self:
        """Listen; `address` is set when this returns."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen(128)
        self.port = listening.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            self._asgi,
            interface="asgi3",  # a bound method is not recognised as one
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        self._server = server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, name="fake", daemon=True
        )
        self._thread.start()
        end = time.monotonic() + _START
        while not server.started:
            if time.monotonic() > end or not self._thread.is_alive():
                raise RuntimeError("the fake did not start")
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """Stop listening; harmless when repeated."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(_STOP)
            self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # --- faults and the journal -------------------------------------------------------------

    def next(
        self,
        n: int = 1,
        *,
        status: int | None = None,
        error: Any = None,
        delay: float = 0.0,
        close: Literal["before", "after"] | None = None,
        truncate: int | None = None,
        path: str = "",
    ) -> None:
        """Let the next ``n`` requests (whose path ends in ``path``) go wrong so; see `Fault`."""
        fault = Fault(status, error, delay, close, truncate, path)
        with self._lock:
            self._faults += [fault] * n

    def forget(self) -> None:
        """No faults any more, and an empty journal."""
        with self._lock:
            self._faults.clear()
        self.requests.clear()
        self.deliveries.clear()

    def to(self, path: str) -> list[Request]:
        """The requests whose path ends in ``path``."""
        return [request for request in self.requests if request.path.endswith(path)]

    def _fault(self, path: str) -> Fault:
        with self._lock:
            for number, fault in enumerate(self._faults):
                if path.endswith(fault.path):
                    return self._faults.pop(number)
        return Fault()

    # --- one request ------------------------------------------------------------------------

    async def _asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await _whole(receive)
        request = Request(
            scope["method"],
            scope["path"],
            scope["query_string"].decode("latin-1"),
            {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]},
            body,
            self.clock(),
        )
        self.requests.append(request)
        fault = self._fault(request.path)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.close == "before":
            await _drop(send)
            return
        if fault.status is not None:
            text = f"fault {fault.status}".encode()
            answer = _Answer(fault.status, [(b"content-type", b"text/plain")], text)
        elif fault.error is not None:
            status, text = self.error_answer(fault.error)
            answer = _Answer(status, [(b"content-type", b"application/json")], text)
        else:
            answer = await _answered(self.app, scope, body)
        if fault.close == "after":
            await _drop(send)
            return
        request.status, request.answer = answer.status, answer.body
        await _give(answer, send, fault.truncate)

    # --- webhooks ---------------------------------------------------------------------------

    def push(self, url: str, body: bytes, headers: Mapping[str, str]) -> Delivery:
        """POST ``body`` to ``url`` as the provider does; what came of it, also in `deliveries`."""
        begun = time.perf_counter()
        status, answer, error = 0, b"", ""
        try:
            response = httpx.post(
                url, content=body, headers=dict(headers), timeout=_PUSH, trust_env=False
            )
            status, answer = response.status_code, response.content
        except httpx.HTTPError as fault:
            error = f"{type(fault).__name__}: {fault}"
        seconds = time.perf_counter() - begun
        delivery = Delivery(body, dict(headers), status, seconds, answer, error)
        self.deliveries.append(delivery)
        return delivery


@dataclass
class _Answer:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


async def _whole(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _answered(app: ASGIApp, scope: Scope, body: bytes) -> _Answer:
    """What ``app`` answers, before any of it is sent."""
    answer = _Answer(500, [], b"")
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await asyncio.sleep(3600)  # nobody disconnects: the request is already here
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


async def _give(answer: _Answer, send: Send, truncate: int | None) -> None:
    headers = [pair for pair in answer.headers if pair[0].lower() != b"content-length"]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if truncate is None or truncate >= len(answer.body):
        await send({"type": "http.response.body", "body": answer.body})
        return
    body = answer.body[:truncate]
    await send({"type": "http.response.body", "body": body, "more_body": True})
    await _drop(send, at_once=False)


async def _drop(send: Send, *, at_once: bool = True) -> None:
    """End the connection. ASGI has no message for that: uvicorn's transport is asked."""
    transport: asyncio.Transport = getattr(send, "__self__").transport  # noqa: B009
    if at_once:
        transport.abort()
    else:
        transport.close()
    await asyncio.sleep(0.05)  # until uvicorn has seen it, or it would answer 500
