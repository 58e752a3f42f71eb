"""A reply as plain messages: Zalo shows Markdown as it stands, so there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.dialogue.decision import Choice
from bots.delivery.channel import Capabilities, Part, Reply
from bots.delivery.words import answer_text, length, normalised, shortened, split
from bots.zalo_oa.replies import sentence

#: 2,000 is Zalo's limit, in a unit that nobody names: so we count the larger and stay below.
CAPABILITIES = Capabilities(
    max_length=1900, unit="utf16", buttons=5, button_title=100, markup="plain", reaction=True
)
#: What every payload of ours begins with: a tap comes back as a text, and this tells it apart.
MARK = "#"
_LONGEST_PAYLOAD = 1000
#: Choices, so many that their titles fit into one message.
_MOST = 15
_BULLET = re.compile(r"^(\s*)[-*+] +", re.M)
_HEADING = re.compile(r"^#{1,6} +", re.M)
_STRONG = re.compile(r"\*\*([^*\n]+)\*\*")


def parts_of(reply: Reply, *, public_url: str = "") -> tuple[Part, ...]:
    """Notices, then the answer; what can be pressed is below the last message."""
    texts = [part for notice in reply.before for part in _split(notice)]
    texts += _split(answer_text(reply.answer, public_url=public_url))
    buttons = _usable(reply.buttons)
    if not buttons:
        return tuple(Part({"text": text}, text) for text in texts)
    listed = "\n".join(f"{number}. {each.title}" for number, each in enumerate(buttons, 1))
    more = len(buttons) > CAPABILITIES.buttons
    last = f"{texts[-1]}\n\n{listed}" if texts else ""
    if not last or length(last) > CAPABILITIES.max_length:
        texts.append(sentence("choose"))
        last = f"{texts[-1]}\n{listed}"
    first = tuple(Part({"text": text}, text) for text in texts[:-1])
    pressed = [
        {"title": each.title, "payload": MARK + each.payload}
        for each in buttons[: CAPABILITIES.buttons]
    ]
    # Those beyond the fifth can be typed: then all stand in the text, under their numbers.
    shown = last if more else texts[-1]
    return (*first, Part({"text": shown, "buttons": pressed}, last))


def plain(text: str) -> str:
    """``text`` without marks of Markdown, lists with "•"."""
    text = _STRONG.sub(r"\1", text)
    return normalised(_HEADING.sub("", _BULLET.sub(r"\1• ", text)))


def _split(text: str) -> Iterator[str]:
    for part in split(plain(text), CAPABILITIES.max_length):
        if part.strip():
            yield part.strip()


def _usable(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Those with a title and a payload that Zalo takes, titles shortened."""
    usable = (
        Choice(shortened(each.title, CAPABILITIES.button_title), each.payload) for each in choices
    )
    return tuple(
        each for each in usable if each.title and 0 < len(each.payload) < _LONGEST_PAYLOAD
    )[:_MOST]
