"""A running delivery over the plain channel: a real webhook, a real provider, an echo."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.config import Config, Limits
from assistant.desk.opening import open_desk
from assistant.dialogue.memory import Memory
from bots.delivery.service import Delivery
from bots.fakes.plain import Echo, EchoAssistant, PlainDoor
from bots.web.desk import Desk
from bots.web.server import address_of, listen, make_server
from knowledge_base.home import Home


def wait_until(happened: Callable[[], Any], seconds: float = 10.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
    return found


class Provider:
    """Takes what is sent; ``plan`` holds the statuses of the next sends."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.other: list[tuple[str, dict[str, Any]]] = []
        self.plan: list[int] = []
        self.delay = 0.0
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["content-length"])))
                status = 200
                if self.path == "/send":
                    time.sleep(provider.delay)
                    status = provider.plan.pop(0) if provider.plan else 200
                    if status == 200:
                        provider.sent.append((told["chat"], told["text"]))
                else:
                    provider.other.append((self.path, told))
                body = b'{"id": "m"}'
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def texts(self, chat: str = "a") -> list[str]:
        return [text for to, text in self.sent if to == chat]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Running:
    """A server with delivery."""

    home: Home
    provider: Provider
    seconds: float = 0.0
    answers: int = 2
    said: list[str] = field(default_factory=list)
    updates: Iterator[int] = field(default_factory=itertools.count)
    grace: float = 20.0

    def start(self) -> Running:
        config = Config(limits=Limits(concurrent_answers=self.answers))
        self.desk = Desk(config)
        self.desk.officers = open_desk(self.home.state_database, config)
        door = PlainDoor(self.provider.address)
        self.delivery = Delivery(
            self.desk, self.home, [door], say=self.said.append, grace=self.grace
        )
        for sender in self.delivery.senders.values():
            sender.held_for = 0.3
        self.desk.delivery = self.delivery
        self.echo = Echo(
            Memory(self.home.state_database), seconds=self.seconds, forgotten=self.desk.forgotten
        )
        self.desk.open(EchoAssistant(), self.echo)
        listening = listen("127.0.0.1", 0)
        self.address = address_of(listening)
        self.server = make_server(self.desk)
        self._thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()
        wait_until(lambda: self.server.started)
        self.http = httpx.Client(base_url=self.address, timeout=20, trust_env=False)
        wait_until(lambda: self.health()["delivery"] == "ok")
        return self

    def stop(self) -> None:
        self.http.close()
        self.server.should_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive()

    def health(self) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get("/readyz").json()
        return found

    def says(self, text: str, chat: str = "a", update: str = "", **more: str) -> bool:
        update = update or f"u{next(self.updates)}"
        told = {"update": update, "chat": chat, "text": text, **more}
        answer = self.http.post("/webhooks/plain", json=told)
        assert answer.status_code == 200
        return bool(answer.json()["new"])


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def running(provider: Provider, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    begun: list[Running] = []

    def begin(**settings: Any) -> Running:
        begun.append(Running(Home(tmp_path / "home"), provider, **settings).start())
        return begun[-1]

    yield begin
    for each in begun:
        if not each.server.should_exit:
            each.stop()


@pytest.fixture(name="wait_until")
def _wait_until() -> Callable[..., Any]:
    return wait_until
