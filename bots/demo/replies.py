"""The sentences of ``troly demo``, from replies.vi.yml."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml


@cache
def _sentences() -> dict[str, str]:
    text = resources.files("bots.demo").joinpath("replies.vi.yml").read_text("utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded


def sentence(key: str, **values: object) -> str:
    """The sentence ``key`` with its places filled."""
    return _sentences()[key].format(**values)
