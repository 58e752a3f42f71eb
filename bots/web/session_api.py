"""``DELETE /api/session`` and ``POST /api/news``: what a page needs beside its questions."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictInt, StrictStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from assistant.desk.opening import OfficerDesk
from assistant.desk.tickets import TicketStatus
from assistant.errors import StateError
from bots.web.bodies import read_json
from bots.web.callers import conversation_of
from bots.web.chat_api import SESSION
from bots.web.desk import Desk
from bots.web.errors import Refused
from bots.web.once import Once
from bots.web.replies import sentence

logger = logging.getLogger(__name__)

#: While a ticket is one of these, an answer of an officer may still come.
_AWAITED = (TicketStatus.WAITING, TicketStatus.TAKEN)


class SessionRequest(BaseModel):
    """Which session. Unknown fields are ignored."""

    session: StrictStr = Field(pattern=SESSION, description="The session of the answers.")


class NewsRequest(SessionRequest):
    """What officers have answered since. Unknown fields are ignored."""

    seen: list[Annotated[StrictInt, Field(ge=0, lt=2**63)]] = Field(
        default_factory=list,
        max_length=50,
        description="The `id`s that were shown: those are not sent again.",
    )


def routes(desk: Desk, once: Once) -> APIRouter:
    """The routes over the sessions of ``desk``."""
    router = APIRouter(tags=["chat"])

    @router.delete(
        "/api/session",
        summary="Erase a conversation, with its tickets and feedback; 200 only when it is gone",
        openapi_extra=_body(SessionRequest),
    )
    async def erase(request: Request) -> JSONResponse:
        asked = await read_json(request, SessionRequest)
        conversation = conversation_of(request, asked.session)
        await run_in_threadpool(desk.erase, conversation)
        once.forget(conversation)
        return JSONResponse({"text": sentence("erased")})

    @router.post(
        "/api/news",
        summary="What officers have answered in a session, until it is said to be seen",
        openapi_extra=_body(NewsRequest),
    )
    async def news(request: Request) -> JSONResponse:
        asked = await read_json(request, NewsRequest)
        if desk.officers is None:
            return JSONResponse({"answers": [], "waiting": False})
        conversation = conversation_of(request, asked.session)
        try:
            return JSONResponse(
                await run_in_threadpool(_news, desk.officers, conversation, asked.seen)
            )
        except StateError as error:
            logger.error("the desk cannot be used: %s", error)
            raise Refused(503, "desk_unavailable") from None

    return router


def _news(officers: OfficerDesk, conversation: str, seen: list[int]) -> dict[str, Any]:
    if seen:
        officers.outbox.delivered(conversation, seen)
    speaking = officers.queue.speaking
    answers = [
        {
            "id": each.id,
            "text": speaking(each.language).say(
                "officer_says", officer=each.officer, code=each.code, text=each.text
            ),
        }
        for each in officers.outbox.pending(conversation)
    ]
    standing = officers.queue.standing(conversation)
    ticket = standing.ticket if standing else None
    return {"answers": answers, "waiting": ticket is not None and ticket.status in _AWAITED}


def _body(shape: type[BaseModel]) -> dict[str, Any]:
    content = {"application/json": {"schema": shape.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}
