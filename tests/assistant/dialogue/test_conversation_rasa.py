"""Conversations with the real Rasa: killed, held up, asked twice at once, asked for long.

Needs a home in which ``troly dialogue train`` has run: ``TROLY_TEST_RASA_HOME``, or that of
the person who runs the tests. ``TROLY_TEST_RASA=1`` trains there where it has not.
"""

from __future__ import annotations

import io
import json
import os
import signal
import statistics
import tarfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.decision import Decision
from assistant.dialogue.direct import DirectDialogue
from assistant.dialogue.memory import Memory
from assistant.dialogue.runtime.environment import is_ready
from assistant.dialogue.runtime.places import Places
from assistant.dialogue.runtime.server import RasaServer, ServerState, Timing
from assistant.dialogue.runtime.service import RasaService
from assistant.dialogue.runtime.training import Trained, model_path
from assistant.dialogue.state import Heard
from assistant.dialogue.through_rasa import RasaDialogue
from assistant.vocabulary import Answer, EventKind
from knowledge_base.home import Home
from knowledge_base.scope import citizen

pytestmark = [pytest.mark.dialogue, pytest.mark.slow]

# Read before the tests get a home of their own.
_HOME = Home.find(Path(given) if (given := os.environ.get("TROLY_TEST_RASA_HOME")) else None)
_TRAIN = os.environ.get("TROLY_TEST_RASA") == "1"

DAY = date(2026, 8, 1)
PASSPORT, MARRIAGE = "1.001456", "1.000894"


@pytest.fixture(scope="module")
def places() -> Places:
    """Those of a home that has Rasa, with conversations of their own."""
    found = replace(Places.of(_HOME.path), tag="-test")
    if not _TRAIN and not (is_ready(found) and model_path(found).is_file()):
        pytest.skip(f"no Rasa, or none of these files, in {_HOME.path}: troly dialogue train")
    return found


@pytest.fixture(scope="module")
def service(places: Places) -> Iterator[RasaService]:
    made = RasaService(places)
    made.start()
    try:
        assert made.wait_ready(240), made.health
        yield made
    finally:
        made.close()


