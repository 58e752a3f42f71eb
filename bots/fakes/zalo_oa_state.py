"""What a fake Official Account and its provider know: people, tokens, messages, uploads."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: Seconds: an access token, a refresh token, a code, an upload, a free answer, any answer.
ACCESS, REFRESH, CODE = 90_000.0, 90 * 86_400.0, 600.0
UPLOAD, FREE, OPEN = 7 * 86_400.0, 48 * 3600.0, 7 * 86_400.0


@dataclass(slots=True)
class Person:
    """Somebody with Zalo. ``last``: when they last did something with the OA (0: never)."""

    id: str
    name: str = "Nguyễn Văn A"
    follows: bool = True
    blocked: bool = False
    restricted: bool = False
    last: float = 0.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of the OA. ``free``: it was not charged for."""

    user: str
    message: Mapping[str, Any]
    id: str
    at: float
    free: bool

    @property
    def text(self) -> str:
        return str(self.message.get("text") or "")

    @property
    def buttons(self) -> list[dict[str, Any]]:
        payload = (self.message.get("attachment") or {}).get("payload") or {}
        found: list[dict[str, Any]] = payload.get("buttons") or []
        return found


@dataclass(slots=True)
class _Code:
    challenge: str
    until: float


@dataclass
class Account:
    """The OA, its app, and everything that was said. ``clock`` gives seconds since 1970.

    ``proof``: the console's switch for the proof of the app's secret. ``template_type``:
    buttons must say what template they are. ``unit``: what the 2,000 of a text count.
    ``per_minute``: calls allowed. ``refused``: an error that every call gets (-224, …).
    ``strict``: fields that a message does not have are refused.
    """

    clock: Callable[[], float]
    app_id: str = "360846524940903967"
    oa_id: str = "388613280878808645"
    app_secret: str = "test-app-secret"  # noqa: S105 - of nothing real
    secret_key: str = "test-oa-secret"  # noqa: S105
    redirect: str = ""
    proof: bool = False
    template_type: bool = False
    unit: Literal["characters", "utf16"] = "characters"
    per_minute: int = 4000
    refused: int = 0
    strict: bool = False
    people: dict[str, Person] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    reactions: list[tuple[str, str, str]] = field(default_factory=list)  # person, message, icon
    uploads: dict[str, float] = field(default_factory=dict)  # id -> until when
    refreshes: int = 0

    def __post_init__(self) -> None:
        self._codes: dict[str, _Code] = {}
        self._access: tuple[str, float] = ("", 0.0)
        self.issued: list[str] = []  # every token there ever was
        self._refresh: tuple[str, float] = ("", 0.0)
        self._minute, self._calls = 0, 0

    def person(self, user: str) -> Person:
        return self.people.setdefault(user, Person(user))

    # --- tokens -----------------------------------------------------------------------------

    def code(self, challenge: str) -> str:
        """A code as after a consent."""
        code = secrets.token_urlsafe(40)
        self._codes[code] = _Code(challenge, self.clock() + CODE)
        return code

    def exchanged(self, code: str, verifier: str) -> dict[str, str] | None:
        """Tokens for a code, which works once; None where it does not."""
        known = self._codes.pop(code, None)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if known is None or self.clock() > known.until or challenge != known.challenge:
            return None
        return self.issue()

    def refreshed(self, token: str) -> dict[str, str] | None:
        """New tokens for the one refresh token that is good; None for any other."""
        good, until = self._refresh
        if not good or token != good or self.clock() > until:
            return None
        self.refreshes += 1
        return self.issue()

    def issue(self) -> dict[str, str]:
        """A new pair; whatever was issued before is dead."""
        now = self.clock()
        self._access = (secrets.token_urlsafe(60), now + ACCESS)
        self._refresh = (secrets.token_urlsafe(60), now + REFRESH)
        self.issued += [self._access[0], self._refresh[0]]
        return {
            "access_token": self._access[0],
            "refresh_token": self._refresh[0],
            "expires_in": str(int(ACCESS)),  # a string, as theirs
        }

    def token_error(self, token: str | None) -> int:
        """0, -216 for what is no token (any more), -220 for an expired one."""
        good, until = self._access
        if not token or token != good:
            return -216
        return -220 if self.clock() >= until else 0

    # --- limits -----------------------------------------------------------------------------

    def calls_left(self) -> int:
        """How many calls are left in this minute after this one; below 0: too many."""
        minute = int(self.clock() // 60)
        if minute != self._minute:
            self._minute, self._calls = minute, 0
        self._calls += 1
        return self.per_minute - self._calls

    def length(self, text: str) -> int:
        return len(text.encode("utf-16-le")) // 2 if self.unit == "utf16" else len(text)

    def upload(self) -> str:
        name = secrets.token_hex(16)
        self.uploads[name] = self.clock() + UPLOAD
        return name

    def window_error(self, person: Person) -> int:
        """Why this person cannot be written to; 0 where they can."""
        if person.blocked:
            return -217
        if person.restricted:
            return -244
        if not person.follows:
            return -213
        return -230 if self.clock() - person.last > OPEN else 0
