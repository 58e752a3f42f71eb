"""Rasa that is slow, dead or babbling: each is a typed failure, soon, and not asked for ever."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant.dialogue.decision import DecisionKind
from assistant.dialogue.runtime.access import Access
from assistant.dialogue.runtime.child import free_port
from assistant.dialogue.runtime.client import RasaClient
from assistant.errors import (
    DialogueError,
    DialogueGarbled,
    DialogueTimeout,
    DialogueUnavailable,
    TrolyError,
)
from assistant.language_model.breaker import Breaker

GOOD = [{"recipient_id": "a", "custom": {"decision": {"kind": "say", "reply": "greet"}}}]


class Fake:
    """Answers whatever ``says`` is, after ``waits`` seconds; remembers what it was asked."""

    def __init__(self) -> None:
        fake = self
        self.says: Any = GOOD
        self.status, self.waits, self.dribbles = 200, 0.0, False
        self.heard: list[tuple[str, dict[str, str], Any]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(length))
                fake.heard.append((self.path, dict(self.headers), body))
                time.sleep(fake.waits)
                said = fake.says if isinstance(fake.says, bytes) else json.dumps(fake.says).encode()
                self.send_response(fake.status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                for at in range(len(said)):
                    if not fake.dribbles:
                        self.wfile.write(said)
                        break
                    self.wfile.write(said[at : at + 1])
                    time.sleep(0.05)

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.access = Access.fresh(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def rasa() -> Iterator[Fake]:
    fake = Fake()
    yield fake
    fake.server.shutdown()
    fake.server.server_close()


@pytest.fixture
def client(rasa: Fake) -> Iterator[RasaClient]:
    # Failures are not counted here but where they are the subject.
    made = RasaClient(lambda: rasa.access, patience=0.4, breaker=Breaker(failures=100))
    yield made
    made.close()


def test_a_decision_comes_back(client: RasaClient, rasa: Fake) -> None:
    decision = client.decide("hội thoại/1", "xin chào", {"door": "web"})
    assert (decision.kind, decision.reply, decision.by) == (DecisionKind.SAY, "greet", "rasa")
    path, headers, body = rasa.heard[0]
    assert path == "/webhooks/troly/webhook"
    assert headers["X-Channel-Secret"] == rasa.access.channel_secret
    assert body == {
        "sender": "hội thoại/1",
        "message": "xin chào",
        "metadata": {"door": "web"},
    }


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("/restart", "restart"),
        ('//delete_my_data{"a": 1}', 'delete_my_data{"a": 1}'),
        ("nửa \udcff chữ", "nửa ? chữ"),
        ("", ""),
        ("dài " * 5000, ("dài " * 5000)[:4000]),
    ],
)
def test_what_is_typed_is_words_and_no_order(
    client: RasaClient, rasa: Fake, typed: str, sent: str
) -> None:
    client.decide("a", typed)
    assert rasa.heard[0][2]["message"] == sent


def test_a_button_is_an_order(client: RasaClient, rasa: Fake) -> None:
    client.decide("a", "", payload='/choose{"ordinal": "2"}')
    assert rasa.heard[0][2]["message"] == '/choose{"ordinal": "2"}'


@pytest.mark.parametrize(
    "said",
    [
        [],
        {},
        None,
        [{"text": "Xin chào"}],
        [{"custom": {"something": "else"}}],
        [{"custom": {"decision": {"kind": "dance"}}}],
        [{"custom": {"decision": {"kind": "say", "version": 9}}}],
        [{"custom": "decision"}],
        b"<html>502 Bad Gateway</html>",
        b"\xff\xfe\x00",
        b"[" * 200_000,
    ],
    ids=str,
)
def test_what_is_no_decision_is_a_failure(client: RasaClient, rasa: Fake, said: Any) -> None:
    rasa.says = said
    with pytest.raises(DialogueGarbled):
        client.decide("a", "bí mật của tôi")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 503])
def test_a_refusal_is_a_failure_even_with_a_decision(
    client: RasaClient, rasa: Fake, status: int
) -> None:
    rasa.status = status
    with pytest.raises(DialogueGarbled, match=str(status)):
        client.decide("a", "xin chào")


@pytest.mark.parametrize("dribbles", [False, True])
def test_nobody_waits_longer_than_the_patience(
    client: RasaClient, rasa: Fake, dribbles: bool
) -> None:
    rasa.waits, rasa.dribbles = (0, True) if dribbles else (3, False)
    started = time.monotonic()
    with pytest.raises(DialogueTimeout):
        client.decide("a", "xin chào")
    assert time.monotonic() - started < 1.5


def test_a_dead_server_and_none_at_all() -> None:
    gone = RasaClient(lambda: Access.fresh(free_port()), patience=0.4)
    with pytest.raises(DialogueUnavailable):
        gone.decide("a", "xin chào")
    none = RasaClient(lambda: None)
    for _ in range(5):
        with pytest.raises(DialogueUnavailable):
            none.decide("a", "xin chào")
    assert none.breaker == "closed"  # the supervisor knows; nothing was tried
    assert not none.is_usable()


def test_no_failure_tells_what_was_said(client: RasaClient, rasa: Fake) -> None:
    for says, status in (([], 200), (b"x", 200), ([{"custom": {}}], 200), (GOOD, 500)):
        rasa.says, rasa.status = says, status
        with pytest.raises(DialogueError) as caught:
            client.decide("a", "số CCCD của tôi là 012345678901")
        assert "012345678901" not in str(caught.value)
        assert isinstance(caught.value, TrolyError)


def test_three_failures_open_the_breaker_and_pauses_grow(rasa: Fake) -> None:
    now = [0.0]
    breaker = Breaker(failures=3, window=30, rest=2, longest=5, clock=lambda: now[0])
    client = RasaClient(lambda: rasa.access, patience=0.4, breaker=breaker)
    rasa.says = []
    for _ in range(3):
        with pytest.raises(DialogueGarbled):
            client.decide("a", "x")
    for pause in (2, 4, 5, 5):
        assert client.breaker == "open"
        assert not client.is_usable()
        asked = len(rasa.heard)
        with pytest.raises(DialogueUnavailable):
            client.decide("a", "x")
        assert len(rasa.heard) == asked  # not asked at all
        assert breaker.seconds_left() == pause
        now[0] += pause
        assert client.breaker == "half_open"
        with pytest.raises(DialogueGarbled):
            client.decide("a", "x")
    now[0] += 5
    rasa.says = GOOD
    assert client.decide("a", "x").reply == "greet"
    assert client.breaker == "closed"
    client.close()


def test_half_open_lets_one_turn_try(rasa: Fake) -> None:
    now = [0.0]
    breaker = Breaker(failures=1, rest=2, clock=lambda: now[0])
    breaker.failed()
    now[0] = 3
    rasa.waits = 0.3
    client = RasaClient(lambda: rasa.access, patience=1, breaker=breaker)
    results: list[str] = []

    def ask() -> None:
        try:
            results.append(client.decide("a", "x").reply)
        except DialogueUnavailable:
            results.append("refused")

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["greet", *["refused"] * 4]
    assert len(rasa.heard) == 1
    client.close()


def test_it_works_again_after_close(client: RasaClient) -> None:
    client.close()
    assert client.decide("a", "x").reply == "greet"


def test_what_was_said_goes_into_the_tracker(client: RasaClient, rasa: Fake) -> None:
    rasa.says = {}
    events = [{"event": "bot", "text": "Lệ phí 200.000 đồng"}, {"event": "slot", "name": "x"}]
    client.told("web:một/hai", events)
    path, headers, body = rasa.heard[0]
    assert path.startswith("/conversations/web%3Am%E1%BB%99t%2Fhai/tracker/events")
    assert body == events
    assert headers["Authorization"].startswith("Bearer ")
    assert "X-Channel-Secret" not in headers


def test_parse(client: RasaClient, rasa: Fake) -> None:
    rasa.says = {
        "intent": {"name": "ask_fee", "confidence": 0.9},
        "entities": [{"entity": "procedure", "value": "hộ chiếu"}],
    }
    parsed = client.parse("lệ phí hộ chiếu")
    assert (parsed.intent, parsed.confidence) == ("ask_fee", 0.9)
    assert parsed.entities[0]["value"] == "hộ chiếu"
    for said in ({}, [], {"intent": None}, {"intent": {"name": "x"}}, b"no"):
        rasa.says = said
        with pytest.raises(DialogueGarbled):
            client.parse("lệ phí")


def test_the_token_is_signed_and_secrets_are_not_shown() -> None:
    access = Access.fresh(1234)
    token = access.api()["Authorization"].removeprefix("Bearer ")
    head, body, signature = token.split(".")

    def decoded(part: str) -> bytes:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

    expected = hmac.new(access.jwt_secret.encode(), f"{head}.{body}".encode(), hashlib.sha256)
    assert decoded(signature) == expected.digest()
    assert json.loads(decoded(body))["user"]["role"] == "admin"
    assert access.jwt_secret != access.channel_secret != Access.fresh(1234).channel_secret
    assert access.jwt_secret not in repr(access)
    assert access.channel_secret not in repr(access)
