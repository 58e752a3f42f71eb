"""Sign-in with the agency's own accounts: authorisation code with PKCE, state and nonce."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from assistant.access.database import hashed
from assistant.access.errors import ProviderError
from assistant.access.id_tokens import checked
from assistant.access.oidc_http import ProviderHttp
from assistant.access.settings import AccessSettings, OidcSettings
from assistant.errors import ConfigError

SECRET = "TROLY_OIDC_CLIENT_SECRET"  # noqa: S105 - the variable's name
#: Sign-ins that are under way at once, and seconds that one may take.
_MOST, _SECONDS = 1000, 600.0


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the ticket it must bring back in a cookie of its own."""

    address: str
    ticket: str


@dataclass(frozen=True, slots=True)
class _Pending:
    ticket: str  # its hash
    nonce: str
    verifier: str
    redirect: str
    at: float


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider has named. ``tokens`` are for `Provider.hold`."""

    subject: str
    name: str
    groups: tuple[str, ...]
    tokens: Mapping[str, Any]


@dataclass(slots=True)
class _Held:
    """Tokens of a session: in memory alone, so a restart asks for another sign-in."""

    subject: str
    access: str
    refresh: str
    groups: tuple[str, ...]
    checked_at: float
    lock: threading.Lock = field(default_factory=threading.Lock)


class Provider:
    """The agency's OpenID provider; safe for many threads."""

    def __init__(
        self, settings: OidcSettings, http: ProviderHttp, clock: Callable[[], float]
    ) -> None:
        self.settings = settings
        self._http = http
        self._clock = clock
        self._lock = threading.Lock()
        self._pending: OrderedDict[str, _Pending] = OrderedDict()
        self._held: dict[str, _Held] = {}

    def begin(self, redirect: str) -> Begun:
        """The first step. Raises `ProviderError` (`ProviderAway`)."""
        where = self._http.endpoint("authorization_endpoint")
        state, ticket = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        now = self._clock()
        with self._lock:
            self._pending[state] = _Pending(hashed(ticket), nonce, verifier, redirect, now)
            while len(self._pending) > _MOST:
                self._pending.popitem(last=False)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect,
            "scope": " ".join(self.settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return Begun(f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}", ticket)

    def finish(self, code: str, state: str, ticket: str) -> Vouched:
        """The last step: who it is. Raises `ProviderError`."""
        with self._lock:
            begun = self._pending.pop(state, None)
        mine = begun is not None and hmac.compare_digest(begun.ticket, hashed(ticket))
        if begun is None or not mine or self._clock() - begun.at > _SECONDS:
            raise ProviderError("lần đăng nhập này đã quá lâu hoặc bắt đầu ở trình duyệt khác")
        tokens = self._http.tokens(
            grant_type="authorization_code", code=code, redirect_uri=begun.redirect,
            code_verifier=begun.verifier,
        )  # fmt: skip
        claims = self._claims(tokens, begun.nonce)
        told = self._userinfo(str(tokens.get("access_token", "")), claims["sub"])
        groups = self._groups(told)
        if groups is None and not tokens.get("refresh_token"):
            raise ProviderError(
                f"máy chủ đăng nhập không cho biết nhóm ({self.settings.groups_claim}) ở userinfo "
                "và không cấp refresh token, nên không thu hồi kịp được. Người quản trị hãy bật "
                "một trong hai ở máy chủ đó (xem docs/access.md)"
            )
        if groups is None:
            groups = self._groups(claims) or ()
        named = told.get(self.settings.name_claim) or claims.get(self.settings.name_claim)
        subject = f"{self._http.issuer} {claims['sub']}"
        return Vouched(
            subject, str(named or claims["sub"]), groups, {**tokens, "sub": claims["sub"]}
        )

    def hold(self, session: str, vouched: Vouched) -> None:
        """Remember the tokens of a session that has begun."""
        tokens = vouched.tokens
        held = _Held(
            str(tokens["sub"]), str(tokens.get("access_token", "")),
            str(tokens.get("refresh_token") or ""), vouched.groups, self._clock(),
        )  # fmt: skip
        with self._lock:
            self._held[session] = held
            while len(self._held) > 10 * _MOST:
                self._held.pop(next(iter(self._held)))

    def still(self, session: str) -> tuple[str, ...]:
        """The groups of a session's officer, asked again where that was longer ago than allowed.

        Raises `ProviderError` where the provider says no, `ProviderAway` where it says nothing.
        """
        with self._lock:
            held = self._held.get(session)
        if held is None:
            raise ProviderError("máy chủ đã khởi động lại")
        with held.lock:
            if self._clock() - held.checked_at <= self.settings.recheck_seconds:
                return held.groups
            try:
                held.groups = self._asked_again(held)
                held.checked_at = self._clock()
            except ProviderError as error:
                if type(error) is ProviderError:  # it said no
                    with self._lock:
                        self._held.pop(session, None)
                raise
            return held.groups

    def _asked_again(self, held: _Held) -> tuple[str, ...]:
        try:
            groups = self._groups(self._userinfo(held.access, held.subject))
        except ProviderError as error:
            if type(error) is not ProviderError or not held.refresh:
                raise
            groups = None  # the access token may only have expired
        if groups is not None:
            return groups
        if not held.refresh:
            raise ProviderError("máy chủ đăng nhập không còn cho biết nhóm")
        tokens = self._http.tokens(grant_type="refresh_token", refresh_token=held.refresh)
        held.access = str(tokens.get("access_token", ""))
        held.refresh = str(tokens.get("refresh_token") or held.refresh)
        groups = self._groups(self._userinfo(held.access, held.subject))
        if groups is None and tokens.get("id_token"):
            claims = self._claims(tokens, None)
            if claims["sub"] != held.subject:
                raise ProviderError("máy chủ đăng nhập trả lời về người khác")
            groups = self._groups(claims)
        if groups is None:
            raise ProviderError("máy chủ đăng nhập không còn cho biết nhóm")
        return groups

    def _claims(self, tokens: Mapping[str, Any], nonce: str | None) -> dict[str, Any]:
        return checked(
            str(tokens.get("id_token", "")), self._http.keys, issuer=self._http.issuer,
            client_id=self.settings.client_id, nonce=nonce, now=self._clock(),
        )  # fmt: skip

    def _userinfo(self, access_token: str, subject: str) -> Mapping[str, Any]:
        told = self._http.userinfo(access_token)
        if told.get("sub") != subject:
            raise ProviderError("máy chủ đăng nhập trả lời về người khác (sub)")
        return told

    def _groups(self, claims: Mapping[str, Any]) -> tuple[str, ...] | None:
        """The groups in claims, sorted; None where the claim is not there."""
        found: Any = claims
        if self.settings.groups_claim in claims:
            found = claims[self.settings.groups_claim]
        else:
            for part in self.settings.groups_claim.split("."):
                found = found.get(part) if isinstance(found, Mapping) else None
        if found is None:
            return None
        several = found if isinstance(found, list) else [found]
        return tuple(sorted({each for each in several if isinstance(each, str)}))


def open_provider(settings: AccessSettings, clock: Callable[[], float]) -> Provider | None:
    """The provider of the settings; None where none is set. Raises `ConfigError`."""
    oidc = settings.oidc
    if not oidc.issuer:
        return None
    if not oidc.client_id:
        raise ConfigError("access.oidc.issuer is set, but access.oidc.client_id is not.")
    secret = os.environ.get(SECRET, "")
    return Provider(oidc, ProviderHttp(oidc.issuer, oidc.client_id, secret, clock), clock)
