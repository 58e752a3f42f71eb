"""Whom a server serves: citizens, who sign in nowhere, or officers, who sign in first.

One of them per process, decided before anything is opened: the citizens' server has no way
to what is restricted, the officers' keeps all it writes there and opens no chat channel.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from assistant.access.access import Access, open_access
from assistant.access.errors import AccessError
from assistant.access.guard import keep_out
from assistant.access.log import sweep
from assistant.answering import Assistant
from assistant.build import build_assistant
from assistant.config import Config
from assistant.errors import ConfigError
from assistant.profiles.way import no_profile
from knowledge_base.home import Home
from knowledge_base.prepare import refresh_index

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Served:
    """What a server may open. ``access`` None: it is the citizens'."""

    home: Home
    access: Access | None
    build: Callable[[Home, Config], Assistant]


@dataclass(frozen=True, slots=True)
class ServerState:
    """The command line's state, with the home that this server may know."""

    home: Home
    config: Config
    console: Console


def serving(home: Home, config: Config, profile: str, config_path: Path | None) -> Served:
    """What the server of a profile may open; for citizens the walls stand when this returns.

    Raises `ConfigError` for an unknown profile, `AccessError` where no officer could sign in.
    """
    if profile not in config.profiles:
        raise ConfigError(no_profile(profile, config.profiles))
    if config.profiles[profile].audience != "officers":
        logger.info("restricted folder: %s", keep_out(home.path, home.restricted))
        return Served(home.for_citizens(), None, build_assistant)
    officers = home.for_officers()
    access = open_access(officers, config.access, config_path)
    if access.provider is None and not access.accounts.any():
        raise AccessError(
            f"Hồ sơ “{profile}” dành cho cán bộ đã đăng nhập, mà chưa có tài khoản nào. "
            "Thêm bằng: troly access add TÊN --group NHÓM, hoặc đặt access.oidc trong config.yml."
        )
    sweep(access.database, config.access.log_days)
    return Served(officers, access, _with_restricted)


def told(served: Served, config: Config, host: str) -> list[str]:
    """What an operator should know of an officers' server when it starts."""
    if served.access is None:
        return []
    lines = ["Máy chủ cán bộ: mọi trang cần đăng nhập. Thêm tài khoản: troly access add"]
    channels = config.channels
    on = [
        name
        for name, each in (
            ("zalo_oa", channels.zalo_oa), ("zalo_bot", channels.zalo_bot),
            ("telegram", channels.telegram),
        )
        if each.on
    ]  # fmt: skip
    if on:
        lines.append(
            f"Không mở kênh chat ({', '.join(on)}) ở máy chủ cán bộ: ứng dụng chat không phải "
            "lối vào tài liệu hạn chế. Máy chủ cho người dân (troly up) vẫn mở."
        )
    if host not in ("127.0.0.1", "::1", "localhost") and not config.access.public_url:
        lines.append(
            "Từ máy khác chỉ đăng nhập được qua https: hãy đặt proxy TLS phía trước và ghi địa "
            "chỉ của nó vào access.public_url."
        )
    return lines


def agency_told(served: Served) -> str:
    """What is wrong with the agency's sign-in; empty where it works or is off. Asks over HTTP."""
    if served.access is None or served.access.provider is None:
        return ""
    try:
        served.access.provider.begin("http://127.0.0.1/sign-in/oidc/callback")
    except AccessError as error:
        return (
            f"Chưa đăng nhập được bằng tài khoản cơ quan: {error}. Tài khoản tạo bằng troly access "
            "add vẫn dùng được."
        )
    return ""


def _with_restricted(home: Home, config: Config) -> Assistant:
    if home.record("restricted").is_file():
        refresh_index(home, config.knowledge_base, store="restricted")
    return build_assistant(home, config, restricted=True)
