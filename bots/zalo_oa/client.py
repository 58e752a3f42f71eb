"""Zalo's OpenAPI v3, as much of it as answering needs."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from bots.delivery.channel import Auth, Operator, Payload, Transient
from bots.zalo_oa.oauth import is_here
from bots.zalo_oa.refusals import PROOF, refusal
from bots.zalo_oa.replies import sentence
from bots.zalo_oa.tokens import TokenKeeper

logger = logging.getLogger(__name__)

#: Seconds that a call may take; a reaction that is slower is of no use.
TIMEOUT, QUICK = 10.0, 3.0
#: Below this share of the calls allowed a minute only messages are sent.
_TIGHT, _MINUTE = 0.05, 60.0


class ZaloOaClient:
    """Calls in one OA's name. A refused token is refreshed and the call made once more.

    Every method raises a `DeliveryError`; none of them holds a token or a person's words.
    """

    def __init__(
        self,
        url: str,
        tokens: TokenKeeper,
        app_secret: str,
        *,
        clock: Callable[[], float] = time.time,
        timeout: float = TIMEOUT,
    ) -> None:
        self._url = url.rstrip("/")
        self._tokens = tokens
        self._app_secret = app_secret
        self._clock = clock
        self._http = httpx.AsyncClient(timeout=timeout, trust_env=not is_here(url))
        self._proof = False  # whether this app is to prove its secret with each call
        self._template_type = False  # whether buttons are to say what template they are
        self._remaining = 1.0
        self._counted = 0.0
        self.charged = 0  # messages that Zalo did not count as free replies

    def __repr__(self) -> str:
        return f"ZaloOaClient({self._url!r})"

    @property
    def is_tight(self) -> bool:
        """Whether few calls are left in this minute."""
        return self._remaining < _TIGHT and self._clock() - self._counted < _MINUTE

    async def send(self, user: str, text: str, buttons: Sequence[Mapping[str, str]] = ()) -> str:
        """A consultation message; the id of it. ``buttons``: ``title`` and ``payload`` each."""
        if not buttons:
            return await self._message(user, {"text": text})
        try:
            return await self._message(user, _with_buttons(text, buttons, self._template_type))
        except Payload as error:
            if self._template_type or error.code not in ("-200", "-201"):
                raise
            # Whether the kind of template must be said is documented in two ways.
            sent = await self._message(user, _with_buttons(text, buttons, True))
            self._template_type = True
            return sent

    async def _message(self, user: str, message: Mapping[str, Any]) -> str:
        body = {"recipient": {"user_id": user}, "message": message}
        data = await self._call("/v3.0/oa/message/cs", body)
        quota = data.get("quota")
        if not (isinstance(quota, dict) and quota.get("quota_type") == "reply"):
            self.charged += 1
        return str(data.get("message_id") or "")

    async def react(self, user: str, message: str, icon: str = "/-strong") -> None:
        """Put ``icon`` on a message of the person."""
        body = {
            "recipient": {"user_id": user},
            "sender_action": {"react_icon": icon, "react_message_id": message},
        }
        await self._call("/v2.0/oa/message", body, timeout=QUICK)

    async def last_interaction(self, user: str) -> float | None:
        """When the person last did something with the OA; None where Zalo does not say."""
        data = await self._call("/v3.0/oa/quota/message", {"user_id": user})
        try:
            at = float(str(data.get("last_interaction")))
        except ValueError:
            return None
        at = at / 1000 if at > 1e11 else at  # documented in milliseconds
        return at if 1e9 < at < 1e11 else None

    async def close(self) -> None:
        await self._http.aclose()

    # --- calling ----------------------------------------------------------------------------

    async def _call(
        self, path: str, body: Mapping[str, Any], *, timeout: float | None = None
    ) -> dict[str, Any]:
        token = await self._tokens.token()
        try:
            return await self._proven(token, path, body, timeout)
        except Auth:
            token = await self._tokens.renewed(token)
        try:
            return await self._proven(token, path, body, timeout)
        except Auth as error:
            raise Auth(sentence("still_refused", code=error.code), code=error.code) from None

    async def _proven(
        self, token: str, path: str, body: Mapping[str, Any], timeout: float | None
    ) -> dict[str, Any]:
        """One call; the proof of the secret is added once Zalo has asked for it."""
        try:
            return await self._once(token, path, body, timeout)
        except Operator as error:
            if self._proof or error.code != str(PROOF):
                raise
        self._proof = True
        return await self._once(token, path, body, timeout)

    async def _once(
        self, token: str, path: str, body: Mapping[str, Any], timeout: float | None
    ) -> dict[str, Any]:
        headers = {"access_token": token, "Content-Type": "application/json"}
        if self._proof:
            proof = hmac.new(self._app_secret.encode(), token.encode(), hashlib.sha256)
            headers["appsecret_proof"] = proof.hexdigest()
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        try:
            response = await self._http.post(
                self._url + path,
                content=content,
                headers=headers,
                timeout=self._http.timeout if timeout is None else timeout,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Transient(f"Zalo OA: {type(error).__name__}", after=1.0) from None
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise Operator(f"Zalo OA: api_url: {type(error).__name__}") from None
        except httpx.HTTPError as error:  # it may have been sent
            raise Transient(f"Zalo OA: {type(error).__name__}", after=1.0, maybe=True) from None
        self._count(response)
        return self._read(response)

    def _count(self, response: httpx.Response) -> None:
        """How many calls are left, as every answer says."""
        try:
            limit = float(response.headers["X-RateLimit-Limit"])
            remain = float(response.headers["X-RateLimit-Remain"])
        except (KeyError, ValueError):
            return
        if limit > 0:
            self._remaining, self._counted = remain / limit, self._clock()

    def _read(self, response: httpx.Response) -> dict[str, Any]:
        status = response.status_code
        try:
            said: Any = response.json()
        except (ValueError, RecursionError):
            said = None
        code = _code(said.get("error")) if isinstance(said, dict) else None
        if code:
            raise refusal(code, self._clock)
        if code == 0 and status < 400:
            data = said.get("data")
            return data if isinstance(data, dict) else {}
        name = f"Zalo OA: HTTP {status}"
        if status in (401, 403):
            raise Auth(name, code=str(status))
        if status in (429, 503):
            raise Transient(name, code=str(status), after=_after(response))
        if status >= 500 or status < 400:  # a proxy's page: what is behind it may have worked
            raise Transient(name, code=str(status), after=5.0, maybe=True)
        if status in (400, 413, 415, 422):
            raise Payload(name, code=str(status))
        raise Operator(name, code=str(status))


def _with_buttons(
    text: str, buttons: Sequence[Mapping[str, str]], template_type: bool
) -> dict[str, Any]:
    # ".hide": the payload does not appear in the chat as if the person had typed it.
    shown = [
        {"title": each["title"], "type": "oa.query.hide", "payload": each["payload"]}
        for each in buttons
    ]
    payload: dict[str, Any] = {"buttons": shown}
    if template_type:
        payload["template_type"] = "button"
    return {"text": text, "attachment": {"type": "template", "payload": payload}}


def _code(error: object) -> int | None:
    """``error`` as a number; Zalo writes it as one, others' proxies do not."""
    if isinstance(error, bool):
        return None
    if isinstance(error, int):
        return error
    if isinstance(error, str) and error.lstrip("-").isdecimal():
        return int(error[:10])
    return None


def _after(response: httpx.Response) -> float:
    said = response.headers.get("Retry-After", "")
    return float(said[:5]) if said.isascii() and said.isdecimal() else 5.0
