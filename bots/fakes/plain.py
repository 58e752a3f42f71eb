"""A channel of our own, as plain as can be: for trying delivery where no provider is of interest.

``python -m bots.fakes.plain --home DIR --port N --provider URL`` serves it with a
conversation that repeats what it hears, over the real inbox, outbox and memory. A
provider takes ``POST {provider}/send`` with ``{"chat", "text"}`` and answers 200.
"""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import httpx
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from assistant.config import Config, Limits
from assistant.dialogue.decision import Choice
from assistant.dialogue.memory import Memory
from assistant.dialogue.speaking import final_events
from assistant.dialogue.state import Heard
from assistant.errors import StateError
from assistant.vocabulary import Answer, AnswerEvent, EventKind, Status, Turn
from bots.delivery.channel import (
    Auth,
    Capabilities,
    Inbox,
    Incoming,
    Kind,
    Part,
    Payload,
    Recipient,
    Reply,
    Transient,
)
from bots.delivery.service import Delivery
from bots.delivery.words import split
from bots.web.desk import Desk
from bots.web.server import listen, serve
from knowledge_base.documents import Document
from knowledge_base.home import Home
from knowledge_base.law.library import Library
from knowledge_base.scope import Scope

NAME = "plain"
_ERRORS = {401: Auth, 403: Recipient, 400: Payload}


class PlainChannel:
    """Parts are texts; HTTP statuses of the provider are the errors."""

    name = NAME
    capabilities = Capabilities(
        max_length=500, unit="characters", buttons=0, button_title=0, markup="plain"
    )

    def __init__(self, provider: str) -> None:
        self._http = httpx.AsyncClient(base_url=provider, timeout=10, trust_env=False)

    def render(self, chat: str, reply: Reply) -> tuple[Part, ...]:  # noqa: ARG002
        buttons = [f"[{choice.title}]" for choice in reply.buttons]
        texts = (*reply.before, "\n".join((reply.answer.text, *buttons)))
        return tuple(
            Part({"text": part}, part)
            for text in texts
            for part in split(text, self.capabilities.max_length, "characters")
        )

    async def send(self, chat: str, part: Part) -> str:
        try:
            told = await self._http.post("/send", json={"chat": chat, "text": part.body["text"]})
        except httpx.HTTPError as error:
            raise Transient(type(error).__name__, maybe=True) from None
        if told.status_code in _ERRORS:
            raise _ERRORS[told.status_code]("refused", code=str(told.status_code))
        if told.status_code != 200:
            after = float(told.headers.get("retry-after", 0))
            raise Transient("not now", code=str(told.status_code), after=after)
        return str(told.json().get("id", ""))

    async def seen(self, incoming: Incoming) -> None:
        await self._http.post("/seen", json={"chat": incoming.chat, "update": incoming.update})

    async def progress(self, chat: str, text: str) -> None:
        await self._http.post("/progress", json={"chat": chat, "text": text})

    async def close(self) -> None:
        await self._http.aclose()


class PlainDoor:
    """``POST /webhooks/plain``: the fields of `Incoming`, without proof of who sends."""

    def __init__(self, provider: str) -> None:
        self.channel = PlainChannel(provider)

    def routes(self, inbox: Inbox) -> APIRouter:
        router = APIRouter()

        @router.post("/webhooks/plain")
        async def webhook(request: Request) -> JSONResponse:
            told = await request.json()
            incoming = Incoming(
                channel=NAME, update=told["update"], chat=told["chat"],
                person=told.get("person", told["chat"]), kind=Kind(told.get("kind", "text")),
                at=time.time(), text=told.get("text", ""), payload=told.get("payload", ""),
                what=told.get("what", ""),
            )  # fmt: skip
            try:
                return JSONResponse({"new": await run_in_threadpool(inbox.accept, incoming)})
            except StateError:
                return JSONResponse({}, 503)

        return router

    async def run(self, inbox: Inbox) -> None:
        """Nothing to do behind the webhook."""


class Echo:
    """A conversation that answers "trả lời: …" after ``seconds``, and remembers for real."""

    def __init__(
        self,
        memory: Memory,
        *,
        seconds: float = 0.0,
        forgotten: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._memory = memory
        self._seconds = seconds
        self._forgotten = forgotten
        self.heard: list[Heard] = []

    def reply(self, heard: Heard) -> Iterator[AnswerEvent]:
        self.heard.append(heard)
        yield AnswerEvent(EventKind.STATUS, "Đang tra cứu…")
        end = time.monotonic() + (self._seconds if heard.use_model else 0.0)
        while time.monotonic() < end and not (heard.cancel and heard.cancel.is_set()):
            time.sleep(0.01)
            yield AnswerEvent(EventKind.STATUS, "")
        answer = echoed(heard.text)
        state = self._memory.state(heard.conversation)
        turn = Turn.of(heard.text, answer)
        with contextlib.suppress(StateError):  # as in a conversation: the answer goes on
            self._memory.remember(
                state, turn, {}, heard.message, lambda db: heard.also(db, answer, ())
            )
        yield from final_events(answer)

    def buttons(self, conversation: str) -> tuple[Choice, ...]:  # noqa: ARG002
        return ()

    def branch(self, source: str, target: str) -> None:
        self._memory.branch(source, target)

    def notice(self, conversation: str) -> str:  # noqa: ARG002
        return ""

    def noticed(self, conversation: str, within: sqlite3.Connection | None = None) -> None:
        pass

    def forget(self, conversation: str) -> None:
        self._memory.forget(conversation)
        self._forgotten(conversation)

    def active(self, seconds: float) -> int:
        return self._memory.active(seconds)

    def health(self) -> Mapping[str, object]:
        return {"dialogue": "direct"}


def echoed(text: str) -> Answer:
    """The answer of `Echo`."""
    return Answer(
        id="echo", status=Status.SMALL_TALK, text=f"trả lời: {text}", citations=(), card=None,
        as_of=date(2026, 7, 1), ai_generated=False, model=None, corpus_version="echo",
        suggestions=(), trace=(),
    )  # fmt: skip


class EchoAssistant:
    """What a desk needs beside the conversation."""

    corpus_version = "echo"
    model_name: str | None = None

    def source(self, document_id: str, scope: Scope) -> Document | None:  # noqa: ARG002
        return None

    def library(self, scope: Scope) -> Library | None:  # noqa: ARG002
        return None

    def health(self) -> Mapping[str, object]:
        return {"index": "ready", "record": "ready", "model": "ready"}

    def close(self) -> None:
        pass


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--provider", required=True)
    parser.add_argument("--seconds", type=float, default=0.0, help="that an answer takes")
    parser.add_argument("--answers", type=int, default=4, help="at once")
    given = parser.parse_args()
    home = Home(given.home)
    desk = Desk(Config(limits=Limits(concurrent_answers=given.answers)))
    desk.delivery = Delivery(desk, home, [PlainDoor(given.provider)])
    memory = Memory(home.state_database)
    desk.open(EchoAssistant(), Echo(memory, seconds=given.seconds, forgotten=desk.forgotten))
    serve(desk, listen("127.0.0.1", given.port), lambda: None)


if __name__ == "__main__":
    main()
