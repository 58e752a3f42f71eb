"""Official papers over the web: drafted from a form or a sentence, and checked; nothing is kept."""

from __future__ import annotations

import asyncio
import base64
from datetime import date
from email.parser import BytesParser
from html import escape
from importlib import resources
from string import Template
from typing import Any
from urllib.parse import parse_qs

import yaml
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, Response

from assistant.as_of import today
from assistant.capabilities.draft_document import Drafted, draft_document
from assistant.drafting.bases import Bases, Standing
from assistant.drafting.form import Form, made_form
from assistant.drafting.from_sentence import form_of
from assistant.drafting.tables import kinds
from assistant.drafting.told import blank_form, draft_json
from assistant.drafting.worker import check_apart
from assistant.errors import InputError
from bots.web.bodies import LARGEST_BODY, parse, read_body
from bots.web.desk import Desk
from bots.web.errors import Refused, error_body
from knowledge_base.store import Record

#: Bytes of a file that may be sent to be checked.
LARGEST_FILE = 5 * 1024 * 1024
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Papers that are checked side by side; each takes a process and a second or more.
_AT_ONCE = 2


class DraftBody(BaseModel):
    """A form, or a sentence; ``kind`` where neither says it."""

    model_config = ConfigDict(extra="ignore")

    form: dict[str, Any] | None = None
    sentence: str = ""
    kind: str = ""


def routes(desk: Desk) -> APIRouter:
    """The routes of drafting, with the bases of ``desk.record`` where there is one."""
    router = APIRouter()
    checking = asyncio.Semaphore(_AT_ONCE)

    async def checked(data: bytes) -> dict[str, Any]:
        if checking.locked():
            raise Refused(503, "draft_busy")
        async with checking:
            return await run_in_threadpool(check_apart, data, desk.record)

    @router.post("/api/draft")
    async def draft(request: Request) -> JSONResponse:
        """A paper as JSON, with the file in ``docx`` (base64)."""
        body = parse(await read_body(request), DraftBody)
        try:
            drafted = await run_in_threadpool(_drafted, desk, body, today())
        except InputError as error:
            return _wrong(error)
        file = base64.b64encode(drafted.data).decode("ascii")
        return JSONResponse({**draft_json(drafted.paper, drafted.bases), "docx": file})

    @router.post("/api/draft/check")
    async def check(request: Request) -> JSONResponse:
        """The faults of the ``.docx`` that is the body."""
        try:
            return JSONResponse(await checked(await read_body(request, LARGEST_FILE)))
        except InputError as error:
            return _wrong(error)

    @router.get("/draft", include_in_schema=False)
    async def page(kind: str = "") -> HTMLResponse:
        chosen = kinds().get(kind)
        return HTMLResponse(_page(form="\n".join(blank_form(chosen)) if chosen else ""))

    @router.post("/draft", include_in_schema=False)
    @router.post("/draft/file", include_in_schema=False)
    async def form(request: Request) -> Response:
        """What was drafted and what is asked; at ``/draft/file`` the file itself."""
        given = _fields(await read_body(request))
        sentence, text = given.get("sentence", ""), given.get("form", "")
        try:
            drafted = await run_in_threadpool(_from_page, desk, sentence, text)
        except InputError as error:
            return HTMLResponse(_page(sentence, text, _told(str(error))), 422)
        if request.url.path.endswith("/file"):
            name = f"{drafted.paper.kind.id.replace('_', '-')}.docx"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return Response(drafted.data, media_type=_WORD, headers=headers)
        return HTMLResponse(_page(sentence, text, _draft_html(drafted, sentence, text)))

    @router.post("/draft/check", include_in_schema=False)
    async def check_page(request: Request) -> HTMLResponse:
        body = await read_body(request, LARGEST_FILE + LARGEST_BODY)
        try:
            shown = _check_html(await checked(_file_in(request, body)))
        except InputError as error:
            return HTMLResponse(_page(result=_told(str(error))), 422)
        return HTMLResponse(_page(result=shown))

    return router


def _drafted(desk: Desk, body: DraftBody, on: date) -> Drafted:
    if (body.form is None) == (not body.sentence.strip()):
        raise InputError("Hãy gửi đúng một trong hai: form hoặc sentence.")
    kind = str(body.kind)
    form = made_form(body.form, kind) if body.form is not None else form_of(body.sentence, on, kind)
    return _made(desk, form, on)


