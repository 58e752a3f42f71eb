"""The base of the fakes does to a real client what its fault plan says."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bots.fakes.serving import Clock, FakeServer

worked: list[bytes] = []


async def _say(request: Request) -> JSONResponse:
    worked.append(await request.body())
    return JSONResponse({"said": "xin chào"}, headers={"x-left": "3"})


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    worked.clear()
    app = Starlette(routes=[Route("/say", _say, methods=["POST", "GET"])])
    with FakeServer(app, clock=Clock(at=50.0)) as server:
        yield server


def post(fake: FakeServer, body: bytes = b"{}", path: str = "/say") -> httpx.Response:
    return httpx.post(fake.address + path, content=body, timeout=5, trust_env=False)


def test_the_journal_keeps_raw_bytes_and_what_was_answered(fake: FakeServer) -> None:
    answer = post(fake, '{"a":  "ế"}'.encode())
    assert answer.json() == {"said": "xin chào"}
    assert answer.headers["x-left"] == "3"
    (request,) = fake.to("/say")
    assert (request.body, request.at, request.status) == ('{"a":  "ế"}'.encode(), 50.0, 200)
    assert request.answer == answer.content


def test_faults_are_used_up_one_by_one(fake: FakeServer) -> None:
    fake.next(2, status=503)
    fake.next(error={"error": -32}, path="/say")
    assert [post(fake).status_code for _ in range(2)] == [503, 503]
    assert post(fake).json() == {"error": -32}
    assert not worked
    assert post(fake).status_code == 200
    fake.next(status=500, path="/else")
    assert post(fake).status_code == 200


def test_connections_are_dropped_before_and_after_the_work(fake: FakeServer) -> None:
    fake.next(close="before")
    with pytest.raises(httpx.TransportError):
        post(fake)
    assert not worked
    fake.next(close="after")
    with pytest.raises(httpx.TransportError):
        post(fake)
    assert worked == [b"{}"]
    fake.next(truncate=4)
    with pytest.raises(httpx.RemoteProtocolError):
        post(fake)
    assert post(fake).status_code == 200


def test_delays(fake: FakeServer) -> None:
    fake.next(delay=0.4)
    with pytest.raises(httpx.TimeoutException):
        httpx.post(fake.address + "/say", timeout=0.1, trust_env=False)


def test_pushes_are_recorded(fake: FakeServer) -> None:
    done = fake.push(fake.address + "/say", b"{}", {"X-Secret": "s"})
    assert (done.status, done.error) == (200, "")
    assert done.seconds < 5
    assert fake.requests[-1].headers["x-secret"] == "s"
    refused = fake.push("http://127.0.0.1:1/", b"{}", {})
    assert refused.status == 0
    assert refused.error
    assert len(fake.deliveries) == 2
