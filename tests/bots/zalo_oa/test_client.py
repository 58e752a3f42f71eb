"""Sending: every error by what to do about it, tokens renewed in mid-flight, windows, reactions."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from bots.delivery.channel import (
    Auth,
    DeliveryError,
    Incoming,
    Kind,
    Operator,
    Part,
    Payload,
    Recipient,
    Transient,
)
from bots.zalo_oa.channel import ZaloOa
from bots.zalo_oa.client import ZaloOaClient
from bots.zalo_oa.refusals import refusal, until_six

from .conftest import NOW, PERSON, Place

SEND, REACT, QUOTA = "/v3.0/oa/message/cs", "/v2.0/oa/message", "/v3.0/oa/quota/message"
BUTTONS = [{"title": "Lệ phí", "payload": "#chon:1:0"}]


@pytest.fixture(autouse=True)
def authorised(place: Place) -> None:
    place.authorise()


def use(
    place: Place, work: Callable[[ZaloOaClient], Awaitable[Any]], client: ZaloOaClient | None = None
) -> Any:
    async def whole() -> Any:
        used = client or place.client()
        try:
            return await work(used)
        finally:
            if client is None:
                await used.close()

    return place.run(whole())


def send(place: Place, text: str = "Xin chào", **more: Any) -> str:
    return str(use(place, lambda client: client.send(PERSON, text, **more)))


def test_a_message(place: Place) -> None:
    number = send(place, "Lệ phí là 200.000 đồng 😀")
    (sent,) = place.account.sent
    assert (sent.id, sent.text, sent.user, sent.free) == (
        number, "Lệ phí là 200.000 đồng 😀", PERSON, True
    )  # fmt: skip
    (request,) = place.fake.api.to(SEND)
    assert request.headers["access_token"] == place.account.issued[0]
    assert "authorization" not in request.headers
    assert "appsecret_proof" not in request.headers


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ((-32, -234, -1, 12345), Transient),
        ((-100, -200, -201, -210, -233), Payload),
        ((-213, -230, -232, -217, -218, -227, -244), Recipient),
        ((-211, -221, -224, -235, -240, -209, -212, -219, -223), Operator),
        ((-204, -205, -320, -321, -242, -248), Operator),
    ],
)
def test_every_error_by_what_to_do(
    place: Place, codes: tuple[int, ...], kind: type[DeliveryError]
) -> None:
    for code in codes:
        place.fake.api.next(2 if code == -242 else 1, error=code, path=SEND)
        with pytest.raises(kind) as raised:
            send(place)
        assert type(raised.value) is kind
        assert raised.value.code == str(code)
        assert not getattr(raised.value, "maybe", False)
        place.fake.api.forget()
    assert place.account.refreshes == 0
    assert not place.account.sent


def test_how_long_to_wait(place: Place) -> None:
    limit = refusal(-32, place.clock)
    assert isinstance(limit, Transient)
    assert limit.after == 20
    assert until_six(NOW) == 4 * 3600  # 2:00 in Viet Nam
    assert until_six(NOW + 5 * 3600) == 23 * 3600


@pytest.mark.parametrize("code", [-216, -220, 216, 220, 401, -401])
def test_a_refused_token_is_renewed_and_the_message_sent_once(place: Place, code: int) -> None:
    place.fake.api.next(error=code, path=SEND)
    assert send(place)
    assert place.account.refreshes == 1
    assert len(place.account.sent) == 1
    first, second = place.fake.api.to(SEND)
    assert first.headers["access_token"] != second.headers["access_token"]


def test_a_token_that_another_process_renewed_is_read_again(place: Place) -> None:
    client, other = place.client(), place.keeper()
    place.run(other.renewed(place.account.issued[0]))
    # The file is new, but say this process had read it just before.
    place.fake.api.next(error=-216, path=SEND)
    assert place.account.refreshes == 1

    class Late:
        calls = 0

        async def token(self) -> str:
            self.calls += 1
            return place.account.issued[0] if self.calls == 1 else await keeper.token()

        async def renewed(self, refused: str) -> str:
            return await keeper.renewed(refused)

    keeper = place.keeper()
    client._tokens = Late()  # type: ignore[assignment]
    use(place, lambda used: used.send(PERSON, "a"), client)
    assert place.account.refreshes == 1
    assert len(place.account.sent) == 1


def test_a_token_that_stays_refused_needs_an_operator(place: Place) -> None:
    place.fake.api.next(2, error=-216, path=SEND)
    with pytest.raises(Auth, match=r"-216.*authorise") as raised:
        send(place)
    assert raised.value.code == "-216"
    assert place.account.refreshes == 1


def test_an_expired_token_by_the_clock_and_garbage(place: Place) -> None:
    place.clock.advance(25 * 3600)
    place.fake.person(PERSON).last = place.clock()
    assert place.account.token_error(place.account.issued[0]) == -220
    assert place.account.token_error("x") == -216
    assert send(place)
    assert place.account.refreshes == 1


def test_the_proof_of_the_secret_is_given_once_it_is_asked_for(place: Place) -> None:
    place.account.proof = True

    async def two(client: ZaloOaClient) -> None:
        await client.send(PERSON, "a")
        await client.send(PERSON, "b")

    use(place, two)
    requests = place.fake.api.to(SEND)
    assert len(requests) == 3
    key, token = place.account.app_secret.encode(), place.account.issued[0].encode()
    proof = hmac.new(key, token, hashlib.sha256).hexdigest()
    assert [each.headers.get("appsecret_proof") for each in requests] == [None, proof, proof]


@pytest.mark.parametrize(
    ("fault", "kind", "maybe"),
    [
        ({"status": 500}, Transient, True),
        ({"status": 502}, Transient, True),
        ({"status": 503}, Transient, False),
        ({"status": 429}, Transient, False),
        ({"status": 200}, Transient, True),
        ({"status": 413}, Payload, False),
        ({"status": 404}, Operator, False),
        ({"close": "before"}, Transient, True),
        ({"close": "after"}, Transient, True),
        ({"truncate": 10}, Transient, True),
        ({"delay": 1.0}, Transient, True),
        ({"error": {"error": "-210"}}, Payload, False),
        ({"error": {"error": None}}, Transient, True),
        ({"error": {"error": True}}, Transient, True),
    ],
)
def test_faults_of_the_way(
    place: Place, fault: dict[str, Any], kind: type[DeliveryError], maybe: bool
) -> None:
    place.fake.api.next(path=SEND, **fault)

    async def whole() -> None:
        client = place.client(timeout=0.3)
        try:
            await client.send(PERSON, "Chuyện riêng")
        finally:
            await client.close()

    with pytest.raises(kind) as raised:
        place.run(whole())
    assert getattr(raised.value, "maybe", False) is maybe
    assert "riêng" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_nobody_there(place: Place) -> None:
    place.fake.api.stop()
    with pytest.raises(Transient) as raised:
        send(place)
    assert raised.value.maybe is False


def test_unauthorised_by_http(place: Place) -> None:
    place.fake.api.next(status=401, path=SEND)
    assert send(place)
    assert place.account.refreshes == 1


# --- buttons --------------------------------------------------------------------------------


@pytest.mark.parametrize("template_type", [False, True])
def test_buttons_under_both_readings_of_the_documents(place: Place, template_type: bool) -> None:
    place.account.template_type = template_type

    async def two(client: ZaloOaClient) -> None:
        await client.send(PERSON, "a", BUTTONS)
        await client.send(PERSON, "b", BUTTONS)

    use(place, two)
    assert [each.buttons for each in place.account.sent] == [
        [{**BUTTONS[0], "type": "oa.query.hide"}]
    ] * 2
    assert len(place.fake.api.to(SEND)) == 2 + template_type


def test_refused_buttons_are_tried_no_more_than_twice(place: Place) -> None:
    with pytest.raises(Payload):
        send(place, buttons=BUTTONS * 6)
    assert len(place.fake.api.to(SEND)) == 1
    place.fake.api.next(2, error=-201, path=SEND)
    with pytest.raises(Payload):
        send(place, buttons=BUTTONS)
    assert len(place.fake.api.to(SEND)) == 3


# --- the channel ----------------------------------------------------------------------------


def heard(message: str = "m1", kind: Kind = Kind.TEXT, at: float = NOW) -> Incoming:
    return Incoming("zalo_oa", message, PERSON, PERSON, kind, at, message=message)


def channel(place: Place, work: Callable[[ZaloOa, ZaloOaClient], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        client = place.client()
        here = ZaloOa(client, clock=place.clock)
        try:
            return await work(here, client)
        finally:
            await here.close()

    return place.run(whole())


def test_the_first_sign(place: Place) -> None:
    async def work(here: ZaloOa, _: ZaloOaClient) -> None:
        await here.seen(heard())
        await here.seen(heard(kind=Kind.LEAVE))
        await here.seen(heard(message=""))
        place.fake.api.next(error=-201)
        await here.seen(heard("m2"))  # best effort: nothing is raised
        await here.progress(PERSON, "Đang tra cứu…")

    channel(place, work)
    assert place.account.reactions == [(PERSON, "m1", "/-strong")]
    assert not place.account.sent


def test_few_calls_left_are_kept_for_answers(place: Place) -> None:
    place.account.per_minute = 100

    async def work(here: ZaloOa, client: ZaloOaClient) -> list[bool]:
        here.heard(heard())
        tight = [client.is_tight]
        for _ in range(97):
            await here.send(PERSON, Part({"text": "a"}))
        tight.append(client.is_tight)
        await here.seen(heard())
        assert not place.account.reactions
        for _ in range(3):
            await here.send(PERSON, Part({"text": "a"}))
        with pytest.raises(Transient) as raised:
            await here.send(PERSON, Part({"text": "a"}))
        assert raised.value.code == "-32"
        place.clock.advance(60)
        tight.append(client.is_tight)
        return tight

    assert channel(place, work) == [False, True, False]


@pytest.mark.parametrize(
    ("hours", "sent", "asked"), [(0, 1, 0), (47, 1, 0), (47.9, 1, 1), (50, 1, 1), (169, 0, 1)]
)
def test_windows(
    place: Place, hours: float, sent: int, asked: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(here: ZaloOa, client: ZaloOaClient) -> None:
        here.heard(heard())
        place.clock.advance(hours * 3600)
        if sent:
            await here.send(PERSON, Part({"text": "a"}))
        else:
            with pytest.raises(Recipient) as raised:
                await here.send(PERSON, Part({"text": "a"}))
            assert raised.value.code == "-230"
        assert client.charged == (hours == 50)

    channel(place, work)
    assert len(place.account.sent) == sent
    assert len(place.fake.api.to(QUOTA)) == asked
    assert ("48 hours late" in caplog.text) is (hours == 50)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("1795287600000", NOW), (1795287600000, NOW), (1795287600, NOW), (None, None), ("x", None),
        (0, None), ("inf", None), ("nan", None), (-5, None), ("1e300", None),
    ],
)  # fmt: skip
def test_last_interaction_in_whatever_unit(place: Place, said: Any, read: float | None) -> None:
    place.fake.api.next(error={"error": 0, "data": {"last_interaction": said}}, path=QUOTA)
    assert use(place, lambda client: client.last_interaction(PERSON)) == read


def test_a_webhook_knows_of_a_later_interaction(place: Place) -> None:
    async def work(here: ZaloOa, _: ZaloOaClient) -> None:
        place.clock.advance(48 * 3600 - 60)
        here.heard(heard())
        place.fake.api.next(
            error={"error": 0, "data": {"last_interaction": (NOW - 9 * 86_400) * 1000}}, path=QUOTA
        )
        await here.send(PERSON, Part({"text": "a"}))

    channel(place, work)
    assert len(place.account.sent) == 1


def test_a_strict_provider_finds_no_field_it_does_not_know(place: Place) -> None:
    place.account.strict = True
    assert send(place, buttons=BUTTONS)
    assert len(place.fake.api.to(SEND)) == 1


def test_after_a_restart_the_provider_knows_the_window(place: Place) -> None:
    async def work(here: ZaloOa, _: ZaloOaClient) -> None:
        await here.send(PERSON, Part({"text": "a"}))
        await here.send(PERSON, Part({"text": "b"}))
        await here.send(PERSON, Part({}, "in words"))
        place.fake.api.next(status=500, path=QUOTA)
        place.clock.advance(48 * 3600)
        await here.send(PERSON, Part({"text": "c"}))

    channel(place, work)
    assert [each.text for each in place.account.sent] == ["a", "b", "in words", "c"]
    assert len(place.fake.api.to(QUOTA)) == 2


@pytest.mark.parametrize(
    ("field", "code"), [("blocked", "-217"), ("restricted", "-244"), ("follows", "-213")]
)
def test_people_who_cannot_be_written_to(place: Place, field: str, code: str) -> None:
    setattr(place.fake.person(PERSON), field, field != "follows")
    with pytest.raises(Recipient) as raised:
        send(place)
    assert raised.value.code == code


def test_a_stranger_and_a_long_text(place: Place) -> None:
    for user, text, code in (("1", "a", "-201"), (PERSON, "a" * 2001, "-210")):
        with pytest.raises(Payload) as raised:
            use(place, lambda client, u=user, t=text: client.send(u, t))  # type: ignore[misc]
        assert raised.value.code == code


# --- the fake keeps to what is known of the provider ----------------------------------------


def call(place: Place, path: str, **more: Any) -> httpx.Response:
    headers = {"access_token": place.account.issued[0], **more.pop("headers", {})}
    return httpx.request(
        more.pop("method", "POST"), place.fake.api.address + path, headers=headers,
        trust_env=False, **more,
    )  # fmt: skip


def test_the_fakes_corners(place: Place) -> None:
    assert call(place, "/v3.0/oa/message", json={}).status_code == 404
    assert call(place, "/v3.0/oa/upload/image").status_code == 404
    text = {"recipient": {"user_id": PERSON}, "message": {"text": "a"}}
    assert call(place, REACT, json=text).json()["error"] == -240
    bearer = {"access_token": "", "Authorization": f"Bearer {place.account.issued[0]}"}
    answer = call(place, SEND, json=text, headers=bearer)
    assert (answer.status_code, answer.json()["error"]) == (200, -216)
    assert call(place, SEND, json=text).json()["data"]["quota"] == {"quota_type": "reply"}
    assert "X-RateLimit-Remain" in call(place, SEND, json=text).headers
    person = call(
        place, "/v3.0/oa/user/detail", method="GET", params={"data": f'{{"user_id":"{PERSON}"}}'}
    )
    assert person.json()["data"]["user_id"] == PERSON
    assert call(place, "/v2.0/oa/getoa", method="GET").json()["data"]["oa_id"]


def test_the_fakes_uploads(place: Place) -> None:
    def upload(kind: str, name: str, size: int = 10) -> Any:
        files = {"file": (name, b"x" * size)}
        return call(place, f"/v2.0/oa/upload/{kind}", files=files).json()

    assert upload("file", "a") == {"data": {}, "error": 0, "message": "Success"}
    assert upload("file", "a.exe")["error"] == -201
    assert upload("image", "a.png", (1 << 20) + 1)["error"] == -210
    token = upload("file", "a.pdf")["data"]["token"]
    body = {
        "recipient": {"user_id": PERSON},
        "message": {"attachment": {"type": "file", "payload": {"token": token}}},
    }
    assert call(place, SEND, json=body).json()["error"] == 0
    place.account.uploads[token] = NOW - 1
    assert call(place, SEND, json=body).json()["error"] == -100


def test_a_cancelled_send_does_not_lose_a_refresh(place: Place) -> None:
    place.clock.advance(25 * 3600)
    place.fake.person(PERSON).last = place.clock()
    place.fake.oauth.next(delay=0.3)

    async def work(here: ZaloOa, _: ZaloOaClient) -> None:
        sending = asyncio.create_task(here.send(PERSON, Part({"text": "a"})))
        await asyncio.sleep(0.1)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await here.send(PERSON, Part({"text": "b"}))

    channel(place, work)
    assert place.account.refreshes == 1
    assert [each.text for each in place.account.sent] == ["b"]
