"""A real Rasa: trained, started, asked, killed, asked again.

Needs Rasa's environment: ``TROLY_DIALOGUE_VENV``, or the one of the person who runs
the tests. ``TROLY_TEST_DIALOGUE=1`` makes one (from the network, 0.7 GB).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
import pytest
import yaml

from assistant.dialogue.decision import DecisionKind
from assistant.dialogue.runtime.client import RasaClient
from assistant.dialogue.runtime.environment import ensure_environment, is_ready
from assistant.dialogue.runtime.places import DIALOGUE, Places
from assistant.dialogue.runtime.server import RasaServer
from assistant.dialogue.runtime.tracker import forget_conversation
from assistant.dialogue.runtime.training import Trained, ensure_model
from assistant.dialogue.runtime.trials import run_trials
from assistant.errors import DialogueError, DialogueSetupFailed, DialogueUnavailable
from knowledge_base.home import Home

pytestmark = [pytest.mark.dialogue, pytest.mark.slow]

# Read before the tests get a home of their own.
_VENV = os.environ.get("TROLY_DIALOGUE_VENV") or str(Places.of(Home.find().path).venv)
_MAKE = os.environ.get("TROLY_TEST_DIALOGUE") == "1"

DOMAIN = """
version: "3.1"
intents: [greet, goodbye, ask_fee, crash]
entities: [procedure]
slots:
  procedure:
    type: text
    influence_conversation: false
    mappings: [{type: from_entity, entity: procedure}]
responses:
  utter_greet: [{custom: {decision: {kind: say, reply: greet}}}]
  utter_bye: [{custom: {decision: {kind: say, reply: bye, slots: {procedure: "{procedure}"}}}}]
  utter_fee: [{custom: {decision: {kind: answer, question: "lệ phí {procedure}"}}}]
