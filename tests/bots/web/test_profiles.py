"""Which assistant a door asks: the server's, one that a request names, none that it may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant.config import Config
from assistant.profiles.profile import Profile
from bots.web.desk import Desk

PROFILES = {
    "citizen": Profile(title="Trợ lý dịch vụ công"),
    "ho-tich": Profile(
        title="Trợ lý <hộ tịch>",
        fields=("Hộ tịch",),
        suggestions=("Đăng ký khai tử ở đâu?",),
        tools=("draft",),
    ),
    "judge": Profile(title="Thẩm phán", audience="officers"),
}


@pytest.fixture
def site(new_site: Callable[[Desk], Any]) -> Iterator[Any]:
    config = Config().model_copy(update={"profiles": PROFILES})
    running = new_site(Desk(config))
    yield running
    running.stop()


def last(site: Any) -> Any:
    return site.assistant.questions[-1]


def test_profiles_of_officers_are_not_so_much_as_named(site: Any) -> None:
    told = site.http.get("/api/profiles").json()
    assert told["profile"] == "citizen"
    assert [each["name"] for each in told["profiles"]] == ["citizen", "ho-tich"]
    models = [each["id"] for each in site.http.get("/v1/models").json()["data"]]
    assert models == ["troly", "troly-card", "troly-ho-tich"]
    assert site.http.get("/v1/models/troly-judge").status_code == 404


@pytest.mark.parametrize("name", ["judge", "nope", "ho tich", "../x"])
def test_one_that_may_not_be_asked_is_refused_with_the_list(site: Any, name: str) -> None:
    asked = len(site.assistant.questions)
    message = [{"role": "user", "content": "x"}]
    for response in (
        site.http.post("/api/chat", json={"message": "x", "profile": name}),
        site.http.post(
            "/v1/chat/completions", json={"model": f"troly-{name}", "messages": message}
        ),
        site.http.post("/webhooks/rest/webhook", json={"message": "x", "profile": name}),
    ):
        assert response.status_code == 422
        assert "citizen, ho-tich" in response.json()["error"]["message"]
    assert site.http.get("/", params={"profile": name}).status_code == 404
    assert len(site.assistant.questions) == asked


def test_each_door_asks_the_profile_that_is_named(site: Any) -> None:
    site.http.post("/api/chat", json={"message": "x", "profile": "ho-tich"}).read()
    assert last(site).profile == "ho-tich"
    site.http.post("/api/chat", json={"message": "x"}).read()
    assert last(site).profile == "citizen"
    message = [{"role": "user", "content": "x"}]
    site.http.post("/v1/chat/completions", json={"model": "troly-ho-tich", "messages": message})
    assert last(site).profile == "ho-tich"
    site.http.post("/webhooks/rest/webhook", json={"message": "x", "profile": "ho-tich"})
    assert last(site).profile == "ho-tich"
    site.http.post("/", data={"message": "x", "profile": "ho-tich"})
    assert last(site).profile == "ho-tich"


def test_a_request_brings_a_filter_of_its_own(site: Any) -> None:
    within = {"fields": ["Hộ tịch"], "years": "2020-2026", "kinds": ["law"]}
    site.http.post("/api/chat", json={"message": "x", "within": within}).read()
    asked = last(site).within
    assert asked.fields == {"Hộ tịch"}
    assert asked.years == (2020, 2026)


@pytest.mark.parametrize(
    "within", [{"feilds": ["x"]}, {"fields": [""]}, {"years": "2026-2020"}, {"kinds": ["x"]}, 5]
)
def test_a_filter_that_is_none_is_refused(site: Any, within: Any) -> None:
    response = site.http.post("/api/chat", json={"message": "x", "within": within})
    assert response.status_code == 422
    assert "within" in response.json()["error"]["message"]


def test_the_page_is_that_of_the_profile_and_stays_with_it(site: Any) -> None:
    page = site.http.get("/", params={"profile": "ho-tich"}).text
    assert "<title>Trợ lý &lt;hộ tịch&gt;</title>" in page
    assert 'value="Đăng ký khai tử ở đâu?"' in page
    assert "Làm hộ chiếu" not in page
    assert 'href="/draft"' in page
    assert page.count('name="profile" value="ho-tich"') == 2
    answered = site.http.post("/", data={"message": "x", "profile": "ho-tich"}).text
    assert 'name="profile" value="ho-tich"' in answered
    assert "Làm hộ chiếu phổ thông" in site.http.get("/").text


def test_a_server_may_be_that_of_a_profile(new_site: Callable[[Desk], Any]) -> None:
    desk = Desk(Config().model_copy(update={"profiles": PROFILES}))
    desk.profile = "ho-tich"
    running = new_site(desk)
    try:
        running.http.post("/api/chat", json={"message": "x"}).read()
        assert last(running).profile == "ho-tich"
        running.http.post("/api/chat", json={"message": "x", "profile": "citizen"}).read()
        assert last(running).profile == "citizen"
        assert "Trợ lý &lt;hộ tịch&gt;" in running.http.get("/").text
    finally:
        running.stop()
