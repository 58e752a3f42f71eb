"""``/v1``: the assistant as a chat model, for any OpenAI client.

Only what stands is sent: an OpenAI stream can take nothing back, so the model's
wording is streamed after it has been verified, not while it is being produced.
A client that would rather not wait asks the model ``troly-card``.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictBool, StrictStr, field_validator
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from assistant.dialogue.state import Heard
from assistant.presentation import FROM_PICTURES, answer_json
from assistant.vocabulary import Answer, EventKind, Status, Turn
from bots.web import sse
from bots.web.bodies import iso_day, read_json
from bots.web.callers import conversation_of, scope_of
from bots.web.desk import Answering, ConversationPort, Desk
from bots.web.disconnect import unless_gone
from bots.web.errors import Refused, error_body
from bots.web.profiles import profile_of, served

DOOR = "openai"

#: The models offered: with the language model's wording, and without it.
FULL, CARD = "troly", "troly-card"

#: Who said it ("user", "assistant"), and the words.
Said = tuple[str, str]

#: Characters of Vietnamese per token, as measured with the default model.
_CHARACTERS_PER_TOKEN = 2.9


class Part(BaseModel):
    """One part of a message's content."""

    type: StrictStr
    text: StrictStr = ""


class Message(BaseModel):
    """One message. Unknown fields are ignored."""

    role: StrictStr
    content: StrictStr | list[Part] | None = None


class StreamOptions(BaseModel):
    """What a stream should also carry."""

    include_usage: StrictBool = False


class CompletionRequest(BaseModel):
    """A chat completion request. Sampling settings, tools and the like are ignored."""

    model: StrictStr = FULL
    messages: list[Message] = Field(min_length=1, max_length=1000)
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    as_of: date | None = None  # ours: the day the answer must hold for

    _day = field_validator("as_of", mode="before")(iso_day)


@dataclass(frozen=True, slots=True)
class Completion:
    """What all chunks of one completion say of themselves."""

    id: str
    created: int
    model: str

    def shape(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "system_fingerprint": None,
            "choices": choices,
        }

    def chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self.shape("chat.completion.chunk", [choice])


def routes(desk: Desk) -> APIRouter:
    """The routes of the OpenAI-compatible door, answered at ``desk``."""
    router = APIRouter(tags=["openai"])
    since = int(time.time())

    def offered(request: Request) -> list[dict[str, Any]]:
        others = (name for name in served(desk, request) if name != desk.profile)
        names = (FULL, CARD, *(f"{FULL}-{name}" for name in others))
        about = {"object": "model", "created": since, "owned_by": "troly"}
        return [{"id": name, **about} for name in names]

    @router.get("/v1/models", summary="The models offered")
    async def models(request: Request) -> JSONResponse:
        return JSONResponse({"object": "list", "data": offered(request)})

    @router.get("/v1/models/{name}", summary="One model")
    async def model(request: Request, name: str) -> JSONResponse:
        for entry in offered(request):
            if entry["id"] == name:
                return JSONResponse(entry)
        raise Refused(404, "not_found")

    @router.post(
        "/v1/chat/completions",
        summary="A chat completion, whole or streamed",
        response_class=Response,
        responses={
            200: {
                "content": {"application/json": {}, "text/event-stream": {}},
                "description": "completion",
            }
        },
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": _schema()}},
            }
        },
    )
    async def complete(request: Request) -> Response:
        asked = await read_json(request, CompletionRequest)
        said = said_in(asked.messages)
        profile = profile_of(desk, request, named_in(asked.model), "model")
        name = asked.model if asked.model == CARD or named_in(asked.model) else FULL
        whose = conversation_of(request, DOOR)
        thread = await run_in_threadpool(Thread.begun, desk, said, whose)
        most = desk.config.limits.history_turns
        heard = Heard(
            text=said[-1][1],
            conversation=thread.name,
            scope=scope_of(request),
            as_of=asked.as_of,
            use_model=name != CARD,
            history=turns_of(said)[-most:] if most else (),
            profile=profile,
        )
        completion = Completion(f"chatcmpl-{secrets.token_hex(12)}", int(time.time()), name)
        prompt = sum(len(plain(message)) for message in asked.messages)
        if asked.stream:
            usage = bool(asked.stream_options and asked.stream_options.include_usage)
            answering = desk.reply(heard, door=DOOR)
            chunks = _chunks(thread, answering, completion, prompt, with_usage=usage)
            return sse.EventStream(chunks, answering.close)
        answer = await unless_gone(request, desk.final(heard, door=DOOR))
        if isinstance(answer, str):
            return JSONResponse(error_body(answer, "failed", status=500), status_code=503)
        content = content_of(answer)
        await run_in_threadpool(thread.goes_on, content)
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": content, "refusal": None},
            "logprobs": None,
            "finish_reason": "stop",
        }
        body = completion.shape("chat.completion", [choice])
        return JSONResponse({**body, "usage": usage_of(prompt, content), **extra(answer)})

    return router


def named_in(model: str) -> str:
    """The profile that a model's name stands for ("troly-ho-tich"); "" where it names none."""
    head, _, name = model.partition("-")
    return name if head == FULL and model != CARD else ""


