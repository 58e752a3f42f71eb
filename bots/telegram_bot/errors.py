"""Telegram's errors by what to do about them."""

from __future__ import annotations

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bots.delivery.channel import Auth, DeliveryError, Operator, Payload, Recipient, Transient
from bots.telegram_bot.limiter import seconds_of

#: What a BadRequest says where the chat, and not what was sent, is the reason.
_NOBODY = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "group chat was deactivated",
    "group chat was upgraded",
    "have no rights to send",
    "not enough rights",
    "need administrator rights",
    "chat_write_forbidden",
    "user_is_blocked",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
)
#: A gateway's page of HTML is quoted no further.
_LONGEST = 200
#: Failures in which nothing can have reached Telegram.
_BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def delivery_error(error: TelegramError) -> DeliveryError:
    """The error of the contract that ``error`` is; its text is Telegram's description."""
    said = error.message[:_LONGEST]
    match error:
        case RetryAfter():
            return Transient(said, code="429", after=seconds_of(error))
        case InvalidToken():
            return Auth("Telegram refuses the bot's token", code="401")
        case Forbidden():
            return Recipient(said, code="403")
        case ChatMigrated():
            return Transient(said, code="400", after=0.0)
        case Conflict():
            return Operator(said, code="409")
        case BadRequest():  # before NetworkError, which it is a kind of
            nobody = any(words in said.lower() for words in _NOBODY)
            return Recipient(said, code="400") if nobody else Payload(said, code="400")
        case NetworkError():
            cause = error.__cause__
            if not isinstance(cause, httpx.HTTPError):  # an answer came, and it was an error
                return Transient(said, code="5xx", after=1.0)
            return Transient(said, code="network", after=1.0, maybe=not isinstance(cause, _BEFORE))
    # An answer that could not be read: what it says of the message is not known.
    return Transient(said, code="unreadable", after=1.0, maybe=True)


def is_about(error: BadRequest, words: str) -> bool:
    """Whether Telegram's description has these words in it."""
    return words in error.message.lower()
