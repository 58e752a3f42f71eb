"""Open the Telegram door, or say what is missing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping

from assistant.channels import TelegramSettings
from assistant.errors import ConfigError
from bots.telegram_bot.buttons import Buttons
from bots.telegram_bot.commands import sentence
from bots.telegram_bot.door import PATH, TelegramDoor, Waits
from bots.telegram_bot.limiter import OwnLimiter
from bots.telegram_bot.previews import Rhythm
from bots.telegram_bot.reading import Reader
from bots.telegram_bot.sending import TelegramChannel
from knowledge_base.home import Home

_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{10,100}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


def open_door(
    settings: TelegramSettings,
    home: Home,
    environ: Mapping[str, str],
    *,
    public_url: str = "",
    clock: Callable[[], float] = time.time,
    limiter: OwnLimiter | None = None,
    rhythm: Rhythm | None = None,
    waits: Waits | None = None,
) -> TelegramDoor | None:
    """The door, which has not asked Telegram anything yet; None where it is not switched on.

    ``public_url`` is where our web door is reached: links to quotes lead there, and
    Telegram brings its updates there in the mode ``webhook``.

    Raises:
        ConfigError: a secret is missing or is none.
    """
    if not settings.on:
        return None
    token = environ.get("TROLY_TELEGRAM_TOKEN", "").strip()
    secret = environ.get("TROLY_TELEGRAM_SECRET", "").strip()
    if not token:
        raise ConfigError(sentence("no_token"))
    if not _TOKEN.fullmatch(token):
        raise ConfigError(sentence("bad_token"))
    if settings.mode == "webhook":
        if not secret:
            raise ConfigError(sentence("no_secret"))
        if not _SECRET.fullmatch(secret):
            raise ConfigError(sentence("bad_secret"))
    buttons = Buttons(home.state_database, clock)
    reader = Reader(token, settings.api_url.rstrip("/"), buttons, limiter=limiter, clock=clock)
    channel = TelegramChannel(
        reader.bot, buttons, rhythm=rhythm, closing=reader.close, public_url=public_url, clock=clock
    )
    address = public_url.rstrip("/") + PATH if public_url.startswith("https://") else ""
    return TelegramDoor(settings.mode, reader, channel, secret=secret, address=address, waits=waits)
