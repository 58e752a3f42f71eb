"""How a message refers to what was said before it (words: tables/follow_ups.yml)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.steps.understand_question import content
from assistant.tables import Phrase, phrases, table
from assistant.vocabulary import Understanding
from knowledge_base.vietnamese import fold

#: "tôi thường trú Nghệ An": where one lives, not what one asks for.
_LIVES = re.compile(
    r"(?:^|\s)(?:tôi|em|mình|tui|cháu|con|vợ|chồng|bố|mẹ|ba|má|nhà)\s+(?:có\s+)?"
    r"(?:đang\s+)?(?:thường trú|tạm trú|hộ khẩu|ở|sống)(?=\s|$)"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What of a message points back. ``content``: what carries a subject without all that.

    ``noun``: the slot that a bare noun asks for ("tiền thì sao?"). ``moved``: the content is
    another than that of the understanding. ``there``: a place said before or beside stands for
    where something is to be done.
    """

    opens: bool
    refers: bool
    there: bool
    corrects: bool
    back: bool
    asks: bool
    noun: tuple[str, ...]
    content: tuple[str, ...]
    moved: bool


def reference(said: Understanding) -> Reference:
    """Read a message of a conversation."""
    spoken = list(said.syllables)
    opens = _opens(spoken)
    corrects = _says("corrects", spoken) or _ends(spoken, "corrects_at_end")
    left = _LIVES.sub(" ", " ".join(spoken)).split()
    for row in ("refers", "there", "corrects", "back"):
        left = _without(left, phrases("follow_ups", row))
    if corrects:
        left = _without(left, phrases("follow_ups", "corrects_at_end"))
    kept = _kept(said.content, content(left))
    return Reference(
        opens=opens,
        refers=_says("refers", spoken) or _says("there", spoken),
        there=_says("there", spoken),
        corrects=corrects,
        back=_says("back", spoken),
        asks=_says("asks", _without(spoken, phrases("follow_ups", "opens"))),
        noun=_noun(spoken) if not kept and not said.slots else (),
        content=kept,
        moved=kept != said.content,
    )


def _kept(content: Sequence[str], left: Sequence[str]) -> tuple[str, ...]:
    """Of the content (which is without places) what is left, in its order."""
    there = set(left)
    return tuple(word for word in content if word in there)


def _opens(spoken: Sequence[str]) -> bool:
    """Whether a message starts the way follow-ups do, or ends so ("… thì sao ạ?")."""
    return any(
        phrase.at(spoken[: len(phrase.syllables)]) == 0
        or (len(phrase.syllables) > 1 and phrase.at(spoken[-len(phrase.syllables) - 1 :]) >= 0)
        for phrase in phrases("follow_ups", "opens")
    )


def _says(row: str, spoken: Sequence[str]) -> bool:
    return any(phrase.at(spoken) >= 0 for phrase in phrases("follow_ups", row))


def _ends(spoken: Sequence[str], row: str) -> bool:
    return any(
        spoken[-len(phrase.syllables) :] == list(phrase.syllables)
        for phrase in phrases("follow_ups", row)
    )


def _without(spoken: Sequence[str], rows: Sequence[Phrase]) -> list[str]:
    left = list(spoken)
    for phrase in rows:
        while (at := phrase.at(left)) >= 0:
            left[at : at + len(phrase.syllables)] = []
    return left


def _noun(spoken: Sequence[str]) -> tuple[str, ...]:
    said = {*spoken, *map(fold, spoken)} if all(w.isascii() for w in spoken) else set(spoken)
    for slot, words in table("follow_ups")["nouns"].items():
        if any(set(str(word).split()) <= said for word in words):
            return (str(slot),)
    return ()
