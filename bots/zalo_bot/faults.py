"""What the platform's refusals mean, and what is to be done about each.

| code | said with it | error |
|---|---|---|
| 400 | | `Payload`: the part is refused as it is |
| 401 | | `Auth`: the token was reset |
| 403 | "Internal server error" (sic) | `Transient` |
| 403 | anything else | `Recipient` |
| 404 | of a chat or a user | `Recipient` |
| 404 | anything else | `Operator`: the address of the API is wrong |
| 408 | | `Transient`, maybe delivered |
| 429 | | `Transient` with a wait; of a month's quota: `Operator` |
| 5xx in the platform's own words | | `Transient` |
| any other | | `Payload` |

Without the platform's own words (a gateway's page), the HTTP status is all there is:
nothing was delivered by a 429 or 5xx, but for 504 (and 408), where a gateway did not wait.
"""

from __future__ import annotations

import re
from typing import Any

from bots.delivery.channel import Auth, DeliveryError, Operator, Payload, Recipient, Transient

#: Seconds to wait after a 429 that names none, and after a page of some gateway.
_LIMITED, _GATEWAY = 2.0, 1.0
#: A `Retry-After` beyond this is no wait but a refusal.
_LONGEST_WAIT = 3600.0

_INTERNAL = re.compile(r"internal|server error|timeout", re.I)
_OF_A_PERSON = re.compile(r"chat|user|recipient|người", re.I)
_OF_A_MONTH = re.compile(r"month|tháng", re.I)


def refusal(code: int, description: str, *, after: float = 0.0) -> DeliveryError:
    """The error for ``{"ok": false, "error_code": code, "description": …}``."""
    told = f"Zalo Bot {code}: {shown(description)}"
    name = str(code)
    if code == 401:
        return Auth(told, code=name)
    if code == 403 and not _INTERNAL.search(description):
        return Recipient(told, code=name)
    if code == 404:
        of_a_person = _OF_A_PERSON.search(description)
        return Recipient(told, code=name) if of_a_person else Operator(told, code=name)
    if code == 429:
        return limited(told, description, after)
    if code in (403, 408) or 500 <= code < 600:
        return Transient(told, code=name, after=after, maybe=code == 408)
    return Payload(told, code=name)


def limited(told: str, description: str, after: float) -> DeliveryError:
    """Too much was sent: within a minute, which passes, or within a month, which does not."""
    if _OF_A_MONTH.search(description) or after > _LONGEST_WAIT:
        return Operator(told, code="429")
    return Transient(told, code="429", after=after or _LIMITED)


def without_words(status: int, *, after: float = 0.0) -> DeliveryError:
    """The error for an HTTP ``status`` whose body is not the platform's."""
    told, name = f"Zalo Bot: HTTP {status} without an answer", str(status)
    if status == 429:
        return limited(told, "", after)
    if status in (408, 504):
        return Transient(told, code=name, after=after, maybe=True)
    if status == 403 or 500 <= status < 600:
        return Transient(told, code=name, after=after or _GATEWAY)
    if status == 401:
        return Auth(told, code=name)
    if 200 <= status < 300:  # it was taken in, and what was said about it is lost
        return Transient(told, code="garbled", maybe=True)
    return Operator(told, code=name)


def seconds(header: str | None) -> float:
    """What ``Retry-After`` says, where it is a number; else 0.

    >>> seconds("30"), seconds("Wed, 21 Oct 2026 07:28:00 GMT"), seconds(None)
    (30.0, 0.0, 0.0)
    """
    said = (header or "").strip()
    return float(said) if re.fullmatch(r"\d{1,9}(\.\d{1,3})?", said) else 0.0


def shown(description: Any) -> str:
    """A description short enough and plain enough for a log."""
    return " ".join(str(description).split())[:120]
