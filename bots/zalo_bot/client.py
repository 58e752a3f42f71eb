"""The calls of the Zalo Bot Platform that are used here, over httpx.

What the platform says is judged by ``ok`` in its answer and never by the HTTP
status. The token is a part of every address, so it is put in beneath httpx, by the
transport: neither its log nor its exceptions ever hold it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from pydantic import SecretStr

from bots.delivery.channel import Operator, Transient
from bots.zalo_bot import faults

#: The platform's public address.
BASE = "https://bot-api.zaloplatforms.com"
#: Seconds to connect, and for an answer to anything but `updates`.
CONNECT, ANSWER = 5.0, 15.0
#: Seconds that an answer to a poll may be late.
LATE = 10.0
#: No answer is larger.
_LARGEST = 1024 * 1024
#: Seconds of nothing but 429 after which it is a quota that is used up, and no rate.
_USED_UP = 120.0

#: One of ``text_styles``: UTF-16 offsets and codes such as "b".
Style = Mapping[str, Any]


class ZaloBotClient:
    """One bot. Every call raises a `bots.delivery.channel.DeliveryError` and nothing else."""

    def __init__(
        self,
        token: SecretStr,
        *,
        base_url: str = BASE,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._clock = clock
        self._limited_since: float | None = None
        inner = transport or httpx.AsyncHTTPTransport(
            limits=httpx.Limits(
                # Short: a message on a connection that just closed would be in doubt.
                max_connections=32,
                max_keepalive_connections=8,
                keepalive_expiry=2.0,
            )
        )
        self._http = httpx.AsyncClient(transport=_TokenAdded(inner, token), trust_env=False)

    async def me(self) -> str:
        """The bot's own id."""
        told = await self._call("getMe", {})
        return str(told.get("id", "")) if isinstance(told, Mapping) else ""

    async def updates(self, wait: int = 30) -> tuple[Any, ...]:
        """What came in, waited for up to ``wait`` seconds; nothing where nothing did.

        The platform hands out one update a call, and it is not asked for again.
        """
        try:
            told = await self._call("getUpdates", {"timeout": wait}, answer=wait + LATE)
        except Transient as idle:
            if idle.code in ("408", "timeout"):
                return ()
            raise
        if told is None:
            return ()
        return tuple(told) if isinstance(told, list) else (told,)

    async def send_message(self, chat: str, text: str, styles: Sequence[Style] = ()) -> str:
        """Send ``text`` (1 to 2,000 UTF-16 units); the id of the message."""
        body: dict[str, Any] = {"chat_id": chat, "text": text}
        if styles:
            body["text_styles"] = [dict(style) for style in styles]
        told = await self._call("sendMessage", body)
        return str(told.get("message_id", "")) if isinstance(told, Mapping) else ""

    async def typing(self, chat: str) -> None:
        """Show for some five seconds that something is being written."""
        await self._call("sendChatAction", {"chat_id": chat, "action": "typing"})

    async def webhook(self) -> str:
        """Where updates are sent to; "" where they wait to be asked for."""
        told = await self._call("getWebhookInfo", {})
        return str(told.get("url") or "") if isinstance(told, Mapping) else ""

    async def set_webhook(self, url: str, secret: SecretStr) -> None:
        """Have updates sent to ``url``, with ``secret`` in a header."""
        body = {"url": url, "secret_token": secret.get_secret_value()}
        await self._call("setWebhook", body)

    async def delete_webhook(self) -> None:
        await self._call("deleteWebhook", {})

    async def close(self) -> None:
        await self._http.aclose()

    async def _call(self, method: str, body: Mapping[str, Any], *, answer: float = ANSWER) -> Any:
        """The ``result`` of a call; None where the platform says ok and no more."""
        status, after, raw = await self._exchanged(method, body, answer)
        envelope = _envelope(raw)
        if envelope is None:
            error = faults.without_words(status, after=after)
        elif envelope["ok"]:
            self._limited_since = None
            return envelope.get("result")
        else:
            code = envelope.get("error_code")
            code = code if isinstance(code, int) else status
            error = faults.refusal(code, str(envelope.get("description", "")), after=after)
        if error.code == "429" and self._is_used_up():
            error = Operator(str(error), code="429")
        raise error

    def _is_used_up(self) -> bool:
        """Whether there has been nothing but 429 for so long that waiting does not help."""
        if self._limited_since is None:
            self._limited_since = self._clock()
        return self._clock() - self._limited_since >= _USED_UP

    async def _exchanged(
        self, method: str, body: Mapping[str, Any], answer: float
    ) -> tuple[int, float, bytes]:
        """(status, seconds of ``Retry-After``, body), the body empty where it did not all come."""
        timeout = httpx.Timeout(answer, connect=CONNECT, pool=CONNECT)
        url = f"{self._base}/{method}"
        try:
            async with self._http.stream("POST", url, json=body, timeout=timeout) as response:
                after = faults.seconds(response.headers.get("retry-after"))
                return response.status_code, after, await _read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Transient(f"Zalo Bot: {type(error).__name__}", code="connect") from None
        except httpx.TimeoutException as error:
            told = f"Zalo Bot: {type(error).__name__}"
            raise Transient(told, code="timeout", maybe=True) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            told = f"Zalo Bot: {type(error).__name__}"
            raise Transient(told, code="broken", maybe=True) from None
        except (httpx.InvalidURL, ValueError) as error:
            raise Operator(f"Zalo Bot: {type(error).__name__}", code="address") from None


class _TokenAdded(httpx.AsyncBaseTransport):
    """Sends ``…/method`` to ``…/bot<token>/method``."""

    def __init__(self, inner: httpx.AsyncBaseTransport, token: SecretStr) -> None:
        self._inner = inner
        self._token = token

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        head, _, method = request.url.raw_path.rpartition(b"/")
        token = self._token.get_secret_value().encode("ascii")
        url = request.url.copy_with(raw_path=head + b"/bot" + token + b"/" + method)
        return await self._inner.handle_async_request(
            httpx.Request(
                request.method,
                url,
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _read(response: httpx.Response) -> bytes:
    """The body; empty where it is cut off or endless, since then the status is all there is."""
    body = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > _LARGEST:
                return b""
    except (httpx.TransportError, httpx.DecodingError):
        return b""
    return bytes(body)


def _envelope(raw: bytes) -> dict[str, Any] | None:
    """The platform's answer, if ``raw`` is one."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and isinstance(told.get("ok"), bool) else None
