"""``POST /webhooks/rest/webhook``: what widgets made for Rasa's REST channel speak.

A message in, a list of messages out; with ``?stream=true`` one JSON object a line, as
each of them becomes known. A pressed button comes back as its payload in ``message``,
so a payload is known by its form.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictInt, StrictStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from assistant.dialogue.settling import PRESS
from assistant.dialogue.state import Heard
from assistant.errors import StateError
from assistant.vocabulary import Answer, EventKind
from bots.delivery import words
from bots.web import sse
from bots.web.bodies import read_json
from bots.web.callers import conversation_of, scope_of
from bots.web.desk import Answering, Desk
from bots.web.disconnect import unless_gone
from bots.web.profiles import profile_of

DOOR = "rest"
PATH = "/webhooks/rest/webhook"

logger = logging.getLogger(__name__)

_PAYLOAD = re.compile(rf"{re.escape(PRESS)}:[\w-]{{0,64}}:\d{{1,3}}", re.ASCII)

#: One message out: ``recipient_id``, ``text`` and, where there is something to choose, ``buttons``.
Message = dict[str, Any]


class RestRequest(BaseModel):
    """A message to the REST channel. Unknown fields (``metadata``, …) are ignored."""

    sender: StrictStr | StrictInt = Field(
        default="",
        description="Names the conversation, and comes back as `recipient_id`. Hard to guess: "
        "who knows it shares its context. Left out: a conversation of this one message.",
    )
    message: StrictStr = Field(
        description="What was typed; or the `payload` of a pressed button, as it was given."
    )
    profile: StrictStr = Field(
        default="",
        max_length=60,
        description="Which assistant is asked (GET /api/profiles); the server's own if left out.",
    )


def routes(desk: Desk) -> APIRouter:
    """The routes of the Rasa-compatible door, answered at ``desk``."""
    router = APIRouter(tags=["rest"])

    @router.get("/webhooks/rest/", summary="Whether the REST channel is there")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.post(
        PATH,
        summary="A message in, messages out, as Rasa's REST channel does it",
        response_class=Response,
        responses={
            200: {
                "content": {"application/json": {}, "text/event-stream": {}},
                "description": "messages; with stream=true a JSON object a line",
            }
        },
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": RestRequest.model_json_schema()}},
            }
        },
    )
    async def webhook(request: Request, stream: str = "") -> Response:
        asked = await read_json(request, RestRequest)
        sender = str(asked.sender) or secrets.token_urlsafe(16)
        pressed = bool(_PAYLOAD.fullmatch(asked.message.strip()))
        heard = Heard(
            text="" if pressed else asked.message,
            conversation=conversation_of(request, f"{DOOR}:{sender}"),
            scope=scope_of(request),
            payload=asked.message.strip() if pressed else "",
            profile=profile_of(desk, request, asked.profile),
        )
        if stream.lower() in ("true", "1"):
            answering = desk.reply(heard, door=DOOR)
            return sse.EventStream(_lines(desk, answering, heard, sender), answering.close)
        answer = await unless_gone(request, desk.final(heard, door=DOOR))
        return JSONResponse(await _messages(desk, heard, sender, answer))

    return router


async def _lines(
    desk: Desk, answering: Answering, heard: Heard, sender: str
) -> AsyncIterator[bytes]:
    """The messages as lines. There is none for what is only under way: widgets show each one."""
    told: Answer | str = ""
    async for event in answering.events():
        if event is not None and event.kind in (EventKind.FINAL, EventKind.ERROR):
            told = event.data if event.kind is EventKind.FINAL else str(event.data)
    for message in await _messages(desk, heard, sender, told or desk.apology()):
        yield f"{sse.encode(message)}\n".encode()


async def _messages(desk: Desk, heard: Heard, sender: str, answer: Answer | str) -> list[Message]:
    """What is said: first who this is, on first contact; then the answer with its sources."""
    if isinstance(answer, str):
        return [{"recipient_id": sender, "text": answer}]
    return await run_in_threadpool(_said, desk, heard, sender, answer)


def _said(desk: Desk, heard: Heard, sender: str, answer: Answer) -> list[Message]:
    conversation = desk.conversation()
    text = words.answer_text(answer, public_url=desk.config.channels.public_url)
    said: Message = {"recipient_id": sender, "text": text}
    if buttons := conversation.buttons(heard.conversation):
        said["buttons"] = [{"title": each.title, "payload": each.payload} for each in buttons]
    try:
        if notice := conversation.notice(heard.conversation):
            conversation.noticed(heard.conversation)
            return [{"recipient_id": sender, "text": notice}, said]
    except StateError as error:  # it is said the next time
        logger.warning("no notice: %s", error)
    return [said]
