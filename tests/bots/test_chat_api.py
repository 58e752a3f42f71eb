"""``POST /api/chat`` and ``GET /api/sources/{id}`` over a real socket."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from assistant.vocabulary import AnswerEvent, EventKind, Question

ASK = {"message": "Làm hộ chiếu hết bao nhiêu tiền?"}


def events_of(text: str) -> list[tuple[str, str, Any]]:
    """(id, name, data) of each event of a stream."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if fields:
            found.append((fields["id"], fields["event"], json.loads(fields["data"])))
    return found


def test_an_answer_streams_as_named_numbered_events(site: Any) -> None:
    response = site.http.post("/api/chat", json=ASK)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-accel-buffering"] == "no"
    events = events_of(response.text)
    names = [name for _, name, _ in events]
    assert names == ["status", "card", "token", "token", "token", "sources", "suggestions", "final"]
    assert [number for number, _, _ in events] == [str(n) for n in range(1, 9)]
    final = events[-1][2]
    assert final["status"] == "answered"
    assert final["citations"] == events[5][2]["citations"]
    assert final["session"] == response.headers["x-troly-session"]
    assert final["card_view"]["blocks"][0]["heading"] == "Phí, lệ phí"


def test_each_line_of_the_card_can_be_checked_against_its_document(site: Any) -> None:
    final = events_of(site.http.post("/api/chat", json=ASK).text)[-1][2]
    view = final["card_view"]
    body = site.http.get(f"/api/sources/{quote(view['document_id'], safe='')}").json()
    assert body["sha256"] == view["sha256"]
    lines = [line for block in view["blocks"] for line in block["lines"]]
    assert len(lines) > 10
    for line in lines:
        words = line["text"][1:]  # the first letter may have become a capital
        assert words in body["text"][line["start"] : line["end"]]


def test_a_session_remembers_and_no_other_does(site: Any) -> None:
    session = site.http.post("/api/chat", json=ASK).headers["x-troly-session"]
    site.http.post("/api/chat", json={"message": "nộp ở đâu?", "session": session})
    site.http.post("/api/chat", json={"message": "nộp ở đâu?", "session": "another-one"})
    first, second, third = site.assistant.questions
    assert first.history == ()
    (turn,) = second.history
    assert turn.question == ASK["message"]
    assert turn.card_code == site.assistant.card.code
    assert turn.slots == ("fees", "times")
    assert third.history == ()


def test_a_pressed_button_comes_back_with_its_payload(site: Any) -> None:
    response = site.http.post("/api/chat", json=ASK)
    session = response.headers["x-troly-session"]
    first = events_of(response.text)[-1][2]["buttons"][0]
    assert first == {"title": "Nộp ở đâu?", "payload": "chon:1:0"}
    pressed = {"message": first["title"], "payload": first["payload"], "session": session}
    site.http.post("/api/chat", json={**pressed, "message_id": "m-2"})
    heard = site.desk.conversation().heard[-1]
    assert (heard.payload, heard.message, heard.door) == ("chon:1:0", "m-2 c0ffee", "chat")
    refused = site.http.post("/api/chat", json={**pressed, "payload": "x" * 201})
    assert refused.status_code == 422