class Talk:
    """A conversation through Rasa; the last decision can be looked at."""

    def __init__(self, service: RasaService, assistant: Assistant, state: Path) -> None:
        self.decision: Decision | None = None
        self.service = service
        dialogue = RasaDialogue(service.client, DirectDialogue(assistant), service.client.forget)
        self.conversation = Conversation(
            assistant, dialogue, Memory(state), decided=self._decided, receipts=False
        )
        self.name = f"test {time.time_ns()}"

    def _decided(self, decision: Decision) -> None:
        self.decision = decision

    def say(self, text: str, name: str = "") -> Answer:
        heard = Heard(text, name or self.name, citizen(), as_of=DAY, use_model=False)
        events = list(self.conversation.reply(heard))
        (answer,) = [event.data for event in events if event.kind is EventKind.FINAL]
        assert isinstance(answer, Answer)
        return answer

    @property
    def by(self) -> str:
        assert self.decision is not None
        return self.decision.by

    def until_rasa(self, seconds: float) -> None:
        """Talk of something else until Rasa decides again."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.say("cảm ơn bạn")
            if self.by == "rasa":
                return
            time.sleep(0.3)
        raise AssertionError(self.service.health)


@pytest.fixture
def talk(service: RasaService, assistant: Assistant, tmp_path: Path) -> Iterator[Talk]:
    assert service.wait_ready(240)
    made = Talk(service, assistant, tmp_path / "state.sqlite")
    made.until_rasa(90)
    yield made
    made.conversation.forget(made.name)


def _code(answer: Answer) -> str:
    return answer.card.code if answer.card else ""


def test_killed_in_mid_conversation(talk: Talk, service: RasaService) -> None:
    assert _code(talk.say("làm hộ chiếu ở đâu")) == PASSPORT
    assert talk.by == "rasa"
    pid = service._server.status.pid if service._server else None
    assert pid
    os.kill(pid, signal.SIGKILL)
    started = time.monotonic()
    answer = talk.say("còn lệ phí?")
    assert time.monotonic() - started < 3
    assert (_code(answer), answer.slots, talk.by) == (PASSPORT, ("fees",), "direct")
    assert talk.decision is not None
    assert talk.decision.reason.startswith("Rasa: ")
    assert talk.conversation.health()["dialogue"] == "direct"
    # It is started again by itself, and goes on where the rules have led.
    talk.until_rasa(120)
    assert _code(talk.say("mấy ngày có")) == PASSPORT
    assert talk.by == "rasa"
    assert talk.conversation.health()["dialogue"] == "rasa"
    assert service.health.restarts >= 1


def test_held_up_it_costs_seconds_once(talk: Talk, service: RasaService) -> None:
    assert _code(talk.say("đăng ký kết hôn cần gì")) == MARRIAGE
    pid = service._server.status.pid if service._server else None
    assert pid
    os.kill(pid, signal.SIGSTOP)
    try:
        took = []
        for _ in range(6):
            started = time.monotonic()
            assert _code(talk.say("còn lệ phí?")) == MARRIAGE
            took.append(time.monotonic() - started)
            assert talk.by == "direct"
    finally:
        os.kill(pid, signal.SIGCONT)
    assert max(took) < 4
    assert min(took[3:]) < 1  # nobody waits for what is known to hang
    assert service.health.breaker != "closed"
    talk.until_rasa(120)


def test_two_messages_at_once_are_two_turns(talk: Talk, service: RasaService) -> None:
    codes: list[str] = []
    asked = ("làm hộ chiếu ở đâu", "đăng ký kết hôn ở đâu")
    threads = [
        threading.Thread(target=lambda text=text: codes.append(_code(talk.say(text))))
        for text in asked
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(codes) == sorted([PASSPORT, MARRIAGE])
    assert service.health.breaker == "closed"
    kept = talk.conversation._memory.transcript(talk.name)
    assert {told.turn.question for told in kept} >= set(asked)


def test_many_conversations_at_once(talk: Talk, service: RasaService) -> None:
    found: dict[str, str] = {}

    def tell(name: str) -> None:
        talk.say("làm hộ chiếu ở đâu", name)
        found[name] = _code(talk.say("còn lệ phí?", name))

    names = [f"{talk.name} {n}" for n in range(8)]
    threads = [threading.Thread(target=tell, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == dict.fromkeys(names, PASSPORT)
    for name in names:
        talk.conversation.forget(name)


def test_two_hundred_turns_cost_no_more_each(talk: Talk) -> None:
    talk.say("làm hộ chiếu ở đâu")
    took, by = [], []
    for n in range(200):
        started = time.monotonic()
        answer = talk.say(("còn lệ phí?", "mấy ngày có", "cảm ơn")[n % 3])
        took.append(time.monotonic() - started)
        by.append(talk.by)
        assert n % 3 == 2 or _code(answer) == PASSPORT
    early, late = statistics.median(took[10:40]), statistics.median(took[-30:])
    print(f"median of turns 10-40: {1000 * early:.0f} ms, of the last 30: {1000 * late:.0f} ms")
    assert late < 2 * early
    assert late < 0.6
    assert by.count("rasa") > 190


def test_a_model_of_another_version_is_told_in_clear_words(places: Places, tmp_path: Path) -> None:
    old = tmp_path / "old.tar.gz"
    with tarfile.open(model_path(places)) as source, tarfile.open(old, "w:gz") as target:
        for member in source:
            data = source.extractfile(member)
            read = data.read() if data else b""
            if member.name.endswith("metadata.json"):
                told = json.loads(read)
                told["rasa_open_source_version"] = "2.8.0"
                read = json.dumps(told).encode()
                member.size = len(read)
            target.addfile(member, io.BytesIO(read) if data else None)
    aside = replace(places, tag="-old")
    with RasaServer(aside, Trained(old, False), Timing(start=90)) as server:
        end = time.monotonic() + 90
        while server.status.state is not ServerState.DOWN and time.monotonic() < end:
            time.sleep(0.2)
        assert "troly dialogue train --again" in server.status.reason
        assert "2.8.0" in server.status.reason or "version" in server.status.reason
        assert server.access is None
