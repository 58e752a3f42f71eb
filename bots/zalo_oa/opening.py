"""The door of a Zalo Official Account, from the settings and the environment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping

from fastapi import APIRouter

from assistant.channels import ZaloOaSettings
from assistant.errors import ConfigError
from bots.delivery.channel import Inbox
from bots.zalo_oa import webhook
from bots.zalo_oa.channel import ZaloOa
from bots.zalo_oa.client import ZaloOaClient
from bots.zalo_oa.grant import GrantFile
from bots.zalo_oa.oauth import OAuth
from bots.zalo_oa.replies import sentence
from bots.zalo_oa.tokens import TokenKeeper
from knowledge_base.home import Home

APP_SECRET, SECRET_KEY = "TROLY_ZALO_OA_APP_SECRET", "TROLY_ZALO_OA_SECRET_KEY"
#: Seconds between looks at the token's age.
_LOOK = 60.0


class ZaloOaDoor:
    """The channel with its webhook, and the keeping of its token."""

    def __init__(
        self,
        channel: ZaloOa,
        hook: Callable[[Inbox], APIRouter],
        tokens: TokenKeeper,
    ) -> None:
        self._channel = channel
        self._hook = hook
        self._tokens = tokens

    @property
    def channel(self) -> ZaloOa:
        return self._channel

    @property
    def alert(self) -> str:
        """What an operator has to do about the token, in Vietnamese; "" while all is well."""
        return self._tokens.alert

    def routes(self, inbox: Inbox) -> APIRouter:
        return self._hook(inbox)

    async def run(self, inbox: Inbox) -> None:  # noqa: ARG002
        """Refresh the token in time, until cancelled."""
        while True:
            await self._tokens.keep_fresh()
            await asyncio.sleep(_LOOK)


def open_door(
    settings: ZaloOaSettings,
    home: Home,
    environ: Mapping[str, str],
    *,
    public_url: str = "",
    clock: Callable[[], float] = time.time,
) -> ZaloOaDoor | None:
    """The door; None while it is off. Raises `ConfigError` where something is missing.

    A missing grant is no error here: webhooks are taken, and answers wait for it.
    """
    if not settings.on:
        return None
    file, oauth = open_oauth(settings, home, environ)
    key = secret(environ, SECRET_KEY, "where_secret_key")
    tokens = TokenKeeper(file, oauth, clock=clock)
    app_secret = secret(environ, APP_SECRET, "where_app_secret")
    client = ZaloOaClient(settings.api_url, tokens, app_secret, clock=clock)
    channel = ZaloOa(client, public_url=public_url, clock=clock)
    read = webhook.Webhook(settings.app_id, settings.oa_id, key, channel.heard, clock)
    return ZaloOaDoor(channel, lambda inbox: webhook.routes(read, inbox, file, oauth), tokens)


def open_oauth(
    settings: ZaloOaSettings, home: Home, environ: Mapping[str, str]
) -> tuple[GrantFile, OAuth]:
    """Where the grant is kept, and the host that gives it. Raises `ConfigError`."""
    if not settings.app_id:
        raise ConfigError(sentence("no_app_id"))
    app_secret = secret(environ, APP_SECRET, "where_app_secret")
    return GrantFile(home.path), OAuth(settings.oauth_url, settings.app_id, app_secret)


def secret(environ: Mapping[str, str], name: str, where: str) -> str:
    """A secret from the environment. Raises `ConfigError` that says where to find it."""
    if value := environ.get(name, "").strip():
        return value
    raise ConfigError(sentence("no_secret", name=name, where=sentence(where)))
