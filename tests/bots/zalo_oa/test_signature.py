"""Webhooks: what is genuine, what is not, and what becomes of each event."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from bots.delivery.channel import Kind
from bots.fakes.serving import Delivery, FakeServer
from bots.zalo_oa.signature import is_fresh, is_signed, mac_of

from .conftest import NOW, PERSON, Place

APP, KEY, STAMP = "360846524940903967", "test-oa-secret", "1795287600000"
GOLDEN = (
    '{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},"user_id_by_app":'
    '"552177279717587730","recipient":{"id":"388613280878808645"},"event_name":"user_send_text",'
    '"message":{"text":"Xin chào, tôi muốn làm hộ chiếu","msg_id":"96d3cdf3af150460909"},'
    '"timestamp":"1795287600000"}'
).encode()
MAC = "4e90497141f7c0493293c533c67d8b916bf94588e334b02ae55c7e74a4024481"


def post(server: FakeServer, body: bytes, **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(
        f"{server.address}/webhooks/zalo-oa", content=body, headers=sent, trust_env=False
    )


def test_golden_vector() -> None:
    assert mac_of(APP, GOLDEN, STAMP, KEY) == MAC
    assert is_signed(f"mac={MAC}", APP, GOLDEN, STAMP, KEY)
    assert is_signed(MAC, APP, GOLDEN, STAMP, KEY)
    assert is_signed(MAC.upper(), APP, GOLDEN, STAMP, KEY)
    written_again = json.dumps(json.loads(GOLDEN)).encode()
    assert mac_of(APP, written_again, STAMP, KEY).startswith("5defc8ae")
    assert not is_signed(MAC, APP, written_again, STAMP, KEY)
    for forged in ("", "mac=", MAC[:-1], "é" * 64, "mac=mac=" + MAC):
        assert not is_signed(forged, APP, GOLDEN, STAMP, KEY)


def test_the_golden_vector_goes_through_the_webhook(place: Place, served: FakeServer) -> None:
    for header in (f"mac={MAC}", MAC):
        assert post(served, GOLDEN, X_ZEvent_Signature=header).status_code == 200
    (one,) = place.inbox.accepted
    assert (one.kind, one.text) == (Kind.TEXT, "Xin chào, tôi muốn làm hộ chiếu")
    assert (one.chat, one.update, one.at) == (PERSON, "96d3cdf3af150460909", NOW)


def test_the_console_tries_the_address_unsigned(place: Place, served: FakeServer) -> None:
    assert place.fake.probe().status == 200
    assert post(served, b" {}\n").status_code == 200
    assert not place.inbox.accepted


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{", 400),
        (b'"\xff"', 400),
        ("{}".encode("utf-16"), 400),
        (b"[" * 30_000, 400),
        (b'{"timestamp":' + b"9" * 5000 + b"}", 400),
        (b'{"timestamp":true}', 403),
        (b'{"timestamp":"179528760000\xc2\xb2"}', 403),
        (b'{"event_name":"user_send_text"}', 403),
        (GOLDEN, 403),
        (b"x" * 70_000, 413),
    ],
)
def test_what_is_not_genuine_is_refused_and_not_kept(
    place: Place, served: FakeServer, body: bytes, status: int
) -> None:
    for header in ("", "mac=" + "0" * 64):
        assert post(served, body, X_ZEvent_Signature=header).status_code == status
    assert not place.inbox.accepted


def test_a_large_body_without_a_length_is_refused(place: Place, served: FakeServer) -> None:
    answer = httpx.post(
        f"{served.address}/webhooks/zalo-oa", content=iter([b"x" * 40_000] * 2), trust_env=False
    )
    assert answer.status_code == 413
    assert not place.inbox.accepted


def test_a_wrong_key_and_a_changed_byte(place: Place, served: FakeServer) -> None:
    assert post(
        served, GOLDEN, **place.fake.signed(GOLDEN, key="another")
    ).status_code == 403  # fmt: skip
    headers = place.fake.signed(GOLDEN)
    assert post(served, GOLDEN.replace("hộ".encode(), "họ".encode()), **headers).status_code == 403
    assert post(served, GOLDEN + b" ", **headers).status_code == 403
    assert not place.inbox.accepted


def test_a_time_in_the_header_alone(place: Place, served: FakeServer) -> None:
    event = place.fake.event("user_send_text", PERSON, message={"text": "a", "msg_id": "1"})
    del event["timestamp"]
    body = json.dumps(event).encode()
    sent = {"X-ZEvent-Signature": mac_of(APP, body, STAMP, KEY)}
    for time, status in (("", 403), ("1795287600001", 403), (STAMP, 200)):
        headers = {**sent, **({"X-ZEvent-Timestamp": time} if time else {})}
        assert post(served, body, **headers).status_code == status
    assert [each.at for each in place.inbox.accepted] == [NOW]


def test_replays(place: Place, served: FakeServer) -> None:
    place.clock.advance(301)
    headers = place.fake.signed(GOLDEN)
    assert post(served, GOLDEN, **headers).status_code == 403
    assert post(served, GOLDEN, **headers, num_retry="1").status_code == 403  # "num-retry"
    assert httpx.post(
        f"{served.address}/webhooks/zalo-oa", content=GOLDEN,
        headers={**headers, "num_retry": "1"}, trust_env=False,
    ).status_code == 200  # fmt: skip
    assert len(place.inbox.accepted) == 1
    assert is_fresh(STAMP, NOW - 299, retried=False)
    assert not is_fresh(STAMP, NOW - 301, retried=True)
    assert is_fresh(STAMP, NOW + 7200, retried=True)
    assert not is_fresh(STAMP, NOW + 8 * 86_400, retried=True)


def test_retries_arrive_late_once_we_listen_again(place: Place, served: FakeServer) -> None:
    there, place.fake.webhook = place.fake.webhook, "http://127.0.0.1:1/"
    assert place.fake.says(PERSON, "Xin chào").status == 0
    place.clock.advance(30)
    assert [each.status for each in place.fake.again()] == [0]
    place.fake.webhook = there
    assert not place.fake.again()
    place.clock.advance(300)
    assert [each.status for each in place.fake.again()] == [200]
    assert [each.text for each in place.inbox.accepted] == ["Xin chào"]


def test_the_provider_gives_up_after_five_retries(place: Place) -> None:
    place.fake.webhook = "http://127.0.0.1:1/"
    place.fake.says(PERSON, "Xin chào")
    for seconds in (30, 300, 900, 1800, 3600):
        assert place.fake.enabled
        place.clock.advance(seconds)
        assert len(place.fake.again()) == 1
    assert not place.fake.enabled


def test_a_full_disk_has_the_provider_keep_it(place: Place, served: FakeServer) -> None:
    place.inbox.full = True
    assert place.fake.says(PERSON, "Xin chào").status == 503


# --- events ---------------------------------------------------------------------------------


def test_texts_and_taps(place: Place, served: FakeServer) -> None:
    fake = place.fake
    for text in ("#chon:1a:0", "#thutuc", "# 1", "#", "Số #1", "#chon:1 a", "\ud83d"):
        assert fake.sends(PERSON, "text", {"text": "x"}).status == 200
        event = fake.event("user_send_text", PERSON, message={"text": text, "msg_id": text[:1]})
        body = json.dumps(event).encode()
        assert post(served, body, **fake.signed(body)).status_code == 200
        place.inbox.known.clear()
    found = [(each.kind, each.text, each.payload) for each in place.inbox.accepted[1::2]]
    assert found == [
        (Kind.BUTTON, "", "chon:1a:0"),
        (Kind.TEXT, "thutuc", ""),
        (Kind.TEXT, "# 1", ""),
        (Kind.TEXT, "#", ""),
        (Kind.TEXT, "Số #1", ""),
        (Kind.TEXT, "chon:1 a", ""),
        (Kind.TEXT, "?", ""),
    ]


def test_the_same_message_twice_is_one(place: Place, served: FakeServer) -> None:
    for _ in range(2):
        assert place.fake.says(PERSON, "Xin chào", message="m1").status == 200
    assert len(place.inbox.accepted) == 1


@pytest.mark.parametrize(
    "what", ["image", "gif", "link", "audio", "video", "sticker", "location", "business_card",
             "file"],
)  # fmt: skip
def test_what_is_no_text(place: Place, served: FakeServer, what: str) -> None:
    assert place.fake.attaches(PERSON, what).status == 200
    (one,) = place.inbox.accepted
    assert (one.kind, one.what, one.text) == (Kind.OTHER, what, "")
    assert "http" not in repr(one)  # where the picture is, is not kept


def test_a_link_with_words_is_a_question(place: Place, served: FakeServer) -> None:
    place.fake.sends(PERSON, "link", {"text": "Trang này đúng không?", "attachments": []})
    assert [each.kind for each in place.inbox.accepted] == [Kind.TEXT]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("follow", Kind.BEGIN),
        ("user_click_chatnow", Kind.BEGIN),
        ("unfollow", Kind.LEAVE),
        ("user_withdraw", Kind.WITHDRAW),
    ],
)
def test_what_people_do(place: Place, served: FakeServer, name: str, kind: Kind) -> None:
    assert place.fake.happens(name, PERSON).status == 200
    (one,) = place.inbox.accepted
    assert (one.kind, one.chat, one.person) == (kind, PERSON, PERSON)


def test_echoes_receipts_and_officers(place: Place, served: FakeServer) -> None:
    place.authorise()
    place.fake.receipts = True

    async def send() -> None:
        client = place.client()
        await client.send(PERSON, "Xin chào")
        await client.close()

    place.run(send())
    assert [each.status for each in place.fake.settle()] == [200, 200, 200]
    assert not place.inbox.accepted
    assert place.fake.officer_writes(PERSON, "Mời anh lên phường").status == 200
    (one,) = place.inbox.accepted
    assert (one.kind, one.chat, one.text) == (Kind.OFFICER, PERSON, "")


def _changed(event: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**event, **changes}


def test_events_of_no_use_are_acknowledged_and_told(
    place: Place, served: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    event = place.fake.event("user_send_text", PERSON, message={"text": "a", "msg_id": "1"})
    strange = [
        _changed(event, event_name="user_send_hologram"),
        _changed(event, event_name="user_send_group_text"),
        _changed(event, event_name="anonymous_send_text"),
        _changed(event, event_name="a\nb" * 100),
        _changed(event, event_name=7),
        _changed(event, sender="x"),
        _changed(event, sender={"id": 7}),
        _changed(event, sender={"id": "é"}),
        _changed(event, recipient={"id": "another OA"}),
        _changed(event, sender={"id": place.account.oa_id}),
        _changed(event, event_name="user_seen_message"),
        _changed(event, event_name="follow", follower=None, sender=None),
        _changed(event, event_name="oa_send_text", sender=None),
    ]
    assert [place.fake.push(each).status for each in strange] == [200] * len(strange)
    assert not place.inbox.accepted
    assert "user_send_hologram" in caplog.text
    assert "\nb" not in caplog.text
    bare = _changed(event, message="x", event_name="user_send_image")
    assert place.fake.push(bare).status == 200
    assert [each.kind for each in place.inbox.accepted] == [Kind.OTHER]


def test_acknowledged_in_time(place: Place, served: FakeServer) -> None:
    done: list[Delivery] = [place.fake.says(PERSON, f"Câu {n}") for n in range(20)]
    assert all(each.status == 200 for each in done)
    assert sorted(each.seconds for each in done)[18] < 1
    assert not place.fake.failures
