"""Signing in on the terminal of the machine: ``--as NAME`` asks for the password and the code."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.access.errors import AccessError

if TYPE_CHECKING:
    from assistant.access.access import Access
    from knowledge_base.scope import Scope


@dataclass(frozen=True, slots=True)
class AtTerminal:
    """Who has signed in here. It ends with the command, and sooner where it is revoked."""

    access: Access
    account: int
    name: str

    @property
    def scope(self) -> Scope:
        """What the officer may see at this moment. Raises `AccessError` once that is over."""
        return self.access.now(self.account).scope


def sign_in(state: Any, name: str) -> AtTerminal:
    """Ask for password and code; from a pipe they are its first two lines. Raises `AccessError`."""
    from assistant.access.access import open_access

    access = open_access(state.home, state.config.access, getattr(state, "config_path", None))
    password, code = _asked(name)
    account = access.accounts.opened_by(name, password, code)
    return AtTerminal(access, account.id, account.name)


def _asked(name: str) -> tuple[str, str]:
    if not sys.stdin.isatty():
        first, second = (sys.stdin.readline().rstrip("\r\n") for _ in range(2))
        if not second:
            raise AccessError(
                f"--as {name} cần mật khẩu và mã 6 số: gõ trên cửa sổ dòng lệnh, hoặc đưa vào "
                "bằng hai dòng đầu của ống (pipe)."
            )
        return first, second
    import typer

    password: str = typer.prompt(f"Mật khẩu của {name}", hide_input=True, err=True)
    code: str = typer.prompt("Mã 6 số trong ứng dụng tạo mã", err=True)
    return password, code
