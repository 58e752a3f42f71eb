"""An answer as messages of the Zalo Bot Platform: plain words, bold headings, numbered choices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.dialogue.decision import Choice
from bots.delivery import words
from bots.delivery.channel import Capabilities, Part, Reply
from bots.zalo_bot.replies import sentence

#: There are no buttons: choices are numbered in the text, and a number that is typed is one.
#: The unit of 2,000 is not documented; UTF-16 counts no less than any other.
CAPABILITIES = Capabilities(
    max_length=2000, unit="utf16", buttons=0, button_title=200, markup="plain", typing=True
)

_LIMIT = CAPABILITIES.max_length


def parts_of(reply: Reply, *, public_url: str = "") -> tuple[Part, ...]:
    """The messages of a reply, in order: notices, the answer, what can be chosen."""
    texts: list[str] = []
    for notice in reply.before:
        texts += words.split(notice, _LIMIT)
    texts += words.split(words.answer_text(reply.answer, public_url=public_url), _LIMIT)
    for block in words.split(choices_text(reply.buttons, reply.answer.text), _LIMIT):
        whole = f"{texts[-1].rstrip()}\n\n{block}" if texts else block
        if len(texts) > len(reply.before) and words.length(whole) <= _LIMIT:
            texts[-1] = whole
        else:
            texts.append(block)
    return tuple(part_of(text) for text in texts)


def choices_text(buttons: Sequence[Choice], said: str = "") -> str:
    """The choices, numbered; "" where there is none or ``said`` lists them already."""
    lines = [f"{n}. {button.title}" for n, button in enumerate(buttons, 1)]
    known = {line.strip() for line in said.splitlines()}
    if all(line.strip() in known for line in lines):
        return ""
    whole = [words.shortened(line, CAPABILITIES.button_title + 4) for line in lines]
    return "\n".join((sentence("choices"), *whole))


def part_of(text: str) -> Part:
    """One message."""
    shown = text.rstrip()
    body: dict[str, Any] = {"text": shown}
    if styles := list(_bold(shown)):
        body["text_styles"] = styles
    return Part(body, text)


def _bold(text: str) -> Iterator[dict[str, Any]]:
    """The headings in a text, as the platform names what is bold: in UTF-16 units."""
    headings = {words.sentence("sources"), sentence("choices")}
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip() in headings:
            yield {"start": start, "len": words.length(line.rstrip()), "st": ["b"]}
        start += words.length(line)
