"""``/api/desk/…`` for officers' programs, by a token; ``POST /api/feedback`` for everybody.

Each officer has a token (``troly desk officer add``), and acts under the name it was
made for; without officers the routes do not exist. Browsers never send the token by
themselves, so no page of another site can act for an officer.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field, StrictBool, StrictStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from assistant.desk.feedback import LONGEST_COMMENT, Judgement, Reason
from assistant.desk.opening import OfficerDesk
from assistant.desk.presentation import tally_json, ticket_json
from assistant.desk.tickets import (
    ACTIONS,
    OPEN,
    Outdated,
    Ticket,
    TicketStatus,
    UnknownTicket,
    Unusable,
    WrongState,
)
from assistant.errors import InputError, StateError
from bots.web.bodies import read_json, refuse_other_sites
from bots.web.chat_api import DOOR, SESSION
from bots.web.desk import Desk
from bots.web.errors import Refused

logger = logging.getLogger(__name__)

_VERSION = re.compile(r'"([0-9]{1,18})"')
#: For the description only; `opened` is what looks at the token.
_BEARER = Security(HTTPBearer(scheme_name="desk", auto_error=False))

Done = TypeVar("Done")


class ActRequest(BaseModel):
    """What an officer does with a ticket. Unknown fields are ignored."""

    text: StrictStr = Field(default="", description="answer: what the citizen is told.")
    note: StrictStr = Field(
        default="", description="answer, release, close: for officers only; masked."
    )


class FeedbackRequest(BaseModel):
    """What a citizen thinks of an answer. Unknown fields are ignored."""

    answer_id: StrictStr = Field(
        pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The `id` of the answer."
    )
    good: StrictBool = Field(description="Whether the answer helped.")
    reasons: list[Reason] = Field(
        default_factory=list, max_length=len(Reason), description="Why not, where it did not."
    )
    comment: StrictStr = Field(
        default="",
        max_length=LONGEST_COMMENT,
        description="In own words; masked before it is kept.",
    )
    session: StrictStr = Field(
        pattern=SESSION, description="The session of the answer: the latest judgement of it counts."
    )
    topic: StrictStr = Field(
        default="", pattern=r"^[0-9A-Za-z.]{0,40}$", description="The code of the procedure."
    )


def _body(shape: type[BaseModel]) -> dict[str, Any]:
    content = {"application/json": {"schema": shape.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


def routes(desk: Desk) -> APIRouter:
    """The routes over the officers' desk of ``desk``; 404 where it has none."""
    router = APIRouter()

    def officers_desk() -> OfficerDesk:
        if desk.officers is None:
            raise Refused(404, "not_found")
        return desk.officers

    async def opened(request: Request) -> tuple[OfficerDesk, str]:
        """The desk, and the name of the officer whose token the request carries."""
        found = officers_desk()
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        token = given.strip() if scheme.lower() == "bearer" else ""
        name = await _told(lambda: found.accounts.opened_by(token))
        if name is None:
            if not await _told(found.accounts.any):
                raise Refused(404, "not_found")
            refuse_other_sites(request)
            raise Refused(401, "no_token")
        refuse_other_sites(request)
        return found, name

    @router.get(
        "/api/desk/tickets",
        tags=["officers"],
        summary="Tickets, longest waiting first; open ones unless `status` says otherwise",
        dependencies=[_BEARER],
    )
    async def tickets(
        request: Request, status: str = "", limit: str = "50", after: str = ""
    ) -> JSONResponse:
        found, _ = await opened(request)
        wanted = _statuses(status)
        if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:6]) <= 200):
            raise Refused(422, "bad_field", field="limit", reason="phải là số từ 1 đến 200")
        try:
            page = await _told(
                lambda: found.officers.tickets(wanted, after=after, limit=int(limit))
            )
        except ValueError:
            reason = "phải là giá trị next của lần trước"
            raise Refused(422, "bad_field", field="after", reason=reason) from None
        listed = [ticket_json(each, whole=False) for each in page.tickets]
        counts = await _told(found.officers.counts)
        return JSONResponse({"tickets": listed, "next": page.next, "counts": counts})

    @router.get(
        "/api/desk/tickets/{code}",
        tags=["officers"],
        summary="A ticket with its masked conversation; the ETag is its version",
        dependencies=[_BEARER],
    )
    async def ticket(request: Request, code: str) -> JSONResponse:
        found, _ = await opened(request)
        return _ticket(await _told(lambda: found.officers.ticket(code)))

    @router.post(
        "/api/desk/tickets/{code}/{action}",
        tags=["officers"],
        summary="`take`, `answer`, `release` or `close` a ticket, as it was read (If-Match)",
        openapi_extra=_body(ActRequest),
        dependencies=[_BEARER],
    )
    async def act(request: Request, code: str, action: str) -> JSONResponse:
        found, name = await opened(request)
        if action not in ACTIONS:
            raise Refused(404, "not_found")
        if not request.headers.get("content-type", "").lower().startswith("application/json"):
            raise Refused(415, "json_only")
        version = _version(request)
        asked = await read_json(request, ActRequest)
        act = partial(found.officers.act, text=asked.text, note=asked.note, version=version)
        return _ticket(await _told(lambda: act(action, code, name)))

    @router.get(
        "/api/desk/feedback",
        tags=["officers"],
        summary="What people think of the answers, counted",
        dependencies=[_BEARER],
    )
    async def feedback(request: Request) -> JSONResponse:
        found, _ = await opened(request)
        return JSONResponse(tally_json(await _told(found.feedback.tally)))

    @router.post(
        "/api/feedback",
        tags=["chat"],
        summary="What a citizen thinks of an answer",
        status_code=201,
        openapi_extra=_body(FeedbackRequest),
    )
    async def judge(request: Request) -> JSONResponse:
        asked = await read_json(request, FeedbackRequest)
        found = officers_desk()
        judgement = Judgement(
            asked.answer_id,
            asked.session,
            DOOR,
            asked.good,
            tuple(asked.reasons),
            asked.comment,
            asked.topic,
        )
        replies = found.queue.replies
        if not await _told(lambda: found.feedback.give(judgement)):
            raise Refused(429, "too_many_judgements")
        days = found.queue.settings.keep_days
        name = "feedback.thanks_good" if asked.good else "feedback.thanks_bad"
        return JSONResponse({"text": replies.say(name, days=days)}, status_code=201)

    return router


