"""The officers' server: nothing is shown before sign-in, and a session is its officer's alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.access.access import Access
from bots.web.sign_in import local
from bots.web.signed_in import OPEN
from tests.assistant.access.provider import FakeProvider
from tests.bots.web.conftest import PASSWORD, Clock, code, signed_in


def ask(client: httpx.Client, **body: Any) -> httpx.Response:
    return client.post("/api/chat", json={"message": "lệ phí?", "session": "s-1", **body})


# --- before ------------------------------------------------------------------------------------


def routes_of(site: Any) -> list[tuple[str, str]]:
    """Every route there is, with a method it takes."""
    app = site.server.config.app
    found: list[tuple[str, str]] = []

    def walk(routes: Any) -> None:
        for route in routes:
            inner = getattr(route, "routes", None) or getattr(
                getattr(route, "original_router", None), "routes", None
            )
            if inner:
                walk(inner)
            elif hasattr(route, "path"):
                found.extend((method, route.path) for method in sorted(route.methods or {"GET"}))

    walk(app.routes)
    return found


def test_nothing_is_open_but_signing_in_and_whether_it_is_there(
    officers: Any, access: Access
) -> None:
    seen = routes_of(officers)
    assert len(seen) > 30
    for method, path in seen:
        filled = path.replace("{name}", "x").replace("{document_id:path}", "x")
        filled = filled.replace("{code}", "x").replace("{action}", "take")
        for cookie in ("", "troly=" + "A" * 43):
            answer = officers.http.request(method, filled, headers={"cookie": cookie})
            free = path in OPEN or path.startswith("/static/")
            first = method == "HEAD" or "sign_in_first" in answer.text
            kept_out = answer.status_code == 401 and first
            assert kept_out != free, (method, path, answer.status_code)
            assert not answer.headers.get("set-cookie", "").startswith("troly=")
    told = officers.http.get("/api/me").json()["error"]
    assert told["code"] == "sign_in_first"
    assert "/sign-in" in told["message"]
    assert officers.assistant.questions == []


def test_a_person_is_led_to_the_page_and_back(officers: Any, access: Access) -> None:
    page = {"accept": "text/html"}
    led = officers.http.get("/nguon/a?start=1&end=2", headers=page)
    assert (led.status_code, led.headers["location"]) == (
        303, "/sign-in?next=/nguon/a%3Fstart%3D1%26end%3D2",
    )  # fmt: skip
    form = officers.http.get(led.headers["location"], headers=page)
    assert 'name="next" value="/nguon/a?start=1&amp;end=2"' in form.text
    assert "<script" not in form.text
    given = {"name": "lan", "password": PASSWORD, "code": code(access, "lan"),
             "next": "/nguon/a?start=1&end=2"}  # fmt: skip
    done = officers.http.post("/sign-in", data=given)
    assert (done.status_code, done.headers["location"]) == (303, given["next"])
    cookie = done.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert officers.http.get("/api/me").json() == {
        "name": "lan", "groups": ["tu-phap"], "labels": ["noi-bo", "tu-phap"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "there",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "",
     "/a\nb", "/" + "x" * 3000, "\\\\evil", "/\t/evil.example", "/ /evil"],
)  # fmt: skip
def test_after_signing_in_nobody_is_led_elsewhere(there: str) -> None:
    assert local(there) == "/can-bo"


def test_wrong_words_are_told_once_more_and_nothing_is_echoed(officers: Any) -> None:
    for name, password, given in (("lan", "sai", "1"), ("không có", "sai", "1"), ("", "", "")):
        form = {"name": name, "password": password, "code": given}
        answer = officers.http.post("/sign-in", data=form)
        assert answer.status_code == 401
        assert 'role="alert"' in answer.text
        assert "set-cookie" not in answer.headers
    shown = officers.http.post(
        "/sign-in", data={"name": '"><script>x', "password": "bí mật dài lắm", "code": "123456"}
    )
    assert "<script>x" not in shown.text
    assert "bí mật dài lắm" not in shown.text
    for _ in range(8):
        last = officers.http.post("/sign-in", data={"name": "lan", "password": "sai", "code": "1"})
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0


def test_over_the_network_the_cookie_goes_by_https_alone(officers: Any, access: Access) -> None:
    given = {"name": "lan", "password": PASSWORD, "code": code(access, "lan")}
    done = officers.http.post("/api/sign-in", json=given, headers={"host": "troly.example.vn"})
    cookie = done.headers["set-cookie"]
    assert cookie.startswith("__Host-troly=")
    assert "Secure" in cookie


# --- signed in ---------------------------------------------------------------------------------


def test_an_officer_asks_with_the_labels_of_this_moment(officers: Any, access: Access) -> None:
    client = signed_in(officers, access)
    assert ask(client).status_code == 200
    scope = officers.assistant.questions[-1].scope
    assert scope.labels == {"public", "noi-bo", "tu-phap"}
    access.accounts.set_groups("lan", [])
    ask(client)
    assert officers.assistant.questions[-1].scope.labels == {"public"}
    access.accounts.revoke("lan")
    asked = len(officers.assistant.questions)
    assert ask(client).status_code == 401
    assert len(officers.assistant.questions) == asked


def test_nothing_in_a_request_widens_what_it_sees(officers: Any, access: Access) -> None:
    client = signed_in(officers, access, "hoa")
    for headers in ({"x-troly-labels": "noi-bo"}, {"authorization": "Bearer noi-bo"}):
        ask(client, labels=["noi-bo"], scope="noi-bo")
        client.post("/api/chat", json={"message": "a"}, headers=headers)
    assert {each.scope.labels for each in officers.assistant.questions} == {
        frozenset({"public", "y-te"})
    }


def test_other_sites_cannot_act_for_an_officer(officers: Any, access: Access) -> None:
    client = signed_in(officers, access)
    refused = [
        {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": ""},
        {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
        {"origin": officers.address.replace("127.0.0.1", "localhost")},
    ]  # fmt: skip
    for headers in refused:
        for method, path in (("POST", "/sign-out"), ("POST", "/api/chat"), ("POST", "/sign-in"),
                             ("DELETE", "/api/session")):  # fmt: skip
            answer = client.request(method, path, headers=headers, content=b"{}")
            assert answer.status_code == 403, (headers, path)
    assert client.get("/api/me").status_code == 200
    own = client.post("/api/chat", json={"message": "a"}, headers={"origin": officers.address})
    assert own.status_code == 200


def test_a_session_name_is_each_officers_own(officers: Any, access: Access) -> None:
    lan, hoa = signed_in(officers, access, "lan"), signed_in(officers, access, "hoa")
    assert ask(lan).headers["x-troly-session"] == "s-1"
    ask(hoa)
    assert officers.assistant.questions[-1].history == ()
    ask(lan)
    assert len(officers.assistant.questions[-1].history) == 1
    said = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    completion = {"messages": [*said, {"role": "user", "content": "c"}]}
    hoa.request("DELETE", "/api/session", json={"session": "s-1"})
    ask(lan)
    assert len(officers.assistant.questions[-1].history) == 2  # it was another s-1
    names = {each.conversation for each in officers.desk.conversation().heard}
    assert len(names) == 2
    for client in (lan, hoa):
        assert client.post("/v1/chat/completions", json=completion).status_code == 200
        rest = {"sender": "s-1", "message": "a"}
        assert client.post("/webhooks/rest/webhook", json=rest).status_code == 200
    by_door = [each.conversation for each in officers.desk.conversation().heard[-4:]]
    assert len(set(by_door)) == 4


def test_a_message_sent_twice_is_answered_by_what_may_be_seen_then(
    officers: Any, access: Access
) -> None:
    lan = signed_in(officers, access, "lan")
    ask(lan, message_id="m-1")
    access.accounts.set_groups("lan", [])
    ask(lan, message_id="m-1")
    seen = [each.scope.labels - {"public"} for each in officers.assistant.questions]
    assert seen == [{"noi-bo", "tu-phap"}, set()]


def test_with_a_label_less_a_conversation_begins_anew(officers: Any, access: Access) -> None:
    client = signed_in(officers, access)
    ask(client)
    ask(client)
    assert len(officers.assistant.questions[-1].history) == 1
    access.accounts.set_groups("lan", ["y-te"])
    ask(client)
    assert officers.assistant.questions[-1].history == ()


def test_signing_out_here_and_everywhere(officers: Any, access: Access, clock: Clock) -> None:
    first = signed_in(officers, access)
    clock.now += 60
    second = signed_in(officers, access)
    page = first.get("/account").text
    assert "tu-phap" in page
    assert 'action="/sign-out/everywhere"' in page
    gone = first.post("/sign-out")
    assert gone.headers["location"] == "/sign-in?out=1"
    assert "storage" in gone.headers["clear-site-data"]
    assert "Đã đăng xuất" in officers.http.get("/sign-in?out=1").text
    assert first.get("/api/me").status_code == 401
    clock.now += 60
    third = signed_in(officers, access)
    assert second.post("/sign-out/everywhere").status_code == 303
    assert third.get("/api/me").status_code == 401


def test_signing_in_again_ends_the_session_before(
    officers: Any, access: Access, clock: Clock
) -> None:
    client = signed_in(officers, access)
    before = client.cookies["troly"]
    clock.now += 60
    given = {"name": "hoa", "password": PASSWORD, "code": code(access, "hoa")}
    assert client.post("/sign-in", data=given).status_code == 303
    assert client.get("/api/me").json()["name"] == "hoa"
    old = officers.http.get("/api/me", headers={"cookie": f"troly={before}"})
    assert old.status_code == 401


# --- the agency's own accounts -----------------------------------------------------------------


def through(client: httpx.Client, agency: FakeProvider, there: str = "/") -> httpx.Response:
    away = client.get("/sign-in/oidc", params={"next": there})
    assert away.status_code == 303, away.text
    back = urlsplit(agency.authorize(away.headers["location"]))
    return client.get(f"{back.path}?{back.query}")


def test_an_officer_comes_in_with_the_agencys_account(
    officers: Any, agency: FakeProvider, clock: Clock
) -> None:
    assert "Đăng nhập bằng tài khoản Bộ" in officers.http.get("/sign-in").text
    client = httpx.Client(base_url=officers.address, timeout=20, trust_env=False)
    done = through(client, agency, "/draft?kind=giấy mời")
    assert done.status_code == 200
    assert 'content="0;url=/draft"' not in done.text
    assert client.get("/api/me").json()["labels"] == ["noi-bo", "tu-phap"]
    agency.down = True
    clock.now += 60
    away = client.get("/api/me")
    assert (away.status_code, away.json()["error"]["code"]) == (503, "provider_away")
    agency.down, agency.info = False, None
    assert client.get("/api/me").status_code == 401


def test_a_sign_in_begun_elsewhere_is_not_ended_here(officers: Any, agency: FakeProvider) -> None:
    theirs = httpx.Client(base_url=officers.address, timeout=20, trust_env=False)
    away = theirs.get("/sign-in/oidc")
    back = urlsplit(agency.authorize(away.headers["location"]))
    mine = officers.http.get(f"{back.path}?{back.query}")
    assert mine.status_code == 403
    assert "set-cookie" not in mine.headers


def test_without_the_agency_local_accounts_still_open(
    officers: Any, access: Access, agency: FakeProvider
) -> None:
    agency.down = True
    told = officers.http.get("/sign-in/oidc")
    assert told.status_code == 503
    assert "không trả lời" in told.text or "báo lỗi" in told.text
    assert signed_in(officers, access).get("/api/me").status_code == 200
    refused = officers.http.get("/sign-in/oidc/callback?error=access_denied")
    assert refused.status_code == 403


def test_what_the_log_keeps_holds_no_question(officers: Any, access: Access) -> None:
    client = signed_in(officers, access)
    ask(client, message="chim sâm cầm trực đêm")
    with access.database.read() as db:
        rows = str([tuple(row) for row in db.execute("SELECT * FROM log")])
    assert "cầm" not in rows
    assert "lan" in rows
