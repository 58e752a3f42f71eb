"""The calls, and what each refusal, fault and page of a gateway becomes."""

from __future__ import annotations

import asyncio
import logging
import traceback
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bots.delivery.channel import (
    Auth,
    DeliveryError,
    Operator,
    Payload,
    Recipient,
    Transient,
)
from bots.fakes.zalo_bot import BOT_ID, TOKEN
from bots.zalo_bot.client import ZaloBotClient
from bots.zalo_bot.faults import seconds

PERSON = "6ede9afa66b88fe6d6a9"


def refused(ask: Any, fake: Any, text: str = "Chào anh/chị") -> DeliveryError:
    """The error of a message that was not delivered."""
    with pytest.raises(DeliveryError) as caught:
        ask(fake, lambda client: client.send_message(PERSON, text))
    return caught.value


@pytest.fixture(autouse=True)
def somebody(fake: Any) -> None:
    fake.known[PERSON] = "Ted"


def test_the_calls_are_those_that_are_documented(fake: Any, ask: Any) -> None:
    assert ask(fake, lambda client: client.me()) == BOT_ID
    message = ask(fake, lambda client: client.send_message(PERSON, "Nguồn:\nLuật"))
    (sent,) = fake.sent
    assert (sent.chat, sent.text, sent.id) == (PERSON, "Nguồn:\nLuật", message)
    style = {"start": 0, "len": 6, "st": ["b"]}
    ask(fake, lambda client: client.send_message(PERSON, "Nguồn:\nLuật", [style]))
    assert fake.sent[1].body["text_styles"] == [style]
    assert ask(fake, lambda client: client.typing(PERSON)) is None  # no ``result``
    assert fake.typing[0][0] == PERSON
    first = fake.server.requests[0]
    assert (first.method, first.path) == ("POST", f"/bot{TOKEN}/getMe")
    assert first.headers["content-type"] == "application/json"


def test_a_webhook_is_set_shown_and_removed(fake: Any, ask: Any) -> None:
    url = "https://dvc.example.gov.vn/webhooks/zalo-bot"
    ask(fake, lambda client: client.set_webhook(url, SecretStr("mot-bi-mat")))
    assert ask(fake, lambda client: client.webhook()) == url
    ask(fake, lambda client: client.delete_webhook())
    assert ask(fake, lambda client: client.webhook()) == ""


@pytest.mark.parametrize(
    "url", ["http://a.vn/x", "https://localhost/x", "https://10.0.0.5/x", "https://127.0.0.1:8/x"]
)
def test_a_webhook_on_a_private_address_is_refused(fake: Any, ask: Any, url: str) -> None:
    with pytest.raises(Payload):
        ask(fake, lambda client: client.set_webhook(url, SecretStr("mot-bi-mat")))


@pytest.mark.parametrize(
    ("code", "description", "kind", "maybe"),
    [
        (400, "Bad Request", Payload, None),
        (401, "Unauthorized", Auth, None),
        (403, "Internal server error", Transient, False),
        (403, "Forbidden: bot was blocked by the user", Recipient, None),
        (404, "Chat not found", Recipient, None),
        (404, "Not Found", Operator, None),
        (408, "Request timeout", Transient, True),
        (429, "Quota exceeded", Transient, False),
        (429, "Monthly quota exceeded", Operator, None),
        (500, "oops", Transient, False),
        (502, "oops", Transient, False),
        (-99, "nobody knows", Payload, None),
    ],
)
@pytest.mark.parametrize("errors", ["http", "body"])
def test_a_refusal_is_judged_by_what_is_said_and_not_by_the_http_status(
    fake: Any, ask: Any, errors: Any, code: int, description: str, kind: Any, maybe: bool | None
) -> None:
    fake.errors = errors if code > 0 else "body"
    fake.server.next(error=(code, description))
    error = refused(ask, fake)
    assert type(error) is kind
    assert error.code == str(code)
    if isinstance(error, Transient):
        assert error.maybe is maybe
    assert fake.sent == []


@pytest.mark.parametrize(
    ("status", "kind", "maybe"),
    [
        (200, Transient, True),
        (302, Operator, None),
        (401, Auth, None),
        (403, Transient, False),
        (404, Operator, None),
        (408, Transient, True),
        (413, Operator, None),
        (429, Transient, False),
        (500, Transient, False),
        (502, Transient, False),
        (503, Transient, False),
        (504, Transient, True),
    ],
)
def test_a_page_of_a_gateway_is_judged_by_its_status(
    fake: Any, ask: Any, status: int, kind: Any, maybe: bool | None
) -> None:
    fake.server.next(status=status)
    error = refused(ask, fake)
    assert type(error) is kind
    if isinstance(error, Transient):
        assert error.maybe is maybe


