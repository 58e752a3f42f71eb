"""Switching the door on: what is missing is said in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.channels import TelegramSettings
from assistant.dialogue.slash import command_in
from assistant.errors import ConfigError
from bots.telegram_bot.commands import NAMES, commands, sentence
from bots.telegram_bot.opening import open_door
from knowledge_base.home import Home

TOKEN = "4242424242:AAFakeFakeFakeFakeFakeFakeFakeFake-00"


def test_nothing_is_opened_where_it_is_off(home: Home) -> None:
    assert open_door(TelegramSettings(), home, {}) is None


@pytest.mark.parametrize(
    ("mode", "environ", "named"),
    [
        ("polling", {}, "TROLY_TELEGRAM_TOKEN"),
        ("polling", {"TROLY_TELEGRAM_TOKEN": "  "}, "TROLY_TELEGRAM_TOKEN"),
        ("polling", {"TROLY_TELEGRAM_TOKEN": "bot4242:abc/../x"}, "TROLY_TELEGRAM_TOKEN"),
        ("polling", {"TROLY_TELEGRAM_TOKEN": TOKEN + "\nX: y"}, "TROLY_TELEGRAM_TOKEN"),
        ("webhook", {"TROLY_TELEGRAM_TOKEN": TOKEN}, "TROLY_TELEGRAM_SECRET"),
        (
            "webhook",
            {"TROLY_TELEGRAM_TOKEN": TOKEN, "TROLY_TELEGRAM_SECRET": "ngắn"},
            "TROLY_TELEGRAM_SECRET",
        ),
        (
            "webhook",
            {"TROLY_TELEGRAM_TOKEN": TOKEN, "TROLY_TELEGRAM_SECRET": "mật khẩu có dấu cách"},
            "TROLY_TELEGRAM_SECRET",
        ),
    ],
)
def test_what_is_missing_is_named_and_not_shown(
    home: Home, mode: str, environ: dict[str, str], named: str
) -> None:
    settings = TelegramSettings.model_validate({"on": True, "mode": mode})
    with pytest.raises(ConfigError, match=named) as raised:
        open_door(settings, home, environ)
    shown = [value for value in environ.values() if value.strip() and value in str(raised.value)]
    assert not shown


def test_the_menu_holds_commands_that_exist() -> None:
    for command in commands():
        assert command_in(f"/{command.command}")
        assert 3 <= len(command.description) <= 256
    assert len(NAMES) == 10
    assert len(sentence("description")) <= 512
    assert len(sentence("short_description")) <= 120
    assert "AI" in sentence("description")


def test_the_library_is_known_to_this_folder_alone() -> None:
    root = Path(__file__).resolve().parents[3]
    using = [
        path.relative_to(root).parts[1]
        for folder in ("bots", "assistant", "knowledge_base", "evals")
        for path in (root / folder).rglob("*.py")
        if re.search(r"^\s*(?:from|import) telegram\b", path.read_text("utf-8"), re.M)
    ]
    assert set(using) == {"telegram_bot"}
