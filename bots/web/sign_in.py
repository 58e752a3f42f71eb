"""Signing in and out on the officers' server: pages that need no script, and what programs use."""

from __future__ import annotations

import re
from html import escape
from importlib import resources
from string import Template
from urllib.parse import parse_qs, quote, unquote

from fastapi import APIRouter, Request
from pydantic import BaseModel, StrictStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from assistant.access.access import Access, Officer
from assistant.access.accounts import Account
from assistant.access.database import hashed
from assistant.access.errors import AccessError, ProviderError, TooManyTries
from assistant.access.oidc import Vouched
from bots.web.bodies import read_body, read_json
from bots.web.callers import officer_of
from bots.web.errors import Refused, error_body
from bots.web.replies import sentence
from bots.web.signed_in import cookie_name, is_secure

#: The cookie that ties the agency's sign-in to the browser that began it.
_TICKET = "troly-sign-in"
_CALLBACK = "/sign-in/oidc/callback"
#: Where who has signed in begins.
_FIRST = "/can-bo"
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class SignInRequest(BaseModel):
    """What opens a local account."""

    name: StrictStr
    password: StrictStr
    code: StrictStr


def routes(access: Access) -> APIRouter:
    """The routes of signing in, over ``access``."""
    router = APIRouter()

    @router.get("/sign-in", include_in_schema=False)
    async def page(next: str = _FIRST, out: str = "") -> Response:
        told = sentence("signed_out") if out else ""
        return HTMLResponse(_page(access, told=told, after=local(next)))

    @router.post("/sign-in", include_in_schema=False)
    async def form(request: Request) -> Response:
        given = _fields(await read_body(request))
        after, name = local(given.get("next", _FIRST)), given.get("name", "")
        try:
            account = await _opened(access, request, name, given.get("password", ""),
                                    given.get("code", ""))  # fmt: skip
        except AccessError as error:
            body = _page(access, alert=str(error), after=after, name=name)
            return HTMLResponse(body, _status(error), _retry(error))
        return await _begun(access, request, account, RedirectResponse(after, 303))

    @router.post("/api/sign-in", tags=["officers"], summary="Sign in; the session is a cookie")
    async def sign_in(request: Request) -> Response:
        asked = await read_json(request, SignInRequest)
        try:
            account = await _opened(access, request, asked.name, asked.password, asked.code)
        except AccessError as error:
            body = error_body(str(error), "sign_in_refused", status=401)
            return JSONResponse(body, _status(error), _retry(error))
        told = _told(access.officer_of(account))
        return await _begun(access, request, account, JSONResponse(told))

    @router.get("/api/me", tags=["officers"], summary="Who is signed in, and the labels held")
    async def me(request: Request) -> JSONResponse:
        return JSONResponse(_told(_officer(request)))

    @router.get("/account", include_in_schema=False)
    async def account_page(request: Request) -> HTMLResponse:
        return HTMLResponse(_account(_officer(request)))

    @router.post("/sign-out", include_in_schema=False)
    @router.post("/sign-out/everywhere", include_in_schema=False)
    async def sign_out(request: Request) -> Response:
        officer = _officer(request)
        if request.url.path.endswith("/everywhere"):
            await run_in_threadpool(access.sessions.end_all, officer.account)
        else:
            await run_in_threadpool(access.sessions.end, officer.session)
        gone = RedirectResponse("/sign-in?out=1", 303)
        gone.headers["Clear-Site-Data"] = '"cache", "storage"'
        gone.delete_cookie(
            cookie_name(request, access), path="/", secure=is_secure(request, access),
            httponly=True, samesite="strict",
        )  # fmt: skip
        return gone

    @router.get("/sign-in/oidc", include_in_schema=False)
    async def oidc(request: Request, next: str = _FIRST) -> Response:
        if access.provider is None:
            raise Refused(404, "not_found")
        try:
            begun = await run_in_threadpool(
                access.provider.begin, _base(request, access) + _CALLBACK
            )
        except ProviderError as error:
            return _not_vouched(access, error, 503)
        away = RedirectResponse(begun.address, 303)
        # Lax: the provider's page leads back here, and a Strict cookie would stay behind.
        away.set_cookie(
            _TICKET, f"{begun.ticket}.{quote(local(next), safe='/')}", max_age=600,
            path="/sign-in", httponly=True, samesite="lax", secure=is_secure(request, access),
        )  # fmt: skip
        return away

    @router.get(_CALLBACK, include_in_schema=False)
    async def callback(
        request: Request, code: str = "", state: str = "", error: str = ""
    ) -> Response:
        provider = access.provider
        if provider is None:
            raise Refused(404, "not_found")
        ticket, _, after = request.cookies.get(_TICKET, "").partition(".")
        after = escape(local(unquote(after)), quote=True)
        try:
            if error or not code:
                raise ProviderError("máy chủ đăng nhập của cơ quan không cho vào")
            vouched = await run_in_threadpool(provider.finish, code, state, ticket)
            account = await run_in_threadpool(
                access.accounts.vouched_for, vouched.subject, vouched.name, vouched.groups
            )
        except AccessError as refused:
            return _not_vouched(access, refused, 403)
        # A page, not a redirect: the provider's page led here, so a Strict cookie set now
        # would not be sent with a redirect, but is with what this page leads to.
        body = f'<p><a href="{after}">Vào trang làm việc</a></p>'
        refresh = f'<meta http-equiv="refresh" content="0;url={after}">'
        done = await _begun(
            access, request, account, HTMLResponse(_filled("Đã đăng nhập", body, refresh)), vouched
        )
        done.delete_cookie(_TICKET, path="/sign-in")
        return done

    return router


