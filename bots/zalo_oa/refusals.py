"""Zalo's error codes, by what to do about them. Errors come with HTTP status 200."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from bots.delivery.channel import Auth, DeliveryError, Operator, Payload, Recipient, Transient

#: The access token is invalid or expired; the last three were seen in production.
TOKEN = frozenset({-216, -220, 216, 220, 401, -401})
#: The proof of the app's secret is wanted, or wrong.
PROOF = -242
#: Zalo's own limit of calls a minute, and what is told of a limit that it does not say.
RATE, RATE_WAIT = -32, 20.0
NIGHT = -234

_BY_CODE: dict[int, tuple[type[DeliveryError], str]] = {
    -100: (Payload, "the attachment's id has expired"),
    -200: (Payload, "sending failed"),
    -201: (Payload, "a parameter is invalid"),
    -210: (Payload, "a parameter is over its limit"),
    -233: (Payload, "this kind of message is not supported"),
    -213: (Recipient, "does not follow the OA"),
    -230: (Recipient, "no interaction for seven days"),
    -232: (Recipient, "the interaction has expired"),
    -217: (Recipient, "has blocked the OA"),
    -218: (Recipient, "receives no more messages for now"),
    -227: (Recipient, "the account is banned or inactive for 45 days"),
    -244: (Recipient, "restricts messages from the OA"),
    -211: (Operator, "the quota is used up"),
    -221: (Operator, "the OA is not verified"),
    -224: (Operator, "the OA's package does not allow it"),
    -235: (Operator, "not allowed for this type of OA"),
    -240: (Operator, "this version of the API is switched off"),
    -209: (Operator, "the app is not active"),
    -212: (Operator, "the OA has not registered this API"),
    -219: (Operator, "the app was removed or disabled"),
    -223: (Operator, "the OA has not authorised the app"),
    PROOF: (Operator, "the proof of the app's secret is refused"),
    -248: (Operator, "the OA violates a policy of Zalo"),
    -204: (Operator, "the OA was deleted"),
    -205: (Operator, "the OA does not exist"),
    -320: (Operator, "the app is not linked to a ZCA account"),
    -321: (Operator, "the ZCA account has no money"),
}
_VIETNAM = timezone(timedelta(hours=7))


def refusal(code: int, clock: Callable[[], float]) -> DeliveryError:
    """The error for ``code``. Zalo's own message is left out: it may quote the person."""
    if code in TOKEN:
        return Auth(f"Zalo OA {code}: the access token is refused", code=str(code))
    if code == RATE:
        return Transient("Zalo OA -32: too many calls", code=str(code), after=RATE_WAIT)
    if code == NIGHT:
        return Transient(
            "Zalo OA -234: not between 22:00 and 6:00", code=str(code), after=until_six(clock())
        )
    if code in _BY_CODE:
        kind, words = _BY_CODE[code]
        return kind(f"Zalo OA {code}: {words}", code=str(code))
    return Transient(f"Zalo OA {code}: an unknown error", code=str(code), after=5.0)


def until_six(now: float) -> float:
    """Seconds until the next 6:00 in Viet Nam."""
    here = datetime.fromtimestamp(now, _VIETNAM)
    six = here.replace(hour=6, minute=0, second=0, microsecond=0)
    return ((six if here < six else six + timedelta(days=1)) - here).total_seconds()
