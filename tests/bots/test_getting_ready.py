"""What a server does behind its first answers, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from assistant.config import Config
from assistant.errors import ModelError
from assistant.language_model.settings import ModelSettings
from assistant.language_model.setup import SetupStatus
from assistant.vocabulary import Status
from bots import getting_ready
from bots.getting_ready import GettingReady
from bots.web.desk import Desk
from bots.web.errors import Refused
from knowledge_base.errors import KnowledgeError
from knowledge_base.home import Home


class BuiltAssistant(SimpleNamespace):
    """As much of an assistant as getting ready asks for."""

    status = Status.ANSWERED

    def ask(self, question: Any, *, keep: bool) -> Any:
        assert not keep  # the trial question leaves no receipt
        return SimpleNamespace(status=self.status)

    def use_model(self, model: Any) -> None:
        self.model = model
        self.model_name = model.name

    def health(self) -> dict[str, object]:
        return {"index": "ok", "record": "ok", "model": "ready" if self.model else "off"}


@pytest.fixture
def readying(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_for: Any
) -> Iterator[GettingReady]:
    config = Config(model=ModelSettings(kind="scripted"))
    state: Any = SimpleNamespace(home=Home(tmp_path), config=config, console=Console(stderr=True))
    monkeypatch.setattr(getting_ready, "ensure_ready", lambda *_: None)
    monkeypatch.setattr(getting_ready, "_GLANCE", 0.01)
    monkeypatch.setattr(getting_ready, "_WATCH", 0.01)
    knowledge = SimpleNamespace(reload_if_changed=lambda: False)
    built: Any = BuiltAssistant(model=None, knowledge=knowledge)
    talk: Any = SimpleNamespace(health=lambda: {"dialogue": "direct"})
    made = GettingReady(state, Desk(config), build=lambda *_: built, converse=lambda *_: talk)
    yield made
    made.stopped.set()


def test_the_model_comes_after_the_cards_already_answer(
    readying: GettingReady, monkeypatch: pytest.MonkeyPatch, wait_for: Any
) -> None:
    status = [SetupStatus("running", {"model.download": (1, 2)}, updated=9e9)]
    monkeypatch.setattr(getting_ready, "is_prepared", lambda *_: False)
    monkeypatch.setattr(getting_ready, "prepare_in_background", lambda *_: 1)
    monkeypatch.setattr(getting_ready, "read_status", lambda *_: status[0])
    readying.start()
    assert wait_for(lambda: readying.desk.health()["index"] == "ok")
    assert readying.desk.health()["model"] == "preparing"
    status[0] = SetupStatus("done", updated=9e9)
    assert wait_for(lambda: readying.desk.health()["model"] == "ready")


def test_without_a_model_the_cards_go_on(
    readying: GettingReady, monkeypatch: pytest.MonkeyPatch, wait_for: Any, capsys: Any
) -> None:
    def fail(*_: Any) -> bool:
        raise ModelError("Hết chỗ trên đĩa.")

    monkeypatch.setattr(getting_ready, "is_prepared", fail)
    readying.start()
    assert wait_for(lambda: readying.desk.health()["model"] == "broken")
    assert readying.desk.health()["index"] == "ok"
    assert wait_for(lambda: "Hết chỗ trên đĩa." in capsys.readouterr().err)


@pytest.mark.parametrize("error", [KnowledgeError("Kho hỏng."), RuntimeError("bất ngờ")])
def test_without_knowledge_the_door_says_so_and_stays_open(
    readying: GettingReady, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(getting_ready, "ensure_ready", fail)
    readying.run()
    assert readying.desk.health()["index"] == "broken"
    with pytest.raises(Refused) as refused:
        readying.desk.assistant()
    assert refused.value.status == 503


def test_new_indexes_are_looked_for(readying: GettingReady, wait_for: Any) -> None:
    looked: list[int] = []
    built: Any = readying.build(readying.state.home, readying.state.config)
    built.knowledge.reload_if_changed = lambda: bool(looked.append(1))
    readying.start()
    assert wait_for(lambda: len(looked) > 2)


def test_a_search_that_does_not_work_is_not_called_ready_until_it_does(
    readying: GettingReady, wait_for: Any
) -> None:
    built: Any = readying.build(readying.state.home, readying.state.config)
    built.status = Status.FAILED_SEARCH
    readying.start()
    assert wait_for(lambda: readying.desk.health()["record"] == "ok")
    assert readying.desk.health()["index"] == "broken"
    built.status = Status.ANSWERED
    assert wait_for(lambda: readying.desk.health()["index"] == "ok")