def _from_page(desk: Desk, sentence: str, text: str) -> Drafted:
    if bool(sentence.strip()) == bool(text.strip()):
        raise InputError("Hãy điền một trong hai: một câu, hoặc biểu mẫu.")
    if sentence.strip():
        return _made(desk, form_of(sentence, today()), today())
    try:
        given = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes plain text only
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError("Biểu mẫu chưa đúng cách viết “tên: giá trị”.") from error
    if isinstance(given, dict):  # an empty line of the blank form is a field not filled in
        given = {name: value for name, value in given.items() if value not in ("", [])}
    return _made(desk, made_form(given), today())


def _made(desk: Desk, form: Form, on: date) -> Drafted:
    found = desk.record is not None and desk.record.exists() and form.bases
    return draft_document(form, Bases(Record(desk.record)) if found and desk.record else None, on)


def _wrong(error: InputError) -> JSONResponse:
    return JSONResponse(error_body(str(error), "bad_draft", status=422), status_code=422)


def _fields(body: bytes) -> dict[str, str]:
    try:
        parsed = parse_qs(body.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=5)
    except ValueError:
        raise Refused(400, "not_utf8") from None
    return {name: values[-1] for name, values in parsed.items()}


def _file_in(request: Request, body: bytes) -> bytes:
    """The bytes of the one file of a multipart body."""
    kind = request.headers.get("content-type", "")
    head = f"Content-Type: {kind}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", "replace")
    if "multipart/form-data" in kind:
        message = BytesParser().parsebytes(head + body)
        parts = message.get_payload() if message.is_multipart() else []
        for part in parts if isinstance(parts, list) else []:
            data = part.get_payload(decode=True) if hasattr(part, "get_payload") else None
            if isinstance(data, bytes) and data:
                return data
    raise InputError("Chưa chọn tệp nào. Hãy chọn một tệp .docx.")


# --- the page ------------------------------------------------------------------------------


def _page(sentence: str = "", form: str = "", result: str = "") -> str:
    text = resources.files("bots.web").joinpath("static", "draft.html").read_text("utf-8")
    names = "".join(
        f'<li><a href="/draft?kind={kind.id}">{escape(kind.name)}</a></li>'
        for kind in kinds().values()
    )
    return Template(text).substitute(
        sentence=escape(sentence), form=escape(form), kinds=names, result=result
    )


def _told(text: str) -> str:
    return f'<p role="alert">{escape(text)}</p>'


def _draft_html(drafted: Drafted, sentence: str, form: str) -> str:
    paper = drafted.paper
    lines = "".join(f"<li>{escape(each.question)}</li>" for each in paper.missing)
    asked = f"<p>Còn thiếu (trong văn bản là […]):</p><ul>{lines}</ul>" if lines else ""
    doubts = [each.says for each in drafted.bases if each.standing is not Standing.HOLDS]
    listed = "".join(f"<li>{escape(each)}</li>" for each in doubts)
    bases = f"<p>Căn cứ cần xem lại:</p><ul>{listed}</ul>" if listed else ""
    return (
        f"<h2>Đã soạn {escape(paper.kind.name)}</h2>{asked}{bases}"
        '<form method="post" action="/draft/file">'
        f'<input type="hidden" name="sentence" value="{escape(sentence)}">'
        f'<textarea name="form" hidden>\n{escape(form)}</textarea>'
        "<button>Tải tệp .docx</button></form>"
    )


def _check_html(made: dict[str, Any]) -> str:
    if not made["faults"]:
        return "<h2>Không thấy lỗi nào</h2><p>Máy không kiểm tra nội dung.</p>"
    rows = "".join(
        f"<tr><td>{'Lỗi' if each['level'] == 'error' else 'Nhắc'}</td>"
        f"<td>{escape(each['place'])}</td><td>{escape(each['words'])}</td>"
        f"<td>{escape(each['says'])}</td><td>{escape(each['fix'])}</td></tr>"
        for each in made["faults"]
    )
    head = "<tr><th>Mức</th><th>Chỗ</th><th>Chữ</th><th>Lỗi</th><th>Cách sửa</th></tr>"
    counted = f"{made['errors']} lỗi, {made['notes']} điều cần xem lại"
    return f"<h2>{counted}</h2><table>{head}{rows}</table>"