# --- signing in ---------------------------------------------------------------------------


async def _opened(access: Access, request: Request, name: str, password: str, code: str) -> Account:
    return await run_in_threadpool(
        access.accounts.opened_by, name, password, code, _address(request, access)
    )


async def _begun(
    access: Access,
    request: Request,
    account: Account,
    response: Response,
    vouched: Vouched | None = None,
) -> Response:
    """``response`` with the cookie of a new session; an earlier one of this browser ends."""
    name = cookie_name(request, access)
    before = request.cookies.get(name, "")

    def begin() -> str:
        if before:
            access.sessions.end(hashed(before), why="đăng nhập lại")
        token = access.sessions.begin(account)
        if vouched is not None and access.provider is not None:
            access.provider.hold(hashed(token), vouched)
        return token

    response.set_cookie(
        name, await run_in_threadpool(begin), path="/", httponly=True, samesite="strict",
        secure=is_secure(request, access),
    )  # fmt: skip
    return response


def _officer(request: Request) -> Officer:
    found = officer_of(request)
    if found is None:
        raise Refused(401, "sign_in_first")
    return found


def _told(officer: Officer) -> dict[str, object]:
    return {
        "name": officer.name,
        "groups": list(officer.groups),
        "labels": sorted(officer.labels),
    }


def _address(request: Request, access: Access) -> str:
    """Where it comes from: what the proxy in front says, where there is one on this machine."""
    host = request.client.host if request.client else ""
    if access.settings.public_url and host in ("127.0.0.1", "::1"):
        told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return told or host
    return host


def _base(request: Request, access: Access) -> str:
    return access.settings.public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"


def local(path: str) -> str:
    """``path`` where it leads to a page of this server; else its first."""
    return path if len(path) < 2000 and _LOCAL.fullmatch(path) else _FIRST


def _status(error: AccessError) -> int:
    return 429 if isinstance(error, TooManyTries) else 401


def _retry(error: AccessError) -> dict[str, str] | None:
    return {"Retry-After": str(error.seconds)} if isinstance(error, TooManyTries) else None


def _fields(body: bytes) -> dict[str, str]:
    try:
        parsed = parse_qs(body.decode("ascii"), keep_blank_values=True, encoding="utf-8",
                          errors="strict", max_num_fields=6)  # fmt: skip
    except ValueError:  # also what UnicodeDecodeError is
        raise Refused(400, "not_utf8") from None
    return {name: values[-1] for name, values in parsed.items()}


# --- pages --------------------------------------------------------------------------------


def _page(
    access: Access, *, told: str = "", alert: str = "", after: str = _FIRST, name: str = ""
) -> str:
    said = f'<p class="warn" role="alert">{escape(alert)}</p>' if alert else ""
    said += f'<p role="status">{escape(told)}</p>' if told else ""
    to = escape(after, quote=True)
    wrong = ' aria-invalid="true"' if alert else ""
    form = (
        '<form method="post" action="/sign-in" class="sign-in">'
        f'<input type="hidden" name="next" value="{to}">'
        '<p><label for="name">Tên tài khoản</label>'
        f'<input id="name" name="name" required maxlength="64" autocomplete="username"{wrong} '
        f'autocapitalize="none" spellcheck="false" value="{escape(name[:64], quote=True)}"></p>'
        '<p><label for="password">Mật khẩu</label>'
        '<input id="password" name="password" type="password" required maxlength="200" '
        f'autocomplete="current-password"{wrong}></p>'
        '<p><label for="code">Mã 6 số trong ứng dụng tạo mã trên điện thoại</label>'
        '<input id="code" name="code" required inputmode="numeric" maxlength="7" '
        f'autocomplete="one-time-code"{wrong}></p>'
        "<p><button>Đăng nhập</button></p></form>"
    )
    if access.provider is not None:
        title, there = escape(access.provider.settings.title), quote(after, safe="/")
        form += f'<p><a href="/sign-in/oidc?next={there}">Đăng nhập bằng {title}</a></p>'
    note = (
        '<p class="fine">Chỉ dành cho cán bộ. Người dân hỏi ở trang công khai, không đăng nhập. '
        "Quên mật khẩu hoặc đổi điện thoại: hỏi người quản trị để được cấp lại.</p>"
    )
    return _filled("Đăng nhập dành cho cán bộ", said + form + note)


def _account(officer: Officer) -> str:
    labels = ", ".join(sorted(officer.labels)) or "chỉ tài liệu công khai"
    groups = ", ".join(officer.groups) or "không thuộc nhóm nào"
    body = (
        f"<dl><dt>Tài khoản</dt><dd>{escape(officer.name)}</dd>"
        f"<dt>Nhóm</dt><dd>{escape(groups)}</dd>"
        f"<dt>Xem được tài liệu có nhãn</dt><dd>{escape(labels)}</dd></dl>"
        '<form method="post" action="/sign-out"><p><button>Đăng xuất</button></p></form>'
        '<form method="post" action="/sign-out/everywhere">'
        "<p><button>Đăng xuất trên mọi thiết bị</button></p></form>"
        '<p><a href="/can-bo">Về bàn làm việc</a></p>'
    )
    return _filled("Tài khoản cán bộ", body)


def _not_vouched(access: Access, error: AccessError, status: int) -> HTMLResponse:
    told = sentence("not_vouched", reason=str(error))
    return HTMLResponse(_page(access, alert=told), status)


def _filled(title: str, body: str, refresh: str = "") -> str:
    text = resources.files("bots.web").joinpath("static", "sign-in.html").read_text("utf-8")
    return Template(text).substitute(title=escape(title), body=body, refresh=refresh)