async def _chunks(
    thread: Thread,
    answering: Answering,
    completion: Completion,
    prompt: int,
    *,
    with_usage: bool,
) -> AsyncIterator[bytes]:
    yield _data(completion.chunk({"role": "assistant", "content": ""}))
    error = ""
    async for event in answering.events():
        if event is None:
            yield sse.HEARTBEAT
        elif event.kind is EventKind.ERROR:
            error = str(event.data)
        elif event.kind is EventKind.FINAL:
            answer: Answer = event.data
            error = ""  # the answer says what went wrong
            content = content_of(answer)
            await run_in_threadpool(thread.goes_on, content)
            for piece in pieces(content):
                yield _data(completion.chunk({"content": piece}))
            yield _data({**completion.chunk({}, "stop"), **extra(answer)})
            if with_usage:
                last = completion.shape("chat.completion.chunk", [])
                yield _data({**last, "usage": usage_of(prompt, content)})
    if error:
        yield _data(error_body(error, "failed", status=500))
    yield b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Thread:
    """The conversation of one request. A client sends all that was said and no name for it.

    So what is known of a conversation is kept under the hash of all that was said,
    and each request goes on from a copy: two people who have said the same so far
    never share what either says next.
    """

    conversation: ConversationPort
    said: Sequence[Said]
    name: str
    whose: str

    @classmethod
    def begun(cls, desk: Desk, said: Sequence[Said], whose: str = DOOR) -> Thread:
        """Goes on from where what was said before led to, for ``whose`` conversations."""
        conversation, name = desk.conversation(), f"{whose}:{secrets.token_urlsafe(16)}"
        if said[:-1]:
            conversation.branch(_key(whose, said[:-1]), name)
        return cls(conversation, said, name, whose)

    def goes_on(self, content: str) -> None:
        """``content`` was answered: whoever sends it back goes on from here."""
        self.conversation.branch(self.name, _key(self.whose, [*self.said, ("assistant", content)]))


def _key(whose: str, said: Sequence[Said]) -> str:
    told = sse.encode([[role, text.strip()] for role, text in said])
    return f"{whose}:{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()}"


def said_in(messages: list[Message]) -> list[Said]:
    """``(role, words)`` of the messages of people and assistant, the last a person's.

    System messages are not ours to obey: what the assistant may say is decided
    here, not by a client. Messages of tools are left out likewise.

    Raises:
        Refused: the last message is not a user's, or holds more than text.
    """
    spoken = [message for message in messages if message.role in ("user", "assistant")]
    if not spoken or spoken[-1].role != "user":
        raise Refused(422, "no_user_message", field="messages")
    last = plain(spoken[-1], strict=True)
    return [*((each.role, plain(each)) for each in spoken[:-1]), ("user", last)]


def turns_of(said: Sequence[Said]) -> tuple[Turn, ...]:
    """The exchanges before the last message, for a conversation that nothing is known of."""
    return tuple(
        Turn(question, answer, Status.ANSWERED)
        for (asker, question), (replier, answer) in pairwise(said)
        if (asker, replier) == ("user", "assistant")
    )


def plain(message: Message, *, strict: bool = False) -> str:
    """The words of a message; with ``strict``, an image or the like is refused."""
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    texts = []
    for part in message.content:
        if part.type in ("text", "input_text", "output_text"):
            texts.append(part.text)
        elif strict:
            raise Refused(422, "text_only", field="messages")
    return "\n".join(texts)


def content_of(answer: Answer) -> str:
    """The answer's words, with its sources as markdown footnotes for the [n] in them."""
    text = re.sub(r"\[(\d{1,3})\](?!\()", r"[^\1]", answer.text)
    notes = "\n".join(_footnotes(answer))
    return f"{text}\n\n{notes}" if notes else text


def _footnotes(answer: Answer) -> Iterator[str]:
    for position, citation in enumerate(answer.citations, 1):
        where = ", ".join(part for part in (citation.document_number, *citation.path) if part)
        title = " ".join(citation.title.split())
        title = f"{title} {FROM_PICTURES}" if citation.ocr else title
        quote = " ".join(citation.quote.split())
        address = f" <{citation.url}>" if citation.url.startswith(("https://", "http://")) else ""
        place = f" ({where})" if where else ""
        yield f"[^{citation.number or position}]: {title}{place}: “{quote}”{address}"


def extra(answer: Answer) -> dict[str, Any]:
    """What an OpenAI response does not have and a careful client wants."""
    told = answer_json(answer)
    return {
        "sources": told["citations"],
        "troly": {
            "answer_id": answer.id,
            "status": answer.status.value,
            "as_of": answer.as_of.isoformat(),
            "ai_generated": answer.ai_generated,
            "model": answer.model,
            "corpus_version": answer.corpus_version,
            "suggestions": list(answer.suggestions),
            "slots": told["slots"],
            "notices": told["notices"],
            "card": told["card"],
        },
    }


def pieces(text: str) -> Iterator[str]:
    """``text`` in pieces of a word or a line end; together they are ``text``."""
    yield from re.findall(r"\s*\S+|\s+$", text)


def usage_of(prompt: int, content: str) -> dict[str, int]:
    """Estimated tokens: characters over what the default model needs for Vietnamese."""
    sent = round(prompt / _CHARACTERS_PER_TOKEN)
    made = round(len(content) / _CHARACTERS_PER_TOKEN)
    return {"prompt_tokens": sent, "completion_tokens": made, "total_tokens": sent + made}


def _data(body: dict[str, Any]) -> bytes:
    return f"data: {sse.encode(body)}\n\n".encode()


def _schema() -> dict[str, Any]:
    # References inside this schema would point outside the OpenAPI document's own.
    schema = CompletionRequest.model_json_schema()
    schema.pop("$defs", None)
    message = {
        "type": "object",
        "required": ["role", "content"],
        "properties": {"role": {"type": "string"}, "content": {}},
    }
    schema["properties"]["messages"] = {"type": "array", "minItems": 1, "items": message}
    schema["properties"]["stream_options"] = {"type": "object"}
    return schema
