"""The server under odd circumstances: stopping, slow senders, and anything at all as input."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.vocabulary import AnswerEvent, EventKind, Question
from bots.web import bodies, server

ASK = {"message": "a"}

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["message", "messages", "role", "content", "type", "text", "session", "as_of"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
ON_A_LIVE_SERVER = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)


@ON_A_LIVE_SERVER
@given(value=ANYTHING, path=st.sampled_from(["/api/chat", "/v1/chat/completions"]))
def test_no_json_is_an_internal_error(site: Any, value: Any, path: str) -> None:
    response = site.http.post(path, content=json.dumps(value))
    assert response.status_code in (200, 400, 422), response.text


@ON_A_LIVE_SERVER
@given(
    body=st.binary(max_size=200), path=st.sampled_from(["/", "/api/chat", "/v1/chat/completions"])
)
def test_no_bytes_are_an_internal_error(site: Any, body: bytes, path: str) -> None:
    assert site.http.post(path, content=body).status_code < 500


@ON_A_LIVE_SERVER
@given(
    name=st.text(min_size=1, max_size=30), base=st.sampled_from(["/api/sources/", "/nguon/", "/"])
)
def test_no_address_is_an_internal_error(site: Any, name: str, base: str) -> None:
    encoded = quote(name.encode("utf-8", "replace"), safe="")
    assert site.http.get(base + encoded).status_code < 500


def test_a_body_that_comes_too_slowly_is_given_up(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SLOWEST_BODY", 0.2)
    port = urlsplit(site.address).port
    assert port
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert client.recv(4096).startswith(b"HTTP/1.1 408 ")


def test_who_is_being_answered_when_the_server_stops_is_told(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "GRACE", 0.3)

    def endless(question: Question) -> Iterator[AnswerEvent]:
        while True:
            time.sleep(0.02)
            yield AnswerEvent(EventKind.STATUS, "")

    site.assistant.script = endless
    with site.http.stream("POST", "/api/chat", json=ASK) as response:
        site.server.should_exit = True
        text = response.read().decode()
    assert "đang dừng" in text.rpartition("event: error")[2]


def test_an_answer_that_ends_in_time_is_not_cut_off(site: Any) -> None:
    def short(question: Question) -> Iterator[AnswerEvent]:
        yield AnswerEvent(EventKind.STATUS, "Đang tra cứu…")
        time.sleep(0.5)
        yield from site.assistant.play(question)

    site.assistant.script = short
    with site.http.stream("POST", "/api/chat", json=ASK) as response:
        site.server.should_exit = True
        text = response.read().decode()
    assert "event: final" in text
