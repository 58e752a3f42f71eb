"""The fixed sentences of a door, from the replies.vi.yml beside its code."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Protocol

import yaml


class Sentences(Protocol):
    """The sentence ``key`` with its places filled; a KeyError for a key that is not there."""

    def __call__(self, key: str, **values: object) -> str: ...


def sentences_of(package: str) -> Sentences:
    """The sentences of ``package``; its file is read on first use."""

    def sentence(key: str, **values: object) -> str:
        return _file(package)[key].format(**values)

    return sentence


@cache
def _file(package: str) -> dict[str, str]:
    text = resources.files(package).joinpath("replies.vi.yml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded
