"""``POST /api/conflicts``: where two pasted texts say one thing differently; and a plain page.

A side that is short and names a document ("30/2020/NĐ-CP") is looked up in the public
record. Texts are compared and forgotten.
"""

from __future__ import annotations

import hashlib
import threading
from html import escape
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse

from assistant.conflicts.commands import between
from assistant.conflicts.sources import Named, named_in_record
from assistant.conflicts.told import comparison_json, page
from assistant.conflicts.vocabulary import Comparison
from assistant.errors import InputError
from bots.web.bodies import parse, read_body
from bots.web.desk import Desk
from bots.web.errors import error_body
from knowledge_base.command_state import asked_day
from knowledge_base.documents import Document, DocumentKind
from knowledge_base.law.law_document import as_law
from knowledge_base.store import Record
from knowledge_base.vietnamese import clean

LARGEST = 1024 * 1024  # bytes of a request
LONGEST = 300_000  # characters of a text
_NAME = 120  # characters that may name a document; what is longer is one
_LEAST = 0.6
#: Long texts take seconds of a processor that answers are waiting for: one at a time.
_ONE = threading.Lock()


class ConflictsRequest(BaseModel):
    """Two sides. Unknown fields are ignored."""

    a: StrictStr = Field(min_length=1, max_length=LONGEST, description="Text, or a number.")
    b: StrictStr = Field(min_length=1, max_length=LONGEST, description="Text, or a number.")


def routes(desk: Desk) -> APIRouter:
    """The route and the page, answered at ``desk``."""
    router = APIRouter(tags=["conflicts"])

    @router.post(
        "/api/conflicts",
        summary="Where two texts say one thing differently",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": ConflictsRequest.model_json_schema()}},
            }
        },
    )
    async def compare(request: Request) -> JSONResponse:
        asked = parse(await read_body(request, LARGEST), ConflictsRequest)
        try:
            made = await run_in_threadpool(_compared, desk, asked.a, asked.b)
        except InputError as error:
            return JSONResponse(error_body(str(error), "not_comparable", status=422), 422)
        return JSONResponse(comparison_json(made))

    @router.get("/conflicts", include_in_schema=False)
    async def form() -> HTMLResponse:
        return HTMLResponse(_form())

    @router.post("/conflicts", include_in_schema=False)
    async def filled(request: Request) -> HTMLResponse:
        body = (await read_body(request, LARGEST)).decode("utf-8", "replace")
        fields: dict[str, Any] = {k: v[0] for k, v in parse_qs(body, max_num_fields=8).items()}
        a, b = str(fields.get("a", ""))[:LONGEST], str(fields.get("b", ""))[:LONGEST]
        try:
            made = await run_in_threadpool(_compared, desk, a, b)
        except InputError as error:
            return HTMLResponse(_form(str(error), a, b), 422)
        return HTMLResponse(page([made]))

    return router


def _compared(desk: Desk, a: str, b: str) -> Comparison:
    first, second = _side(desk, a, "A"), _side(desk, b, "B")
    with _ONE:
        return between(first, second, asked_day(""), _LEAST)


def _side(desk: Desk, given: str, name: str) -> Named:
    text = clean(given).strip()
    if not text:
        raise InputError(f"Văn bản {name} còn trống: hãy dán nội dung hoặc ghi số hiệu.")
    if len(text) <= _NAME and "\n" not in text and desk.record is not None:
        try:
            return named_in_record(text, Record(desk.record))
        except InputError:
            if len(text.split()) < 8:
                raise
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document(f"text:{name}", name, DocumentKind.OTHER, f"Văn bản {name}", text, sha)
    return Named(as_law(document), f"Văn bản {name}")


def _form(told: str = "", a: str = "", b: str = "") -> str:
    told = f'<p role="alert">{escape(told)}</p>' if told else ""
    sides = "".join(
        f'<p><label for="{name}">Văn bản {name.upper()}: dán nội dung, hoặc ghi số hiệu (ví dụ '
        f'60/2014/QH13)</label><br><textarea id="{name}" name="{name}" rows="12" cols="80"'
        " required>"
        f"{escape(text)}</textarea></p>"
        for name, text in (("a", a), ("b", b))
    )
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>So sánh hai văn bản'
        '</title><meta name="viewport" content="width=device-width"></head><body>'
        "<h1>Hai văn bản có nói khác nhau không?</h1>"
        f'{told}<form method="post" action="/conflicts">{sides}<button>So sánh</button></form>'
        "<p>Nội dung dán vào chỉ được so rồi bỏ, không lưu lại.</p></body></html>"
    )