async def _told(work: Callable[[], Done]) -> Done:
    """What ``work`` returns, off the loop; what the desk refuses as a status with its sentence."""
    try:
        return await run_in_threadpool(work)
    except UnknownTicket as error:
        raise Refused(404, "unknown_ticket", message=str(error)) from None
    except WrongState as error:
        raise Refused(409, "wrong_state", message=str(error)) from None
    except Outdated as error:
        raise Refused(412, "outdated", message=str(error)) from None
    except (Unusable, InputError) as error:
        raise Refused(422, "unusable", message=str(error)) from None
    except StateError as error:
        logger.error("the desk cannot be used: %s", error)
        raise Refused(503, "desk_unavailable") from None


def _ticket(ticket: Ticket) -> JSONResponse:
    return JSONResponse(ticket_json(ticket), headers={"ETag": f'"{ticket.version}"'})


def _statuses(text: str) -> tuple[TicketStatus, ...]:
    if not text:
        return OPEN
    if text == "all":
        return ()
    try:
        return tuple(TicketStatus(each.strip()) for each in text.split(","))
    except ValueError:
        valid = ", ".join(each.value for each in TicketStatus)
        raise Refused(
            422, "bad_field", field="status", reason=f"phải là all hoặc một trong: {valid}"
        ) from None


def _version(request: Request) -> int | None:
    """The version in If-Match; None where there is none, or it says "any"."""
    given = request.headers.get("if-match", "*").strip()
    if given == "*":
        return None
    match = _VERSION.fullmatch(given)
    if match is None:
        raise Refused(400, "bad_version")
    return int(match[1])
