"""``/api/judgments``: judgments, like cases, the law on two days, issues; for signed-in officers.

These routes are there where officers sign in, and nowhere else. Judgments are shown to who holds
their label. Texts that are sent are masked, looked at and forgotten; importing is for the terminal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictStr, field_validator
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from assistant.as_of import today
from assistant.errors import InputError
from assistant.judging.issues import table_json
from assistant.judging.law_on_days import beside_json
from assistant.judging.library import Library
from assistant.judging.told import SIMILAR_NOTICE, judgment_json, likeness_json
from bots.web.bodies import iso_day, parse, read_body
from bots.web.errors import Refused
from knowledge_base.errors import KnowledgeError
from knowledge_base.scope import Scope

_LONGEST = 400_000  # characters of a judgment that is sent
_LARGEST = 2 * 1024 * 1024  # bytes of a request

Result = TypeVar("Result")


class Caller(Protocol):
    """Who has signed in."""

    @property
    def scope(self) -> Scope: ...


CallerOf = Callable[[Request], Caller | None]


class SimilarBody(BaseModel):
    """``case``: the number of an imported judgment, or facts. Unknown fields are ignored."""

    case: StrictStr = Field(min_length=1, max_length=_LONGEST)
    limit: int = Field(default=5, ge=1, le=50)


class IssuesBody(BaseModel):
    """The same, with the day of the law; today where none is given."""

    case: StrictStr = Field(min_length=1, max_length=_LONGEST)
    as_of: date | None = None

    _day = field_validator("as_of", mode="before")(iso_day)


class LawBody(BaseModel):
    """An article, the day of the act, the day of the trial (today where none is given)."""

    provision: StrictStr = Field(min_length=1, max_length=300)
    act: date
    trial: date | None = None

    _days = field_validator("act", "trial", mode="before")(iso_day)


def routes(library: Library, caller_of: CallerOf) -> APIRouter:
    """The routes over ``library``; ``caller_of`` says at each request who it is from."""
    router = APIRouter(tags=["judgments"])
    one = asyncio.Semaphore(1)  # embedding takes a processor

    def seen(request: Request) -> Library:
        caller = caller_of(request)
        if caller is None:
            raise Refused(401, "sign_in_first")
        return library.seen_by(caller.scope)

    async def done(work: Callable[..., Result], *given: Any) -> Result:
        try:
            async with one:
                return await run_in_threadpool(work, *given)
        except (InputError, KnowledgeError) as error:
            raise Refused(422, "not_usable", message=str(error)) from None

    @router.get("/api/judgments", summary="Imported judgments, the newest first")
    async def listed(request: Request) -> JSONResponse:
        found = await done(seen(request).judgments)
        return JSONResponse({"judgments": [judgment_json(each) for each in found]})

    @router.get("/api/judgments/{judgment_id:path}", summary="One judgment, masked")
    async def shown(judgment_id: str, request: Request) -> JSONResponse:
        allowed = seen(request)
        try:
            found = await run_in_threadpool(allowed.find, judgment_id[:200])
        except InputError:
            raise Refused(404, "not_found") from None
        return JSONResponse(judgment_json(found, text=True))

    @router.post("/api/judgments/similar", summary="Judgments like a case, with why")
    async def similar(request: Request) -> JSONResponse:
        allowed = seen(request)
        asked = parse(await read_body(request, _LARGEST), SimilarBody)

        def work() -> list[dict[str, Any]]:
            case = allowed.case(asked.case).case
            return [likeness_json(each) for each in allowed.similar(case, asked.limit)]

        return JSONResponse({"similar": await done(work), "notice": SIMILAR_NOTICE})

    @router.post("/api/judgments/issues", summary="Issues, provisions in force, like cases")
    async def issues(request: Request) -> JSONResponse:
        allowed = seen(request)
        asked = parse(await read_body(request, _LARGEST), IssuesBody)

        def work() -> dict[str, Any]:
            return table_json(allowed.issues(allowed.case(asked.case), asked.as_of or today()))

        return JSONResponse(await done(work))

    @router.post("/api/judgments/law", summary="A provision on the day of the act and of the trial")
    async def law(request: Request) -> JSONResponse:
        allowed = seen(request)
        asked = parse(await read_body(request, _LARGEST), LawBody)
        trial = asked.trial or today()
        found = await done(allowed.law, asked.provision, asked.act, trial)
        return JSONResponse(beside_json(found))

    return router
