"""What sign-in and accounts can fail with. Every message is Vietnamese and says what to do."""

from __future__ import annotations

from assistant.errors import TrolyError


class AccessError(TrolyError):
    """An account, a group or a password cannot be used so."""


class SignInRefused(AccessError):
    """Name, password and code do not open an account: the same for whatever was wrong."""


class TooManyTries(AccessError):
    """Too many failures lately; ``seconds`` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        told = f"{seconds} giây" if seconds < 120 else f"{-(-seconds // 60)} phút"
        super().__init__(f"Đã thử sai quá nhiều lần. Hãy chờ {told} rồi thử lại.")
        self.seconds = seconds


class ProviderError(AccessError):
    """The agency's sign-in did not work, or said no."""


class ProviderAway(ProviderError):
    """The agency's sign-in cannot be asked now; nothing is granted meanwhile."""
