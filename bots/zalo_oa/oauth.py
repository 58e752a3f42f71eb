"""Zalo's OAuth v4: a consent link with PKCE, and tokens for a code or a refresh token.

Blocking; called in a thread. No error holds a token.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

from bots.zalo_oa.replies import sentence

#: Seconds: how long the OAuth host may take; how long a token lives where it does not say.
_TIMEOUT, _LIFE = 15.0, 90_000.0
#: A refresh token that was used, or is too old. Seen in production; Zalo has no list.
DEAD = frozenset({-14014, -118})


class OAuthError(Exception):
    """No tokens came."""


class Refused(OAuthError):
    """Zalo answered, with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(sentence("oauth_refused", code=code, message=message[:200]))
        self.code = code


class Away(OAuthError):
    """The host was not reached, so nothing was used up."""


class AnswerLost(OAuthError):
    """The request went out and no answer came: what it carried may be used up."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A new pair; ``life`` is the access token's, in seconds."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    life: float


def is_here(url: str) -> bool:
    """Whether ``url`` is on this machine, where no proxy leads."""
    try:
        return httpx.URL(url).host in ("127.0.0.1", "localhost", "::1")
    except httpx.InvalidURL:
        return False


def new_verifier() -> str:
    """43 characters of PKCE's alphabet."""
    return secrets.token_urlsafe(32)


def challenge(verifier: str) -> str:
    """S256, in base64url without padding."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class OAuth:
    """The OAuth host, for one app."""

    def __init__(self, url: str, app_id: str, app_secret: str) -> None:
        self._url = url.rstrip("/")
        self._app_id = app_id
        self._app_secret = app_secret

    def __repr__(self) -> str:
        return f"OAuth({self._url!r})"

    def link(self, redirect: str, verifier: str, state: str) -> str:
        """What an administrator of the OA opens to consent."""
        asked = {
            "app_id": self._app_id,
            "redirect_uri": redirect,
            "code_challenge": challenge(verifier),
            "state": state,
        }
        return f"{self._url}/v4/oa/permission?{urlencode(asked)}"

    def exchange(self, code: str, verifier: str) -> Tokens:
        """Tokens for a consent's code (ten minutes, once). Raises `OAuthError`."""
        return self._tokens(
            {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        )

    def refresh(self, refresh_token: str) -> Tokens:
        """A new pair; the old one is dead from then on. Raises `OAuthError`."""
        return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _tokens(self, form: dict[str, str]) -> Tokens:
        try:
            response = httpx.post(
                f"{self._url}/v4/oa/access_token",
                data={**form, "app_id": self._app_id},
                headers={"secret_key": self._app_secret},
                timeout=_TIMEOUT,
                follow_redirects=False,
                trust_env=not is_here(self._url),
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise Away(sentence("oauth_away", reason=type(error).__name__)) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise AnswerLost(sentence("oauth_away", reason=type(error).__name__)) from None
        return _read(response, tuple(form.values()))


def _read(response: httpx.Response, sent: tuple[str, ...]) -> Tokens:
    try:
        said: Any = response.json()
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        # A proxy's page may stand where the answer was.
        raise AnswerLost(sentence("oauth_away", reason=f"HTTP {response.status_code}"))
    access, refresh = said.get("access_token"), said.get("refresh_token")
    if isinstance(access, str) and isinstance(refresh, str) and access and refresh:
        return Tokens(access, refresh, _seconds(said.get("expires_in")))
    code = said.get("error")
    message = said.get("error_description") or said.get("error_name") or said.get("message") or ""
    if isinstance(code, str) and code.lstrip("-").isdecimal():
        code = int(code[:10])
    if isinstance(code, int) and code:
        quotes = any(value in str(message) for value in sent)
        raise Refused(code, "" if quotes else str(message))
    raise AnswerLost(sentence("oauth_away", reason=f"HTTP {response.status_code}"))


def _seconds(said: object) -> float:
    """``expires_in``, which is a string."""
    try:
        life = float(str(said))
    except ValueError:
        return _LIFE
    return life if 0 < life < 1e8 else _LIFE
