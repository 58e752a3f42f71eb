"""One-time codes by time (RFC 6238), as authenticator apps make them."""

from __future__ import annotations

import re

ISSUER = "troly"
_STEP = 30  # seconds


def new_secret() -> str:
    """A new secret of 160 bits, base32."""
    import pyotp

    return pyotp.random_base32()


def address_of(secret: str, name: str) -> str:
    """The ``otpauth://`` address that an app takes, typed or as a QR code."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def code_at(secret: str, moment: float) -> str:
    """The code of that moment (seconds since 1970)."""
    import pyotp

    return pyotp.TOTP(secret).at(int(moment))


def step_of(secret: str, code: str, moment: float, *, after: int) -> int | None:
    """The time step that ``code`` is of: now, the one before or the next.

    None where it is of none, or of one not later than ``after``: a code counts once.
    """
    import hmac

    digits = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits) or not secret:
        return None
    now, found = int(moment) // _STEP, None
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(code_at(secret, step * _STEP), digits) and step > after:
            found = step
    return found


def picture_of(address: str) -> str:
    """The address as a QR code of block characters, for a terminal."""
    import io

    import segno

    drawn = io.StringIO()
    segno.make(address, error="m").terminal(out=drawn, compact=True)
    return drawn.getvalue()
