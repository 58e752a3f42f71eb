"""An officers' server with two local accounts and an agency's sign-in, for tests of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.access.access import Access
from assistant.access.database import AccessDatabase
from assistant.access.oidc import SECRET, open_provider
from assistant.access.one_time import code_at
from assistant.access.settings import AccessSettings, OidcSettings
from assistant.config import Config, Limits
from bots.web.desk import Desk
from tests.assistant.access.provider import FakeProvider, running
from tests.assistant.access.quick import quick_hashes as quick_hashes

PASSWORD = "con mèo trèo cây cau"
GROUPS = {"tu-phap": ("noi-bo", "tu-phap"), "y-te": ("y-te",)}


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def agency(clock: Clock) -> Iterator[FakeProvider]:
    with running(FakeProvider(clock)) as provider:
        yield provider


@pytest.fixture
def access(
    tmp_path: Path, clock: Clock, agency: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> Access:
    monkeypatch.setenv(SECRET, agency.secret)
    oidc = OidcSettings(issuer=agency.issuer, client_id="troly", title="tài khoản Bộ")
    settings = AccessSettings(groups=GROUPS, oidc=oidc)
    made = Access(
        AccessDatabase(tmp_path / "access.sqlite", clock), settings,
        provider=open_provider(settings, clock),
    )  # fmt: skip
    made.accounts.add("lan", PASSWORD, ["tu-phap"])
    made.accounts.add("hoa", PASSWORD, ["y-te"])
    return made


@pytest.fixture
def officers(access: Access, new_site: Any) -> Iterator[Any]:
    desk = Desk(Config(limits=Limits(concurrent_answers=2)), heartbeat=0.2)
    desk.access = access
    running_site = new_site(desk)
    yield running_site
    running_site.stop()


def code(access: Access, name: str) -> str:
    with access.database.read() as db:
        row = db.execute("SELECT secret FROM accounts WHERE name = ?", (name,)).fetchone()
    return code_at(row["secret"], access.database.clock())


def signed_in(site: Any, access: Access, name: str = "lan") -> httpx.Client:
    client = httpx.Client(base_url=site.address, timeout=20, trust_env=False)
    given = {"name": name, "password": PASSWORD, "code": code(access, name)}
    done = client.post("/api/sign-in", json=given)
    assert done.status_code == 200, done.text
    return client
