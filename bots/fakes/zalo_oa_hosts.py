"""The two hosts of a fake Official Account: OAuth, and the OpenAPI. Errors are HTTP 200."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from email import message_from_bytes
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bots.fakes.zalo_oa_state import FREE, Account, Sent

_ICONS = frozenset({":>", "--b", ":-((", "/-strong", "/-heart", "-h:o", ":o", "/-remove"})
_FIELDS = frozenset({"recipient", "message", "text", "attachment", "quote_message_id"})
_BUTTONS = frozenset(
    {"oa.query.show", "oa.query.hide", "oa.open.url", "oa.open.phone", "oa.open.sms"}
)
#: What may be uploaded as what, and how large, in bytes.
_UPLOADS = {
    "image": ({".jpg", ".jpeg", ".png"}, 1 << 20, "attachment_id"),
    "gif": ({".gif"}, 5 << 20, "attachment_id"),
    "file": ({".pdf", ".doc", ".docx", ".csv"}, 5 << 20, "token"),
}
_MESSAGES = {
    -32: "reached limit call api",
    -100: "attachment_id is expired",
    -201: "Param is invalid",
    -210: "Parameters over the limit",
    -213: "User has not followed the OA",
    -216: "Access token is invalid",
    -217: "User has blocked the OA",
    -220: "Access token has expired",
    -230: "User has not interacted with the OA in the past 7 days",
    -240: "MessageV2 API has been shut down",
    -242: "appsecret_proof is invalid",
    -244: "User has restricted this type of message from your OA",
}


def error_answer(code: int | Mapping[str, Any]) -> tuple[int, bytes]:
    """A code as the OpenAPI answers it: HTTP status 200."""
    said = code if not isinstance(code, int) else _error(code)
    return 200, json.dumps(said).encode()


def _error(code: int) -> dict[str, Any]:
    return {"error": code, "message": _MESSAGES.get(code, "error")}


# --- OAuth --------------------------------------------------------------------------------------


def oauth_host(account: Account) -> Starlette:
    """The consent page, which consents by itself, and the tokens."""

    async def permission(request: Request) -> Response:
        asked = request.query_params
        redirect = asked.get("redirect_uri", "")
        if asked.get("app_id") != account.app_id:
            return _refused(-14002, "Invalid appId")
        if not redirect or account.redirect not in ("", redirect):
            return _refused(-14003, "Invalid redirect uri")
        brought = {"code": account.code(asked.get("code_challenge", "")), "oa_id": account.oa_id}
        if state := asked.get("state"):
            brought["state"] = state
        return RedirectResponse(f"{redirect}?{urlencode(brought)}", 302)

    async def access_token(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0]
        if kind != "application/x-www-form-urlencoded":
            return _refused(-14004, "Invalid content type")
        form = {name: each[-1] for name, each in parse_qs((await request.body()).decode()).items()}
        if form.get("app_id") != account.app_id:
            return _refused(-14002, "Invalid appId")
        if request.headers.get("secret_key") != account.app_secret:
            return _refused(-14004, "Invalid secret key")
        if form.get("grant_type") == "authorization_code":
            code, verifier = form.get("code", ""), form.get("code_verifier", "")
            tokens = account.exchanged(code, verifier)
            return JSONResponse(tokens) if tokens else _refused(-14019, "Invalid code")
        if form.get("grant_type") != "refresh_token":
            return _refused(-14005, "Invalid grant type")
        tokens = account.refreshed(form.get("refresh_token", ""))
        return JSONResponse(tokens) if tokens else _refused(-14014, "Invalid refresh token.")

    return Starlette(
        routes=[
            Route("/v4/oa/permission", permission),
            Route("/v4/oa/access_token", access_token, methods=["POST"]),
        ]
    )


def _refused(code: int, name: str) -> JSONResponse:
    return JSONResponse({"error": code, "error_name": name, "error_description": name})


# --- the OpenAPI --------------------------------------------------------------------------------


class ApiHost:
    """The API. ``told`` is called with each message that the OA sends."""

    def __init__(self, account: Account, told: Callable[[Sent], None]) -> None:
        self._account = account
        self._told = told

    def app(self) -> Starlette:
        routes = [
            self._route("/v3.0/oa/message/cs", self._consult),
            self._route("/v2.0/oa/message", self._second),
            self._route("/v3.0/oa/quota/message", self._quota),
            self._route("/v2.0/oa/upload/{kind}", self._upload),
            self._route("/v2.0/oa/getoa", self._oa, "GET"),
            self._route("/v3.0/oa/user/detail", self._person, "GET"),
        ]
        return Starlette(routes=routes, exception_handlers={404: _no_such_path})

    def _route(
        self,
        path: str,
        work: Callable[[Request], Awaitable[dict[str, Any] | int]],
        method: str = "POST",
    ) -> Route:
        async def answered(request: Request) -> Response:
            left = self._account.calls_left()
            code = self._token_error(request) or (-32 if left < 0 else self._account.refused)
            done: dict[str, Any] | int = code or await work(request)
            said = (
                _error(done)
                if isinstance(done, int)
                else {"data": done, "error": 0, "message": "Success"}
            )
            limits = {
                "X-RateLimit-Limit": str(self._account.per_minute),
                "X-RateLimit-Remain": str(max(0, left)),
            }
            return JSONResponse(said, headers=limits)

        return Route(path, answered, methods=[method])

    def _token_error(self, request: Request) -> int:
        token = request.headers.get("access_token")
        if code := self._account.token_error(token):
            return code
        if self._account.proof:
            key = self._account.app_secret.encode()
            wanted = hmac.new(key, str(token).encode(), hashlib.sha256).hexdigest()
            if request.headers.get("appsecret_proof") != wanted:
                return -242
        return 0

    async def _consult(self, request: Request) -> dict[str, Any] | int:
        read = await _object(request)
        user = _text(read.get("recipient"), "user_id")
        message = read.get("message")
        person = self._account.people.get(user)
        if person is None or not isinstance(message, dict):
            return -201
        if self._account.strict and (read.keys() | message.keys()) - _FIELDS:
            return -201
        if code := self._account.window_error(person) or self._message_error(message):
            return code
        now = self._account.clock()
        sent = Sent(
            user, message, f"oa{len(self._account.sent):018x}", now, now - person.last <= FREE
        )
        self._account.sent.append(sent)
        self._told(sent)
        quota = {"quota": {"quota_type": "reply"}} if sent.free else {}
        return {"message_id": sent.id, "user_id": user, "sent_time": str(int(now * 1000)), **quota}

    def _message_error(self, message: dict[str, Any]) -> int:
        text, attachment = message.get("text"), message.get("attachment")
        if isinstance(text, str) and self._account.length(text) > 2000:
            return -210
        if attachment is None:
            return 0 if isinstance(text, str) and text.strip() else -201
        payload = attachment.get("payload") if isinstance(attachment, dict) else None
        if not isinstance(payload, dict):
            return -201
        if attachment.get("type") == "file":
            return self._upload_error(payload.get("token"))
        if attachment.get("type") != "template":
            return -201
        if payload.get("template_type") == "media":
            return self._media_error(payload.get("elements"))
        return self._buttons_error(payload)

    def _buttons_error(self, payload: dict[str, Any]) -> int:
        buttons = payload.get("buttons")
        kind = payload.get("template_type")
        if not isinstance(buttons, list) or not buttons:
            return -201
        if kind not in (None, "button") or (self._account.template_type and kind is None):
            return -201
        for each in buttons:
            if not isinstance(each, dict) or each.get("type") not in _BUTTONS:
                return -201
            if not isinstance(each.get("title"), str) or not each["title"]:
                return -201
            if len(each["title"]) > 100 or len(str(each.get("payload"))) > 1000:
                return -210
        return -210 if len(buttons) > 5 else 0

    def _media_error(self, elements: Any) -> int:
        if not isinstance(elements, list) or not elements or not isinstance(elements[0], dict):
            return -201
        return 0 if elements[0].get("url") else self._upload_error(elements[0].get("attachment_id"))

    def _upload_error(self, name: Any) -> int:
        until = self._account.uploads.get(str(name))
        return -100 if until is None or self._account.clock() > until else 0

    async def _second(self, request: Request) -> dict[str, Any] | int:
        """The v2 endpoint: messages are off, reactions go on."""
        read = await _object(request)
        user, action = _text(read.get("recipient"), "user_id"), read.get("sender_action")
        if not isinstance(action, dict):
            return -240
        icon, message = _text(action, "react_icon"), _text(action, "react_message_id")
        if user not in self._account.people or icon not in _ICONS or not message:
            return -201
        if sum(each[1] == message for each in self._account.reactions) >= 50:
            return -210
        self._account.reactions.append((user, message, icon))
        return {"message_id": message, "user_id": user}

    async def _quota(self, request: Request) -> dict[str, Any] | int:
        person = self._account.people.get(_text(await _object(request), "user_id"))
        if person is None:
            return -201
        age = self._account.clock() - person.last
        kind = "reply" if age <= FREE else "sub_quota"
        return {"type": kind, "last_interaction": str(int(person.last * 1000))}

    async def _upload(self, request: Request) -> dict[str, Any] | int:
        kind = request.path_params["kind"]
        file = _file(request.headers.get("content-type", ""), await request.body())
        if kind not in _UPLOADS or file is None:
            return -201
        suffixes, largest, key = _UPLOADS[kind]
        suffix = PurePath(file[0]).suffix.lower()
        if not suffix:
            return {}
        if suffix not in suffixes:
            return -201
        return -210 if len(file[1]) > largest else {key: self._account.upload()}

    async def _oa(self, _: Request) -> dict[str, Any] | int:
        followers = sum(each.follows for each in self._account.people.values())
        return {"oa_id": self._account.oa_id, "name": "OA giả", "num_follower": followers}

    async def _person(self, request: Request) -> dict[str, Any] | int:
        try:
            asked = json.loads(request.query_params.get("data", ""))
        except ValueError:
            return -201
        person = self._account.people.get(_text(asked, "user_id"))
        if person is None:
            return -201
        return {
            "user_id": person.id, "display_name": person.name, "user_is_follower": person.follows
        }  # fmt: skip


async def _no_such_path(_: Request, __: Exception) -> Response:
    return PlainTextResponse("404 Not Found", 404)


def _file(content_type: str, body: bytes) -> tuple[str, bytes] | None:
    """Name and bytes of the field "file" of a multipart form."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    for part in message_from_bytes(head + body).walk():
        if part.get_param("name", header="content-disposition") == "file":
            content = part.get_payload(decode=True)
            return part.get_filename() or "", content if isinstance(content, bytes) else b""
    return None


async def _object(request: Request) -> dict[str, Any]:
    try:
        read = json.loads(await request.body())
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _text(read: Any, key: str) -> str:
    value = read.get(key) if isinstance(read, dict) else None
    return value if isinstance(value, str) else ""
