"""HTML as Telegram's server reads it: text and entities, or the error it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_NAMES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "span": "spoiler", "code": "code", "pre": "pre", "a": "text_link",
    "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));?")
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[\w.-]+))?""", re.A)
_URL = re.compile(r"https?://[^\s<>\"]+")
_COMMAND = re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?", re.A)
_MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}", re.A)


class CannotParse(ValueError):
    """What follows "can't parse entities: " in the server's description."""


@dataclass(frozen=True, slots=True)
class _Open:
    name: str
    attributes: dict[str, str]
    start: int  # in UTF-16 units of the text


def utf16(text: str) -> int:
    """Length as Telegram counts offsets."""
    return len(text.encode("utf-16-le")) // 2


def parsed_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text and its entities. Raises `CannotParse`."""
    text: list[str] = []
    entities: list[dict[str, Any]] = []
    stack: list[_Open] = []
    length = at = 0
    while at < len(source):
        letter = source[at]
        if letter == "&" and (found := _ENTITY.match(source, at)):
            told = found[1]
            letter = (
                _CHARACTERS[told]
                if told
                else chr(int(found[2] or found[3], 16 - 6 * bool(found[2])))
            )
            at = found.end()
        elif letter == "<":
            end = source.find(">", at)
            offset = len(source[:at].encode())
            if end < 0:
                raise CannotParse(f"Unclosed start tag at byte offset {offset}")
            inner = source[at + 1 : end]
            if inner.startswith("/"):
                entities += _closed(inner[1:].strip().lower(), stack, offset, length)
            else:
                stack.append(_opened(inner, offset, length))
            at = end + 1
            continue
        else:
            at += 1
        text.append(letter)
        length += 1 + (letter > "\uffff")
    if stack:
        raise CannotParse(f'Can\'t find end tag corresponding to start tag "{stack[-1].name}"')
    return _trimmed("".join(text), entities)


def _opened(inner: str, offset: int, length: int) -> _Open:
    name, _, rest = inner.strip().partition(" ")
    name = name.lower().rstrip("/")
    attributes = {
        key.lower(): _unescaped(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(rest)
    }
    known = name in _NAMES and (name != "span" or attributes.get("class") == "tg-spoiler")
    if not known:
        raise CannotParse(f'Unsupported start tag "{name}" at byte offset {offset}')
    return _Open(name, attributes, length)


def _unescaped(value: str) -> str:
    return _ENTITY.sub(lambda found: _CHARACTERS.get(found[1] or "", found[0]), value)


def _closed(name: str, stack: list[_Open], offset: int, length: int) -> list[dict[str, Any]]:
    if not stack:
        raise CannotParse(f"Unexpected end tag at byte offset {offset}")
    opened = stack.pop()
    if name and name != opened.name:
        raise CannotParse(
            f'Unmatched end tag at byte offset {offset}, expected "</{opened.name}>", '
            f'found "</{name}>"'
        )
    if length == opened.start:
        return []
    kind = _NAMES[opened.name]
    if kind == "blockquote" and "expandable" in opened.attributes:
        kind = "expandable_blockquote"
    entity: dict[str, Any] = {"type": kind, "offset": opened.start, "length": length - opened.start}
    if kind == "text_link":
        url = opened.attributes.get("href", "")
        if not _URL.fullmatch(url):
            return []  # a link to nowhere is only words
        entity["url"] = url
    return [entity]


def _trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Without white space around it; entities moved and cut accordingly."""
    before = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    whole = utf16(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - before)
        end = min(whole, entity["offset"] + entity["length"] - before)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, sorted(kept, key=lambda each: (each["offset"], -each["length"]))


def found_entities(text: str) -> list[dict[str, Any]]:
    """What a client marks by itself in typed words: commands, mentions, links."""
    kinds = (("bot_command", _COMMAND), ("mention", _MENTION), ("url", _URL))
    marked = [
        {"type": kind, "offset": utf16(text[: found.start()]), "length": utf16(found[0])}
        for kind, pattern in kinds
        for found in pattern.finditer(text)
    ]
    return sorted(marked, key=lambda each: int(str(each["offset"])))
