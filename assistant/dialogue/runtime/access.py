"""How the running server is spoken to: its address, and the two secrets of this start."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Access:
    """Valid for one start of the server. The secrets are never printed or logged."""

    url: str
    channel_secret: str = field(repr=False)
    jwt_secret: str = field(repr=False)

    @classmethod
    def fresh(cls, port: int) -> Access:
        """New secrets for a server on ``port`` of this machine."""
        return cls(f"http://127.0.0.1:{port}", secrets.token_hex(32), secrets.token_hex(32))

    def channel(self) -> dict[str, str]:
        """Headers for the channel."""
        return {"X-Channel-Secret": self.channel_secret}

    def api(self) -> dict[str, str]:
        """Headers for Rasa's API: a signed token of the form its HS256 check expects."""
        head = _part({"alg": "HS256", "typ": "JWT"})
        body = _part({"user": {"username": "troly", "role": "admin"}})
        signed = hmac.new(self.jwt_secret.encode(), f"{head}.{body}".encode(), hashlib.sha256)
        return {"Authorization": f"Bearer {head}.{body}.{_base64(signed.digest())}"}


def _part(data: dict[str, object]) -> str:
    return _base64(json.dumps(data, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
