"""The words around the lines of a matter: headings, safety, what is not decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.legal_support.event_day import EventDay
from assistant.legal_support.schema import LineFile

_LAWS = 3
_AID = "11/2017/QH14"
_FILE = Path(__file__).with_name("words.vi.yml")


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def heading(part: str, event: EventDay | None, now: date, laws: Sequence[str] = ()) -> str:
    """What stands above the lines of a part; ``laws``: those they are of."""
    text: str = _words()["headings"][part]
    when = event.words if event else ""
    return text.format(when=when, now=f"{now:%d/%m/%Y}", laws="; ".join(laws[:_LAWS]))


def about(title: str) -> str:
    """What stands above the first part of a matter where there are two."""
    text: str = _words()["headings"]["about"]
    return text.format(title=title)


def notice(name: str, **blanks: object) -> str:
    """One of the fixed sentences."""
    text: str = _words()["notices"][name]
    return text.format(**blanks)


def safety(kind: str) -> str:
    """The numbers to call and the first steps; empty where nothing threatens."""
    told: Mapping[str, str] = _words()["safety"]
    return told.get(kind, "")


def legal_aid() -> tuple[LineFile, ...]:
    """Who may be helped without paying, told as conditions, and where to ask."""
    words: Mapping[str, str] = _words()["aid"]
    return (
        LineFile(law=_AID, article="Điều 7", say=words["who"]),
        LineFile(law=_AID, article="Điều 10", say=words["where"]),
    )


def own_sentences() -> tuple[str, ...]:
    """Every sentence that is shown beside the lines, for the measure of plain language."""
    return tuple(text for part in _words().values() for text in part.values())