def test_the_day_and_the_model_can_be_chosen(site: Any) -> None:
    events = events_of(
        site.http.post("/api/chat", json={**ASK, "as_of": "2026-01-31", "use_model": False}).text
    )
    assert events[-1][2]["as_of"] == "2026-01-31"
    assert "token" not in [name for _, name, _ in events]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, "JSON"),
        (b"xin ch\xe0o", 400, "UTF-8"),
        (bytes(range(256)), 400, "UTF-8"),
        (b"\x00\x01\x02", 400, "JSON"),
        (b"khong phai json", 400, "JSON"),
        (b'["message"]', 400, "JSON"),
        (b"[" * 60_000, 400, "JSON"),
        (b'{"message": ' + b"9" * 5000 + b"}", 400, "JSON"),
        (b'{"message": "\\ud800"}', 400, "Unicode"),
        (b"{}", 422, "message"),
        (b'{"message": 5}', 422, "message"),
        (b'{"message": null}', 422, "message"),
        (b'{"message": ["a"]}', 422, "message"),
        (b'{"message": "a", "as_of": "mai"}', 422, "as_of"),
        (b'{"message": "a", "as_of": 5}', 422, "as_of"),
        (b'{"message": "a", "as_of": "2026-13-01"}', 422, "as_of"),
        (b'{"message": "a", "session": "a b"}', 422, "session"),
        (b'{"message": "a", "session": 1}', 422, "session"),
        (b'{"message": "a", "use_model": "yes"}', 422, "use_model"),
        (b'{"message": "' + b"a" * 70_000 + b'"}', 413, "64 KB"),
    ],
)
def test_bad_input_gets_one_clear_sentence(site: Any, body: bytes, status: int, says: str) -> None:
    response = site.http.post("/api/chat", content=body)
    assert response.status_code == status
    error = response.json()["error"]
    assert says in error["message"]
    assert error["message"].endswith(".")
    assert site.assistant.questions == []


def test_a_body_without_a_declared_length_is_bounded_too(site: Any) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"a" * 1024

    assert site.http.post("/api/chat", content=endless()).status_code == 413


@pytest.mark.parametrize(
    "words", ["", " ", "😀😀", "a\x00b", "x" * 10_000, "\u202e\u200b", "<script>"]
)
def test_any_words_reach_the_assistant_as_they_are(site: Any, words: str) -> None:
    assert site.http.post("/api/chat", json={"message": words}).status_code == 200
    assert site.assistant.questions[0].text == words


def test_content_type_and_unknown_fields_do_not_matter(site: Any) -> None:
    body = json.dumps({**ASK, "colour": "red"}).encode()
    response = site.http.post(
        "/api/chat", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert response.status_code == 200


def test_a_page_of_another_site_cannot_make_us_work(site: Any) -> None:
    response = site.http.post("/api/chat", json=ASK, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert site.assistant.questions == []


def test_what_the_assistant_raises_becomes_an_error_event_with_a_human_route(site: Any) -> None:
    def break_down(question: Question) -> Iterator[AnswerEvent]:
        yield AnswerEvent(EventKind.STATUS, "Đang tra cứu…")
        raise RuntimeError("secret detail")

    site.assistant.script = break_down
    response = site.http.post("/api/chat", json=ASK)
    _, name, data = events_of(response.text)[-1]
    assert name == "error"
    assert site.desk.config.contacts.hotline in data["error"]["message"]
    assert "secret" not in response.text


def breathing(question: Question) -> Iterator[AnswerEvent]:
    """Never ends, but comes up for air."""
    while True:
        time.sleep(0.02)
        yield AnswerEvent(EventKind.STATUS, "")


def test_a_quiet_line_is_kept_open_by_heartbeats(site: Any) -> None:
    site.assistant.script = breathing
    with site.http.stream("POST", "/api/chat", json=ASK) as response:
        assert next(response.iter_text()) == ": ping\n\n"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/chat", {"message": "a"}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "a"}], "stream": True}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "a"}]}),
    ],
)
def test_a_client_that_hangs_up_cancels_the_work(
    site: Any, wait_for: Any, path: str, body: dict[str, Any]
) -> None:
    site.assistant.script = breathing
    port = urlsplit(site.address).port
    assert port
    sent = json.dumps(body).encode()
    with socket.create_connection(("127.0.0.1", port)) as client:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(sent)}\r\n\r\n"
        client.sendall(head.encode() + sent)
        assert wait_for(lambda: len(site.assistant.questions) == 1)
        assert not site.assistant.closed
    left = time.monotonic()
    assert wait_for(lambda: site.assistant.closed == 1)
    assert time.monotonic() - left < 1.0
    assert wait_for(lambda: "troly_answers_in_flight 0.0" in site.http.get("/metrics").text)


