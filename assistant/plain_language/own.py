"""Every sentence the assistant says in words of its own, for holding them against the target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.legal_support.schema import matters
from assistant.legal_support.told import own_sentences

_ROOT = Path(__file__).parent.parent
_BLANK = re.compile(r"\{[^{}]*\}")
_FILES = ("replies.vi.yml", "dialogue/replies.vi.yml", "desk/replies.vi.yml")


@dataclass(frozen=True, slots=True)
class Own:
    """One text, and where it stands."""

    where: str
    text: str


def own_texts() -> Iterator[Own]:
    """Fixed replies, the words around legal matters, and what matters say in place of a quote."""
    for name in _FILES:
        loaded = yaml.safe_load((_ROOT / name).read_text(encoding="utf-8"))
        loaded.pop("english", None)
        yield from (Own(name, _filled(text)) for text in _leaves(loaded))
    yield from (Own("legal_support/words.vi.yml", _filled(text)) for text in own_sentences())
    for matter in matters():
        yield Own(f"{matter.id}.yml", matter.lead)
        yield from (Own(f"{matter.id}.yml", thing) for thing in matter.prepare)
        yield from (Own(f"{matter.id}.yml", line.say) for _, line in matter.lines() if line.say)


def _filled(text: str) -> str:
    """A blank stands for a short name or figure."""
    return _BLANK.sub("5", text)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, str) and " " in value:
        yield value
