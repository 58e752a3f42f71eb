"""Opens the doors that config.yml switches on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.config import Config
from bots.delivery.channel import Door
from bots.delivery.service import Delivery
from bots.web.desk import Desk
from knowledge_base.home import Home

#: Names of channels, as operators write them, in config.yml and in ``troly channels``.
NAMES = ("zalo_oa", "zalo_bot", "telegram")


def open_doors(config: Config, home: Home, environ: Mapping[str, str]) -> tuple[Door, ...]:
    """The doors that are on. Raises `ConfigError` where a secret is missing."""
    doors: list[Door | None] = []
    channels = config.channels
    if channels.zalo_oa.on:
        from bots.zalo_oa.opening import open_door as open_zalo_oa

        doors.append(open_zalo_oa(channels.zalo_oa, home, environ, public_url=channels.public_url))
    if channels.zalo_bot.on:
        from bots.zalo_bot.opening import open_door as open_zalo_bot

        doors.append(
            open_zalo_bot(channels.zalo_bot, home, environ, public_url=channels.public_url)
        )
    if channels.telegram.on:
        from bots.telegram_bot.opening import open_door as open_telegram

        doors.append(
            open_telegram(channels.telegram, home, environ, public_url=channels.public_url)
        )
    return tuple(door for door in doors if door is not None)


def open_delivery(
    desk: Desk,
    home: Home,
    environ: Mapping[str, str],
    *,
    say: Callable[[str], object] = lambda _: None,
) -> Delivery | None:
    """Delivery over the doors that are on; None where none is. Raises `ConfigError`."""
    doors = open_doors(desk.config, home, environ)
    return Delivery(desk, home, doors, say=say) if doors else None
