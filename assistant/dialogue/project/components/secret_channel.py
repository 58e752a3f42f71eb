"""The one channel Rasa is asked through: closed without the secret, honest about failures.

Rasa's own REST channel answers 200 and an empty list when a turn fails, and logs
the person's words. This one answers 500 and logs the kind of error alone. What a
response cannot know beforehand (intent, confidence, slots) is added here.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import UserUttered
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

#: Rasa's own slots, which say nothing about the person.
_INTERNAL = frozenset({"requested_slot", "session_started_metadata"})

#: Longest message that is handed to the pipeline, in characters.
_LONGEST = 4000


class SecretInput(InputChannel):  # type: ignore[misc]
    """POST /webhooks/troly/webhook with ``X-Channel-Secret``: a list of messages comes back."""

    @classmethod
    def name(cls) -> str:
        return "troly"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        secret = (credentials or {}).get("secret")
        if not isinstance(secret, str) or len(secret) < 16:
            raise ValueError("the channel needs a secret of at least 16 characters")
        return cls(secret)

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes of the channel."""
        routes = Blueprint("troly_channel")

        @routes.get("/")  # type: ignore[untyped-decorator]
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/webhook")  # type: ignore[untyped-decorator]
        async def receive(request: Request) -> HTTPResponse:
            given = request.headers.get("X-Channel-Secret", "").encode()
            if not hmac.compare_digest(given, self._secret):
                return response.json({"error": "forbidden"}, status=403)
            body = request.json
            if not (
                isinstance(body, dict)
                and isinstance(body.get("sender"), str)
                and isinstance(body.get("message"), str)
                and 0 < len(body["sender"]) <= 200
                and len(body["message"]) <= _LONGEST
            ):
                return response.json({"error": "sender and message are needed"}, status=400)
            collector = CollectingOutputChannel()
            message = UserMessage(
                body["message"],
                collector,
                body["sender"],
                input_channel=self.name(),
                metadata=body.get("metadata"),
            )
            try:
                await on_new_message(message)
                heard = await _heard(request, message)
            except Exception as error:  # whatever a component or the disk may raise
                logger.error("a turn failed: %s", type(error).__name__)
                return response.json({"error": type(error).__name__}, status=500)
            return response.json([_completed(each, heard) for each in collector.messages])

        return routes


async def _heard(request: Request, message: UserMessage) -> dict[str, Any]:
    """What was made of ``message``; empty where the tracker does not have it any more."""
    tracker = await request.app.ctx.agent.tracker_store.retrieve(message.sender_id)
    for event in reversed(tracker.events if tracker is not None else ()):
        if isinstance(event, UserUttered) and event.message_id == message.message_id:
            intent = event.intent or {}
            return {
                "intent": intent.get("name") or "",
                "confidence": min(1.0, max(0.0, float(intent.get("confidence") or 0.0))),
                "slots": {
                    name: value
                    for name, value in tracker.current_slot_values().items()
                    if isinstance(value, str) and name not in _INTERNAL
                },
            }
    return {}


def _completed(message: dict[str, Any], heard: dict[str, Any]) -> dict[str, Any]:
    """``message`` with what is known of the turn where its decision does not say so itself."""
    custom = message.get("custom")
    decision = custom.get("decision") if isinstance(custom, dict) else None
    if not isinstance(custom, dict) or not isinstance(decision, dict):
        return message
    told = {**heard, **decision}
    if isinstance(told.get("slots"), dict):  # what nobody said becomes the word None in a response
        told["slots"] = {n: v for n, v in told["slots"].items() if v not in (None, "", "None")}
    return {**message, "custom": {**custom, "decision": told}}
