"""``POST /api/figures``: values out of files with the cell or sentence of each; and a page.

Files lie in a folder that goes with the request, in memory where the system has such a
place, and are read by a process that may die of them. Nothing is kept.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from pathlib import PurePosixPath
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse

from assistant.errors import InputError
from assistant.figures.apart import figures_apart
from bots.web.bodies import parse, read_body
from bots.web.desk import Desk
from bots.web.errors import Refused, error_body
from bots.web.figures_page import SUFFIXES, page, shown_html
from bots.web.sent_files import Part, is_form, parts_of, passing_folder
from knowledge_base.vietnamese import clean

LARGEST_FILE = 10  # megabytes
MOST_FILES = 8
LARGEST = 20 * 1024 * 1024  # bytes of a request
LONGEST = 500  # characters of a question
#: Requests that are read side by side; each takes a process.
_AT_ONCE = 2


class SentFile(BaseModel):
    """A file in JSON; ``data`` is base64."""

    name: StrictStr = Field(min_length=1, max_length=300)
    data: StrictStr


class FiguresRequest(BaseModel):
    """Files with a question, the name of an indicator, or neither. Unknown fields are ignored."""

    files: list[SentFile] = Field(min_length=1, max_length=MOST_FILES)
    question: StrictStr = Field(default="", max_length=LONGEST)
    indicator: StrictStr = Field(default="", max_length=LONGEST)


def routes(desk: Desk) -> APIRouter:
    """The route and the page, answered at ``desk``."""
    router = APIRouter(tags=["figures"])
    reading = asyncio.Semaphore(_AT_ONCE)

    async def answered(request: Request) -> tuple[dict[str, Any], str, str]:
        parts, question, indicator = await _sent(request)
        if reading.locked():
            raise Refused(503, "draft_busy")
        async with reading:
            made = await run_in_threadpool(_read, desk, parts, question, indicator)
        return made, question, indicator

    @router.post(
        "/api/figures",
        summary="Values out of files, an answer to a question, a series; nothing is kept",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": FiguresRequest.model_json_schema()},
                    "multipart/form-data": {
                        "schema": {
                            "type": "object",
                            "required": ["file"],
                            "properties": {
                                "file": {
                                    "type": "array",
                                    "items": {"type": "string", "format": "binary"},
                                },
                                "question": {"type": "string"},
                                "indicator": {"type": "string"},
                            },
                        }
                    },
                },
            }
        },
    )
    async def figures(request: Request) -> JSONResponse:
        try:
            return JSONResponse((await answered(request))[0])
        except InputError as error:
            return JSONResponse(error_body(str(error), "no_figures", status=422), 422)

    @router.get("/figures", include_in_schema=False)
    async def form() -> HTMLResponse:
        return HTMLResponse(page(largest=LARGEST_FILE, most=MOST_FILES))

    @router.post("/figures", include_in_schema=False)
    async def filled(request: Request) -> HTMLResponse:
        try:
            made, question, indicator = await answered(request)
        except InputError as error:
            return HTMLResponse(page(largest=LARGEST_FILE, most=MOST_FILES, alert=str(error)), 422)
        except Refused as refused:
            told = page(largest=LARGEST_FILE, most=MOST_FILES, alert=refused.message)
            return HTMLResponse(told, refused.status)
        found = shown_html(made, indicator)
        return HTMLResponse(
            page(
                largest=LARGEST_FILE, most=MOST_FILES, found=found, question=question,
                indicator=indicator,
            )
        )  # fmt: skip

    return router


async def _sent(request: Request) -> tuple[list[Part], str, str]:
    """The files, the question and the indicator of a request. Raises `InputError`."""
    kind = request.headers.get("content-type", "")
    body = await read_body(request, LARGEST, seconds=120)
    if is_form(kind):
        parts = parts_of(kind, body)
        said = {part.name: part.text for part in parts if not part.file}
        files = [part for part in parts if part.file]
        return files, _line(said.get("question", "")), _line(said.get("indicator", ""))
    asked = parse(body, FiguresRequest)
    try:
        files = [
            Part("file", base64.b64decode(one.data, validate=True), one.name) for one in asked.files
        ]
    except (binascii.Error, ValueError) as error:
        raise InputError("Trường data của tệp phải là base64. Hãy mã hóa lại tệp.") from error
    return files, _line(asked.question), _line(asked.indicator)


def _line(text: str) -> str:
    if len(text) > LONGEST:
        raise InputError(f"Câu hỏi dài hơn {LONGEST} ký tự. Hãy hỏi ngắn hơn, mỗi lần một ý.")
    return " ".join(clean(text).split())


def _read(desk: Desk, parts: list[Part], question: str, indicator: str) -> dict[str, Any]:
    if not parts:
        raise InputError("Chưa chọn tệp nào. Hãy chọn ít nhất một tệp .docx, .xlsx, .pdf…")
    if len(parts) > MOST_FILES:
        raise InputError(f"Nhiều hơn {MOST_FILES} tệp. Hãy gửi từng đợt.")
    with passing_folder() as folder:
        files = []
        for number, part in enumerate(parts, 1):
            name = _shown(part.file)
            suffix = PurePosixPath(name).suffix.lower()
            if suffix not in SUFFIXES:
                raise InputError(
                    f"{name}: chưa nhận được loại tệp này. Hãy chọn tệp {' '.join(SUFFIXES)}."
                )
            if not part.data:
                raise InputError(f"{name}: tệp rỗng. Hãy chọn lại tệp.")
            if len(part.data) > LARGEST_FILE * 1024 * 1024:
                raise InputError(f"{name}: tệp lớn hơn {LARGEST_FILE} MB. Hãy tách nhỏ.")
            path = folder / f"tep-{number}{suffix}"
            path.write_bytes(part.data)
            files.append((path, name))
        return figures_apart(files, question, indicator, desk.config.knowledge_base)


def _shown(name: str) -> str:
    """The name of a file as words; it is never a path."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    return " ".join("".join(c for c in bare if c.isprintable()).split())[-100:] or "tệp"