def test_a_step_that_waits_in_silence_can_watch_for_the_cancellation(
    site: Any, wait_for: Any
) -> None:
    def silent(question: Question) -> Iterator[AnswerEvent]:
        yield AnswerEvent(EventKind.STATUS, "Đang diễn đạt…")
        assert question.cancel
        question.cancel.wait(30)

    site.assistant.script = silent
    with site.http.stream("POST", "/api/chat", json=ASK) as response:
        next(response.iter_text())
    assert wait_for(lambda: not site.desk._running, 2)


def test_beyond_the_limit_answers_come_from_the_card_and_say_so(site: Any, wait_for: Any) -> None:
    gate = threading.Event()

    def slow(question: Question) -> Iterator[AnswerEvent]:
        if question.use_model:
            while not gate.wait(0.02):
                yield AnswerEvent(EventKind.STATUS, "")
        yield from site.assistant.play(question)

    site.assistant.script = slow
    waiting = [
        threading.Thread(
            target=lambda: httpx.post(f"{site.address}/api/chat", json=ASK, trust_env=False)
        )
        for _ in range(2)
    ]
    for thread in waiting:
        thread.start()
    assert wait_for(lambda: len(site.assistant.questions) == 2)
    events = events_of(site.http.post("/api/chat", json=ASK).text)
    gate.set()
    for thread in waiting:
        thread.join()
    assert "nhiều người hỏi" in events[0][2]["text"]
    assert events[-1][1] == "final"
    assert events[-1][2]["ai_generated"] is False
    assert 'troly_degraded_total{reason="busy"} 1.0' in site.http.get("/metrics").text


def test_when_all_places_are_taken_the_answer_is_a_503_with_a_human_route(
    site: Any, wait_for: Any
) -> None:
    tickets = [site.desk.admit(use_model=False) for _ in range(10)]
    response = site.http.post("/api/chat", json=ASK)
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert site.desk.config.contacts.hotline in response.json()["error"]["message"]
    for ticket in tickets:
        ticket.release()
    assert site.http.post("/api/chat", json=ASK).status_code == 200


def test_a_source_is_given_whole_or_as_the_exact_slice(site: Any) -> None:
    document = replace(site.assistant.document)
    path = f"/api/sources/{quote(document.id, safe='')}"
    body = site.http.get(path).json()
    assert body["text"] == document.text
    assert body["sha256"] == hashlib.sha256(document.text.encode()).hexdigest()
    assert body["sections"][0]["path"]
    assert "labels" not in body
    for citation in events_of(site.http.post("/api/chat", json=ASK).text)[-1][2]["citations"]:
        span = {name: citation[name] for name in ("start", "end", "sha256")}
        piece = site.http.get(path, params=span).json()["slice"]
        assert piece["quote"] == citation["quote"]
        assert piece["quote_sha256"] == hashlib.sha256(citation["quote"].encode()).hexdigest()


def test_ids_may_hold_any_character(site: Any) -> None:
    for path in ("doc:a/b c.pdf", quote("doc:a/b c.pdf", safe="")):
        assert site.http.get(f"/api/sources/{path}").json()["title"] == "Tên <lạ> & dài"


def test_a_source_that_is_not_there_and_one_that_is_not_for_you_look_the_same(site: Any) -> None:
    missing = site.http.get("/api/sources/khong-co")
    hidden = site.http.get("/api/sources/noi-bo/1")
    assert missing.status_code == hidden.status_code == 404
    assert missing.content == hidden.content
    assert "noi-bo" not in hidden.text


@pytest.mark.parametrize(
    "span", ["start=-1", "start=5&end=2", "end=9999999", "start=a", "start=²", "end=" + "9" * 40]
)
def test_a_span_outside_the_text_is_refused(site: Any, span: str) -> None:
    response = site.http.get(f"/api/sources/{quote(site.assistant.document.id, safe='')}?{span}")
    assert response.status_code == 400
    assert "start" in response.json()["error"]["message"]


def test_a_source_of_another_version_is_not_passed_off_as_the_cited_one(site: Any) -> None:
    path = f"/api/sources/{quote(site.assistant.document.id, safe='')}"
    assert site.http.get(path, params={"sha256": "0" * 64}).status_code == 409
