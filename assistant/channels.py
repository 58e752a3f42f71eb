"""``channels:`` of config.yml: which chat channels are on. Secrets come from the environment only.

| variable | what |
|---|---|
| ``TROLY_ZALO_OA_APP_SECRET``, ``TROLY_ZALO_OA_SECRET_KEY`` | the app's; what signs webhooks |
| ``TROLY_ZALO_BOT_TOKEN``, ``TROLY_ZALO_BOT_SECRET`` | the bot's token; the secret of its webhook |
| ``TROLY_TELEGRAM_TOKEN``, ``TROLY_TELEGRAM_SECRET`` | the same for Telegram |
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ZaloOaSettings(_Section):
    """A Zalo Official Account, by webhook."""

    on: bool = False
    app_id: str = ""
    oa_id: str = ""
    api_url: str = "https://openapi.zalo.me"
    oauth_url: str = "https://oauth.zaloapp.com"


class ZaloBotSettings(_Section):
    """A bot of the Zalo Bot Platform, by webhook or by asking for updates."""

    on: bool = False
    mode: Literal["webhook", "polling"] = "polling"
    api_url: str = "https://bot-api.zaloplatforms.com"


class TelegramSettings(_Section):
    """A Telegram bot, by webhook or by asking for updates."""

    on: bool = False
    mode: Literal["webhook", "polling"] = "polling"
    api_url: str = "https://api.telegram.org"


class ChannelsSettings(_Section):
    """The chat channels; all are off until an operator has registered them.

    ``public_url`` is where people reach the web door: links to quotes lead there, and
    webhooks come there. ``officer_hours``: how long the bot is silent in a chat where an
    officer has answered in the provider's console.
    """

    public_url: str = ""
    officer_hours: float = Field(default=12.0, ge=0, le=720)
    zalo_oa: ZaloOaSettings = ZaloOaSettings()
    zalo_bot: ZaloBotSettings = ZaloBotSettings()
    telegram: TelegramSettings = TelegramSettings()
