"""Servers that are dead, hang, or talk nonsense: each is named, and the run goes on."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from evals.errors import EvalError, SubjectError
from evals.subjects.door import Door
from evals.subjects.over_http import OverHttp, events
from evals.subjects.over_openai import OverOpenAI, without_notes

ANSWER = {"id": "a", "status": "answered", "text": "Miễn phí [1].", "citations": [], "trace": []}
FINAL = b"event: final\ndata: " + json.dumps({**ANSWER, "session": "s"}).encode() + b"\n\n"

Play = Callable[[BaseHTTPRequestHandler, int], None]


@contextmanager
def playing(play: Play) -> Iterator[str]:
    """A server that does what a test says with the request of each number."""
    count = iter(range(10_000))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server looks for
            self.rfile.read(int(self.headers.get("content-length", 0)))
            play(self, next(count))

        do_GET = do_POST

        def log_message(self, *_: Any) -> None:
            """Nobody wants to read it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def says(body: bytes, status: int = 200) -> Play:
    def play(request: BaseHTTPRequestHandler, _: int) -> None:
        request.send_response(status)
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return play


def asked(url: str, seconds: float = 0.5, kind: type[Any] = OverHttp) -> Any:
    subject = kind(Door(url, seconds=seconds, pause=0.01))
    try:
        return subject.converse(["Phí?"], date(2026, 1, 5))
    finally:
        subject.close()


def dead_address() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_an_answer_is_read_to_its_final_event_without_what_varies() -> None:
    stream = b": ping\n\nevent: status\ndata: {}\n\nevent: card\ndata: {}\n\n" + FINAL
    with playing(says(stream)) as url:
        (reply,) = asked(url)
    assert reply.answer == {"status": "answered", "text": "Miễn phí [1].", "citations": []}
    assert set(reply.marks) == {"status", "card", "final"}
    assert 0 < reply.marks["card"] <= reply.ms


def test_events_are_whole_however_the_bytes_are_cut() -> None:
    stream = b'id: 1\nevent: token\ndata: {"text":"L\xe1\xbb\x87"}\n\n: ping\n\n' + FINAL
    whole = list(events(iter([stream])))
    assert [name for name, _ in whole] == ["token", "final"]
    assert list(events(iter(stream[at : at + 1] for at in range(len(stream))))) == whole


@pytest.mark.parametrize("kind", [OverHttp, OverOpenAI])
def test_a_dead_server_is_named_and_soon_not_asked_any_more(kind: type[Any]) -> None:
    url = dead_address()
    subject = kind(Door(url, pause=0.01))
    for _ in range(3):
        with pytest.raises(SubjectError, match=f"{url} gave no answer, asked twice: nobody"):
            subject.converse(["Phí?"], None)
    with pytest.raises(SubjectError, match=f"{url} is not asked any more: nobody listens there"):
        subject.converse(["Phí?"], None)
    assert subject.source("procedure:1", "0" * 64) is None
    assert subject.describe()["server"] == url
    subject.close()


def test_a_server_that_hangs_costs_its_time_limit_and_no_more() -> None:
    over = threading.Event()
    try:
        with playing(lambda *_: over.wait(20) and None) as url:
            started = time.monotonic()
            with pytest.raises(SubjectError, match=r"asked twice: no answer within 0.3 s"):
                asked(url, seconds=0.3)
            assert time.monotonic() - started < 5
    finally:
        over.set()


def test_heartbeats_do_not_prolong_the_time_limit() -> None:
    def play(request: BaseHTTPRequestHandler, _: int) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b": ping\n\n")
            time.sleep(0.05)

    with playing(play) as url, pytest.raises(SubjectError, match=r"no answer within 0.3 s"):
        asked(url, seconds=0.3)


def test_one_more_try_is_enough_for_a_moment_of_weakness() -> None:
    def play(request: BaseHTTPRequestHandler, number: int) -> None:
        busy = json.dumps({"error": {"message": "Đang bận."}}).encode()
        says(busy, 503)(request, 0) if number == 0 else says(FINAL)(request, 0)

    with playing(play) as url:
        assert asked(url)[0].answer["status"] == "answered"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"event: final\ndata: <html>\n\n", "sent something else than an answer: '<html>'"),
        (b"event: final\ndata: [1]\n\n", "sent something else than an answer"),
        (b'event: final\ndata: {"status": 5}\n\n', "without status and text"),
        (b"event: final\ndata: \xff\xfe\n\n", "sent something else"),
        (b'event: final\ndata: {"status": "a", "text": "\\ud800"}\n\n', "something else"),
        (b"event: final\ndata: " + b"[" * 100_000 + b"\n\n", "sent something else"),
        (b"event: card\ndata: {}\n\n", "asked twice: the answer ended before its end"),
        (b"<html>hello</html>", "the answer ended before its end"),
        (b"", "the answer ended before its end"),
        (b": " + b"x" * 9_000_000, "sent more than 8388608 bytes"),
    ],
    ids=[
        "html",
        "list",
        "no text",
        "not utf-8",
        "surrogate",
        "deep",
        "no final",
        "another page",
        "nothing",
        "endless",
    ],
)
def test_garbage_is_an_error_and_no_answer(body: bytes, told: str) -> None:
    with playing(says(body)) as url, pytest.raises(SubjectError, match=told) as caught:
        asked(url, seconds=5)
    assert str(caught.value).startswith(url)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<html>", "sent something else than an answer"),
        (b"{}", "a completion without words"),
        (b'{"choices": [{"message": {"content": "a"}}]}', r"without troly\.status"),
        (b'{"choices": 5}', "a completion without words"),
    ],
)
def test_garbage_completions_are_errors(body: bytes, told: str) -> None:
    with playing(says(body)) as url, pytest.raises(SubjectError, match=told):
        asked(url, kind=OverOpenAI)


def test_a_refusal_says_what_the_server_said() -> None:
    body = json.dumps({"error": {"message": "Thiếu 'message'."}}).encode()
    with playing(says(body, 422)) as url, pytest.raises(SubjectError, match=r"HTTP 422: Thiếu"):
        asked(url)


def test_a_broken_line_is_no_answer() -> None:
    def play(request: BaseHTTPRequestHandler, _: int) -> None:
        request.send_response(200)
        request.send_header("content-length", "1000")
        request.end_headers()
        request.wfile.write(FINAL[:20])
        request.close_connection = True

    with playing(play) as url, pytest.raises(SubjectError, match="the line broke"):
        asked(url)


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/", "http://[::1"])
def test_what_is_no_address_is_said_to_be_none(url: str) -> None:
    with pytest.raises(EvalError, match="no address"):
        Door(url)


def test_footnotes_are_taken_off() -> None:
    assert without_notes("Phí [^1], hạn [^2].\n\n[^1]: A: “b [^9]”\n[^2]: B") == "Phí [1], hạn [2]."
    assert without_notes("Không có nguồn.") == "Không có nguồn."