actions: [action_that_nobody_has]
session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: true}
"""
NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - xin chào
    - chào bạn
    - alo
- intent: ask_fee
  examples: |
    - lệ phí [hộ chiếu](procedure) bao nhiêu
    - làm [khai sinh](procedure) hết bao nhiêu tiền
    - phí [kết hôn](procedure)
- intent: goodbye
  examples: |
    - tạm biệt
    - hẹn gặp lại
- intent: crash
  examples: |
    - zzz zzz
    - zzzz
- lookup: procedure
  examples: |
    - hộ chiếu
    - khai sinh
    - kết hôn
"""
RULES = """
version: "3.1"
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: goodbye
  steps: [{intent: goodbye}, {action: utter_bye}]
- rule: fee
  steps: [{intent: ask_fee}, {action: utter_fee}]
- rule: an action without a server
  steps: [{intent: crash}, {action: action_that_nobody_has}]
"""
STORIES = """
version: "3.1"
stories:
- story: fee
  steps:
  - user: "xin chào"
    intent: greet
  - action: utter_greet
"""
PIPELINE = [
    {"name": "WhitespaceTokenizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 3},
    {"name": "LogisticRegressionClassifier"},
    {"name": "RegexEntityExtractor", "use_lookup_tables": True},
]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    folder = tmp_path_factory.mktemp("rasa")
    project = folder / "project"
    (project / "data").mkdir(parents=True)
    (project / "tests").mkdir()
    files = {"domain": DOMAIN, "data/nlu": NLU, "data/rules": RULES, "tests/stories": STORIES}
    for name, text in files.items():
        (project / f"{name}.yml").write_text(text, encoding="utf-8")
    for name in ("endpoints.yml", "credentials.yml"):
        shutil.copy(DIALOGUE / "project" / name, project)
    config = folder / "config.yml"
    told = {"recipe": "default.v1", "language": "vi", "assistant_id": "test"}
    told |= {"pipeline": PIPELINE, "policies": [{"name": "RulePolicy"}]}  # type: ignore[dict-item]
    config.write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
    made = Places(
        folder / "home" / "dialogue", project=project, config=config, held_out=folder / "none"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TROLY_DIALOGUE_VENV", _VENV)
        if not is_ready(made):
            if not _MAKE:
                pytest.skip("Rasa's environment is not here: troly dialogue train")
            ensure_environment(made)
        yield made


@pytest.fixture(scope="module")
def model(places: Places) -> Trained:
    return ensure_model(places)


@pytest.fixture(scope="module")
def server(places: Places, model: Trained) -> Iterator[RasaServer]:
    with RasaServer(places, model) as made:
        assert made.wait_ready(240), places.log("server").read_text()[-2000:]
        yield made


@pytest.fixture
def client(server: RasaServer, places: Places) -> Iterator[RasaClient]:
    assert server.wait_ready(240)
    # A busy machine is not the subject.
    forget = partial(forget_conversation, places)
    made = RasaClient(lambda: server.access, patience=10, forget=forget)
    yield made
    made.close()


def test_it_decides_and_says_what_it_understood(client: RasaClient) -> None:
    decision = client.decide("a/một", "lệ phí hộ chiếu bao nhiêu")
    assert decision.kind is DecisionKind.ANSWER
    assert (decision.intent, decision.by) == ("ask_fee", "rasa")
    assert decision.question == "lệ phí hộ chiếu"
    assert decision.slots == {"procedure": "hộ chiếu"}
    assert 0.5 < decision.confidence <= 1
    assert client.decide("a/một", "xin chào").slots == {"procedure": "hộ chiếu"}
    assert client.decide("b", "xin chào").slots == {}
    assert client.decide("b", "", payload="/goodbye").slots == {}  # not {"procedure": "None"}


def test_a_button_and_what_was_said_go_into_the_conversation(client: RasaClient) -> None:
    pressed = client.decide("c", "", payload='/ask_fee{"procedure": "khai sinh"}')
    assert (pressed.question, pressed.confidence) == ("lệ phí khai sinh", 1.0)
    bot = {"event": "bot", "text": "Không mất lệ phí."}
    client.told("c", [bot, {"event": "slot", "name": "procedure", "value": "kết hôn"}])
    assert client.decide("c", "", payload="/ask_fee").question == "lệ phí kết hôn"


def test_parse_touches_no_conversation(client: RasaClient) -> None:
    parsed = client.parse("phí kết hôn")
    assert parsed.intent == "ask_fee"
    assert [each["value"] for each in parsed.entities] == ["kết hôn"]


@pytest.mark.parametrize("text", ["", " ", "\x00", "🙂", "nửa \udcff", "a" * 9000, "/restart"])
def test_odd_texts_are_decided_or_refused_and_nothing_breaks(client: RasaClient, text: str) -> None:
    with contextlib.suppress(DialogueError):
        client.decide("odd", text)
    assert client.decide("odd", "xin chào").reply == "greet"


def test_a_turn_that_fails_inside_is_a_failure(client: RasaClient) -> None:
    with pytest.raises(DialogueError):
        client.decide("d", "zzz zzz")
    assert client.decide("d", "xin chào").reply == "greet"


def test_without_the_secrets_there_is_no_way_in(server: RasaServer) -> None:
    access = server.access
    assert access is not None
    body = {"sender": "x", "message": "xin chào"}
    with httpx.Client(base_url=access.url, trust_env=False, timeout=10) as http:
        webhook = "/webhooks/troly/webhook"
        assert http.post(webhook, json=body).status_code == 403
        wrong = {"X-Channel-Secret": "x" * 64}
        assert http.post(webhook, json=body, headers=wrong).status_code == 403
        assert http.post("/webhooks/rest/webhook", json=body).status_code == 404
        assert http.get("/status").status_code == 401
        assert http.post("/model/parse", json={"text": "x"}).status_code == 401
        assert http.get("/conversations/a/tracker").status_code == 401
        good = access.channel()
        for wrong_body in ([], {}, {"sender": "x"}, {"sender": "", "message": "x"}):
            assert http.post(webhook, json=wrong_body, headers=good).status_code == 400
        assert http.post(webhook, content=b"{", headers=good).status_code == 400


def test_killed_in_mid_conversation_it_comes_back_and_remembers(
    server: RasaServer, client: RasaClient
) -> None:
    client.decide("k", "lệ phí kết hôn")
    pid = server.status.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(DialogueUnavailable):  # noqa: PT012 - the kill takes a moment
        for _ in range(50):
            client.decide("k", "xin chào")
            time.sleep(0.02)
    deadline = time.monotonic() + 20
    while server.status.restarts == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert server.wait_ready(240)
    assert client.decide("k", "xin chào").slots == {"procedure": "kết hôn"}


def test_the_logs_hold_nothing_of_what_was_said(client: RasaClient, places: Places) -> None:
    for text in ("số của tôi là 012345678901", "zzz 012345678901 zzz"):
        with contextlib.suppress(DialogueError):
            client.decide("l", text)
    assert "012345678901" not in places.log("server").read_text(encoding="utf-8")


def test_a_conversation_is_forgotten_while_it_runs(client: RasaClient, places: Places) -> None:
    assert client.decide("f", "lệ phí kết hôn").slots
    client.forget("f")
    assert forget_conversation(places, "f") == 0
    assert not client.decide("f", "xin chào").slots


def test_turns_are_quick(client: RasaClient) -> None:
    taken = []
    for _ in range(20):
        started = time.monotonic()
        client.decide("quick", "phí kết hôn")
        taken.append(time.monotonic() - started)
    assert statistics.median(taken) < 0.5


def test_rasa_checks_its_own_project(places: Places, model: Trained) -> None:
    trials = {each.name: each for each in run_trials(places, model)}
    assert trials["rasa data validate"].passed, trials
    assert trials["rasa test core"].passed, trials
    assert trials["rasa test core"].summary == "1/1 hội thoại"
    assert "rasa test nlu" not in trials


def test_a_component_that_needs_tensorflow_is_refused_in_a_sentence(
    places: Places, tmp_path: Path
) -> None:
    told = yaml.safe_load(places.config.read_text(encoding="utf-8"))
    told["pipeline"] = [*PIPELINE[:2], {"name": "DIETClassifier", "epochs": 1}]
    config = tmp_path / "config.yml"
    config.write_text(yaml.safe_dump(told), encoding="utf-8")
    with pytest.raises(DialogueSetupFailed, match="TensorFlow"):
        ensure_model(replace(places, config=config))
