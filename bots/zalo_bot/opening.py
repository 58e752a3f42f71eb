"""Opening the door of the Zalo Bot Platform from settings and the environment."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from assistant.channels import ZaloBotSettings
from assistant.errors import ConfigError
from bots.zalo_bot.adapter import ZaloBotChannel
from bots.zalo_bot.client import ZaloBotClient
from bots.zalo_bot.door import PATH, ZaloBotDoor
from bots.zalo_bot.replies import sentence
from knowledge_base.home import Home

TOKEN, SECRET = "TROLY_ZALO_BOT_TOKEN", "TROLY_ZALO_BOT_SECRET"

_TOKEN = re.compile(r"(?!.*[/?#%\\])[!-~]{1,100}:[!-~]{1,300}")
_SECRET = re.compile(r"[!-~]{8,256}")


def open_door(
    settings: ZaloBotSettings,
    home: Home,  # noqa: ARG001 - nothing is kept: the token never changes by itself
    environ: Mapping[str, str],
    *,
    public_url: str = "",
    clock: Callable[[], float] = time.time,
) -> ZaloBotDoor | None:
    """The door, or None while it is off.

    ``public_url`` is where our web door is reached: links to quotes lead there, and the
    platform brings its updates there in the mode ``webhook``. Raises `ConfigError`
    where a secret is missing or cannot be one.
    """
    if not settings.on:
        return None
    secret = None
    if settings.mode == "webhook":
        secret = read_secret(environ)
    client = open_client(settings, environ, clock=clock)
    channel = ZaloBotChannel(client, public_url=public_url)
    address = public_url.rstrip("/") + PATH if public_url.startswith("https://") else ""
    return ZaloBotDoor(channel, mode=settings.mode, secret=secret, address=address, clock=clock)


def open_client(
    settings: ZaloBotSettings,
    environ: Mapping[str, str],
    *,
    clock: Callable[[], float] = time.time,
) -> ZaloBotClient:
    """The calls of the bot whose token is in the environment. Raises `ConfigError`."""
    given = environ.get(TOKEN, "").strip()
    if not given:
        raise ConfigError(sentence("no_token"))
    if not _TOKEN.fullmatch(given):
        raise ConfigError(sentence("bad_token"))
    address = urlsplit(settings.api_url)
    local = _is_local(address.hostname or "")
    if not address.hostname or address.scheme not in (("http", "https") if local else ("https",)):
        raise ConfigError(sentence("bad_url"))
    proxy = _proxy(address.scheme, address.hostname, environ)
    transport = httpx.AsyncHTTPTransport(proxy=proxy) if proxy else None
    return ZaloBotClient(
        SecretStr(given), base_url=settings.api_url, transport=transport, clock=clock
    )


def read_secret(environ: Mapping[str, str]) -> SecretStr:
    """What webhooks must carry. Raises `ConfigError`."""
    given = environ.get(SECRET, "").strip()
    if not given:
        raise ConfigError(sentence("no_secret"))
    if not _SECRET.fullmatch(given):
        raise ConfigError(sentence("bad_secret"))
    return SecretStr(given)


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _proxy(scheme: str, host: str, environ: Mapping[str, str]) -> str:
    """The proxy of the environment for ``host``; "" for none."""
    found, without = (
        environ.get(name) or environ.get(name.upper(), "")
        for name in (f"{scheme}_proxy", "no_proxy")
    )
    spared = [name.strip().lstrip(".") for name in without.split(",") if name.strip()]
    if _is_local(host) or any(f".{host}".endswith(f".{n}") or n == "*" for n in spared):
        return ""
    return found
