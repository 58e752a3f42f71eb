"""The pages: chat, one source, the API's description. They work without JavaScript."""

from __future__ import annotations

import gzip
import hashlib
import re
import secrets
from dataclasses import replace
from functools import lru_cache
from html import escape
from importlib import resources
from string import Template
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from assistant.dialogue.state import Heard
from assistant.profiles.profile import CITIZEN
from assistant.vocabulary import Answer
from bots.web.bodies import read_body
from bots.web.callers import conversation_of, scope_of
from bots.web.chat_api import SESSION, span
from bots.web.desk import Desk
from bots.web.disconnect import unless_gone
from bots.web.errors import Refused
from bots.web.markup import PRESSED, answer_html, question_html, sentence_html, source_html
from bots.web.middleware import framed_by
from bots.web.profiles import profile_of
from bots.web.replies import sentence
from bots.web.welcome import welcome

DOOR = "form"

_SCRIPT = "text/javascript; charset=utf-8"
#: What the chat page consists of, beside its HTML; it asks for nothing else.
PARTS = ("chat.js", "asking.js", "below.js", "device.js", "shown.js", "words.js", "page.css")
#: … and the officers' workspace, beside some of them.
WORKSPACE = ("workspace.js", "workspace-files.js", "workspace-tools.js", "workspace.css")
_STATIC = {
    **dict.fromkeys((*PARTS[:-1], "docs.js", *WORKSPACE[:-1]), _SCRIPT),
    "workspace.css": "text/css; charset=utf-8",
    "figures.css": "text/css; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_NUMBER = re.compile(r"[0-9](?:[ .]?[0-9]){2,}")


@lru_cache(maxsize=32)
def _static(name: str) -> bytes:
    return resources.files("bots.web").joinpath("static", name).read_bytes()


@lru_cache(maxsize=32)
def _packed(name: str) -> bytes:
    return gzip.compress(_static(name), mtime=0)


def routes(desk: Desk) -> APIRouter:
    """The pages, answered at ``desk``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    @router.get("/embed")
    async def page(request: Request, lang: str = "", profile: str = "") -> HTMLResponse:
        """The chat; ``/embed`` is the same for the widget's frame, on this site and on those
        that may hold it."""
        framed = request.url.path == "/embed"
        headers = _framed_headers(desk) if framed else None
        try:
            name = profile_of(desk, request, profile)
        except Refused as refused:
            body = sentence_html(refused.message)
            return HTMLResponse(_source_page("Trợ lý", body), 404, headers)
        page = chat_page(desk, lang=lang, embedded=framed, profile=name)
        return HTMLResponse(page, headers=headers)

    @router.get("/widget.js")
    async def widget(request: Request) -> Response:
        elsewhere = "cross-origin" if desk.config.server.embed_origins else "same-origin"
        return _cached(request, "widget.js", _SCRIPT, {"Cross-Origin-Resource-Policy": elsewhere})

    @router.post("/")
    @router.post("/embed")
    async def form(request: Request) -> HTMLResponse:
        """The answer to a plain form. Nothing can be shown before all is there,
        so it is the one that takes no model."""
        fields = _fields(await read_body(request))
        session = fields.get("session", "")
        payload, _, title = fields.get("press", "").partition(PRESSED)
        message = title or fields.get("message", "")
        if not re.fullmatch(SESSION, session):
            session = secrets.token_urlsafe(16)
        heard = Heard(
            text=message,
            conversation=conversation_of(request, session),
            scope=scope_of(request),
            payload=payload,
            use_model=False,
        )
        status, profile = 200, desk.profile
        try:
            profile = profile_of(desk, request, fields.get("profile"))
            heard = replace(heard, profile=profile)
            answer = await unless_gone(request, desk.final(heard, door=DOOR))
        except Refused as refused:
            status, shown = refused.status, sentence_html(refused.message)
        else:
            shown = await run_in_threadpool(_shown, answer, desk, heard, session)
        log, framed = question_html(message) + shown, request.url.path == "/embed"
        page = chat_page(desk, log=log, session=session, embedded=framed, profile=profile)
        return HTMLResponse(page, status, _framed_headers(desk) if framed else None)

    @router.get("/nguon/{document_id:path}")
    async def source(
        request: Request,
        document_id: str,
        start: str | None = None,
        end: str | None = None,
        sha256: str = "",
        v: str = "",
    ) -> HTMLResponse:
        """``v``: the first characters of the hash, for links that people see."""
        document = None
        try:
            assistant = desk.assistant()
            document = await run_in_threadpool(assistant.source, document_id, scope_of(request))
            if document is None:
                raise Refused(404, "no_source")
            first, last = span(document, start or "0", end or "0")
        except Refused as refused:
            body = sentence_html(refused.message)
            return HTMLResponse(_source_page("Nguồn", body), refused.status)
        other = sha256 not in ("", document.sha256) or not document.sha256.startswith(v)
        changed = sentence("source_changed") if other else ""
        return HTMLResponse(
            _source_page(document.title, source_html(document, first, last, changed))
        )

    @router.get("/docs")
    async def docs() -> Response:
        return HTMLResponse(_static("docs.html"))

    @router.get("/static/{name}")
    async def static(request: Request, name: str) -> Response:
        if name not in _STATIC:
            raise Refused(404, "not_found")
        return _cached(request, name, _STATIC[name], {})

    return router


def _framed_headers(desk: Desk) -> dict[str, str]:
    return {"Content-Security-Policy": framed_by(desk.config.server.embed_origins)}


def _cached(request: Request, name: str, kind: str, more: dict[str, str]) -> Response:
    packed = "gzip" in request.headers.get("accept-encoding", "")
    content = _packed(name) if packed else _static(name)
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding", **more}
    if packed:
        headers["Content-Encoding"] = "gzip"
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


def chat_page(
    desk: Desk,
    *,
    log: str = "",
    session: str = "",
    lang: str = "",
    embedded: bool = False,
    profile: str = CITIZEN,
) -> str:
    """The chat page of a profile with ``log``, which is HTML already escaped."""
    contacts, shown = desk.config.contacts, desk.config.profiles.get(profile)
    receipts = desk.config.receipts
    words = {
        "title": shown.title if shown else "Trợ lý dịch vụ công",
        "profile": profile,
        "session": session,
        "lang": "en" if lang == "en" else "",
        "action": "/embed" if embedded else "/",
        "embedded": " embedded" if embedded else "",
        "longest": str(desk.config.limits.question_characters),
        "privacy": sentence("privacy_receipts", days=receipts.days)
        if receipts.keep
        else sentence("privacy_nothing"),
        "ai_notice": sentence("ai_notice"),
        "human_route": contacts.human_route,
        "hotline": contacts.hotline,
        "portal": contacts.portal,
        "portal_name": contacts.portal.removeprefix("https://"),
    }
    escaped = {name: escape(value) for name, value in words.items()}
    template = Template(_static("chat.html").decode("utf-8"))
    return template.substitute(
        escaped,
        log=log,
        welcome_hidden=" hidden" if log else "",
        call=_call(contacts.hotline),
        **welcome(profile, shown),
    )


def _call(hotline: str) -> str:
    """The hotline as a number to be dialled; as it is written where there is none in it."""
    number = _NUMBER.search(hotline)
    if number is None:
        return escape(hotline)
    digits = re.sub(r"[^0-9]", "", number[0])
    return f'<a href="tel:{digits}" aria-label="{escape(hotline)}">{escape(number[0])}</a>'


def _source_page(title: str, body: str) -> str:
    template = Template(_static("source.html").decode("utf-8"))
    return template.substitute(title=escape(title), body=body)


def _shown(answer: Answer | str, desk: Desk, heard: Heard, session: str) -> str:
    if isinstance(answer, str):
        return sentence_html(answer)
    buttons = desk.conversation().buttons(heard.conversation)
    return answer_html(answer, buttons, session, heard.profile)


def _fields(body: bytes) -> dict[str, str]:
    try:
        parsed = parse_qs(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=10,
        )
    except ValueError:  # also what UnicodeDecodeError is
        raise Refused(400, "not_utf8") from None
    return {name: values[-1] for name, values in parsed.items()}
