"""``/api/uploads``: an officer's own documents, kept apart, answered from, deleted on time.

These routes are there where officers sign in, and nowhere else. Nothing of a document, its
name included, is in an address, in a log line or in a metric.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictStr, field_validator
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from assistant.errors import InputError
from assistant.presentation import answer_json
from assistant.uploads.vocabulary import NotTaken, NoUpload, Upload
from assistant.uploads.workbench import Workbench
from bots.web.bodies import iso_day, read_json, refuse_other_sites
from bots.web.chat_api import document_json, slice_json, span
from bots.web.errors import Refused
from knowledge_base.scope import Scope

logger = logging.getLogger(__name__)

#: Seconds for the next piece of a file to arrive.
SLOWEST_PIECE = 20.0
#: Comparisons and questions that run side by side; each takes a processor.
_AT_ONCE = 2
_NAME = "x-file-name"
_STATUS = {
    "too_many": 409, "no_room": 409, "disk_full": 507, "too_large": 413,
    "unsupported_format": 415, "wrong_format": 415,
}  # fmt: skip

Result = TypeVar("Result")


class Caller(Protocol):
    """Who has signed in."""

    @property
    def account(self) -> int: ...
    @property
    def scope(self) -> Scope: ...


#: The officer a request is from; None where nobody has signed in.
CallerOf = Callable[[Request], Caller | None]


class _Chosen(BaseModel):
    uploads: list[StrictStr] = Field(min_length=1, max_length=50, description="Ids of documents.")


class AskBody(_Chosen):
    """A question over chosen documents. Unknown fields are ignored."""

    question: StrictStr = Field(max_length=4000)
    before: StrictStr = Field(
        default="", max_length=4000, description="The question that this one goes on from."
    )


class FiguresBody(_Chosen):
    """A question about figures of chosen documents."""

    question: StrictStr = Field(max_length=1000)


class ConflictsBody(BaseModel):
    """``a`` against ``b`` (another upload), ``document`` (of the record) or the whole corpus."""

    a: StrictStr
    b: StrictStr = ""
    document: StrictStr = Field(default="", max_length=200)
    corpus: bool = False
    as_of: date | None = None

    _day = field_validator("as_of", mode="before")(iso_day)


def routes(workbench: Workbench, caller_of: CallerOf) -> APIRouter:
    """The routes over ``workbench``; ``caller_of`` says at each request who it is from."""
    router = APIRouter(tags=["uploads"])
    busy = asyncio.Semaphore(_AT_ONCE)

    def owner_of(request: Request) -> tuple[str, Scope]:
        caller = caller_of(request)
        if caller is None:
            raise Refused(401, "sign_in_first")
        return str(caller.account), caller.scope

    async def done(work: Callable[..., Result], *given: Any, **named: Any) -> Result:
        """``work`` in a thread; what it raises never carries a word of a document further."""
        try:
            return await run_in_threadpool(work, *given, **named)
        except NoUpload as error:
            raise Refused(404, "no_upload", message=str(error)) from None
        except NotTaken as error:
            status = _STATUS.get(error.code, 422)
            raise Refused(status, "not_taken", message=str(error)) from None
        except InputError as error:
            raise Refused(422, "not_usable", message=str(error)) from None
        except Exception as error:
            logger.error("work on an upload broke: %s", type(error).__name__)
            raise Refused(500, "upload_failed") from None

    async def heavy(work: Callable[..., Result], *given: Any, **named: Any) -> Result:
        async with busy:
            return await done(work, *given, **named)

    @router.get("/api/uploads", summary="An officer's uploaded documents")
    async def listed(request: Request) -> JSONResponse:
        owner, _ = owner_of(request)
        found = await done(workbench.store.of, owner)
        settings = workbench.settings
        return JSONResponse(
            {
                "uploads": [upload_json(each) for each in found],
                "keep_hours": settings.keep_hours,
                "largest_mb": settings.largest_mb,
                "most": settings.most,
            }
        )

    @router.post("/api/uploads", summary="Upload a file: its bytes are the body")
    async def upload(request: Request) -> JSONResponse:
        refuse_other_sites(request)
        owner, _ = owner_of(request)
        name = unquote(request.headers.get(_NAME, ""), errors="replace")
        if not name.strip():
            raise Refused(422, "missing_field", field="X-File-Name")
        incoming = await done(workbench.store.begin, owner, name)
        try:
            pieces = request.stream().__aiter__()
            while True:
                async with asyncio.timeout(SLOWEST_PIECE):
                    piece = await anext(pieces, None)
                if piece is None:
                    break
                if piece:
                    await done(incoming.write, piece)
        except TimeoutError:
            await run_in_threadpool(workbench.store.abort, incoming)
            raise Refused(408, "too_slow") from None
        except BaseException:  # whoever hangs up leaves nothing behind
            await asyncio.shield(run_in_threadpool(workbench.store.abort, incoming))
            raise
        made, new = await done(workbench.store.finish, incoming)
        body = {"upload": upload_json(made), "already": not new}
        return JSONResponse(body, 201 if new else 200)

    @router.delete("/api/uploads", summary="Delete all of an officer's documents")
    async def delete_all(request: Request) -> JSONResponse:
        refuse_other_sites(request)
        owner, _ = owner_of(request)
        return JSONResponse({"deleted": await done(workbench.store.delete_all, owner)})

    @router.delete("/api/uploads/{upload_id}", summary="Delete one document, now")
    async def delete(request: Request, upload_id: str) -> JSONResponse:
        refuse_other_sites(request)
        owner, _ = owner_of(request)
        return JSONResponse({"deleted": int(await done(workbench.store.delete, owner, upload_id))})

    @router.get("/api/uploads/{upload_id}", summary="The text of a document, or a slice of it")
    async def text(
        request: Request, upload_id: str, start: str | None = None, end: str | None = None
    ) -> JSONResponse:
        owner, _ = owner_of(request)
        document = await done(workbench.document, owner, upload_id)
        body = document_json(document)
        if start is not None or end is not None:
            body["slice"] = slice_json(document, *span(document, start, end))
        return JSONResponse(body)

    @router.post("/api/uploads/ask", summary="A question, answered from chosen documents alone")
    async def ask(request: Request) -> JSONResponse:
        owner, scope = owner_of(request)
        asked = await read_json(request, AskBody)
        answer = await heavy(
            workbench.ask, owner, asked.question, asked.uploads, scope, asked.before
        )
        return JSONResponse(answer_json(answer))

    @router.post("/api/uploads/figures", summary="A question about figures of chosen documents")
    async def figures(request: Request) -> JSONResponse:
        owner, _ = owner_of(request)
        asked = await read_json(request, FiguresBody)
        return JSONResponse(await heavy(workbench.figures, owner, asked.question, asked.uploads))

    @router.post("/api/uploads/conflicts", summary="A document against another, or the corpus")
    async def conflicts(request: Request) -> JSONResponse:
        owner, _ = owner_of(request)
        asked = await read_json(request, ConflictsBody)
        if bool(asked.b) + bool(asked.document.strip()) + asked.corpus != 1:
            raise Refused(422, "one_other")
        if asked.corpus:
            made = await heavy(workbench.against_corpus, owner, asked.a, asked.as_of)
        else:
            made = await heavy(
                workbench.conflicts, owner, asked.a, asked.b,
                number=asked.document, on=asked.as_of,
            )  # fmt: skip
        return JSONResponse(made)

    @router.post("/api/uploads/{upload_id}/check", summary="Faults of a paper's layout")
    async def check(request: Request, upload_id: str) -> JSONResponse:
        refuse_other_sites(request)
        owner, _ = owner_of(request)
        return JSONResponse(await heavy(workbench.check, owner, upload_id))

    return router


def upload_json(upload: Upload) -> dict[str, Any]:
    """What is told of a document; times as ISO 8601 in UTC."""
    told = asdict(upload)
    for name in ("created", "expires"):
        told[name] = datetime.fromtimestamp(told[name], UTC).isoformat(timespec="seconds")
    return told
