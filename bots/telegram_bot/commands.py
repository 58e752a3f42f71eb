"""The commands that Telegram shows, and what it says of the bot before anything is asked."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

import yaml
from telegram import BotCommand

#: Telegram takes ASCII names only; the words of each are in replies.vi.yml.
NAMES = (
    "start", "trogiup", "thutuc", "nguon", "phanhoi", "canbo", "xoadulieu", "dulieu",
    "quyenriengtu", "dung",
)  # fmt: skip
#: … in groups, where nobody's data is to be spoken of.
GROUP_NAMES = ("trogiup", "thutuc", "nguon", "canbo", "dung")
#: Telegram's limits for what is said of a bot.
DESCRIPTION, SHORT_DESCRIPTION = 512, 120


@lru_cache(maxsize=1)
def _sentences() -> dict[str, Any]:
    text = resources.files("bots.telegram_bot").joinpath("replies.vi.yml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def sentence(key: str, **values: object) -> str:
    """The sentence ``key`` with its places filled."""
    return str(_sentences()[key]).format(**values)


def commands(names: tuple[str, ...] = NAMES) -> list[BotCommand]:
    said: dict[str, str] = _sentences()["commands"]
    return [BotCommand(name, said[name]) for name in names]
