"""The platform on this machine keeps to what is documented of the real one."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from bots.fakes.serving import Clock
from bots.fakes.zalo_bot import TOKEN, FakeZaloBot
from bots.fakes.zalo_bot_by_hand import PERSON, talk


@pytest.fixture
def post(fake: Any) -> Any:
    with httpx.Client(base_url=f"{fake.address}/bot{TOKEN}/", trust_env=False) as http:

        def call(method: str, **body: Any) -> dict[str, Any]:
            told: dict[str, Any] = http.post(method, json=body).json()
            return told

        yield call


def test_a_junk_token_is_a_200_that_says_401(fake: Any) -> None:
    told = httpx.post(f"{fake.address}/botjunk/getMe", trust_env=False)
    assert told.status_code == 200
    assert told.json() == {"ok": False, "description": "Unauthorized", "error_code": 401}
    fake.errors = "http"
    assert httpx.post(f"{fake.address}/botjunk/getMe", trust_env=False).status_code == 401


def test_parameters_come_as_query_form_or_json(fake: Any) -> None:
    fake.known["p"] = "P"
    url = f"{fake.address}/bot{TOKEN}/sendMessage"
    httpx.get(url, params={"chat_id": "p", "text": "một"}, trust_env=False)
    httpx.post(url, data={"chat_id": "p", "text": "hai"}, trust_env=False)
    httpx.post(url, json={"chat_id": "p", "text": "ba"}, trust_env=False)
    assert fake.to("p") == ["một", "hai", "ba"]


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("noSuchMethod", {}),
        ("sendMessage", {"chat_id": "p"}),
        ("sendMessage", {"chat_id": "p", "text": ""}),
        ("sendMessage", {"chat_id": "p", "text": "x" * 2001}),
        ("sendMessage", {"chat_id": "p", "text": "👍" * 1001}),
        ("sendMessage", {"chat_id": "p", "text": ["a"]}),
        ("sendMessage", {"chat_id": "p", "text": "a", "parse_mode": "MarkdownV2"}),
        ("sendMessage", {"chat_id": "p", "text": "a", "text_styles": [{"start": 0}]}),
        (
            "sendMessage",
            {"chat_id": "p", "text": "a", "text_styles": [{"start": 0, "len": 2, "st": ["b"]}]},
        ),
        ("sendPhoto", {"chat_id": "p", "photo": "not a url"}),
        ("sendVoice", {"chat_id": "p", "voice_url": "https://a.vn/a.mp3"}),
        ("sendChatAction", {"chat_id": "p", "action": "upload_photo"}),
        ("setWebhook", {"url": "https://a.vn/x", "secret_token": "ngan"}),
        ("setWebhook", {"url": "https://192.168.1.1/x", "secret_token": "x" * 8}),
        ("testWebhook", {}),
    ],
)
def test_what_the_documentation_forbids_is_a_400(
    fake: Any, post: Any, method: str, body: Any
) -> None:
    fake.known["p"] = "P"
    told = post(method, **body)
    assert (told["ok"], told["error_code"]) == (False, 400)
    assert fake.sent == []


def test_two_thousand_characters_fit(fake: Any, post: Any) -> None:
    fake.known["p"] = "P"
    assert post("sendMessage", chat_id="p", text="ế" * 2000)["ok"]
    assert post("sendMessage", chat_id="p", text="👍" * 1000)["ok"]


def test_unknown_parameters_are_refused_in_strict_mode_only(fake: Any, post: Any) -> None:
    fake.known["p"] = "P"
    assert post("sendMessage", chat_id="p", text="a", reply_to_message_id="m")["ok"]
    fake.strict = True
    assert not post("sendMessage", chat_id="p", text="a", reply_to_message_id="m")["ok"]


def test_the_month_has_an_end_and_another_begins() -> None:
    clock = Clock(at=1_795_000_000.0)
    with FakeZaloBot(quota=2, clock=clock, known={"p": "P"}) as fake:
        url = f"{fake.address}/bot{TOKEN}/sendMessage"
        codes = []
        for _ in range(3):
            told = httpx.post(url, json={"chat_id": "p", "text": "a"}, trust_env=False).json()
            codes.append(told.get("error_code"))
        clock.advance(31 * 86_400)
        told = httpx.post(url, json={"chat_id": "p", "text": "a"}, trust_env=False).json()
    assert codes == [None, None, 429]
    assert told["ok"]


def test_the_fifty_first_person_is_not_heard(fake: Any, post: Any) -> None:
    for number in range(51):
        fake.says(f"p{number}", "a")
    assert len(fake.known) == 50
    for _ in range(50):
        assert post("getUpdates", timeout=0)["ok"]
    assert post("getUpdates", timeout=0)["error_code"] == 408


def test_strangers_and_who_blocked_the_bot_cannot_be_written_to(fake: Any, post: Any) -> None:
    assert post("sendMessage", chat_id="p", text="a")["error_code"] == 404
    fake.says("p", "a")
    assert post("sendMessage", chat_id="p", text="a")["ok"]
    fake.blocked.add("p")
    assert post("sendMessage", chat_id="p", text="a")["error_code"] == 403
    assert post("sendChatAction", chat_id="p", action="typing")["error_code"] == 403


def test_nothing_can_be_asked_for_while_a_webhook_is_set(fake: Any, post: Any) -> None:
    fake.webhook = "https://a.vn/x"
    assert post("getUpdates", timeout=0)["error_code"] == 400
    assert post("getWebhookInfo")["result"]["url"] == "https://a.vn/x"
    assert post("deleteWebhook")["result"]["url"] == ""
    assert post("getUpdates", timeout=0)["error_code"] == 408


def test_a_webhook_can_be_tried(fake: Any, hook: Any, post: Any) -> None:
    fake.allow_private = True
    assert post("setWebhook", url=hook.url, secret_token="mot-bi-mat-dai")["ok"]
    assert post("testWebhook")["result"] == {"url": hook.url, "status": 200}


def test_a_poll_that_another_follows_gets_nothing(fake: Any, post: Any, wait_for: Any) -> None:
    """The first may be of a process that is dead."""
    fake.longest_poll = 20
    told: list[Any] = []
    first = threading.Thread(target=lambda: told.append(post("getUpdates", timeout=20)))
    first.start()
    assert wait_for(lambda: len(fake._waiting) == 1)
    second = threading.Thread(target=lambda: told.append(post("getUpdates", timeout=20)))
    second.start()
    first.join(5)
    fake.says("p", "a")
    second.join(5)
    assert [each["ok"] for each in told] == [False, True]


def test_it_can_be_talked_to_by_hand(fake: Any, wait_for: Any) -> None:
    told: list[str] = []

    def lines() -> Any:
        yield "Làm hộ chiếu ở đâu?"
        yield "/anh"
        yield ""
        url = f"{fake.address}/bot{TOKEN}"
        for _ in range(2):
            httpx.post(f"{url}/getUpdates", json={"timeout": 1}, trust_env=False)
        body = {"chat_id": PERSON, "text": "Ở Công an cấp tỉnh."}
        httpx.post(f"{url}/sendMessage", json=body, trust_env=False)
        assert wait_for(lambda: bool(told))

    talk(fake, lines(), told.append)
    assert told == ["bot: Ở Công an cấp tỉnh."]
    answers = [each.answer for each in fake.server.to("/getUpdates")]
    assert b"message.text.received" in answers[0]
    assert b"message.image.received" in answers[1]
