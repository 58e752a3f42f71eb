"""From a person's phone to the answer on it: the server as it is run, over the fake Telegram."""

from __future__ import annotations

import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest

from assistant.channels import ChannelsSettings, TelegramSettings
from assistant.config import Config, Limits
from assistant.dialogue.memory import Memory
from assistant.dialogue.state import Heard
from assistant.vocabulary import AnswerEvent, EventKind
from bots.delivery.opening import open_doors
from bots.delivery.service import Delivery
from bots.fakes.plain import Echo, EchoAssistant
from bots.fakes.telegram_server import FakeTelegram
from bots.web.desk import Desk
from bots.web.server import address_of, listen, make_server
from knowledge_base.home import Home
from tests.bots.telegram_bot.conftest import PUBLIC, SECRET

Wait = Callable[..., bool]


class Talking(Echo):
    """Words come one by one while the answer is being made."""

    def reply(self, heard: Heard) -> Iterator[AnswerEvent]:
        for number, event in enumerate(super().reply(heard)):
            if event.kind is EventKind.STATUS and not event.data:
                if number % 10 == 0:
                    yield AnswerEvent(EventKind.TOKEN, f"chữ {number} ")
                continue
            yield event


class Served:
    """A server with the Telegram channel on; ``stop`` and ``start`` are a restart."""

    def __init__(self, telegram: FakeTelegram, home: Home, mode: Literal["webhook", "polling"]):
        self.telegram, self.home, self.mode = telegram, home, mode
        self.seconds = 0.0
        self.grace = 20.0
        self.running = False

    def start(self) -> Served:
        settings = TelegramSettings(on=True, mode=self.mode, api_url=self.telegram.address)
        config = Config(
            limits=Limits(concurrent_answers=2),
            channels=ChannelsSettings(telegram=settings, public_url=PUBLIC),
        )
        secrets = {"TROLY_TELEGRAM_TOKEN": self.telegram.token, "TROLY_TELEGRAM_SECRET": SECRET}
        self.desk = Desk(config)
        doors = open_doors(config, self.home, secrets)
        self.desk.delivery = Delivery(self.desk, self.home, doors, grace=self.grace)
        self.desk.delivery.answerer._status_after = 0.2
        memory = Memory(self.home.state_database)
        self.talk = Talking(memory, seconds=self.seconds)
        self.desk.open(EchoAssistant(), self.talk)
        listening = listen("127.0.0.1", 0)
        self.telegram.reach = address_of(listening)
        self.server = make_server(self.desk)
        self._thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()
        self.running = True
        return self

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive()
        self.running = False

    def texts(self, chat: int = 7) -> list[str]:
        return [each["text"] for each in self.telegram.said(chat)]


@pytest.fixture(params=["webhook", "polling"])
def served(telegram: FakeTelegram, home: Home, request: pytest.FixtureRequest) -> Iterator[Served]:
    made = Served(telegram, home, request.param)
    yield made
    if made.running:
        made.stop()


def test_a_question_and_its_answer(served: Served, wait_for: Wait) -> None:
    telegram = served.telegram
    served.start()
    telegram.says(7, "/start")
    assert wait_for(lambda: served.texts() == ["trả lời: /start"])
    begun = time.monotonic()
    telegram.says(7, "làm hộ chiếu hết bao nhiêu tiền")
    assert wait_for(lambda: telegram.chat(7).actions)
    assert time.monotonic() - begun < 1.0
    telegram.says(8, "/trogiup")
    assert wait_for(lambda: served.texts(8) == ["trả lời: /trogiup"])
    answer = "trả lời: làm hộ chiếu hết bao nhiêu tiền"
    assert wait_for(lambda: served.texts()[1:] == [answer])
    time.sleep(0.5)
    assert len(served.texts()) == 2
    if served.mode == "webhook":
        assert max(each.seconds for each in telegram.server.deliveries) < 1.0


def test_words_are_seen_as_they_come_and_429_costs_only_time(
    served: Served, wait_for: Wait
) -> None:
    telegram = served.telegram
    served.seconds = 3.0
    served.start()
    telegram.says(7, "kể dài dài giúp tôi")
    assert wait_for(lambda: 7 in telegram.world.chats and "chữ" in (telegram.draft(7) or ""))
    telegram.flood.halt(7, 3.5)
    assert wait_for(lambda: served.texts() == ["trả lời: kể dài dài giúp tôi"], 20)
    time.sleep(0.5)
    assert len(served.texts()) == 1
    assert telegram.draft(7) is None
    refused = [each for each in telegram.server.requests if each.status == 429]
    assert 1 <= len(refused) <= 3


def test_who_blocks_the_bot_amid_the_answer_costs_the_others_nothing(
    served: Served, wait_for: Wait
) -> None:
    telegram = served.telegram
    served.seconds = 1.0
    served.start()
    telegram.says(7, "tôi sẽ chặn")
    assert wait_for(lambda: served.desk.delivery and telegram.chat(7).actions)
    telegram.blocks(7)
    telegram.says(8, "tôi thì không")
    assert wait_for(lambda: served.texts(8) == ["trả lời: tôi thì không"], 15)
    assert served.texts(7) == []
    delivery: Any = served.desk.delivery
    assert wait_for(lambda: not delivery.outbox.depth().get("telegram"))


def test_a_server_that_is_stopped_amid_the_answer_goes_on_after(
    served: Served, wait_for: Wait
) -> None:
    telegram = served.telegram
    served.seconds, served.grace = 30.0, 1.0
    served.start()
    telegram.says(7, "câu hỏi dở dang")
    assert wait_for(lambda: 7 in telegram.world.chats and telegram.draft(7), 10)
    served.stop()
    telegram.says(7, "/nguon")  # while nobody listens
    served.seconds = 0.0
    served.start()
    expected = ["trả lời: câu hỏi dở dang", "trả lời: /nguon"]
    assert wait_for(lambda: served.texts() == expected, 20)
    time.sleep(0.3)
    assert served.texts() == expected


def test_a_long_answer_of_split_letters(served: Served, wait_for: Wait) -> None:
    served.start()
    text = unicodedata.normalize("NFD", "Đăng ký thường trú tại nơi ở mới. " * 100)
    served.telegram.says(7, text[:4096])
    assert wait_for(served.texts, 15)
    assert all(unicodedata.is_normalized("NFC", each) for each in served.texts())
