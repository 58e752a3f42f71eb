"""``POST /webhooks/rest/webhook``, as widgets for Rasa's REST channel use it."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from assistant.vocabulary import AnswerEvent, EventKind, Question

PATH = "/webhooks/rest/webhook"
ASK = {"sender": "nguoi-1", "message": "Làm hộ chiếu hết bao nhiêu tiền?"}


def test_a_message_in_and_messages_out(site: Any) -> None:
    response = site.http.post(PATH, json=ASK)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    (said,) = response.json()
    assert set(said) == {"recipient_id", "text", "buttons"}
    assert said["recipient_id"] == "nguoi-1"
    assert "200.000" in said["text"]
    assert "\nNguồn:\n[1]" in said["text"]
    assert said["buttons"][0] == {"title": "Nộp ở đâu?", "payload": "chon:1:0"}


@pytest.mark.parametrize("flag", ["true", "True", "1"])
def test_a_stream_is_a_json_object_a_line(site: Any, flag: str) -> None:
    whole = site.http.post(PATH, json=ASK).json()
    response = site.http.post(f"{PATH}?stream={flag}", json=ASK)
    assert response.text.endswith("\n")
    assert [json.loads(line) for line in response.text.splitlines()] == whole
    assert site.http.post(f"{PATH}?stream=false", json=ASK).json() == whole


def test_it_is_there(site: Any) -> None:
    assert site.http.get("/webhooks/rest/").json() == {"status": "ok"}


def test_a_sender_is_a_conversation_and_shares_it_with_no_other_door(site: Any) -> None:
    for _ in range(2):
        site.http.post(PATH, json=ASK)
    site.http.post(PATH, json={**ASK, "sender": "nguoi-2"})
    site.http.post("/api/chat", json={"message": "a", "session": "nguoi-1"})
    assert [len(question.history) for question in site.assistant.questions] == [0, 1, 0, 0]
    heard = site.desk.conversation().heard[0]
    assert (heard.conversation, heard.door) == ("rest:nguoi-1", "rest")


def test_who_gives_no_name_shares_nothing(site: Any) -> None:
    names = {
        site.http.post(PATH, json={"message": "a"}).json()[0]["recipient_id"] for _ in range(3)
    }
    assert len(names) == 3
    assert all(len(name) > 16 for name in names)
    assert [question.history for question in site.assistant.questions] == [(), (), ()]


def test_a_number_may_be_a_name_and_unknown_fields_are_ignored(site: Any) -> None:
    body = {"sender": 17, "message": "a", "metadata": {"x": 1}, "input_channel": "web"}
    assert site.http.post(PATH, json=body).json()[0]["recipient_id"] == "17"


@pytest.mark.parametrize(
    ("message", "payload"),
    [
        ("chon:1:0", "chon:1:0"),
        (" chon:f3a_-9:12 ", "chon:f3a_-9:12"),
        ("chon:1:0 ạ", ""),
        ("/chon", ""),
        ("chon:" + "x" * 90 + ":1", ""),
    ],
)
def test_a_pressed_button_comes_back_as_its_payload(site: Any, message: str, payload: str) -> None:
    site.http.post(PATH, json={**ASK, "message": message})
    heard = site.desk.conversation().heard[-1]
    assert heard.payload == payload
    assert heard.text == ("" if payload else message)


@pytest.mark.parametrize("query", ["", "?stream=true"])
def test_who_this_is_comes_first_and_once(site: Any, query: str) -> None:
    conversation = site.desk.conversation()
    due = {"rest:nguoi-1"}
    conversation.notice = lambda name: "Đây là AI." if name in due else ""
    conversation.noticed = due.discard

    def texts() -> list[str]:
        told = site.http.post(PATH + query, json=ASK).text
        rows = json.loads(told) if not query else [json.loads(row) for row in told.splitlines()]
        return [row["text"] for row in rows]

    assert texts()[0] == "Đây là AI."
    assert len(texts()) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"xin ch\xe0o", 400),
        (b"[]", 400),
        (b'{"sender": "a", "message": "\\ud800"}', 400),
        (b'{"sender": "a"}', 422),
        (b'{"sender": "a", "message": null}', 422),
        (b'{"sender": ["a"], "message": "a"}', 422),
        (b'{"sender": "a", "message": "' + b"a" * 70_000 + b'"}', 413),
    ],
)
def test_bad_input_gets_one_clear_sentence(site: Any, body: bytes, status: int) -> None:
    response = site.http.post(PATH, content=body)
    assert response.status_code == status
    assert response.json()["error"]["message"].endswith(".")
    assert site.assistant.questions == []


def test_a_page_of_another_site_cannot_make_us_work(site: Any) -> None:
    response = site.http.post(PATH, json=ASK, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert site.assistant.questions == []


@pytest.mark.parametrize("query", ["", "?stream=true"])
def test_what_broke_is_said_with_a_human_route(site: Any, query: str) -> None:
    def break_down(question: Question) -> Iterator[AnswerEvent]:
        yield AnswerEvent(EventKind.STATUS, "Đang tra cứu…")
        raise RuntimeError("secret detail")

    site.assistant.script = break_down
    response = site.http.post(PATH + query, json=ASK)
    assert response.status_code == 200
    assert site.desk.config.contacts.hotline in response.text
    assert "secret" not in response.text


def test_too_many_at_once_are_a_503_with_a_human_route(site: Any) -> None:
    tickets = [site.desk.admit(use_model=False) for _ in range(10)]
    response = site.http.post(PATH, json=ASK)
    assert response.status_code == 503
    assert site.desk.config.contacts.hotline in response.json()["error"]["message"]
    for ticket in tickets:
        ticket.release()


@pytest.mark.parametrize("query", ["", "?stream=true"])
def test_a_client_that_hangs_up_cancels_the_work(site: Any, wait_for: Any, query: str) -> None:
    def breathing(question: Question) -> Iterator[AnswerEvent]:
        while True:
            time.sleep(0.02)
            yield AnswerEvent(EventKind.STATUS, "")

    site.assistant.script = breathing
    port = urlsplit(site.address).port
    assert port
    sent = json.dumps(ASK).encode()
    with socket.create_connection(("127.0.0.1", port)) as client:
        head = f"POST {PATH}{query} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(sent)}\r\n\r\n"
        client.sendall(head.encode() + sent)
        assert wait_for(lambda: len(site.assistant.questions) == 1)
    assert wait_for(lambda: site.assistant.closed == 1)
