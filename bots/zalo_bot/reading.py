"""Updates of the platform, by webhook or asked for, as `Incoming`."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from bots.delivery.channel import Incoming, Kind

logger = logging.getLogger(__name__)

#: The channel's name, also in the durable inbox.
NAME = "zalo_bot"

_EVENT = re.compile(r"message\.([a-z_]{1,40})\.received")
#: What is no message of a person to the bot and needs no answer.
_SILENT = frozenset({"reaction"})
#: Milliseconds since 1970 are larger than this, seconds are not.
_MILLISECONDS = 1e11
_LONGEST_ID = 200


class Unreadable(ValueError):
    """No update at all; the message says why, without a word of it."""


def parsed(raw: bytes) -> Any:
    """The JSON of a body. Raises `Unreadable`."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None


def incoming(told: Any, *, now: float, own: str = "") -> Incoming | None:
    """What an update says; None where nobody waits for an answer to it.

    ``told`` is the update, bare or in an ``{"ok", "result"}`` envelope. ``own`` is the
    bot's id: what it sends may come back and is dropped. So are groups, where
    personal questions do not belong. Raises `Unreadable` where it is no object.
    """
    if not isinstance(told, Mapping):
        raise Unreadable("not an object")
    update = told["result"] if isinstance(told.get("result"), Mapping) else told
    message = _part(update, "message")
    event = _EVENT.fullmatch(_words(update, "event_name"))
    if event is None:
        logger.info("an update without a known event was left aside")
        return None
    sender, chat = _part(message, "from"), _part(message, "chat")
    person = _id(sender, "id")
    where = _id(chat, "id") or person
    if not where:  # some events of protected people name nobody
        logger.info("a message.%s from nobody was left aside", event[1])
        return None
    if sender.get("is_bot") is True or (own and person == own):
        return None
    if _words(chat, "chat_type").upper() not in ("", "PRIVATE"):
        logger.info("a message in a group was left aside")
        return None
    if event[1] in _SILENT:
        return None
    text = _words(message, "text") if event[1] == "text" else ""
    kind = Kind.TEXT if event[1] == "text" and text.strip() else Kind.OTHER
    number = _id(message, "message_id")
    return Incoming(
        channel=NAME,
        update=number or _fingerprint(update),
        chat=where,
        person=person or where,
        kind=kind,
        at=_seconds(message.get("date"), now),
        text=text if kind is Kind.TEXT else "",
        message=number,
        what="" if kind is Kind.TEXT else _what(event[1], message),
    )


def message_id(told: Any) -> str:
    """The id of the message in an update; "" where there is none."""
    if not isinstance(told, Mapping):
        return ""
    update = told["result"] if isinstance(told.get("result"), Mapping) else told
    return _id(_part(update, "message"), "message_id")


def _what(event: str, message: Mapping[str, Any]) -> str:
    """Which kind of attachment; where it lies is neither read nor kept."""
    if event == "text":
        return "empty"
    if event == "unsupported" and (message.get("photo") or message.get("photo_url")):
        return "image"
    return event


def _part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = of.get(name)
    return found if isinstance(found, Mapping) else {}


def _words(of: Mapping[str, Any], name: str) -> str:
    """A field that is text, without the halves of characters that JSON allows."""
    found = of.get(name)
    if not isinstance(found, str):
        return ""
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _id(of: Mapping[str, Any], name: str) -> str:
    found = of.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return _words(of, name).strip()[:_LONGEST_ID]


def _seconds(date: Any, now: float) -> float:
    """``date`` as seconds since 1970; ``now`` where it is no time of ours."""
    if isinstance(date, str) and re.fullmatch(r"\d{9,14}", date):
        date = int(date)
    if isinstance(date, bool) or not isinstance(date, int | float) or not 1e8 < date < 1e14:
        return now
    return date / 1000 if date > _MILLISECONDS else float(date)


def _fingerprint(update: Mapping[str, Any]) -> str:
    """A name for an update that has none, the same when it comes again."""
    told = json.dumps(update, sort_keys=True)
    return "sha256:" + hashlib.sha256(told.encode("ascii")).hexdigest()
