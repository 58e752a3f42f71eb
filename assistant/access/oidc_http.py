"""What is asked of an OpenID provider over HTTP, and what is made of its answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from assistant.access.errors import ProviderAway, ProviderError

logger = logging.getLogger(__name__)

_SECONDS = 5.0
_LARGEST = 1024 * 1024
#: Seconds that the provider's description and keys are kept; and between fetches of new keys.
_KEPT, _KEYS_AGAIN = 3600.0, 30.0


class ProviderHttp:
    """One provider: its description, its keys, its endpoints. Safe for many threads."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        secret: str,
        clock: Callable[[], float],
        client: httpx.Client | None = None,
    ) -> None:
        self.issuer = issuer
        self._client_id, self._secret = client_id, secret
        self._clock = clock
        self._http = client or httpx.Client(timeout=_SECONDS, follow_redirects=False)
        self._lock = threading.Lock()
        self._described: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, Mapping[str, Any]] | None = None

    def description(self) -> Mapping[str, Any]:
        """The provider's discovery document. Raises `ProviderAway`, `ProviderError`."""
        with self._lock:
            if self._described is None or self._clock() - self._described[0] > _KEPT:
                where = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
                told = self._json("GET", where)
                if told.get("issuer") != self.issuer:
                    raise ProviderError(
                        f"access.oidc.issuer là {self.issuer} nhưng máy chủ đó tự gọi là "
                        f"{told.get('issuer')!r}. Hãy chép đúng tên, kể cả dấu / ở cuối."
                    )
                self._described = self._clock(), told
            return self._described[1]

    def endpoint(self, name: str) -> str:
        """An address of the description. Raises `ProviderError` where it is missing or open."""
        found = str(self.description().get(name, ""))
        parts = urlsplit(found)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise ProviderError(f"máy chủ đăng nhập của cơ quan không có {name} qua https")
        return found

    def keys(self, again: bool) -> Mapping[str, Any]:
        """The JWKS; fetched anew where ``again``, but not more often than twice a minute."""
        where = self.endpoint("jwks_uri")
        with self._lock:
            since = self._clock() - self._keys[0] if self._keys else _KEPT + 1
            if self._keys is None or since > (_KEYS_AGAIN if again else _KEPT):
                self._keys = self._clock(), self._json("GET", where)
            return self._keys[1]

    def tokens(self, **asked: str) -> Mapping[str, Any]:
        """What the token endpoint gives. Raises `ProviderError` where it gives nothing."""
        where, form = self.endpoint("token_endpoint"), dict(asked)
        methods = self.description().get("token_endpoint_auth_methods_supported")
        basic = methods is None or "client_secret_basic" in methods
        form["client_id"] = self._client_id
        if self._secret and not basic:
            form["client_secret"] = self._secret
        signed = None
        if self._secret and basic:  # both form-encoded first, by RFC 6749 2.3.1
            signed = httpx.BasicAuth(quote(self._client_id, safe=""), quote(self._secret, safe=""))
        return self._json("POST", where, data=form, auth=signed)

    def userinfo(self, access_token: str) -> Mapping[str, Any]:
        """What the provider says of whose token it is. Raises `ProviderError` where it says no."""
        where = self.endpoint("userinfo_endpoint")
        return self._json("GET", where, headers={"Authorization": f"Bearer {access_token}"})

    def _json(self, method: str, where: str, **more: Any) -> Mapping[str, Any]:
        try:
            answer = self._http.request(method, where, **more)
        except httpx.HTTPError as error:
            logger.warning("the OpenID provider did not answer: %s", type(error).__name__)
            raise ProviderAway("máy chủ đăng nhập của cơ quan không trả lời") from None
        if answer.status_code >= 500 or answer.status_code == 429:
            raise ProviderAway(f"máy chủ đăng nhập của cơ quan báo lỗi {answer.status_code}")
        if answer.status_code != 200:
            raise ProviderError(f"máy chủ đăng nhập của cơ quan từ chối ({answer.status_code})")
        try:
            if len(answer.content) > _LARGEST:
                raise ValueError("too large")
            told = answer.json()
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise ProviderError("máy chủ đăng nhập của cơ quan trả lời không phải JSON")
        return told
