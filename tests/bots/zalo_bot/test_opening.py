"""Settings and secrets: off, on, missing, wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from assistant.channels import ZaloBotSettings
from assistant.errors import ConfigError
from bots.fakes.zalo_bot import TOKEN
from bots.zalo_bot.door import ZaloBotDoor
from bots.zalo_bot.opening import _proxy, open_door
from knowledge_base.home import Home

ENVIRON = {"TROLY_ZALO_BOT_TOKEN": TOKEN, "TROLY_ZALO_BOT_SECRET": "mot-bi-mat"}


def opened(environ: dict[str, str], **settings: Any) -> ZaloBotDoor | None:
    return open_door(ZaloBotSettings(**{"on": True, **settings}), Home(Path("home")), environ)


def test_it_is_off_until_it_is_switched_on() -> None:
    assert opened({}, on=False) is None


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_it_opens_with_its_secrets(mode: Any) -> None:
    door = opened(ENVIRON, mode=mode)
    assert door
    assert door.channel.name == "zalo_bot"
    asyncio.run(door.channel.close())


@pytest.mark.parametrize(
    ("environ", "settings", "says"),
    [
        ({}, {}, "TROLY_ZALO_BOT_TOKEN"),
        ({"TROLY_ZALO_BOT_TOKEN": " "}, {}, "TROLY_ZALO_BOT_TOKEN"),
        ({"TROLY_ZALO_BOT_TOKEN": "khongphai"}, {}, "12345689:abc-xyz"),
        ({"TROLY_ZALO_BOT_TOKEN": "1:a/../b"}, {}, "12345689:abc-xyz"),
        ({"TROLY_ZALO_BOT_TOKEN": "1:a b"}, {}, "12345689:abc-xyz"),
        ({"TROLY_ZALO_BOT_TOKEN": "1:mã"}, {}, "12345689:abc-xyz"),
        ({"TROLY_ZALO_BOT_TOKEN": TOKEN}, {"mode": "webhook"}, "TROLY_ZALO_BOT_SECRET"),
        ({**ENVIRON, "TROLY_ZALO_BOT_SECRET": "ngan"}, {"mode": "webhook"}, "8 đến 256"),
        ({**ENVIRON, "TROLY_ZALO_BOT_SECRET": "x" * 257}, {"mode": "webhook"}, "8 đến 256"),
        (ENVIRON, {"api_url": "ftp://a.vn"}, "api_url"),
        (ENVIRON, {"api_url": "http://bot-api.example.vn"}, "api_url"),
        (ENVIRON, {"api_url": "khong"}, "api_url"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_no_secret_with_it(
    environ: dict[str, str], settings: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        opened(environ, **settings)
    told = str(caught.value)
    assert says in told
    for value in environ.values():
        assert not value.strip() or value == TOKEN or value not in told


def test_the_proxy_of_the_environment_is_used_but_not_for_this_machine() -> None:
    environ = {"HTTPS_PROXY": "http://proxy:3128", "no_proxy": ".gov.vn, noi-bo.vn"}
    assert _proxy("https", "bot-api.zaloplatforms.com", environ) == "http://proxy:3128"
    for host in ("127.0.0.1", "localhost", "dvc.gov.vn", "noi-bo.vn"):
        assert _proxy("https", host, environ) == ""
    assert _proxy("https", "a.vn", {}) == ""
    assert _proxy("https", "a.vn", {**environ, "NO_PROXY": "*", "no_proxy": ""}) == ""
