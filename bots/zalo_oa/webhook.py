"""Zalo's webhook: verified on the raw bytes, kept, acknowledged. And the way back from a consent.

Zalo wants 200 within two seconds and drops what is answered otherwise, so every event
that is genuine gets 200, known or not; 503 only where it could not be kept.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response

from assistant.errors import InputError, StateError
from bots.delivery.channel import Inbox, Incoming
from bots.zalo_oa import consent
from bots.zalo_oa.grant import GrantFile
from bots.zalo_oa.oauth import OAuth, OAuthError
from bots.zalo_oa.replies import sentence
from bots.zalo_oa.signature import is_fresh, is_signed
from bots.zalo_oa.updates import event_name, incoming

logger = logging.getLogger(__name__)

PATH = "/webhooks/zalo-oa"
#: Bytes of the largest event; seconds for it to arrive.
LARGEST, SLOWEST = 64 * 1024, 5.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """What it takes to check and read an event. ``heard`` is told of each message at once."""

    app_id: str
    oa_id: str
    secret_key: str = field(repr=False)
    heard: Callable[[Incoming], None]
    clock: Callable[[], float] = time.time


def routes(webhook: Webhook, inbox: Inbox, file: GrantFile, oauth: OAuth) -> APIRouter:
    """The webhook at `PATH`, and the consent's callback below it."""
    router = APIRouter()

    @router.post(PATH, include_in_schema=False)
    async def event(request: Request) -> Response:
        try:
            body = await _body(request)
            found = _read(webhook, body, request.headers)
        except _NotTakenError as error:
            return JSONResponse({"error": error.args[0]}, status_code=error.status)
        if found is not None:
            webhook.heard(found)
            try:
                await run_in_threadpool(inbox.accept, found)
            except StateError:
                logger.exception("zalo_oa: an event could not be kept")
                return JSONResponse({"error": "try again"}, 503, {"Retry-After": "30"})
        return JSONResponse({})

    @router.get(f"{PATH}/callback", include_in_schema=False)
    async def callback(request: Request) -> Response:
        code, state = request.query_params.get("code"), request.query_params.get("state")
        if not code or not state or len(code) > 2000:
            return PlainTextResponse(sentence("callback_refused"), 400)
        try:
            await run_in_threadpool(
                consent.finish,
                file,
                oauth,
                code,
                state,
                oa_id=request.query_params.get("oa_id", "")[:100],
                wanted=webhook.oa_id,
                clock=webhook.clock,
            )
        except InputError as error:
            return PlainTextResponse(str(error), 400)
        except (OAuthError, StateError) as error:
            return PlainTextResponse(sentence("callback_failed", reason=error), 502)
        logger.warning("zalo_oa: a new grant was taken")
        return PlainTextResponse(sentence("callback_done"))

    return router


class _NotTakenError(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def _body(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared[:12]) > LARGEST:
        raise _NotTakenError(413, "too large")
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    raise _NotTakenError(413, "too large")
    except TimeoutError:
        raise _NotTakenError(408, "too slow") from None
    return bytes(body)


def _read(webhook: Webhook, body: bytes, headers: Mapping[str, str]) -> Incoming | None:
    """What a genuine event says; None where nothing is to be done about it."""
    if body.strip() == b"{}":
        return None  # the console tries the address so, unsigned
    try:
        event: Any = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _NotTakenError(400, "not JSON in UTF-8") from None
    if not isinstance(event, dict):
        raise _NotTakenError(400, "not an object")
    # Some read the time from a header, which Zalo's documents do not know; the mac covers it.
    stamp = event.setdefault("timestamp", headers.get("x-zevent-timestamp"))
    timestamp = str(stamp) if isinstance(stamp, str | int) else ""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 16):
        raise _NotTakenError(403, "not signed")
    given = headers.get("x-zevent-signature", "")
    if not is_signed(given, webhook.app_id, body, timestamp, webhook.secret_key):
        logger.warning("zalo_oa: an event with a wrong signature was refused")
        raise _NotTakenError(403, "not signed")
    if not is_fresh(timestamp, webhook.clock(), retried=bool(headers.get("num_retry"))):
        logger.warning("zalo_oa: an event of another time was refused")
        raise _NotTakenError(403, "not of now")
    try:
        return incoming(event, oa_id=webhook.oa_id)
    except LookupError:
        logger.warning("zalo_oa: an event of no use: %s", event_name(event) or "without a name")
        return None
