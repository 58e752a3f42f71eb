"""The words of ``words.yml``, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.vietnamese import fold, tokens


@cache
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
    )
    return loaded


def say(key: str, **values: object) -> str:
    """The sentence ``key`` with its places filled."""
    text: str = _table()[key]
    return text.format(**values)


def gate() -> Mapping[str, Any]:
    """The thresholds of the gate."""
    found: Mapping[str, Any] = _table()["gate"]
    return found


def has_phrase(key: str, text: str, *, opens: bool = False) -> bool:
    """Whether ``text`` has (or ``opens`` with) a phrase of the list ``key``."""
    said = f" {' '.join(fold(token) for token in tokens(text))} "
    return any(
        said.startswith(f" {phrase} ") if opens else f" {phrase} " in said
        for phrase in _table()[key]
    )
