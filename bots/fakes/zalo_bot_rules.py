"""What the Zalo Bot Platform takes as parameters of each call, and how it refuses the rest."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

#: Characters of a text or a caption, counted in UTF-16 units.
LONGEST = 2000

#: The parameters of each call: those it needs, and those it takes.
METHODS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    name: (frozenset(needs.split()), frozenset((needs + " " + takes).split()))
    for name, needs, takes in (
        ("getMe", "", ""),
        ("getUpdates", "", "timeout"),
        ("setWebhook", "url secret_token", ""),
        ("deleteWebhook", "", ""),
        ("getWebhookInfo", "", ""),
        ("testWebhook", "", ""),
        ("sendMessage", "chat_id text", "parse_mode text_styles"),
        ("sendPhoto", "chat_id photo", "caption parse_mode"),
        ("sendSticker", "chat_id sticker", ""),
        ("sendVoice", "chat_id voice_url", ""),
        ("sendChatAction", "chat_id action", ""),
    )
}


class Refusal(Exception):
    """``{"ok": false, "error_code": code, "description": description}``."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


def checked(method: str, given: Mapping[str, Any], *, strict: bool = False) -> dict[str, Any]:
    """The parameters of a call; unknown ones are refused in ``strict`` mode, else ignored.

    Raises:
        Refusal: 400.
    """
    if method not in METHODS:
        raise _bad("no such function")
    needs, takes = METHODS[method]
    if missing := sorted(name for name in needs if given.get(name) in (None, "")):
        raise _bad(f"{missing[0]} is empty")
    if strict and (unknown := sorted(set(given) - takes)):
        raise _bad(f"unknown parameter {unknown[0]}")
    known = {name: value for name, value in given.items() if name in takes}
    for name, value in known.items():
        if name != "text_styles" and not isinstance(value, str | int):
            raise _bad(f"{name} has a wrong type")
    for name in ("text", "caption"):
        if name in known and not 1 <= _length(str(known[name])) <= LONGEST:
            raise _bad(f"{name} must have 1 to {LONGEST} characters")
    _check_values(known)
    if "text_styles" in known:
        known["text_styles"] = _styles(known)
    return known


def public_https(url: str) -> bool:
    """Whether a webhook may be there: HTTPS, and no private or local address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or host in ("", "localhost") or "." not in host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return not host.endswith((".local", ".localhost", ".internal"))


def _check_values(given: Mapping[str, Any]) -> None:
    if given.get("parse_mode", "html") not in ("html", "markdown"):
        raise _bad("unsupported parse_mode")
    if given.get("action", "typing") != "typing":
        raise _bad("unsupported action")
    if not 8 <= len(str(given.get("secret_token", "x" * 8))) <= 256:
        raise _bad("secret_token must have 8 to 256 characters")
    for name in ("photo", "voice_url"):
        address = urlsplit(str(given.get(name, "https://a.vn/x.aac")))
        if address.scheme not in ("http", "https") or not address.hostname:
            raise _bad(f"{name} is no URL")
    if not str(given.get("voice_url", ".aac")).endswith(".aac"):
        raise _bad("voice_url must end in .aac")


def _styles(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    styles = given["text_styles"]
    if isinstance(styles, str):  # in a form or a query
        try:
            styles = json.loads(styles)
        except ValueError:
            raise _bad("text_styles is no JSON") from None
    size = _length(str(given["text"]))
    if not isinstance(styles, list):
        raise _bad("text_styles is no list")
    for style in styles:
        try:
            start, length, codes = style["start"], style["len"], style["st"]
            fits = 0 <= start < start + length <= size and all(type(c) is str for c in codes)
        except (TypeError, KeyError):
            raise _bad("text_styles is malformed") from None
        if not fits or not codes:
            raise _bad("text_styles is outside the text")
    return styles


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _bad(what: str) -> Refusal:
    return Refusal(400, f"Bad Request: {what}")
