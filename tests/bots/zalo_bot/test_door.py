"""The ways in, over real sockets: the webhook, and asking for updates."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import SecretStr

from bots.delivery.channel import Kind, Part
from bots.fakes.zalo_bot import BOT_ID
from bots.zalo_bot.adapter import ZaloBotChannel
from bots.zalo_bot.door import ZaloBotDoor

PERSON = "6ede9afa66b88fe6d6a9"


# --- webhook --------------------------------------------------------------------------------


@pytest.mark.parametrize("envelope", [False, True])
@pytest.mark.parametrize("photo_key", ["photo", "photo_url"])
def test_what_the_platform_pushes_is_kept(
    fake: Any, hook: Any, envelope: bool, photo_key: Any
) -> None:
    fake.envelope, fake.photo_key = envelope, photo_key
    assert fake.says(PERSON, "Làm hộ chiếu ở đâu?").status == 200
    assert fake.sends(PERSON, "image", caption="đây ạ").status == 200
    assert fake.sends(PERSON, "unsupported").status == 200
    text, image, other = hook.inbox.all
    assert (text.kind, text.text, text.chat) == (Kind.TEXT, "Làm hộ chiếu ở đâu?", PERSON)
    assert (image.kind, image.what, image.text) == (Kind.OTHER, "image", "")
    assert (other.kind, other.what) == (Kind.OTHER, "unsupported")


def test_a_message_that_comes_again_is_kept_once(fake: Any, hook: Any) -> None:
    for _ in range(3):
        assert fake.event(PERSON, "text", number="m-1", text="a").status == 200
    assert len(hook.inbox.all) == 1
    assert hook.inbox.again == 2


@pytest.mark.parametrize("secret", [None, "", "sai", "mot-bi-mat-da", "MOT-BI-MAT-DAI", "á" * 9])
def test_a_forged_message_is_refused_and_nothing_of_it_kept(
    fake: Any, hook: Any, secret: str | None
) -> None:
    body = json.dumps({"event_name": "message.text.received"}).encode()
    assert hook.post(body, secret) == 403
    assert hook.inbox.all == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe\x00", 400),
        (b'{"event_name": "message.text.received"', 400),
        (b"[]", 400),
        (b"null", 400),
        (b"[" * 60_000, 400),
        (b"{}", 200),
        (b'{"event_name": "webhook.test"}', 200),
        (b'{"ok": true, "result": {"event_name": "message.new.received"}}', 200),
        (b'{"a": "' + b"x" * 70_000 + b'"}', 413),
    ],
)
def test_an_odd_body_gets_a_status_and_is_not_kept(hook: Any, body: bytes, status: int) -> None:
    assert hook.post(body) == status
    assert hook.inbox.all == []


def test_what_cannot_be_kept_is_left_with_the_platform(fake: Any, hook: Any) -> None:
    hook.inbox.broken = 1
    assert fake.says(PERSON, "a").status == 503
    fake.retries = 2
    hook.inbox.broken = 2
    assert fake.event(PERSON, "text", number="m", text="b").status == 200
    assert [each.text for each in hook.inbox.all] == ["b"]


def test_own_messages_that_come_back_are_dropped(fake: Any, hook: Any, wait_for: Any) -> None:
    fake.known[PERSON] = "Ted"
    fake.echoes = True

    async def send() -> None:
        await hook.channel.send(PERSON, Part({"text": "Chào anh/chị"}))
        await hook.channel.close()

    asyncio.run(send())
    assert wait_for(lambda: bool(fake.server.deliveries))
    assert fake.server.deliveries[0].status == 200
    assert hook.inbox.all == []
    # … also where the platform does not say that it was a bot.
    (message,) = fake.sent
    assert fake.event(PERSON, "text", number=message.id, text=message.text).status == 200
    assert hook.inbox.all == []


def test_many_people_at_once_are_all_kept(fake: Any, hook: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: fake.says(f"p{n % 20}", f"câu {n}").status, range(60)))
    assert told == [200] * 60
    assert len(hook.inbox.all) == 60


def test_no_word_and_no_secret_is_logged(
    fake: Any, hook: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bots")
    fake.says(PERSON, "số căn cước 001099012345")
    fake.event(PERSON, "text", group="nhom", text="bí mật")
    hook.post(b"{", "sai-bi-mat")
    hook.post(b"{001099012345")
    for word in ("001099012345", "bí mật", "mot-bi-mat-dai", "sai-bi-mat", PERSON):
        assert word not in caplog.text


def test_while_updates_are_asked_for_there_is_no_webhook(fake: Any, client: Any) -> None:
    door = ZaloBotDoor(ZaloBotChannel(client(fake)), mode="polling")
    assert door.routes(None).routes == []  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="secret"):
        ZaloBotDoor(ZaloBotChannel(client(fake)), mode="webhook")


# --- polling --------------------------------------------------------------------------------


def polling(
    fake: Any, client: Any, inbox: Any, naps: Any, until: Callable[[], bool], **more: Any
) -> ZaloBotDoor:
    """Run a door until something happened, then stop it."""

    async def run() -> ZaloBotDoor:
        channel = ZaloBotChannel(client(fake))
        door = ZaloBotDoor(channel, mode="polling", sleep=naps, **more)
        task = asyncio.create_task(door.run(inbox))
        try:
            async with asyncio.timeout(10):
                while not until():
                    assert not task.done(), task.exception()
                    await asyncio.sleep(0.01)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await channel.close()
        return door

    return asyncio.run(run())


@pytest.mark.parametrize("idle", ["http", "body"])
def test_updates_are_asked_for_one_by_one(
    fake: Any, client: Any, inbox: Any, naps: Any, idle: Any
) -> None:
    fake.idle = idle
    for word in ("một", "hai", "ba"):
        fake.says(PERSON, word)
    polls = lambda: len(fake.server.to("/getUpdates"))  # noqa: E731
    polling(fake, client, inbox, naps, lambda: polls() >= 6)
    assert [each.text for each in inbox.all] == ["một", "hai", "ba"]
    assert naps.asked == []  # an idle poll is no fault


def test_the_same_message_handed_out_twice_is_kept_once(
    fake: Any, client: Any, inbox: Any, naps: Any
) -> None:
    for _ in range(2):
        fake.event(PERSON, "text", number="m", text="a")
    polling(fake, client, inbox, naps, lambda: inbox.again == 1)
    assert len(inbox.all) == 1


def test_after_faults_it_goes_on_with_growing_pauses(
    fake: Any, client: Any, inbox: Any, naps: Any
) -> None:
    fake.server.next(3, status=502, path="/getUpdates")
    fake.server.next(1, close="before", path="/getUpdates")
    fake.server.next(1, error=(403, "Internal server error"), path="/getUpdates")
    fake.says(PERSON, "a")
    polling(fake, client, inbox, naps, lambda: bool(inbox.all))
    assert len(naps.asked) == 5
    for failed, nap in enumerate(naps.asked):
        assert 0.5 * 2**failed <= nap <= max(1.0, 2.0**failed)


def test_a_refused_token_is_tried_rarely_and_said_aloud(
    fake: Any, client: Any, inbox: Any, naps: Any, caplog: pytest.LogCaptureFixture
) -> None:
    fake.token = "khac:token"
    polling(fake, client, inbox, naps, lambda: len(naps.asked) >= 2)
    assert set(naps.asked) == {300.0}
    assert "401" in caplog.text
    assert "abc-xyz" not in "".join(r.getMessage() for r in caplog.records if "bots" in r.name)


def test_what_was_handed_out_is_kept_sooner_or_later(
    fake: Any, client: Any, inbox: Any, naps: Any
) -> None:
    """The platform does not give it twice."""
    inbox.broken = 3
    fake.says(PERSON, "a")
    polling(fake, client, inbox, naps, lambda: bool(inbox.all))
    assert len(naps.asked) == 3
    assert [each.text for each in inbox.all] == ["a"]


def test_the_bots_own_id_is_learned_and_its_echo_dropped(
    fake: Any, client: Any, inbox: Any, naps: Any
) -> None:
    fake.event(BOT_ID, "text", text="của chính bot")
    fake.says(PERSON, "của người")
    polling(fake, client, inbox, naps, lambda: bool(inbox.all))
    assert [each.text for each in inbox.all] == ["của người"]


def test_a_webhook_that_is_in_the_way_is_removed_and_told(
    fake: Any, client: Any, inbox: Any, naps: Any, caplog: pytest.LogCaptureFixture
) -> None:
    fake.webhook = "https://dvc.example.gov.vn/webhooks/zalo-bot"
    # Whatever level a command of another test left the root logger at.
    with caplog.at_level(logging.WARNING, logger="bots.zalo_bot.door"):
        polling(fake, client, inbox, naps, lambda: bool(fake.server.to("/getUpdates")))
    assert "webhook at dvc.example.gov.vn is removed" in caplog.text
    assert fake.webhook == ""


def test_what_is_written_while_nobody_polls_may_be_lost(
    fake: Any, client: Any, inbox: Any, naps: Any
) -> None:
    fake.keeps = False
    fake.says(PERSON, "không ai nghe")
    said = iter(["có người nghe"])

    def until() -> bool:
        if fake._waiting and (word := next(said, "")):
            fake.says(PERSON, word)
        return bool(inbox.all)

    fake.longest_poll = 5
    polling(fake, client, inbox, naps, until)
    assert [each.text for each in inbox.all] == ["có người nghe"]


@pytest.mark.parametrize(
    ("address", "calls", "says"),
    [
        ("", ["getMe"], ""),
        ("https://dvc.example.gov.vn/webhooks/zalo-bot", ["getMe", "setWebhook"], ""),
        ("https://10.0.0.1/webhooks/zalo-bot", ["getMe", "setWebhook"], "is refused"),
    ],
)
def test_a_webhook_registers_itself_where_its_address_is_known(
    fake: Any, client: Any, inbox: Any, caplog: Any, address: str, calls: list[str], says: str
) -> None:
    async def run() -> None:
        channel = ZaloBotChannel(client(fake))
        secret = SecretStr("mot-bi-mat")
        door = ZaloBotDoor(channel, mode="webhook", secret=secret, address=address)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(door.run(inbox), 0.3)
        await channel.close()

    asyncio.run(run())
    assert [each.path.rsplit("/", 1)[1] for each in fake.server.requests] == calls
    if says:
        assert says in caplog.text
    else:
        assert (fake.webhook, fake.secret) == (address, "mot-bi-mat" if address else "")
    assert "mot-bi-mat" not in caplog.text
