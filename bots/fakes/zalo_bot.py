"""A Zalo Bot Platform on this machine: what its documentation promises, and its oddities.

Where nobody could confirm what the real one does, there is a parameter, and both ways
are there. People and tests act through the object; a bot sees nothing but the API.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bots.fakes.serving import Clock, Delivery, FakeServer
from bots.fakes.zalo_bot_rules import Refusal, checked, public_https

#: The bot that lives here unless another is asked for.
TOKEN = "12345689:abc-xyz"  # noqa: S105 - of nothing real
BOT_ID = "1459232241454765289"
SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
#: The free plan: messages a month, people a bot.
QUOTA, PEOPLE = 3000, 50


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of the bot."""

    chat: str
    method: str
    body: Mapping[str, Any]
    id: str
    at: float

    @property
    def text(self) -> str:
        return str(self.body.get("text") or self.body.get("caption") or "")


@dataclass
class FakeZaloBot:
    """The platform with one bot. Use as a context manager; `address` is the API's.

    ``idle``: an idle poll is 408 as the HTTP status or in the body of a 200; so are all
    refusals (``errors``). ``envelope``: webhooks carry ``{"ok", "result"}`` or the bare
    update. ``photo_key``: where a picture's address is. ``echoes``: the bot hears itself.
    ``keeps``: what is written while nobody polls is kept, or lost. ``allow_private``:
    webhooks may be on this machine. ``retries``: how often a failed webhook comes again.
    ``longest_poll``: seconds that a poll really waits at most.
    """

    token: str = TOKEN
    idle: Literal["http", "body"] = "http"
    errors: Literal["http", "body"] = "body"
    envelope: bool = False
    photo_key: Literal["photo", "photo_url"] = "photo"
    echoes: bool = False
    keeps: bool = True
    allow_private: bool = False
    retries: int = 0
    strict: bool = False
    quota: int = QUOTA
    people: int = PEOPLE
    longest_poll: float = 60.0
    port: int = 0
    clock: Clock = field(default_factory=Clock)
    sent: list[Sent] = field(default_factory=list)
    typing: list[tuple[str, float]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)  # people by id: their names
    blocked: set[str] = field(default_factory=set)
    webhook: str = ""
    secret: str = ""

    def __post_init__(self) -> None:
        app = Starlette(
            routes=[Route("/{path:path}", self._asked, methods=["GET", "POST", "PUT", "DELETE"])]
        )
        self.server = FakeServer(app, self.clock, self.port, self._error)
        self._updates: deque[dict[str, Any]] = deque()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._polls = 0  # so many were begun; only the latest is given anything
        self._lock = threading.Lock()
        self._salt = secrets.token_hex(8)  # no id comes again after a restart
        self._numbers = Counter[str]()
        self._used = Counter[str]()  # messages by month
        self._updated = 0
        self._heard = threading.Condition()

    # --- running ----------------------------------------------------------------------------

    @property
    def address(self) -> str:
        return self.server.address

    def start(self) -> Self:
        self.server.start()
        return self

    def stop(self) -> None:
        self._polls += 1
        self._wake()
        self.server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # --- what people do ---------------------------------------------------------------------

    def says(self, person: str, text: str) -> Delivery | None:
        """``person`` writes to the bot; what the webhook answered, where there is one."""
        return self.event(person, "text", text=text)

    def sends(self, person: str, kind: str, **more: Any) -> Delivery | None:
        """``person`` sends an ``image`` (with a ``caption``), a ``sticker``, a ``voice``, or what
        comes as ``unsupported``."""
        shown: dict[str, dict[str, Any]] = {
            "image": {self.photo_key: "https://f20.example.vn/anh.jpg"},
            "sticker": {"sticker": "d063f44dc80821567819", "url": "https://f20.example.vn/s.png"},
            "voice": {"voice_url": "https://f20.example.vn/v.aac"},
        }
        return self.event(person, kind, **shown.get(kind, {}), **more)

    def event(
        self, person: str, kind: str, *, group: str = "", number: str = "", **more: Any
    ) -> Delivery | None:
        """Any ``message.<kind>.received``. With ``number`` of an earlier one: that one again."""
        if person not in self.known and len(self.known) >= self.people:
            return None  # the plan is full: the bot never hears of it
        self.known.setdefault(person, f"Người {len(self.known) + 1}")
        chat = {"id": group or person, "chat_type": "GROUP" if group else "PRIVATE"}
        if group:
            self.known.setdefault(group, "Nhóm")
        sender = {"id": person, "display_name": self.known[person], "is_bot": False}
        message = {
            "from": sender,
            "chat": chat,
            "message_id": number or self._number("in"),
            "date": int(self.clock() * 1000),
            **more,
        }
        return self._deliver({"event_name": f"message.{kind}.received", "message": message})

    def raw(self, body: bytes, secret: str | None = None) -> Delivery:
        """Any bytes pushed to the webhook, with any secret: forged, cut, not UTF-8."""
        headers = {"Content-Type": "application/json"}
        given = self.secret if secret is None else secret
        if given:
            headers[SECRET_HEADER] = given
        return self.server.push(self.webhook, body, headers)

    def to(self, chat: str) -> list[str]:
        """What the bot wrote to ``chat``, oldest first."""
        return [message.text for message in self.sent if message.chat == chat]

    def wait(self, happened: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Whether ``happened`` became true, looked at whenever the bot did something."""
        with self._heard:
            return self._heard.wait_for(happened, seconds)

    # --- towards the bot --------------------------------------------------------------------

    def _deliver(self, update: dict[str, Any]) -> Delivery | None:
        if self.webhook:
            return self._push(update)
        with self._lock:
            if self.keeps or self._waiting:
                self._updates.append(update)
        self._wake()
        return None

    def _wake(self) -> None:
        with self._lock:
            waiting = tuple(self._waiting)
        for loop, event in waiting:
            loop.call_soon_threadsafe(event.set)

    def _push(self, update: dict[str, Any]) -> Delivery:
        told = {"ok": True, "result": update} if self.envelope else update
        body = json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")
        for again in range(self.retries + 1):
            delivery = self.raw(body)
            if 200 <= delivery.status < 300 or again == self.retries:
                return delivery
            time.sleep(0.05)
        raise AssertionError("not reached")

    def _number(self, kind: str) -> str:
        with self._lock:
            self._numbers[kind] += 1
            told = f"{self._salt}{kind}{self._numbers[kind]}"
        return hashlib.sha256(told.encode()).hexdigest()[:20]

    # --- the API ----------------------------------------------------------------------------

    async def _asked(self, request: Request) -> Response:
        try:
            method = self._method(request.url.path)
            given = await _parameters(request)
            answer = await self._done(method, checked(method, given, strict=self.strict))
        except Refusal as refused:
            status, body = self._error((refused.code, refused.description))
            if refused.code == 408:
                status = 408 if self.idle == "http" else 200
            return Response(body, status, media_type="application/json")
        with self._heard:
            self._heard.notify_all()
        return JSONResponse({"ok": True} if answer is None else {"ok": True, "result": answer})

    def _error(self, error: Any) -> tuple[int, bytes]:
        """A refusal ``(code, description)`` as status and body."""
        code, description = error
        told = {"ok": False, "description": description, "error_code": code}
        return code if self.errors == "http" else 200, json.dumps(told).encode()

    def _method(self, path: str) -> str:
        bot, _, method = path.strip("/").partition("/")
        if not bot.startswith("bot") or not method:
            raise Refusal(404, "Not Found")
        if bot.removeprefix("bot") != self.token:
            raise Refusal(401, "Unauthorized")
        return method

    async def _done(self, method: str, given: dict[str, Any]) -> Any:
        match method:
            case "getMe":
                return {
                    "id": BOT_ID,
                    "account_name": "bot.VDKyGxQvc",
                    "account_type": "BASIC",
                    "can_join_groups": False,
                }
            case "getUpdates":
                return await self._one_update(float(given.get("timeout", 30)))
            case "sendChatAction":
                self._reachable(given["chat_id"])
                self.typing.append((given["chat_id"], self.clock()))
                return None  # "ok" and no more
            case "setWebhook":
                if not self.allow_private and not public_https(given["url"]):
                    raise Refusal(400, "Bad Request: bad webhook")
                self.secret = given["secret_token"]
                return self._webhook_is(given["url"])
            case "deleteWebhook":
                return self._webhook_is("")
            case "getWebhookInfo":
                return {"url": self.webhook, "updated_at": self._updated}
            case "testWebhook":
                if not self.webhook:
                    raise Refusal(400, "Bad Request: no webhook")
                delivery = await asyncio.to_thread(self.raw, b'{"event_name":"webhook.test"}')
                return {"url": self.webhook, "status": delivery.status}
            case _:
                return self._send(method, given)

    def _webhook_is(self, url: str) -> dict[str, Any]:
        self.webhook, self._updated = url, int(self.clock() * 1000)
        return {"url": url, "updated_at": self._updated}

    async def _one_update(self, wait: float) -> dict[str, Any]:
        if self.webhook:
            raise Refusal(400, "Bad Request: webhook is set")
        until = time.monotonic() + min(wait, self.longest_poll)
        here = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._polls += 1
            number = self._polls
        self._wake()
        with self._lock:
            self._waiting.add(here)
        try:
            while number == self._polls:
                with self._lock:
                    if self._updates:
                        return self._updates.popleft()
                    here[1].clear()
                left = until - time.monotonic()
                await asyncio.wait_for(here[1].wait(), max(left, 0.0))
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._waiting.discard(here)
        raise Refusal(408, "Request timeout")

    def _reachable(self, chat: str) -> None:
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat not in self.known:
            raise Refusal(404, "Chat not found")

    def _send(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        self._reachable(given["chat_id"])
        now = self.clock()
        month = time.strftime("%Y-%m", time.gmtime(now + 7 * 3600))
        if self._used[month] >= self.quota:
            raise Refusal(429, "Quota exceeded")
        self._used[month] += 1
        message = Sent(given["chat_id"], method, given, self._number("out"), now)
        self.sent.append(message)
        if self.echoes:
            threading.Thread(target=self._echo, args=(message,), daemon=True).start()
        return {"message_id": message.id, "date": int(now * 1000)}

    def _echo(self, message: Sent) -> None:
        self._deliver(
            {
                "event_name": "message.text.received",
                "message": {
                    "from": {"id": BOT_ID, "display_name": "Bot", "is_bot": True},
                    "chat": {"id": message.chat, "chat_type": "PRIVATE"},
                    "text": message.text,
                    "message_id": message.id,
                    "date": int(message.at * 1000),
                },
            }
        )


async def _parameters(request: Request) -> dict[str, Any]:
    """Query, form or JSON. (The real platform also takes multipart.)"""
    given: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    body = await request.body()
    if kind.startswith("application/x-www-form-urlencoded"):
        given.update(parse_qsl(body.decode("utf-8", "replace")))
    elif body:
        try:
            told = json.loads(body)
        except ValueError:
            raise Refusal(400, "Bad Request: can't parse JSON") from None
        if not isinstance(told, dict):
            raise Refusal(400, "Bad Request: not an object")
        given.update(told)
    return given
