"""Listening, serving, and stopping without cutting anyone off in mid-sentence."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Callable

import uvicorn

from bots.web.app import create_app
from bots.web.desk import Desk

#: Seconds that running answers get to end by themselves once the server is told to stop,
#: and then to say goodbye.
GRACE, FAREWELL = 5.0, 3


class CannotListenError(Exception):
    """The address cannot be listened on; the message says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, before anything slow is begun.

    Raises:
        CannotListenError: the port is taken or not allowed, or the host is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise CannotListenError(
            f"Không có địa chỉ “{host}” trên máy này. Hãy dùng --host 127.0.0.1."
        ) from error
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise CannotListenError(_reason(error, host, port)) from error
    listening.set_inheritable(False)
    return listening


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Cổng {port} đang có chương trình khác dùng. "
            "Hãy tắt chương trình đó hoặc chọn cổng khác bằng --port."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Không được phép mở cổng {port}. Hãy chọn cổng từ 1024 trở lên bằng --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"Địa chỉ “{host}” không thuộc máy này. Hãy dùng --host 127.0.0.1."
    return f"Không mở được {host}:{port}: {error.strerror}. Hãy thử cổng khác bằng --port."


def address_of(listening: socket.socket) -> str:
    """The URL a browser on this machine opens."""
    host, port = listening.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


class _Server(uvicorn.Server):
    """uvicorn's, with the farewell: answers that do not end in time are told to."""

    def __init__(self, config: uvicorn.Config, desk: Desk, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._desk = desk
        self._when_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        timer = asyncio.get_running_loop().call_later(GRACE, self._desk.stop_answers)
        try:
            await super().shutdown(sockets)
        finally:
            timer.cancel()


def make_server(desk: Desk, started: Callable[[], None] = lambda: None) -> uvicorn.Server:
    """A server for ``desk``; ``started`` is called once it takes connections."""
    config = uvicorn.Config(
        create_app(desk),
        access_log=False,  # addresses and paths are nobody's business
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=int(GRACE) + FAREWELL,
        ws="none",
    )
    return _Server(config, desk, started)


def serve(desk: Desk, listening: socket.socket, started: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; then stop, and return."""
    server = make_server(desk, started)
    # uvicorn raises the signal again when it has stopped; having obeyed it, we end in peace.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    asyncio.run(server.serve(sockets=[listening]))
