"""``/api/desk/…`` and ``POST /api/feedback`` over a real socket."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.desk.opening import OfficerDesk, open_desk
from assistant.desk.queue import HandOff
from assistant.desk.tickets import Line

#: Tokens of the officers of the desk of a test, by name; filled by `site_with_token`.
TOKENS: dict[str, str] = {}
#: Lan's; the same object all the time, so that tests may name it.
HEADERS: dict[str, str] = {}


@pytest.fixture
def officers_desk(tmp_path: Path, site_with_token: Any) -> OfficerDesk:
    desk: OfficerDesk = site_with_token.desk.officers
    return desk


@pytest.fixture
def site_with_token(tmp_path: Path, site: Any) -> Any:
    """The site with a desk of its own, and two officers."""
    site.desk.officers = open_desk(tmp_path / "state.sqlite", site.desk.config)
    for name in ("Lan", "Hùng"):
        TOKENS[name] = site.desk.officers.accounts.add(name)
    HEADERS["Authorization"] = f"Bearer {TOKENS['Lan']}"
    return site


@pytest.fixture
def open_ticket(officers_desk: OfficerDesk) -> Callable[..., str]:
    def make(conversation: str = "c-1", said: str = "CCCD 001085012345") -> str:
        lines = (Line("citizen", said), Line("assistant", "Vâng."))
        ticket = officers_desk.queue.hand_off(HandOff(conversation, "web", lines)).ticket
        assert ticket
        return ticket.code

    return make


def act(site: Any, code: str, action: str, officer: str = "Lan", **more: Any) -> Any:
    own = {"Authorization": f"Bearer {TOKENS.get(officer, 'none')}"}
    headers = {**own, **more.pop("headers", {})}
    return site.http.post(f"/api/desk/tickets/{code}/{action}", json=more, headers=headers)


def test_without_officers_the_desk_is_not_there(tmp_path: Path, site: Any) -> None:
    site.desk.officers = open_desk(tmp_path / "state.sqlite", site.desk.config)
    for headers in ({}, {"Authorization": "Bearer 0"}, {"Authorization": "Bearer troly-x"}):
        for path in ("/api/desk/tickets", "/api/desk/tickets/TR-4821-A", "/api/desk/feedback"):
            assert site.http.get(path, headers=headers).status_code == 404
        assert act(site, "TR-4821-A", "take", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Basic {}", "Bearer {}x", "{}", "Bearer \xff", "Bearer troly-"]
)
def test_another_token_opens_nothing(
    site_with_token: Any, open_ticket: Callable[..., str], given: str
) -> None:
    code = open_ticket()
    words = given.format(TOKENS["Lan"])
    headers = {"Authorization": words.encode("latin-1")} if words else {}
    refused = site_with_token.http.get(f"/api/desk/tickets/{code}", headers=headers)
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "no_token"
    assert code not in refused.text


def test_who_acts_is_whose_token_it_is(
    site_with_token: Any, open_ticket: Callable[..., str], officers_desk: OfficerDesk
) -> None:
    code = open_ticket()
    taken = act(site_with_token, code, "answer", "Hùng", text="Xong.", note="gọi rồi")
    assert taken.json()["officer"] == "Hùng"
    claimed = site_with_token.http.post(
        f"/api/desk/tickets/{code}/take", json={"officer": "Hùng"}, headers=HEADERS
    )
    assert claimed.json()["officer"] == "Lan"
    assert [each.by for each in officers_desk.officers.ticket(code).changes] == [
        "citizen", "Hùng", "Lan",
    ]  # fmt: skip
    officers_desk.accounts.revoke("Lan")
    assert act(site_with_token, code, "release").status_code == 401
    assert act(site_with_token, code, "release", "Hùng").status_code == 200
    officers_desk.accounts.revoke("Hùng")
    assert act(site_with_token, code, "take", "Hùng").status_code == 404


def test_an_officer_reads_takes_and_answers(
    site_with_token: Any, open_ticket: Callable[..., str], officers_desk: OfficerDesk
) -> None:
    code = open_ticket("ten-cua-phien")
    http = site_with_token.http
    listed = http.get("/api/desk/tickets", headers=HEADERS).json()
    assert [each["code"] for each in listed["tickets"]] == [code]
    assert listed["tickets"][0]["question"] == "CCCD [số định danh]"
    assert listed["next"] is None
    assert listed["counts"]["waiting"] == 1
    read = http.get(f"/api/desk/tickets/{code}", headers=HEADERS)
    assert read.headers["etag"] == '"1"'
    assert [line["by"] for line in read.json()["transcript"]] == ["citizen", "assistant"]
    assert "ten-cua-phien" not in read.text
    taken = act(site_with_token, code, "take", headers={"If-Match": read.headers["etag"]})
    assert (taken.status_code, taken.json()["status"], taken.headers["etag"]) == (
        200,
        "taken",
        '"2"',
    )
    assert act(site_with_token, code, "answer", text="Mang bản chính.").status_code == 200
    assert officers_desk.outbox.pending("ten-cua-phien")[0].text == "Mang bản chính."
    assert act(site_with_token, code, "close", note="xong").json()["status"] == "closed"
    assert http.get("/api/desk/tickets", headers=HEADERS).json()["tickets"] == []
    every = http.get("/api/desk/tickets?status=all", headers=HEADERS).json()["tickets"]
    assert [each["code"] for each in every] == [code]


def test_two_officers_do_not_both_take_one(
    site_with_token: Any, open_ticket: Callable[..., str]
) -> None:
    code = open_ticket()
    as_read = {"If-Match": '"1"'}
    assert act(site_with_token, code, "take", "Lan", headers=as_read).status_code == 200
    second = act(site_with_token, code, "take", "Hùng", headers=as_read)
    assert second.status_code == 409
    assert "đang do Lan xử lý" in second.json()["error"]["message"]
    stale = act(site_with_token, code, "answer", "Lan", text="Xong.", headers=as_read)
    assert stale.status_code == 412
    assert act(site_with_token, code, "close", "Lan", headers={"If-Match": "x"}).status_code == 400


def test_pages_are_followed_by_next(site_with_token: Any, open_ticket: Callable[..., str]) -> None:
    codes = [open_ticket(f"c-{number}") for number in range(5)]
    seen: list[str] = []
    after = ""
    for _ in range(3):
        parameters = {"limit": 2, "after": after}
        page = site_with_token.http.get(
            "/api/desk/tickets", params=parameters, headers=HEADERS
        ).json()
        seen += [each["code"] for each in page["tickets"]]
        after = page["next"]
    assert seen == codes
    assert after is None


def test_what_cannot_be_meant_is_refused_with_a_sentence(
    site_with_token: Any, open_ticket: Callable[..., str]
) -> None:
    code = open_ticket()
    http = site_with_token.http
    for query in ("limit=0", "limit=999", "limit=x", "status=mo", "after=x"):
        refused = http.get(f"/api/desk/tickets?{query}", headers=HEADERS)
        assert refused.status_code == 422, query
        assert "Hãy sửa lại" in refused.json()["error"]["message"]
    near = http.get(f"/api/desk/tickets/{code.split('-')[1]}", headers=HEADERS)
    assert near.status_code == 404
    assert f"Có phải {code}?" in near.json()["error"]["message"]
    assert act(site_with_token, code, "burn").status_code == 404
    assert act(site_with_token, code, "answer", text=" ").status_code == 422
    form = http.post(f"/api/desk/tickets/{code}/take", headers=HEADERS, data={"note": "x"})
    assert form.status_code == 415
    other = act(site_with_token, code, "take", headers={"Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 403


FEEDBACK = {"answer_id": "a-1", "session": "s-1", "good": False, "reasons": ["wrong", "no_source"]}


def test_feedback_is_taken_and_counted(site_with_token: Any) -> None:
    http = site_with_token.http
    kept = http.post("/api/feedback", json={**FEEDBACK, "comment": "gọi 0912345678"})
    assert kept.status_code == 201
    assert "Cảm ơn anh/chị" in kept.json()["text"]
    counted = http.get("/api/desk/feedback", headers=HEADERS).json()
    assert (counted["bad"], counted["reasons"]["wrong"]) == (1, 1)
    assert counted["latest"][0]["comment"] == "gọi [số điện thoại]"
    assert http.post("/api/feedback", json={**FEEDBACK, "good": True}).status_code == 201
    assert http.get("/api/desk/feedback", headers=HEADERS).json()["bad"] == 0
    for number in range(49):
        body = {**FEEDBACK, "answer_id": f"b-{number}"}
        assert http.post("/api/feedback", json=body).status_code == 201
    over = http.post("/api/feedback", json={**FEEDBACK, "answer_id": "c"})
    assert over.status_code == 429


@pytest.mark.parametrize(
    "change",
    [
        {"answer_id": "a b"},
        {"session": ""},
        {"good": "no"},
        {"reasons": ["đẹp"]},
        {"reasons": ["wrong"] * 9},
        {"comment": "x" * 1001},
        {"topic": "<b>"},
    ],
)
def test_feedback_that_cannot_be_is_refused(site_with_token: Any, change: dict[str, Any]) -> None:
    refused = site_with_token.http.post("/api/feedback", json={**FEEDBACK, **change})
    assert refused.status_code == 422
    assert refused.json()["error"]["message"]


def test_without_a_desk_there_is_no_feedback(site: Any) -> None:
    assert site.http.post("/api/feedback", json=FEEDBACK).status_code == 404


def test_a_broken_file_is_a_503_and_the_description_has_the_routes(
    site_with_token: Any, tmp_path: Path
) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"no database" * 500)
    broken = site_with_token.http.get("/api/desk/tickets", headers=HEADERS)
    assert broken.status_code == 503
    assert "state.sqlite" not in broken.text
    paths = site_with_token.http.get("/openapi.json").json()["paths"]
    assert "/api/desk/tickets/{code}/{action}" in paths
    body = paths["/api/feedback"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "answer_id" in body["properties"]
    assert paths["/api/desk/tickets"]["get"]["security"] == [{"desk": []}]
