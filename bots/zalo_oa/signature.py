"""Whether a webhook comes from Zalo: a hash over the raw bytes, and a clock."""

from __future__ import annotations

import hashlib
import hmac

#: Seconds that a message may be old or early; and old where Zalo tried again, up to which a
#: person can still be answered.
WINDOW, RETRIED = 300.0, 7 * 86_400.0


def mac_of(app_id: str, body: bytes, timestamp: str, secret_key: str) -> str:
    """SHA-256 in hex of app id, raw body, timestamp and OA Secret Key, one after the other."""
    return hashlib.sha256(
        app_id.encode() + body + timestamp.encode() + secret_key.encode()
    ).hexdigest()


def is_signed(header: str, app_id: str, body: bytes, timestamp: str, secret_key: str) -> bool:
    """Whether ``header`` is the mac of this body, with ``mac=`` before it or bare."""
    given = header.strip().removeprefix("mac=").lower()
    wanted = mac_of(app_id, body, timestamp, secret_key)
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def is_fresh(timestamp: str, now: float, *, retried: bool) -> bool:
    """Whether ``timestamp`` (milliseconds) is of now, or of an earlier try."""
    age = now - int(timestamp) / 1000
    return -WINDOW <= age <= (RETRIED if retried else WINDOW)
