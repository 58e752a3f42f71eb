"""A Zalo Official Account on this machine: OAuth host, API host, and the webhooks it pushes.

Where nobody could confirm what the real one does, there is a parameter (of `Account`
or here), and both ways are there.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from bots.fakes.serving import Clock, Delivery, FakeServer
from bots.fakes.zalo_oa_hosts import ApiHost, error_answer, oauth_host
from bots.fakes.zalo_oa_state import Account, Person, Sent
from bots.zalo_oa.signature import mac_of

#: Seconds after which a webhook that could not be connected to is tried again, each time.
RETRIES = (30.0, 300.0, 900.0, 1800.0, 3600.0)
#: Seconds within which a webhook has to be answered.
PATIENCE = 2.0


@dataclass(slots=True)
class _Due:
    at: float
    tried: int
    body: bytes


@dataclass
class FakeZaloOA:
    """The provider with one OA. Use as a context manager; `oauth` and `api` are its hosts.

    ``webhook`` is where events go. ``signature``: with ``mac=`` before it, or bare.
    ``echoes``: the OA hears what it sends. ``receipts``: and that it was received and seen.
    ``failures`` are deliveries that Zalo would complain about: not 200, or too late.
    """

    webhook: str = ""
    clock: Clock = field(default_factory=Clock)
    signature: Literal["mac=", "bare"] = "mac="
    echoes: bool = True
    receipts: bool = False
    enabled: bool = True
    failures: list[Delivery] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.account = Account(self.clock)
        self.oauth = FakeServer(oauth_host(self.account), clock=self.clock)
        self.oauth.error_answer = error_answer
        self.api = FakeServer(ApiHost(self.account, self._told).app(), clock=self.clock)
        self.api.error_answer = error_answer
        self._due: list[_Due] = []
        self._number = 0
        self._lock = threading.Lock()
        # One thread: what the OA hears of itself comes in order, and after the answer to it.
        self._pushing = ThreadPoolExecutor(1, thread_name_prefix="zalo")
        self._pushed: list[Future[Delivery]] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(self.oauth)
        self._open.enter_context(self.api)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pushing.shutdown(wait=True)
        self._open.close()

    # --- consent ----------------------------------------------------------------------------

    def consent(self, link: str) -> str:
        """What an administrator does with a consent link; the address that Zalo leads to."""
        asked = {name: each[-1] for name, each in parse_qs(urlsplit(link).query).items()}
        brought = {
            "code": self.account.code(asked["code_challenge"]),
            "oa_id": self.account.oa_id,
            "state": asked.get("state", ""),
        }
        return f"{asked['redirect_uri']}?{urlencode(brought)}"

    # --- what people do ---------------------------------------------------------------------

    def says(self, user: str, text: str, *, message: str = "") -> Delivery:
        """A person writes ``text``; what our side made of the webhook."""
        return self.sends(user, "text", {"text": text}, message=message)

    def sends(
        self, user: str, what: str, content: Mapping[str, Any], *, message: str = ""
    ) -> Delivery:
        """A person sends something; ``content`` is ``message`` without its id."""
        self._interacted(user)
        said = {**content, "msg_id": message or self._new_id()}
        return self.push(self.event(f"user_send_{what}", user, message=said))

    def attaches(self, user: str, what: str) -> Delivery:
        """A person sends a picture, a file, a place …"""
        url = "https://f6.photo.talk.zdn.vn/1"
        payloads: dict[str, dict[str, Any]] = {
            "link": {"thumbnail": url, "description": "", "url": url},
            "audio": {"url": f"{url}.amr"},
            "sticker": {"id": "1", "url": url},
            "location": {"coordinates": {"latitude": "10.77", "longitude": "106.69"}},
            "file": {"size": "9", "name": "a.pdf", "checksum": "0", "type": "pdf", "url": url},
        }
        payload = payloads.get(what, {"thumbnail": url, "url": url})
        return self.sends(user, what, {"attachments": [{"type": what, "payload": payload}]})

    def taps(self, user: str, number: int = 1) -> Delivery:
        """A person presses a button (from 1) of the last message that has any."""
        with_buttons = [each for each in self.account.sent if each.user == user and each.buttons]
        return self.says(user, str(with_buttons[-1].buttons[number - 1]["payload"]))

    def happens(self, name: str, user: str) -> Delivery:
        """``follow``, ``unfollow``, ``user_click_chatnow``, ``user_withdraw``."""
        person = self.account.person(user)
        if name in ("follow", "unfollow"):
            person.follows = name == "follow"
        if name in ("follow", "user_click_chatnow"):
            self._interacted(user)
        event = {
            "oa_id": self.account.oa_id,
            **({"follower": {"id": user}} if "follow" in name else {"user_id": user}),
            "user_id_by_app": "552177279717587730",
            "event_name": name,
            "app_id": self.account.app_id,
            "timestamp": self._stamp(),
        }
        return self.push(event)

    def officer_writes(self, user: str, text: str) -> Delivery:
        """A person of the office answers in the OA's console."""
        message = {"text": text, "msg_id": self._new_id()}
        return self.push(self.event("oa_send_text", user, by_oa=True, admin="77", message=message))

    def probe(self) -> Delivery:
        """What saving the webhook's address in the console does."""
        return self.api.push(self.webhook, b"{}", {"Content-Type": "application/json"})

    def person(self, user: str) -> Person:
        return self.account.person(user)

    # --- webhooks ---------------------------------------------------------------------------

    def event(
        self, name: str, user: str, *, by_oa: bool = False, admin: str = "", **more: Any
    ) -> dict[str, Any]:
        """A message event between ``user`` and the OA."""
        person, oa = {"id": user}, {"id": self.account.oa_id}
        return {
            "app_id": self.account.app_id,
            "sender": {**oa, **({"admin_id": admin} if admin else {})} if by_oa else person,
            "user_id_by_app": "552177279717587730",
            "recipient": person if by_oa else oa,
            "event_name": name,
            **more,
            "timestamp": self._stamp(),
        }

    def signed(self, body: bytes, *, key: str | None = None) -> dict[str, str]:
        """The headers of a webhook with ``body``."""
        timestamp = str(json.loads(body).get("timestamp", ""))
        secret = self.account.secret_key if key is None else key
        mac = mac_of(self.account.app_id, body, timestamp, secret)
        return {
            "Content-Type": "application/json",
            "X-ZEvent-Signature": mac if self.signature == "bare" else f"mac={mac}",
        }

    def push(self, event: Mapping[str, Any]) -> Delivery:
        """Sign and deliver; where nobody listens it is tried again when that is due."""
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        return self._deliver(_Due(self.clock(), 0, body))

    def again(self) -> list[Delivery]:
        """Deliver what is due by the clock."""
        now = self.clock()
        due = [each for each in self._due if each.at <= now]
        self._due = [each for each in self._due if each.at > now]
        return [self._deliver(each) for each in due]

    def _deliver(self, due: _Due) -> Delivery:
        if not self.enabled:
            return Delivery(due.body, {}, 0, 0.0, error="the webhook is disabled")
        headers = self.signed(due.body)
        if due.tried:
            headers["num_retry"] = str(due.tried)
        delivery = self.api.push(self.webhook, due.body, headers)
        if delivery.error.startswith("Connect"):
            if due.tried == len(RETRIES):
                self.enabled = False
            else:
                later = self.clock() + RETRIES[due.tried]
                self._due.append(_Due(later, due.tried + 1, due.body))
        elif delivery.status != 200 or delivery.seconds > PATIENCE:
            self.failures.append(delivery)  # shown in the console, and the event is dropped
        return delivery

    def _told(self, sent: Sent) -> None:
        """The OA sent something: it hears of it."""
        if not self.webhook:
            return
        message = {**sent.message, "msg_id": sent.id}
        if self.echoes:
            self._later(self.event("oa_send_text", sent.user, by_oa=True, message=message))
        if self.receipts:
            one, many = {"msg_id": sent.id}, {"msg_ids": [sent.id]}
            names = (("user_received_message", one), ("user_seen_message", many))
            for name, ids in names:
                self._later(self.event(name, sent.user, by_oa=True, message=ids))

    def _later(self, event: Mapping[str, Any]) -> None:
        self._pushed.append(self._pushing.submit(self.push, event))

    def settle(self) -> list[Delivery]:
        """Wait until the OA has heard of everything it sent; what came of that."""
        pushed, self._pushed = self._pushed, []
        return [each.result(30) for each in pushed]

    def _interacted(self, user: str) -> None:
        self.account.person(user).last = self.clock()

    def _stamp(self) -> str:
        return str(int(self.clock() * 1000))

    def _new_id(self) -> str:
        with self._lock:
            self._number += 1
            return f"{self._number:020x}"


def opened(link: str) -> httpx.Response:
    """``link`` as a browser opens it, redirects and all."""
    return httpx.get(link, follow_redirects=True, timeout=20, trust_env=False)
