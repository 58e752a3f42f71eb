"""``POST /api/conflicts``: where two texts or files say one thing differently; and a page.

A side that is short and names a document ("30/2020/NĐ-CP") is looked up in the public
record. Texts and files are compared and forgotten: a file lies in memory (or in a folder
that goes with the request) while it is read.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse

from assistant.conflicts.commands import between
from assistant.conflicts.sources import Named, from_file, named_in_record
from assistant.conflicts.told import comparison_json
from assistant.errors import InputError
from bots.web.bodies import parse, read_body
from bots.web.conflicts_page import SUFFIXES, comparison_html, page
from bots.web.desk import Desk
from bots.web.errors import error_body
from bots.web.sent_files import Part, is_form, parts_of, passing_folder
from knowledge_base.command_state import asked_day
from knowledge_base.documents import Document, DocumentKind
from knowledge_base.law.law_document import as_law
from knowledge_base.store import Record
from knowledge_base.vietnamese import clean

LARGEST = 1024 * 1024  # bytes of a request without files
LARGEST_FILE = 10  # megabytes
LONGEST = 300_000  # characters of a text
_FORM = 2 * (LARGEST_FILE * 1024 * 1024 + LARGEST)
_NAME = 120  # characters that may name a document; what is longer is one
_NAMED = 60  # … of a name of a file that are kept
_LEAST = 0.6
#: Long texts take seconds of a processor that answers are waiting for: one at a time.
_ONE = threading.Lock()
#: Files that are read side by side; each takes a process.
_AT_ONCE = 2


class ConflictsRequest(BaseModel):
    """Two sides. Unknown fields are ignored."""

    a: StrictStr = Field(min_length=1, max_length=LONGEST, description="Text, or a number.")
    b: StrictStr = Field(min_length=1, max_length=LONGEST, description="Text, or a number.")


Side = str | Part


def routes(desk: Desk) -> APIRouter:
    """The route and the page, answered at ``desk``."""
    router = APIRouter(tags=["conflicts"])
    reading = asyncio.Semaphore(_AT_ONCE)

    async def compared(sides: Mapping[str, Side]) -> dict[str, Any]:
        async with reading:
            return await run_in_threadpool(_compared, desk, sides)

    async def sent(request: Request) -> dict[str, Side]:
        kind = request.headers.get("content-type", "")
        if is_form(kind):
            return _sides(parts_of(kind, await read_body(request, _FORM, seconds=120)))
        asked = parse(await read_body(request, LARGEST), ConflictsRequest)
        return {"a": asked.a, "b": asked.b}

    @router.post(
        "/api/conflicts",
        summary="Where two texts or files say one thing differently",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": ConflictsRequest.model_json_schema()},
                    "multipart/form-data": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                name: {"type": "string", "format": "binary"} for name in "ab"
                            },
                        }
                    },
                },
            }
        },
    )
    async def compare(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await compared(await sent(request)))
        except InputError as error:
            return JSONResponse(error_body(str(error), "not_comparable", status=422), 422)

    @router.get("/conflicts", include_in_schema=False)
    async def form() -> HTMLResponse:
        return HTMLResponse(page(largest=LARGEST_FILE))

    @router.post("/conflicts", include_in_schema=False)
    async def filled(request: Request) -> HTMLResponse:
        kind = request.headers.get("content-type", "")
        if is_form(kind):
            sides = _sides(parts_of(kind, await read_body(request, _FORM, seconds=120)))
        else:
            body = (await read_body(request, LARGEST)).decode("utf-8", "replace")
            sides = {name: value[0] for name, value in parse_qs(body, max_num_fields=8).items()}
        texts = {name: side for name, side in sides.items() if isinstance(side, str)}
        try:
            found = comparison_html(await compared(sides))
        except InputError as error:
            return HTMLResponse(page(largest=LARGEST_FILE, alert=str(error), texts=texts), 422)
        return HTMLResponse(page(largest=LARGEST_FILE, found=found, texts=texts))

    return router


def _sides(parts: list[Part]) -> dict[str, Side]:
    """The two sides of a form: a file where one was chosen, else what was typed."""
    typed = {part.name: part.text for part in parts if not part.file and part.text.strip()}
    chosen = {part.name: part for part in parts if part.file and part.data}
    empty = {part.name: part for part in parts if part.file}
    return {**empty, **typed, **chosen}


def _compared(desk: Desk, sides: Mapping[str, Side]) -> dict[str, Any]:
    first, second = (_side(desk, sides.get(name, ""), name.upper()) for name in ("a", "b"))
    with _ONE:
        return comparison_json(between(first, second, asked_day(""), _LEAST))


def _side(desk: Desk, given: Side, name: str) -> Named:
    if isinstance(given, Part):
        return _file(desk, given, name)
    text = clean(given[:LONGEST]).strip()
    if not text:
        raise InputError(f"Văn bản {name} còn trống: hãy chọn tệp, dán nội dung hoặc ghi số hiệu.")
    if len(text) <= _NAME and "\n" not in text and desk.record is not None:
        try:
            return named_in_record(text, Record(desk.record))
        except InputError:
            if len(text.split()) < 8:
                raise
    sha = hashlib.sha256(text.encode()).hexdigest()
    document = Document(f"text:{name}", name, DocumentKind.OTHER, f"Văn bản {name}", text, sha)
    return Named(as_law(document), f"Văn bản {name}")


def _file(desk: Desk, part: Part, name: str) -> Named:
    """The document of a file that was sent; its name is only words, never a path."""
    shown = PurePosixPath(part.file.replace("\\", "/")).name
    shown = " ".join("".join(c for c in shown if c.isprintable()).split())[-_NAMED:].lstrip(".")
    suffix = PurePosixPath(shown).suffix.lower()
    if suffix not in SUFFIXES and suffix != ".htm":
        raise InputError(
            f"Văn bản {name}: chưa nhận được loại tệp này. Hãy chọn một tệp {' '.join(SUFFIXES)}."
        )
    if not part.data:
        raise InputError(f"Văn bản {name}: tệp {shown} rỗng. Hãy chọn lại tệp.")
    if len(part.data) > LARGEST_FILE * 1024 * 1024:
        raise InputError(f"Văn bản {name}: tệp lớn hơn {LARGEST_FILE} MB. Hãy tách nhỏ.")
    with passing_folder() as folder:
        path = folder / shown  # what nothing else names is called by its file
        path.write_bytes(part.data)
        return from_file(path, desk.config.knowledge_base)
