"""Zalo's events as what came in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bots.delivery.channel import Incoming, Kind
from bots.zalo_oa.rendering import MARK

NAME = "zalo_oa"
#: What our own buttons send: a word, then what it names. Anything else is a person's text.
_PRESSED = re.compile(r"#([a-z_]{1,20}:[A-Za-z0-9_.:-]{1,200})")
#: A word after the mark, as the OA's menu sends it.
_MENU = re.compile(r"#(?=\w)")
_ATTACHED = frozenset(
    {"image", "gif", "link", "audio", "video", "sticker", "location", "business_card", "file"}
)
_BEGINS = frozenset({"follow", "user_click_chatnow"})
#: Known, and nothing to do about.
_IGNORED = frozenset(
    {"user_received_message", "user_seen_message", "user_reacted_message", "user_feedback"}
)


def event_name(event: Mapping[str, Any]) -> str:
    """The event's name, as far as it can stand in a log."""
    name = event.get("event_name")
    return re.sub(r"[^a-z0-9_]", "?", name[:60]) if isinstance(name, str) else ""


def incoming(event: Mapping[str, Any], *, oa_id: str = "") -> Incoming | None:
    """What ``event`` says; None where there is nothing to do.

    ``oa_id``: events of other OAs of the same app are not ours. Raises `LookupError`
    for an event of a kind that we do not know, or without what it needs.
    """
    name = event_name(event)
    if name in _IGNORED:
        return None
    if name.startswith("oa_send_"):
        return _by_the_oa(event, oa_id)
    if name in _BEGINS or name in ("unfollow", "user_withdraw"):
        return _about(event, name, oa_id)
    what = name.removeprefix("user_send_")
    if what == name or (what != "text" and what not in _ATTACHED):
        raise LookupError(name)
    sender, to = _id(event, "sender"), _id(event, "recipient")
    if oa_id and (sender == oa_id or to not in ("", oa_id)):
        return None
    return _said(event, what, sender)


def _said(event: Mapping[str, Any], what: str, sender: str) -> Incoming:
    message = event.get("message")
    message = message if isinstance(message, dict) else {}
    said, number = message.get("text"), message.get("msg_id")
    text = said.encode("utf-8", "replace").decode() if isinstance(said, str) else ""
    number = _number(number)
    kind, payload = Kind.OTHER, ""
    if what == "text" or (what == "link" and text.strip()):
        what, kind = "", Kind.TEXT
        if pressed := _PRESSED.fullmatch(text.strip()):
            kind, payload, text = Kind.BUTTON, pressed[1], ""
        elif text.startswith(MARK):
            text = _MENU.sub("", text, count=1)
    return Incoming(
        NAME,
        update=number or _update(event, sender),
        chat=_known(sender),
        person=sender,
        kind=kind,
        at=seconds(event),
        text=text,
        payload=payload,
        message=number,
        what=what,
    )


def _by_the_oa(event: Mapping[str, Any], oa_id: str) -> Incoming | None:
    """Our own echo, or an officer in the OA's console."""
    sender, officer = event.get("sender"), ""
    if isinstance(sender, dict):
        officer = str(sender.get("admin_id") or "")
    if not officer or (oa_id and _id(event, "sender") not in ("", oa_id)):
        return None
    person = _known(_id(event, "recipient"))
    message = event.get("message")
    number = message.get("msg_id") if isinstance(message, dict) else None
    number = _number(number)
    update = f"oa:{number}" if number else _update(event, person)
    # What the officer wrote is not ours to keep.
    return Incoming(NAME, update, person, person, Kind.OFFICER, seconds(event), message=number)


def _about(event: Mapping[str, Any], name: str, oa_id: str) -> Incoming | None:
    """An event about a person's relation to the OA."""
    to = event.get("oa_id") or _id(event, "recipient")
    if oa_id and to not in ("", oa_id):
        return None
    person = event.get("user_id")
    if not isinstance(person, str):
        person = _id(event, "follower") or _id(event, "sender")
    kind = {"unfollow": Kind.LEAVE, "user_withdraw": Kind.WITHDRAW}.get(name, Kind.BEGIN)
    _known(person)
    return Incoming(NAME, _update(event, person), person, person, kind, seconds(event))


def seconds(event: Mapping[str, Any]) -> float:
    """When it happened, by Zalo's clock; its timestamp has been checked."""
    return int(str(event["timestamp"])) / 1000


def _update(event: Mapping[str, Any], person: str) -> str:
    return f"{event_name(event)}:{person}:{event['timestamp']}"


def _id(event: Mapping[str, Any], who: str) -> str:
    """The id of ``sender``, ``recipient`` or ``follower``; "" where there is none."""
    found = event.get(who)
    value = found.get("id") if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""


def _number(found: object) -> str:
    """The id of a message, where it can be one."""
    fits = isinstance(found, str) and len(found) <= 200 and found.isascii()
    return str(found) if fits else ""


def _known(person: str) -> str:
    if not 0 < len(person) <= 100 or not person.isascii():
        raise LookupError("an event about nobody")
    return person
