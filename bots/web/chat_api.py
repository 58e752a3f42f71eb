"""``POST /api/chat`` and ``GET /api/sources/{id}``: the API of our own page."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import asdict
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictBool, StrictStr, field_validator
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from assistant.dialogue.state import Heard
from assistant.presentation import answer_json, citation_json
from assistant.profiles.narrowing import Narrowing
from assistant.profiles.profile import Profile
from assistant.vocabulary import Answer, AnswerEvent, EventKind
from bots.card_view import document_of, view_of
from bots.web import sse
from bots.web.bodies import iso_day, read_json
from bots.web.callers import conversation_of, officer_of, scope_of
from bots.web.desk import Answering, Desk
from bots.web.errors import Refused, error_body
from bots.web.once import Key, Once
from bots.web.profiles import profile_of, served, within_of
from bots.web.replies import sentence
from knowledge_base.documents import Document

DOOR = "chat"

#: What a session may be called.
SESSION = r"^[A-Za-z0-9_-]{1,64}$"


class ChatRequest(BaseModel):
    """A question to ``/api/chat``. Unknown fields are ignored."""

    message: StrictStr = Field(
        description="What was typed, in Vietnamese or English; or a button's title."
    )
    payload: StrictStr = Field(
        default="",
        max_length=200,
        description="The `payload` of a pressed button (`buttons` of a final event).",
    )
    message_id: StrictStr = Field(
        default="",
        max_length=100,
        description="The client's id of this message: sent twice, it is answered once.",
    )
    session: StrictStr | None = Field(
        default=None,
        pattern=SESSION,
        description="Gives follow-ups their context. Hard to guess, or the one returned.",
    )
    as_of: date | None = Field(
        default=None, description="The day the answer must hold for; today when left out."
    )
    use_model: StrictBool = Field(
        default=True,
        description="false: the deterministic answer only, without the model's wording.",
    )
    profile: StrictStr = Field(
        default="",
        max_length=60,
        description="Which assistant is asked (GET /api/profiles); the server's own if left out.",
    )
    within: Narrowing | None = Field(
        default=None,
        description="What to answer from: fields, authorities, document_types, years, kinds, "
        "collections. Whatever the profile sees, if left out.",
    )

    _day = field_validator("as_of", mode="before")(iso_day)


def routes(desk: Desk, once: Once) -> APIRouter:
    """The routes of our own page, answered at ``desk``."""
    router = APIRouter(tags=["chat"])

    @router.post(
        "/api/chat",
        summary="Ask a question; the answer streams as server-sent events",
        response_class=Response,
        responses={200: {"content": {"text/event-stream": {}}, "description": "events"}},
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": ChatRequest.model_json_schema()}},
            }
        },
    )
    async def chat(request: Request) -> Response:
        asked = await read_json(request, ChatRequest)
        session = asked.session or secrets.token_urlsafe(16)
        heard = Heard(
            text=asked.message,
            conversation=conversation_of(request, session),
            scope=scope_of(request),
            payload=asked.payload,
            message=_known_by(request, desk, asked.message_id),
            as_of=asked.as_of,
            use_model=asked.use_model,
            profile=profile_of(desk, request, asked.profile),
            within=within_of(asked.within),
        )
        named = {"X-Troly-Session": session}
        key = (heard.conversation, heard.message) if heard.message else None
        if key and (earlier := once.begin(key)) is not None:
            again = _again(desk, once, key, earlier, heard, session)
            return sse.EventStream(again, lambda: None, named)
        try:
            answering = desk.reply(heard, door=DOOR)
        except Refused:
            _ended(once, key)
            raise

        def end() -> None:
            answering.close()
            _ended(once, key)

        return sse.EventStream(_parts(desk, once, answering, heard, session, key), end, named)

    @router.get("/api/profiles", summary="The assistants that may be asked here")
    async def profiles(request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "profile": profile_of(desk, request),
                "profiles": [
                    profile_json(name, each) for name, each in served(desk, request).items()
                ],
            }
        )

    @router.get(
        "/api/sources/{document_id:path}", summary="A cited document, or an exact slice of it"
    )
    async def source(
        request: Request,
        document_id: str,
        start: str | None = None,
        end: str | None = None,
        sha256: str | None = None,
    ) -> JSONResponse:
        assistant = desk.assistant()
        scope = scope_of(request)
        document = await run_in_threadpool(assistant.source, document_id, scope)
        if document is None:  # the same for "not there" and "not for you"
            raise Refused(404, "no_source")
        if sha256 and sha256 != document.sha256:
            raise Refused(409, "source_changed")
        body = document_json(document)
        if start is not None or end is not None:
            body["slice"] = slice_json(document, *span(document, start, end))
        return JSONResponse(body)

    return router


def _known_by(request: Request, desk: Desk, message: str) -> str:
    """What a message is known by when it comes again; empty where it is answered anew each time.

    Once texts have left or come, it is another one; and what officers may see is decided
    each time they ask.
    """
    if not message or officer_of(request) is not None:
        return ""
    return f"{message} {desk.assistant().corpus_version}"


def _ended(once: Once, key: Key | None) -> None:
    if key is not None:
        once.end(key)


async def _again(
    desk: Desk, once: Once, key: Key, before: asyncio.Future[Any], heard: Heard, session: str
) -> AsyncIterator[bytes]:
    """The same message once more: what was answered, or the answer anew where none was."""
    earlier: asyncio.Future[Any] | None = before
    if not before.done():
        yield sse.event(EventKind.STATUS.value, {"text": sentence("still_answering")}, 1)
    while earlier is not None:
        while not earlier.done():
            await asyncio.wait((earlier,), timeout=desk.heartbeat)
            yield sse.HEARTBEAT
        if (final := earlier.result()) is not None:
            yield sse.event(EventKind.FINAL.value, final, 2)
            return
        earlier = once.begin(key)
    try:
        with closing(desk.reply(heard, door=DOOR)) as answering:
            async for part in _parts(desk, once, answering, heard, session, key):
                yield part
    except Refused as refused:
        body = error_body(refused.message, refused.key, status=refused.status)
        yield sse.event(EventKind.ERROR.value, body, 2)
    finally:
        once.end(key)


async def _parts(
    desk: Desk, once: Once, answering: Answering, heard: Heard, session: str, key: Key | None
) -> AsyncIterator[bytes]:
    """``session`` is what its reader calls the conversation."""
    number = 0
    async for event in answering.events():
        if event is None:
            yield sse.HEARTBEAT
            continue
        number += 1
        told = event_json(event, session)
        if event.kind is EventKind.FINAL:
            told["buttons"] = await run_in_threadpool(buttons_json, desk, heard.conversation)
            if key is not None:
                once.end(key, told)
        yield sse.event(event.kind.value, told, number)


def buttons_json(desk: Desk, session: str) -> list[dict[str, str]]:
    """The choices below the last answer of a session: what they say, and what pressing sends."""
    return [asdict(button) for button in desk.conversation().buttons(session)]


def event_json(event: AnswerEvent, session: str) -> Any:
    """The data of one event on the wire."""
    match event.kind:
        case EventKind.CARD | EventKind.FINAL:
            answer: Answer = event.data
            view = asdict(view_of(answer.card, document_of(answer))) if answer.card else None
            return {**answer_json(answer), "card_view": view, "session": session}
        case EventKind.STATUS | EventKind.TOKEN:
            return {"text": event.data}
        case EventKind.SOURCES:
            return {"citations": [citation_json(citation) for citation in event.data]}
        case EventKind.SUGGESTIONS:
            return {"suggestions": list(event.data)}
        case EventKind.ERROR:
            return error_body(str(event.data), "failed", status=500)


def profile_json(name: str, profile: Profile) -> dict[str, Any]:
    """What may be said of a profile to who may use it."""
    return {
        "name": name,
        "title": profile.title,
        "about": list(profile.parts()),
        "greeting": profile.greeting,
        "suggestions": list(profile.suggestions),
        "tools": list(profile.tools),
    }


def span(document: Document, start: str | None, end: str | None) -> tuple[int, int]:
    """The span asked for, in code points; a missing border is the text's own.

    Raises:
        Refused: 400, when it is no span of the text.
    """
    length = len(document.text)
    first = _offset(start, 0)
    last = _offset(end, length)
    if first is None or last is None or not first <= last <= length:
        raise Refused(400, "bad_span", length=length)
    return first, last


def _offset(value: str | None, default: int) -> int | None:
    if value is None:
        return default
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else None


def document_json(document: Document) -> dict[str, Any]:
    """A document as the public may have it: never its labels or where it lies."""
    return {
        "id": document.id,
        "source_id": document.source_id,
        "kind": document.kind.value,
        "title": document.title,
        "number": document.number,
        "url": document.url,
        "sha256": document.sha256,
        "effective_from": _day(document.effective_from),
        "effective_to": _day(document.effective_to),
        "sections": [
            {
                "path": list(section.path),
                "slot": section.slot,
                "start": section.start,
                "end": section.end,
                "effective_from": _day(section.effective_from),
                "effective_to": _day(section.effective_to),
            }
            for section in document.sections
        ],
        "text": document.text,
    }


def slice_json(document: Document, start: int, end: int) -> dict[str, Any]:
    """Exactly ``text[start:end]``, with the hash of the quote alone."""
    quote = document.text[start:end]
    return {
        "start": start,
        "end": end,
        "quote": quote,
        "quote_sha256": hashlib.sha256(quote.encode("utf-8")).hexdigest(),
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
