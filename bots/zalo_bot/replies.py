"""The fixed sentences of the Zalo Bot door, from replies.vi.yml."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml


@cache
def _sentences() -> dict[str, str]:
    text = resources.files("bots.zalo_bot").joinpath("replies.vi.yml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded


def sentence(key: str, **values: object) -> str:
    """The sentence ``key`` with its places filled; a KeyError for a key that is not in the file."""
    return _sentences()[key].format(**values)
