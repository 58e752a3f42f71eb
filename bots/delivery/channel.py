"""What a chat channel is to the rest: messages in, parts out, and errors by what to do about them.

A channel (Zalo, Telegram) reads its provider's webhooks into `Incoming`, renders a
`Reply` into `Part`s, and sends one part at a time. When it does what is decided in
one place, `bots.delivery`, and not by a channel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

from fastapi import APIRouter

from assistant.dialogue.decision import Choice
from assistant.vocabulary import Answer


class Kind(StrEnum):
    """What came in. Whatever is no text is answered in words, and never stored."""

    TEXT = "text"
    BUTTON = "button"  # ``payload`` is what it carried, ``text`` its title where that is known
    BEGIN = "begin"  # a first contact without words: followed, /start, opened the chat
    OTHER = "other"  # an image, a file, a voice, a sticker, a location: ``what`` says which
    WITHDRAW = "withdraw"  # the person asks the provider to have their data erased
    LEAVE = "leave"  # unfollowed, or blocked the bot
    OFFICER = "officer"  # a person answered in the provider's console: the bot pauses
    RECEIPT = "receipt"  # delivered, seen: nothing to do


@dataclass(frozen=True, slots=True)
class Incoming:
    """One verified update of a channel.

    ``update`` is the provider's id of it, the same when it is delivered again.
    ``chat`` is where the answer goes, ``person`` who wrote; both are the provider's
    ids. ``at`` is seconds since 1970 by the provider's clock. ``message`` is the id
    that a reaction or a quote names. ``what`` names a kind of attachment.
    """

    channel: str
    update: str
    chat: str
    person: str
    kind: Kind
    at: float
    text: str = ""
    payload: str = ""
    message: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show. Lengths are counted in ``unit``; ``buttons`` 0: none."""

    max_length: int
    unit: Literal["utf16", "characters"]
    buttons: int
    button_title: int
    markup: Literal["plain", "html"]
    typing: bool = False
    reaction: bool = False
    draft: bool = False
    edit: bool = False
    files: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person is told: the answer, what can be pressed below it, and notices before it.

    ``buttons`` carry the conversation's payloads. ``before`` are whole messages
    that come first (who this is, on first contact).
    """

    answer: Answer
    buttons: Sequence[Choice] = ()
    before: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One call to the provider: ``body`` is JSON that the channel's `send` understands.

    ``text`` is the same in words, for tests, logs without names, and consoles.
    """

    body: Mapping[str, Any]
    text: str = field(default="", repr=False)


class Channel(Protocol):
    """A provider. `send` and the rest run in the event loop and never block it."""

    @property
    def name(self) -> str: ...
    @property
    def capabilities(self) -> Capabilities: ...

    def render(self, chat: str, reply: Reply) -> tuple[Part, ...]:
        """The reply as parts within the limits; pure, and the same each time."""
        ...

    async def send(self, chat: str, part: Part) -> str:
        """Send one part; the provider's id of the message. Raises a `DeliveryError`."""
        ...

    async def seen(self, incoming: Incoming) -> None:
        """The first visible sign that a message came: a reaction, typing. Best effort:
        it may be dropped, and nothing waits for it."""
        ...

    async def progress(self, chat: str, text: str) -> None:
        """What is being worked on, or the words so far. Droppable like `seen`."""
        ...

    async def close(self) -> None: ...


class Inbox(Protocol):
    """Where channels put what came in."""

    def accept(self, incoming: Incoming) -> bool:
        """Keep it durably before anybody is told that it came; False where it is known already.

        Blocks for a write to disk: call it in a thread. Raises `StateError` where it
        cannot be kept, so that the provider is told to keep it (503).
        """
        ...


class Door(Protocol):
    """A channel with its ways in."""

    @property
    def channel(self) -> Channel: ...

    def routes(self, inbox: Inbox) -> APIRouter:
        """The webhooks: verify the raw bytes, accept, 200. Nothing else in the request."""
        ...

    async def run(self, inbox: Inbox) -> None:
        """Background work until cancelled: polling where there is no webhook, keeping tokens."""
        ...


class DeliveryError(Exception):
    """A part was not delivered. ``code`` is the provider's; the message holds no token."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Transient(DeliveryError):
    """Try again, not before ``after`` seconds. ``maybe``: it may have arrived all the same."""

    def __init__(
        self, message: str, *, code: str = "", after: float = 0.0, maybe: bool = False
    ) -> None:
        super().__init__(message, code=code)
        self.after = after
        self.maybe = maybe


class Auth(DeliveryError):
    """The token is refused, also after a refresh: an operator must authorise again."""


class Recipient(DeliveryError):
    """This person cannot be written to (blocked, left, window closed): stop, keep nothing."""


class Payload(DeliveryError):
    """The part is refused as it is: a fault of ours; sent once more as plain words."""


class Operator(DeliveryError):
    """Nothing helps but an operator (package, account, quota): hold the channel's queue."""
