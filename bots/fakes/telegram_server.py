"""A Telegram on this machine: the Bot API on a real socket, and people who write to the bot.

    with FakeTelegram() as telegram:
        telegram.says(1, "làm hộ chiếu hết bao nhiêu tiền")

``telegram.address`` is what ``channels.telegram.api_url`` names.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bots.fakes.serving import Clock, FakeServer
from bots.fakes.telegram_html import found_entities
from bots.fakes.telegram_limits import Flood, Rules
from bots.fakes.telegram_methods import DRAFT, Methods
from bots.fakes.telegram_world import USERNAME, Chat, Json, Refused, World

#: The bot that lives here unless another is asked for.
TOKEN = "4242424242:AAFakeFakeFakeFakeFakeFakeFakeFake-00"  # noqa: S105 - of nothing real
_FORMAT = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
    "webhook first"
)
_OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


def refused(status: int, description: str, **parameters: Any) -> tuple[int, bytes]:
    """An error as the Bot API words it; also what `FakeServer.next` takes as ``error``."""
    body: Json = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return status, json.dumps(body).encode()


@dataclass
class FakeTelegram:
    """Telegram with one bot. Use as a context manager; `server` has the journal and faults.

    ``reach``: where webhooks really go (``http://127.0.0.1:…``), whatever host they
    were set to; without it they may be set to this machine. ``privacy``: in groups the
    bot hears only what is meant for it. ``again``: seconds before an update that was
    not taken comes again, doubled each time. ``strict``: fields
    unknown here are refused. ``longest_poll``: seconds of a poll.
    """

    token: str = TOKEN
    reach: str = ""
    privacy: bool = True
    strict: bool = False
    again: float = 0.2
    longest_poll: float = 50.0
    port: int = 0
    rules: Rules = field(default_factory=Rules)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.world = World(self.clock, int(self.token.partition(":")[0]))
        self.flood = Flood(self.clock, self.rules)
        self.methods = Methods(
            self.world, self.flood, any_webhook=not self.reach, strict=self.strict
        )
        paths = ("/bot{token}/{method}", "/file/bot{token}/{path:path}")
        routes = [
            Route(paths[0], self._method, methods=["GET", "POST"]),
            Route(paths[1], self._download, methods=["GET"]),
        ]
        self.server = FakeServer(
            Starlette(routes=routes), self.clock, self.port, lambda error: refused(*error)
        )
        self._poll = 0
        self._ended = threading.Event()
        self._pusher = threading.Thread(target=self._push_all, name="telegram", daemon=True)

    @property
    def address(self) -> str:
        return self.server.address

    def __enter__(self) -> Self:
        self.server.start()
        self._pusher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._pusher.join(20)
        self.server.stop()

    # --- people -----------------------------------------------------------------------------

    def says(self, user: int, text: str, *, chat: int = 0, **more: Any) -> int | None:
        """A person writes ``text``; the update's id, None where the bot does not hear it."""
        return self.sends(user, chat=chat, text=text, entities=found_entities(text), **more)

    def sends(self, user: int, *, chat: int = 0, **content: Any) -> int | None:
        """A person sends anything, in the fields of a Message (``photo=[…]``)."""
        with self.world.lock:
            author = self.world.user(user)
            where = self._chat(chat or user)
            where.blocked = "" if where.blocked == "blocked" else where.blocked
            given = {key: value for key, value in content.items() if value}
            message = self.world.new_message(where, author, given)
            if where.type != "private" and self.privacy and not self._meant(message):
                return None
            return self.world.update("message", message)

    def presses(self, user: int, message: Json, title: str, *, gone: bool = False) -> int:
        """A person presses the button ``title`` below ``message``; ``gone``: it is too old
        for Telegram to show."""
        rows = message["reply_markup"]["inline_keyboard"]
        button = next(each for row in rows for each in row if each["text"] == title)
        return self.presses_data(user, message, button["callback_data"], gone=gone)

    def presses_data(self, user: int, message: Json, data: str, *, gone: bool = False) -> int:
        """The same with any data: clients are not to be believed."""
        old = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}
        with self.world.lock:
            query = f"q{next(self.world.numbers)}"
            self.world.queries[query] = self.clock()
            content = {
                "id": query,
                "from": self.world.user(user),
                "chat_instance": "-1",
                "message": old if gone else message,
                "data": data,
            }
            return self.world.update("callback_query", content)

    def blocks(self, user: int, how: str = "blocked") -> int:
        """A person blocks the bot (or "deactivated", and for groups "kicked")."""
        with self.world.lock:
            chat = self._chat(user)
            chat.blocked = how
            before = {"user": self.world.me, "status": "member"}
            after = {"user": self.world.me, "status": "kicked", "until_date": 0}
            change = {
                "chat": chat.to_json(),
                "from": self.world.user(abs(user)),
                "date": int(self.clock()),
                "old_chat_member": before,
                "new_chat_member": after,
            }
            return self.world.update("my_chat_member", change)

    def migrates(self, chat: int, to: int) -> None:
        """A group becomes a supergroup with another id."""
        with self.world.lock:
            self._chat(chat).migrated_to = to
            self.world.chats[to] = Chat(to, "supergroup", "Tổ dân phố 5")

    def said(self, chat: int) -> list[Json]:
        """What the bot has written there."""
        return self.world.said(chat)

    def chat(self, chat: int) -> Chat:
        return self.world.chats[chat]

    def draft(self, chat: int) -> str | None:
        """The draft that a person sees now; None where there is none, or its time is over."""
        draft = self.world.chats[chat].draft
        return draft[1] if draft and self.clock() - draft[2] <= DRAFT else None

    def _chat(self, chat_id: int) -> Chat:
        kind = "private" if chat_id > 0 else "supergroup"
        name = self.world.user(chat_id)["first_name"] if chat_id > 0 else "Tổ dân phố 5"
        return self.world.chats.setdefault(chat_id, Chat(chat_id, kind, name))

    def _meant(self, message: Json) -> bool:
        text = str(message.get("text") or message.get("caption") or "")
        replied = message.get("reply_to_message", {}).get("from", {}).get("id")
        bare = re.match(r"/\w+(?!\S*@)(\s|$)", text) is not None
        return bare or f"@{USERNAME}".lower() in text.lower() or replied == self.world.bot_id

    # --- the API ----------------------------------------------------------------------------

    async def _method(self, request: Request) -> Response:
        if (fault := self._token_fault(request)) is not None:
            return fault
        method = request.path_params["method"]
        try:
            given = await _parameters(request)
            if method.lower() == "getupdates":
                return _ok(await self._updates(given))
            if not self.methods.knows(method):
                return _refused(404, "Not Found")
            # Another thread's updates must not be held up by one call, nor it by them.
            return _ok(self.methods.call(method, given))
        except Refused as error:
            return _refused(error.status, error.description, **error.parameters)
        except ValueError:
            return _refused(400, "Bad Request: can't parse the request")

    def _token_fault(self, request: Request) -> Response | None:
        token = request.path_params["token"]
        if not _FORMAT.fullmatch(token):
            return _refused(404, "Not Found")
        return None if token == self.token else _refused(401, "Unauthorized")

    async def _updates(self, given: Json) -> list[Json]:
        if self.world.webhook:
            raise Refused(409, f"Conflict: {_ACTIVE}")
        self._poll = mine = self._poll + 1
        offset, limit = int(given.get("offset") or 0), int(given.get("limit") or 100)
        end = time.monotonic() + min(self.longest_poll, float(given.get("timeout") or 0))
        self.methods.allow(given)
        with self.world.lock:
            if offset < 0:
                offset = ([*sorted(self.world.updates), 0][offset - 1 :] or [0])[0]
            for number in [each for each in self.world.updates if each < offset]:
                del self.world.updates[number]
        while True:
            with self.world.lock:
                waiting = sorted(self.world.waiting())[: min(limit, 100)]
                if waiting or time.monotonic() >= end:
                    return [self.world.updates[number] for number in waiting]
            await asyncio.sleep(0.02)
            if self._poll != mine:
                raise Refused(409, f"Conflict: {_OTHER}")
            if self._ended.is_set():
                return []

    async def _download(self, request: Request) -> Response:
        if (fault := self._token_fault(request)) is not None:
            return fault
        name = request.path_params["path"].rpartition("/")[2]
        content = self.world.files.get(name)
        return Response(content) if content is not None else _refused(404, "Not Found")

    # --- webhooks ---------------------------------------------------------------------------

    def _push_all(self) -> None:
        """Bring each update until it is taken. One that is not holds up those of its own queue,
        and no others."""
        due: dict[int, tuple[float, float]] = {}
        while not self._ended.wait(0.02):
            with self.world.lock:
                hook, waiting = dict(self.world.webhook), self.world.waiting()
            held: set[tuple[str, int]] = set()
            for number, update in waiting.items():
                at, pause = due.get(number, (0.0, self.again))
                queue = _queue(update)
                if not hook or queue in held or at > time.monotonic() or self._ended.is_set():
                    held.add(queue)
                    continue
                if self._taken(hook, update):
                    with self.world.lock:
                        self.world.updates.pop(number, None)
                    due.pop(number, None)
                else:
                    due[number] = (time.monotonic() + pause, min(pause * 2, 60.0))
                    held.add(queue)

    def _taken(self, hook: Json, update: Json) -> bool:
        url = hook["url"]
        if self.reach:
            url = self.reach.rstrip("/") + urlsplit(url).path
        headers = {"Content-Type": "application/json"}
        if hook["secret"]:
            headers[SECRET_HEADER] = hook["secret"]
        told = self.server.push(url, json.dumps(update).encode(), headers)
        if 200 <= told.status < 300:
            return True
        reason = f"Wrong response from the webhook: {told.status}" if told.status else told.error
        with self.world.lock:
            if self.world.webhook:
                self.world.webhook |= {
                    "last_error_date": int(self.clock()),
                    "last_error_message": reason,
                }
        return False


