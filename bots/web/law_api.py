"""``GET /api/law/show | compare | guides | list``: what ``troly law`` tells, as JSON.

On the citizens' server over public documents; on the officers' server over those
that whoever has signed in may see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from bots.web.callers import scope_of
from bots.web.desk import Desk
from bots.web.errors import Refused, error_body
from knowledge_base.command_state import asked_day
from knowledge_base.errors import WrongUse
from knowledge_base.law import told, told_compare, told_lists
from knowledge_base.law.library import Library, NotThere
from knowledge_base.law.listing import Wanted, years_of

_LONGEST = 200  # characters of a name or number
_MOST = 500  # documents of one list

Text = Annotated[str, Query(max_length=_LONGEST)]
Named = Annotated[str, Query(min_length=1, max_length=_LONGEST)]
Several = Annotated[list[str], Query(max_length=10)]


def routes(desk: Desk) -> APIRouter:
    """The routes, answered at ``desk``."""
    router = APIRouter(tags=["law"])

    @router.get("/api/law/show", summary="A legal document, or one article or clause of it")
    async def show(
        request: Request, number: Named, article: Text = "", clause: Text = "", as_of: Text = ""
    ) -> JSONResponse:
        def made(library: Library) -> dict[str, Any]:
            on = asked_day(as_of)
            found = library.find(number, on)
            if clause and not article:
                raise WrongUse("clause cần đi cùng article, ví dụ: article=5&clause=2")
            if not article:
                return told.law_json(found, on)
            one = library.article(found, article)
            return told.part_json(found, one, library.clause(found, one, clause), on)

        return await _answered(desk, request, made)

    @router.get("/api/law/compare", summary="Two documents side by side, or one before and after")
    async def compare(
        request: Request,
        a: Named,
        b: Text = "",
        article: Text = "",
        with_article: Text = "",
        before: Text = "",
        after: Text = "",
    ) -> JSONResponse:
        def made(library: Library) -> dict[str, Any]:
            first, last = (asked_day(day) if day else None for day in (before, after))
            found = library.compare(
                a, b, asked_day(""), label=article, with_=with_article, days=(first, last)
            )
            return told_compare.comparison_json(found)

        return await _answered(desk, request, made)

    @router.get("/api/law/guides", summary="The documents that guide a law")
    async def guides(
        request: Request, number: Named, article: Text = "", as_of: Text = ""
    ) -> JSONResponse:
        def made(library: Library) -> dict[str, Any]:
            on = asked_day(as_of)
            of, found = library.guides(number, on, article)
            return told_lists.guides_json(of, found, on, article)

        return await _answered(desk, request, made)

    @router.get("/api/law/list", summary="Documents by authority, field, year, kind and validity")
    async def list_(
        request: Request,
        kind: Several = [],  # noqa: B006 - FastAPI copies it
        authority: Several = [],  # noqa: B006
        field: Several = [],  # noqa: B006
        about: Several = [],  # noqa: B006
        year: Text = "",
        in_force: bool = False,
        as_of: Text = "",
        limit: Annotated[int, Query(ge=1, le=_MOST)] = 50,
    ) -> JSONResponse:
        def made(library: Library) -> dict[str, Any]:
            on = asked_day(as_of)
            years = years_of(year)
            if year and years is None:
                raise WrongUse(f"year={year[:40]} không đúng dạng, ví dụ 2026 hoặc 2020-2024.")
            wanted = Wanted(
                tuple(kind), tuple(authority), years, tuple(field), tuple(about), in_force
            )
            return told_lists.list_json(library.list(wanted, on), on, limit)

        return await _answered(desk, request, made)

    return router


async def _answered(
    desk: Desk, request: Request, made: Callable[[Library], dict[str, Any]]
) -> JSONResponse:
    """What ``made`` tells of the documents the sender may see; else one sentence, 404 or 422."""
    library = desk.assistant().library(scope_of(request))
    if library is None:
        raise Refused(503, "preparing")
    try:
        return JSONResponse(await run_in_threadpool(made, library))
    except NotThere as error:
        body: dict[str, Any] = error_body(str(error), "not_there", status=404)
        return JSONResponse({**body, "choices": list(error.choices)}, 404)
    except WrongUse as error:
        return JSONResponse(error_body(str(error), "wrong_use", status=422), 422)
