"""What a provider signed: the ID token, checked against its keys."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Any

from assistant.access.errors import ProviderError

#: Signatures with a key of the provider's own; never ``none``, never a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
_LEEWAY = 60.0  # seconds that clocks may differ

Keys = Callable[[bool], Mapping[str, Any]]


def checked(
    token: str, keys: Keys, *, issuer: str, client_id: str, nonce: str | None, now: float
) -> dict[str, Any]:
    """The claims of ``token``. Raises `ProviderError` with what is wrong with it.

    ``keys`` gives the provider's JWKS; asked with True it fetches them anew, once, for
    keys are exchanged. ``nonce`` None: the token was not asked for by a browser.
    """
    claims = _decoded(token, keys)
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != issuer:
        raise ProviderError("thẻ đăng nhập do nơi khác cấp (iss)")
    if client_id not in several:
        raise ProviderError("thẻ đăng nhập cấp cho ứng dụng khác (aud)")
    if (len(several) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise ProviderError("thẻ đăng nhập cấp cho ứng dụng khác (azp)")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise ProviderError("thẻ đăng nhập không nói là của ai (sub)")
    if _number(claims.get("exp")) < now - _LEEWAY:
        raise ProviderError("thẻ đăng nhập đã hết hạn (exp)")
    if "nbf" in claims and _number(claims["nbf"]) > now + _LEEWAY:
        raise ProviderError("thẻ đăng nhập chưa có hiệu lực (nbf)")
    if _number(claims.get("iat")) > now + _LEEWAY:
        raise ProviderError("thẻ đăng nhập cấp ở tương lai (iat); hãy chỉnh đồng hồ máy chủ")
    given = claims.get("nonce")
    if nonce is not None and not (isinstance(given, str) and hmac.compare_digest(given, nonce)):
        raise ProviderError("thẻ đăng nhập không phải của lần đăng nhập này (nonce)")
    return claims


def _decoded(token: str, keys: Keys) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    for fetch in (False, True):
        try:
            known = KeySet.import_key_set(dict(keys(fetch)))  # type: ignore[arg-type]
            return dict(jwt.decode(token, known, algorithms=list(ALGORITHMS)).claims)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    raise ProviderError("chữ ký của thẻ đăng nhập không đúng")


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProviderError("thẻ đăng nhập thiếu mốc thời gian (exp, iat)")
    return float(value)
