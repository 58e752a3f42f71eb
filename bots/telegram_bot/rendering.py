"""A reply as Telegram messages: HTML of three characters escaped, sources folded away."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.vocabulary import Answer
from bots.delivery import words
from bots.delivery.channel import Capabilities, Part, Reply
from bots.telegram_bot.commands import sentence

CAPABILITIES = Capabilities(
    max_length=4096,
    unit="utf16",
    buttons=8,
    button_title=60,
    markup="html",
    typing=True,
    draft=True,
    edit=True,
)
#: Buttons that open a source, besides the links in the text.
LINKS = 3
_SAFE_LINK = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?", re.A)
_ITEM = re.compile(r"^- ", re.M)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words and the same as HTML; the former is what Telegram counts."""

    text: str
    html: str


def render(reply: Reply, public_url: str = "") -> tuple[Part, ...]:
    """The reply in parts of at most 4,096; buttons are below the last of them."""
    pieces = [list(_plain(notice)) for notice in reply.before]
    parts = [_part([piece]) for notice in pieces for piece in notice]
    answered = list(_filled(list(_of_answer(reply.answer, public_url))))
    buttons = [
        [words.shortened(choice.title, CAPABILITIES.button_title), choice.payload]
        for choice in reply.buttons[: CAPABILITIES.buttons]
    ]
    links = _links(reply.answer, public_url)
    for number, together in enumerate(answered, 1):
        last = number == len(answered)
        parts.append(_part(together, buttons if last else [], links if last else []))
    return tuple(parts)


def preview(text: str) -> str:
    """What of ``text`` a preview can show."""
    return next(iter(words.split(_bulleted(text), CAPABILITIES.max_length)), "")


def _of_answer(answer: Answer, public_url: str) -> Iterator[_Piece]:
    head, tail = words.parted(answer)
    yield from _plain(head)
    for part in words.split(words.sources(answer, public_url), CAPABILITIES.max_length):
        quoted = html.escape(part.strip(), quote=False)
        yield _Piece(part.strip(), f"<blockquote expandable>{quoted}</blockquote>")
    yield from _plain(tail)


def _plain(text: str) -> Iterator[_Piece]:
    for part in words.split(_bulleted(text), CAPABILITIES.max_length):
        yield _Piece(part, html.escape(part, quote=False))


def _bulleted(text: str) -> str:
    return _ITEM.sub("• ", text)


def _filled(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """As many pieces together as fit into one message."""
    together: list[_Piece] = []
    for piece in pieces:
        if together and words.length(_joined(*together, piece)) > CAPABILITIES.max_length:
            yield together
            together = []
        together.append(piece)
    if together:
        yield together


def _joined(*pieces: _Piece) -> str:
    return "\n\n".join(piece.text for piece in pieces)


def _part(
    pieces: list[_Piece],
    buttons: list[list[str]] | None = None,
    links: list[list[str]] | None = None,
) -> Part:
    text = _joined(*pieces)
    body = {
        "text": text,
        "html": "\n\n".join(piece.html for piece in pieces),
        "buttons": buttons or [],
        "links": links or [],
    }
    return Part(body, text)


def _links(answer: Answer, public_url: str) -> list[list[str]]:
    """The first sources that have an address Telegram takes for a button."""
    first: dict[str, int] = {}
    for citation in answer.citations:
        link = words.link_of(citation, public_url)
        if _SAFE_LINK.fullmatch(link):
            first.setdefault(link, citation.number)
    return [
        [sentence("open_source", number=number), link]
        for link, number in list(first.items())[:LINKS]
    ]
