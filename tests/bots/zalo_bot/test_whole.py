"""From a person's message to the answer on their screen: the real server between two sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.channels import ChannelsSettings, ZaloBotSettings
from assistant.config import Config, Limits
from bots.delivery.opening import open_delivery
from bots.fakes.zalo_bot import TOKEN
from bots.web.desk import Desk
from bots.zalo_bot.door import PATH
from knowledge_base.home import Home

PERSON = "6ede9afa66b88fe6d6a9"
SECRET = "mot-bi-mat-dai"
ASK = "Làm hộ chiếu hết bao nhiêu tiền?"


@pytest.fixture(params=["polling", "webhook"])
def served(
    request: pytest.FixtureRequest,
    fake: Any,
    site: Any,
    tmp_path: Path,
) -> Iterator[Any]:
    settings = ZaloBotSettings(on=True, mode=request.param, api_url=fake.address)
    config = Config(
        limits=Limits(concurrent_answers=2), channels=ChannelsSettings(zalo_bot=settings)
    )
    desk = Desk(config, heartbeat=0.2)
    environ = {"TROLY_ZALO_BOT_TOKEN": TOKEN, "TROLY_ZALO_BOT_SECRET": SECRET}
    desk.delivery = open_delivery(desk, Home(tmp_path), environ)
    fake.longest_poll, fake.echoes = 5.0, True
    assistant = site.assistant
    desk.open(assistant, type(site.desk.conversation())(assistant))
    running = type(site)(desk, assistant)
    if request.param == "webhook":
        fake.webhook, fake.secret = running.address + PATH, SECRET
    yield running
    running.stop()


def answered(fake: Any) -> list[str]:
    return [text for text in fake.to(PERSON) if ASK in text]


def test_a_question_is_answered_once_with_sources_and_numbers(
    fake: Any, served: Any, wait_for: Any
) -> None:
    for _ in range(3):  # the platform may bring it again
        fake.event(PERSON, "text", number="m-1", text=ASK)
    assert wait_for(lambda: bool(answered(fake)), 15)
    (text,) = answered(fake)
    assert "\nNguồn:\n[1]" in text
    assert "\n1. Nộp ở đâu?\n2. Cần giấy tờ gì?" in text
    assert fake.typing[0][0] == PERSON
    fake.says(PERSON, f"{ASK} Lần hai.")
    assert wait_for(lambda: len(answered(fake)) == 2, 15)  # and no echo was answered
    assert len(served.assistant.questions) == 2


@pytest.mark.parametrize(
    "fault", [{"error": (429, "Quota exceeded")}, {"status": 502}, {"close": "after"}]
)
def test_whatever_goes_wrong_the_answer_comes_once(
    fake: Any, served: Any, wait_for: Any, fault: Any
) -> None:
    fake.server.next(path="/sendMessage", **fault)
    fake.says(PERSON, ASK)
    assert wait_for(lambda: bool(answered(fake)), 20)
    fake.says(PERSON, f"{ASK} Lần hai.")
    assert wait_for(lambda: len(answered(fake)) >= 2, 20)
    assert len(answered(fake)) == 2


def test_a_picture_is_answered_politely(fake: Any, served: Any, wait_for: Any) -> None:
    fake.sends(PERSON, "image", caption="căn cước của tôi")
    assert wait_for(lambda: bool(fake.to(PERSON)), 15)
    assert "ảnh" in fake.to(PERSON)[0]
    assert served.assistant.questions == []
