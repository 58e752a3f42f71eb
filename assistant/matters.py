"""Two matters in one message ("sang tên xe ở đâu và khai trước bạ mẫu nào"), each with slots."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.asked import TOLD_BY, slots_asked
from assistant.steps.understand_question import content, subject
from knowledge_base.vietnamese import expand_abbreviations, tokens

_BETWEEN = re.compile(r"[,.;?!\n]|\b(?:và|còn|với lại|đồng thời|sẵn tiện|tiện thể)\b")
_LEAST = 2  # content syllables that can name a procedure
_MOST = 3


@dataclass(frozen=True, slots=True)
class Matter:
    """A part of a message that names something and asks for slots of it."""

    subject: tuple[str, ...]
    content: tuple[str, ...]
    slots: tuple[str, ...]


def matters(text: str) -> tuple[Matter, ...]:
    """The parts of ``text`` (diacritics put back) that ask apart; none unless several do."""
    found = []
    parts = (tokens(expand_abbreviations(part)) for part in _BETWEEN.split(text))
    for part in parts:
        slots = tuple(slot for slot in slots_asked(part) if slot not in TOLD_BY) if part else ()
        said = content(part)
        if slots and len(said) >= _LEAST:
            found.append(Matter(subject(part), said, slots))
    return tuple(found[:_MOST]) if len(found) > 1 else ()