def test_what_was_never_sent_may_be_sent_again(fake: Any, ask: Any) -> None:
    fake.stop()
    error = refused(ask, fake)
    assert isinstance(error, Transient)
    assert (error.code, error.maybe) == ("connect", False)


@pytest.mark.parametrize(
    "fault", [{"close": "before"}, {"close": "after"}, {"truncate": 5}, {"truncate": 0}]
)
def test_what_may_have_arrived_says_so(fake: Any, ask: Any, fault: Any) -> None:
    fake.server.next(**fault)
    error = refused(ask, fake)
    assert isinstance(error, Transient)
    assert error.maybe


def test_an_answer_that_does_not_come_may_have_arrived(
    fake: Any, ask: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("bots.zalo_bot.client.ANSWER", 0.1)
    fake.server.next(delay=0.5)

    async def slow(client: ZaloBotClient) -> None:
        await client._call("sendMessage", {"chat_id": PERSON, "text": "a"}, answer=0.1)

    with pytest.raises(Transient) as caught:
        ask(fake, slow)
    assert (caught.value.code, caught.value.maybe) == ("timeout", True)


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'{"ok":1}', b'{"result":{}}', b"[" * 50_000, b"\xff", b"x" * 2_000_000],
)
def test_an_answer_that_is_none_is_not_taken_for_one(body: bytes) -> None:
    async def run() -> None:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
        client = ZaloBotClient(SecretStr(TOKEN), transport=transport)
        with pytest.raises(Transient) as caught:
            await client.send_message("a", "b")
        assert (caught.value.code, caught.value.maybe) == ("garbled", True)

    asyncio.run(run())


def test_a_limit_names_its_wait_and_a_quota_that_stays_used_up_calls_the_operator() -> None:
    now = [1000.0]
    answers = [{"ok": False, "error_code": 429, "description": "Quota exceeded"}]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=answers[0], headers={"retry-after": "7"})

    async def run() -> None:
        client = ZaloBotClient(
            SecretStr(TOKEN), transport=httpx.MockTransport(answer), clock=lambda: now[0]
        )
        for _ in range(3):
            with pytest.raises(Transient) as caught:
                await client.send_message("a", "b")
            assert caught.value.after == 7.0
            now[0] += 30
        now[0] += 60
        with pytest.raises(Operator):
            await client.send_message("a", "b")
        answers[0] = {"ok": True, "result": {"message_id": "m"}}  # type: ignore[dict-item]
        assert await client.send_message("a", "b") == "m"
        answers[0] = {"ok": False, "error_code": 429, "description": "Quota exceeded"}
        with pytest.raises(Transient):
            await client.send_message("a", "b")

    asyncio.run(run())


@pytest.mark.parametrize("idle", ["http", "body"])
def test_an_idle_poll_is_nothing_in_both_ways_it_is_told(fake: Any, ask: Any, idle: Any) -> None:
    fake.idle = idle
    assert ask(fake, lambda client: client.updates(30)) == ()
    assert fake.server.requests[-1].json() == {"timeout": 30}
    assert fake.server.requests[-1].status == (408 if idle == "http" else 200)


def test_a_poll_gives_one_update_and_not_twice(fake: Any, ask: Any) -> None:
    fake.says(PERSON, "một")
    fake.says(PERSON, "hai")
    texts = [ask(fake, lambda client: client.updates(1)) for _ in range(3)]
    assert [each[0]["message"]["text"] for each in texts if each] == ["một", "hai"]
    assert texts[2] == ()


def test_the_token_is_in_no_log_no_error_and_no_repr(
    fake: Any, ask: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask(fake, lambda client: client.me())
    errors = []
    for fault in ({"status": 500}, {"close": "before"}, {"error": (401, "Unauthorized")}):
        fake.server.next(**fault)
        errors.append(refused(ask, fake))
    fake.stop()
    errors.append(refused(ask, fake))
    told = "".join("".join(traceback.format_exception(error)) + repr(error) for error in errors)
    client = ZaloBotClient(SecretStr(TOKEN))
    logged = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn")
    )  # the fake's server may know
    assert "abc-xyz" not in told + logged + repr(vars(client))
    assert "getMe" in logged  # the calls themselves are logged


@pytest.mark.parametrize(
    ("said", "meant"), [("5", 5), ("0.5", 0.5), ("-5", 0), ("1e9", 0), ("", 0), (None, 0)]
)
def test_a_wait_that_is_no_number_is_none(said: str | None, meant: float) -> None:
    assert seconds(said) == meant