def _queue(update: Json) -> tuple[str, int]:
    """What Telegram keeps in order: a chat's messages; what one person presses."""
    kind = next(key for key in update if key != "update_id")
    owner = update[kind].get("chat" if kind == "message" else "from", {})
    return kind, int(owner.get("id", 0))


def _ok(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def _refused(status: int, description: str, **parameters: Any) -> Response:
    code, body = refused(status, description, **parameters)
    return Response(body, code, media_type="application/json")


async def _parameters(request: Request) -> Json:
    """Of the query and of a form, multipart or JSON body; files are bytes."""
    given: Json = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if not body:
        return given
    if kind.startswith("application/json"):
        read = json.loads(body)
        return given | (read if isinstance(read, dict) else {})
    if kind.startswith("multipart/form-data"):
        return given | _multipart(kind, body)
    return given | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _multipart(kind: str, body: bytes) -> Json:
    head = f"Content-Type: {kind}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    parts: Json = {}
    for part in message_from_bytes(head + body, policy=policy.HTTP).iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content: Any = part.get_payload(decode=True)
        parts[name] = content if part.get_filename() else content.decode()
    # A file that is named by what it is attached as.
    attached = {k: v[9:] for k, v in parts.items() if str(v).startswith("attach://")}
    return parts | {name: parts[at] for name, at in attached.items() if at in parts}
