"""The real server as a process of its own, between providers that are played here."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from bots.demo.people import OnTelegram, OnZaloBot, OnZaloOa
from bots.fakes.serving import Delivery, FakeServer
from knowledge_base.home import Home

ROOT = Path(__file__).resolve().parents[2]
_SECRET = "a-secret-of-nothing-real"  # noqa: S105
#: Seconds for which a push is waited for.
_PUSH = 15.0
#: More messages than any trial sends.
_ALL = 3_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message as a person saw it: the provider's id, its words, seconds since 1970."""

    id: str
    text: str
    at: float


class Place(Protocol):
    """A provider that is played: people write there, and see what they are answered."""

    channel: str

    def push(self, chat: int, text: str, update: str) -> Delivery | None:
        """Bring one message; ``update`` is its id if it is brought again. None: it waits there
        until it is asked for."""
        ...

    def update(self, delivered: Delivery | None) -> str:
        """The id of what `push` brought last in this thread's chat."""
        ...

    def name(self, chat: int) -> str:
        """The chat, as `Incoming.chat` has it."""
        ...

    def shown(self, chat: int) -> list[Arrived]:
        """What the person has seen, in its order."""
        ...

    def slow_down(self, seconds: float) -> None:
        """Let every message of ours take so long to be taken."""
        ...


class AtZaloOa:
    """An Official Account, which pushes and hears its own echoes."""

    channel = "zalo_oa"

    def __init__(self, platform: OnZaloOa) -> None:
        self.fake = platform.fake
        _reuse_connections(self.fake.api)

    def push(self, chat: int, text: str, update: str) -> Delivery | None:
        delivered: Delivery = self.fake.says(self.name(chat), text, message=update)
        return delivered

    def update(self, delivered: Delivery | None) -> str:
        return str(_said(delivered)["message"]["msg_id"])

    def name(self, chat: int) -> str:
        return str(246845883529197921 + chat)

    def shown(self, chat: int) -> list[Arrived]:
        return [
            Arrived(each.id, each.text, each.at)
            for each in tuple(self.fake.account.sent)
            if each.user == self.name(chat)
        ]

    def slow_down(self, seconds: float) -> None:
        self.fake.api.next(_ALL, delay=seconds, path="/message/cs")


class AtZaloBot:
    """A bot with a webhook."""

    channel = "zalo_bot"

    def __init__(self, platform: OnZaloBot, address: str) -> None:
        self.fake = platform.fake
        self.fake.webhook, self.fake.secret = f"{address}/webhooks/zalo-bot", _SECRET
        _reuse_connections(self.fake.server)

    def push(self, chat: int, text: str, update: str) -> Delivery | None:
        delivered: Delivery | None = self.fake.event(
            self.name(chat), "text", number=update, text=text
        )
        return delivered

    def update(self, delivered: Delivery | None) -> str:
        return str(_said(delivered)["message"]["message_id"])

    def name(self, chat: int) -> str:
        return f"6ede9afa66b8{chat:08x}"

    def shown(self, chat: int) -> list[Arrived]:
        return [
            Arrived(each.id, each.text, each.at)
            for each in tuple(self.fake.sent)
            if each.chat == self.name(chat)
        ]

    def slow_down(self, seconds: float) -> None:
        self.fake.server.next(_ALL, delay=seconds, path="/sendMessage")


class AtTelegram:
    """A bot that asks for its updates; what it has confirmed is gone there."""

    channel = "telegram"

    def __init__(self, platform: OnTelegram) -> None:
        self.fake = platform.fake

    def push(self, chat: int, text: str, update: str) -> Delivery | None:  # noqa: ARG002 - once
        told = self.fake.says(int(self.name(chat)), text)
        return Delivery(str(told).encode(), {}, 200, 0.0)

    def update(self, delivered: Delivery | None) -> str:
        return delivered.body.decode() if delivered else ""

    def name(self, chat: int) -> str:
        return str(1_000_000 + chat)

    def shown(self, chat: int) -> list[Arrived]:
        return [
            Arrived(str(each["message_id"]), str(each.get("text", "")), float(each["date"]))
            for each in self.fake.said(int(self.name(chat)))
        ]

    def slow_down(self, seconds: float) -> None:
        self.fake.server.next(_ALL, delay=seconds, path="/sendMessage")


