"""The bot's token, known to nobody but the transport that puts it into addresses.

Telegram wants it in the path of every request, where libraries log it, and errors
quote it. So the library is given a name in its place.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

#: What the library takes for the token.
HIDDEN = "hidden"


class TokenTransport(httpx.AsyncHTTPTransport):
    """Sends ``/bot/…`` as ``/bot<token>/…``; what is logged or raised names the former."""

    def __init__(self, token: str, address: str, connections: int) -> None:
        url = httpx.URL(address)
        proxy = None if proxy_bypass(url.host) else getproxies().get(url.scheme)
        super().__init__(proxy=proxy, limits=httpx.Limits(max_connections=connections))
        self._token = token.encode("ascii")

    def __repr__(self) -> str:
        return "TokenTransport()"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path
        for start in (b"/file/bot/", b"/bot/"):
            before, found, after = path.partition(start)
            if found:
                path = before + start[:-1] + self._token + b"/" + after
                break
        sent = httpx.Request(
            request.method,
            request.url.copy_with(raw_path=path),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return await super().handle_async_request(sent)


class QuietRequest(HTTPXRequest):
    """The library's requests, through our transport, and without the logging of answers."""

    __slots__ = ()

    def __init__(
        self, token: str, address: str, *, connections: int = 32, read_timeout: float = 10.0
    ) -> None:
        super().__init__(
            connection_pool_size=connections,
            read_timeout=read_timeout,
            pool_timeout=10.0,
            httpx_kwargs={
                "transport": TokenTransport(token, address, connections),
                "trust_env": False,  # the transport has read the proxy's settings
            },
        )

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON; the library's own puts what it cannot read into the log."""
        try:
            read = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("Invalid server response") from None
        if not isinstance(read, dict) or ("result" not in read and "description" not in read):
            raise TelegramError("Invalid server response")
        return read
