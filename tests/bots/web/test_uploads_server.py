"""The officers' server as a process of its own: killed in the middle, and started again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from assistant.access.access import open_access
from assistant.access.one_time import code_at
from assistant.access.settings import AccessSettings
from knowledge_base.home import Home
from tests.bots.web.conftest import PASSWORD
from tests.bots.web.test_uploads_api import CANARIES, NAME, TEXT

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]


@contextmanager
def server(folder: Path, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`troly up` for officers in ``folder``; its process and address."""
    (folder / "tmp").mkdir(exist_ok=True)
    env = {
        **os.environ, "TROLY_HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"),
        "TROLY_KNOWLEDGE_BASE__EMBEDDER": "none", "TROLY_KNOWLEDGE_BASE__BUNDLED_CORPUS": "false",
        "TROLY_MODEL__KIND": "none", "PYTHONUNBUFFERED": "1", **more,
    }  # fmt: skip
    command = [sys.executable, "troly.py", "-v", "up", "--profile", "civil_servant", "--port", "0"]
    with (folder / "said.txt").open("a", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=said, stderr=said, text=True)
        try:
            end = time.monotonic() + 60
            while True:
                told = (folder / "said.txt").read_text("utf-8")
                found = re.findall(r"troly: (http://\S+)", told)
                if len(found) > more.get("_", "").count("again"):
                    break
                assert process.poll() is None, told
                assert time.monotonic() < end, told
                time.sleep(0.1)
            yield process, found[-1]
        finally:
            process.kill()
            process.wait()


def entered(address: str, home: Home) -> httpx.Client:
    client = httpx.Client(base_url=address, timeout=60, trust_env=False)
    access = open_access(home, AccessSettings())
    with access.database.read() as db:
        secret = db.execute("SELECT secret FROM accounts").fetchone()["secret"]
    for late in (0.0, 30.0):  # a code is used once; the next one is taken early
        given = {"name": "lan", "password": PASSWORD, "code": code_at(secret, time.time() + late)}
        if client.post("/api/sign-in", json=given).status_code == 200:
            return client
    raise AssertionError("not signed in")


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Home]:
    home = Home(tmp_path / "home").for_officers()
    home.make_restricted()
    open_access(home, AccessSettings()).accounts.add("lan", PASSWORD, [])
    return tmp_path, home


def put(client: httpx.Client, text: str = TEXT) -> dict[str, Any]:
    answer = client.post(
        "/api/uploads", content=text.encode(), headers={"X-File-Name": quote(NAME)}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()["upload"]
    return made


def test_killed_and_started_again_it_has_what_it_said_it_has(place: tuple[Path, Home]) -> None:
    folder, home = place
    own = home.restricted / "uploads"
    with server(folder) as (process, address):
        client = entered(address, home)
        one = put(client)
        asked = {"question": f"Thời hạn cho {CANARIES[2]}?", "uploads": [one["id"]]}
        first = client.post("/api/uploads/ask", json=asked).json()
        assert "07 ngày" in first["text"]
        client.post("/api/uploads/figures", json=asked)
        client.post("/api/uploads/conflicts", json={"a": one["id"], "document": "30/2020/NĐ-CP"})
        # Cut off in the middle of a file.
        host, port = address.removeprefix("http://").split(":")
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        with socket.create_connection((host, int(port))) as sent:
            head = (
                f"POST /api/uploads HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\n"
                "X-File-Name: b.txt\r\nContent-Length: 900000\r\n\r\n"
            )
            sent.sendall(head.encode() + TEXT.encode() * 20)
            end = time.monotonic() + 10
            while not any(own.rglob(".coming-*")):
                assert time.monotonic() < end
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            process.wait()
    with server(folder, _="again") as (_process, address):
        assert not any(own.rglob(".coming-*"))
        client = entered(address, home)
        assert client.get("/api/uploads").json()["uploads"] == [one]
        again = client.post("/api/uploads/ask", json=asked).json()
        assert (again["text"], again["citations"]) == (first["text"], first["citations"])
        assert client.delete("/api/uploads").json() == {"deleted": 1}
    # Nothing of it anywhere: home, temporary files, what was printed and logged.
    everywhere = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == "said.txt" for path in everywhere)
    told = [p for p in everywhere if any(c.encode() in p.read_bytes() for c in CANARIES)]
    assert told == []


def test_what_expired_while_nothing_ran_is_gone_at_the_start(place: tuple[Path, Home]) -> None:
    folder, home = place
    with server(folder, TROLY_UPLOADS__KEEP_HOURS="0.001") as (_process, address):
        client = entered(address, home)
        put(client)
    time.sleep(4)
    with server(folder, TROLY_UPLOADS__KEEP_HOURS="0.001", _="again"):
        files = [p.name for p in (home.restricted / "uploads").rglob("*") if p.is_file()]
        assert files == ["key"]
