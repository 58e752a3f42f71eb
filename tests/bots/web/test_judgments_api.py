"""Judgments over HTTP: only on the officers' server, only for who holds their label."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.access.access import Access
from assistant.access.database import AccessDatabase
from assistant.access.settings import AccessSettings
from assistant.config import Config, Limits
from assistant.uploads.workbench import Workbench
from bots.web.desk import Desk
from knowledge_base.home import Home
from knowledge_base.judgments.importing import import_samples
from knowledge_base.judgments.store import Judgments
from knowledge_base.settings import KnowledgeSettings
from tests.bots.web.conftest import PASSWORD, Clock, signed_in

CASE = {"case": "ông Hồ Văn Tị cho bạn vay 100 triệu không lãi, đến hạn không trả"}


@pytest.fixture
def court(tmp_path: Path, clock: Clock) -> Access:
    settings = AccessSettings(groups={"toa-an": ("judgment",), "y-te": ("y-te",)})
    made = Access(AccessDatabase(tmp_path / "court.sqlite", clock), settings)
    made.accounts.add("lan", PASSWORD, ["toa-an"])
    made.accounts.add("hoa", PASSWORD, ["y-te"])
    return made


@pytest.fixture
def site(court: Access, new_site: Any, tmp_path: Path) -> Iterator[Any]:
    config = Config(
        limits=Limits(concurrent_answers=2),
        knowledge_base=KnowledgeSettings(embedder="none", ocr="off"),
    )
    home = Home(tmp_path / "home").for_officers()
    with Judgments(home) as kept:
        list(import_samples(kept))
    desk = Desk(config, heartbeat=0.2)
    desk.access = court
    desk.workbench = Workbench(home, config)
    running = new_site(desk)
    yield running
    running.stop()


def test_who_holds_the_label_sees_them(site: Any, court: Access) -> None:
    with closing(signed_in(site, court, "lan")) as lan:
        listed = lan.get("/api/judgments").json()["judgments"]
        assert len(listed) == 9
        one = lan.get("/api/judgments/08/2023/DS-ST").json()
        assert "N5" in one["text"]
        assert lan.get("/api/judgments/99/2099/HS-ST").status_code == 404
        alike = lan.post("/api/judgments/similar", json=CASE).json()["similar"]
        assert alike[0]["name"].startswith("Bản án 08/2023/DS-ST")
        rows = lan.post("/api/judgments/issues", json=CASE | {"as_of": "2026-11-22"}).json()["rows"]
        assert rows[0]["cases"]
        asked = {"provision": "Điều 173", "act": "2017-05-01", "trial": "2026-11-22"}
        assert lan.post("/api/judgments/law", json=asked).json()["act"][0]["article"] == "138"


def test_who_does_not_gets_the_law_but_no_case(site: Any, court: Access) -> None:
    with closing(signed_in(site, court, "hoa")) as hoa:
        assert hoa.get("/api/judgments").json() == {"judgments": []}
        assert hoa.get("/api/judgments/08/2023/DS-ST").status_code == 404
        assert hoa.post("/api/judgments/similar", json=CASE).json()["similar"] == []
        rows = hoa.post("/api/judgments/issues", json=CASE).json()["rows"]
        assert rows
        assert all(row["cases"] == [] for row in rows)


def test_nobody_without_a_session(site: Any) -> None:
    with httpx.Client(base_url=site.address, trust_env=False) as stranger:
        for path in ("/api/judgments", "/api/judgments/08/2023/DS-ST"):
            assert stranger.get(path).status_code == 401
        assert stranger.post("/api/judgments/similar", json=CASE).status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("similar", {}, 422),
        ("similar", {"case": "abc"}, 422),
        ("similar", {"case": "vay tiền không trả nợ", "limit": 0}, 422),
        ("issues", {"case": "vay tiền không trả nợ", "as_of": "hôm qua"}, 422),
        ("law", {"provision": "tội trộm", "act": "2017-05-01"}, 422),
        ("law", {"provision": "Điều 173", "act": "2026-05-01", "trial": "2017-05-01"}, 422),
    ],
)
def test_bad_requests_get_one_sentence(
    site: Any, court: Access, path: str, body: dict[str, Any], status: int
) -> None:
    with closing(signed_in(site, court, "lan")) as lan:
        done = lan.post(f"/api/judgments/{path}", json=body)
        assert done.status_code == status
        assert done.json()["error"]["message"]


def test_the_citizens_server_has_no_such_route(new_site: Any) -> None:
    running = new_site(Desk(Config(limits=Limits(concurrent_answers=2)), heartbeat=0.2))
    try:
        with httpx.Client(base_url=running.address, trust_env=False) as stranger:
            assert stranger.get("/api/judgments").status_code == 404
    finally:
        running.stop()