def _said(delivered: Delivery | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(delivered.body) if delivered else {}
    return found


def _reuse_connections(server: FakeServer) -> None:
    """Push as providers do, over connections that stay open: opening one costs more than what
    is measured."""
    client = httpx.Client(timeout=_PUSH, trust_env=False)

    def push(url: str, body: bytes, headers: Any) -> Delivery:
        begun, status, answer, error = time.perf_counter(), 0, b"", ""
        try:
            response = client.post(url, content=body, headers=dict(headers))
            status, answer = response.status_code, response.content
        except httpx.HTTPError as fault:
            error = f"{type(fault).__name__}: {fault}"
        return Delivery(body, dict(headers), status, time.perf_counter() - begun, answer, error)

    server.push = push  # type: ignore[method-assign]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Whole:
    """``troly up`` over a home, which can be killed, with its children, and started again."""

    def __init__(self, home: Home, port: int, environment: dict[str, str]) -> None:
        self.home = home
        self.address = f"http://127.0.0.1:{port}"
        self._port = port
        self._environment = {**os.environ, **environment}
        self._log = home.path / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._http = httpx.Client(base_url=self.address, timeout=5, trust_env=False)

    def start(self) -> None:
        """Start it; returns at once."""
        command = [
            sys.executable, str(ROOT / "troly.py"), "--home", str(self.home.path),
            "up", "--host", "127.0.0.1", "--port", str(self._port),
        ]  # fmt: skip
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdout=log, stderr=log, env=self._environment
            )

    @property
    def died(self) -> bool:
        """Whether it has ended by itself."""
        return self._process is None or self._process.poll() is not None

    def is_ready(self) -> bool:
        """Whether it answers questions and delivers."""
        try:
            told = self._http.get("/readyz")
            return told.status_code == 200 and told.json().get("delivery") == "ok"
        except (httpx.HTTPError, ValueError):
            return False

    def wait(self, seconds: float = 120.0) -> None:
        """Wait until it answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.died:
            if self.is_ready():
                return
            time.sleep(0.05)
        raise RuntimeError(f"the server is not ready: {self._log.read_text()[-3000:]}")

    def wait_for_rasa(self, seconds: float, but: int = 0) -> int:
        """Rasa's process once it answers, another one than ``but``; 0 where that takes longer."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if (found := self.rasa()) and found != but:
                return found
            time.sleep(0.1)
        return 0

    def rasa(self) -> int:
        """Rasa's process, if it answers; 0 if it does not."""
        try:
            told = json.loads((self.home.path / "dialogue" / "server.json").read_text())
        except (OSError, ValueError):
            return 0
        mine = self._process is not None and told.get("supervisor") == self._process.pid
        return int(told.get("pid") or 0) if mine and told.get("state") == "ready" else 0

    def model(self) -> int:
        """The model's process; 0 where there is none."""
        if self._process is None:
            return 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if int(parent) == self._process.pid and b"language_model" in command:
                return int(folder.name)
        return 0

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()


def environment_of(
    oa: OnZaloOa, bot: OnZaloBot, telegram: OnTelegram, *, dialogue: str, model: bool
) -> dict[str, str]:
    """What the server is told: three channels, which are played here."""
    account = oa.fake.account
    told = {
        "CHANNELS__ZALO_OA__ON": "true",
        "CHANNELS__ZALO_OA__APP_ID": account.app_id,
        "CHANNELS__ZALO_OA__OA_ID": account.oa_id,
        "CHANNELS__ZALO_OA__API_URL": oa.fake.api.address,
        "CHANNELS__ZALO_OA__OAUTH_URL": oa.fake.oauth.address,
        "CHANNELS__ZALO_BOT__ON": "true",
        "CHANNELS__ZALO_BOT__MODE": "webhook",
        "CHANNELS__ZALO_BOT__API_URL": bot.fake.address,
        "ZALO_BOT_SECRET": _SECRET,
        "CHANNELS__TELEGRAM__ON": "true",
        "CHANNELS__TELEGRAM__API_URL": telegram.fake.address,
        "DIALOGUE__MODE": dialogue,
        **({} if model else {"MODEL__KIND": "none"}),
    }
    secrets = {**oa.secrets(), **bot.secrets(), **telegram.secrets()}
    return {f"TROLY_{name}": value for name, value in told.items()} | secrets
