"""Every door over one server and one knowledge base, each as somebody in front of it has it."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
from rich.console import Console

from assistant.config import Config, Limits, Receipts
from assistant.dialogue.settings import DialogueSettings
from assistant.language_model.settings import ModelSettings
from assistant.session import Session
from assistant.vocabulary import Answer
from bots.delivery import service
from bots.demo.exchange import exchange
from bots.demo.people import PLATFORMS, Citizen, Platform
from bots.demo.stage import Setting, Stage
from knowledge_base.home import Home

#: The doors that a scenario is played through.
DOORS = (*PLATFORMS, "web", "v1", "rest", "terminal")
#: Seconds that an answer takes which is to be stopped, and that anything may take.
SLOW, PATIENCE = 20.0, 20.0


@dataclass
class Seen:
    """What a person has before them after one step, and what the conversation said."""

    text: str
    buttons: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def facts(self) -> tuple[Any, ...] | None:
        """What must be the same at every door."""
        if not self.answers:
            return None
        answer = self.answers[-1]
        cited = tuple((c.document_id, c.start, c.end, c.sha256) for c in answer.citations)
        return answer.status, answer.card and answer.card.code, cited, answer.suggestions


class Door(Protocol):
    def says(self, text: str) -> Seen: ...
    def presses(self, title: str) -> Seen: ...
    def sends_picture(self) -> Seen | None: ...
    def stops(self, text: str) -> Seen: ...
    def officer(self, text: str) -> Seen: ...


def wait_for(happened: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


class Chat:
    """A phone with a chat channel's app."""

    def __init__(self, stage: Stage, citizen: Citizen) -> None:
        self.stage, self.citizen = stage, citizen
        self._buttons: list[str] = []

    def _do(self, act: Callable[[], None]) -> Seen:
        came = exchange(self.stage, self.citizen, act, seconds=PATIENCE)
        text = "\n".join(each.text for each in came.messages)
        buttons = [title for each in came.messages for title in each.buttons]
        self._buttons = buttons or listed(text)
        return Seen(text, self._buttons, came.answers)

    def says(self, text: str) -> Seen:
        return self._do(lambda: self.citizen.says(text))

    def presses(self, title: str) -> Seen:
        number = self._buttons.index(title) + 1
        return self._do(lambda: self.citizen.presses(number))

    def sends_picture(self) -> Seen:
        return self._do(self.citizen.sends_picture)

    def stops(self, text: str) -> Seen:
        self.stage.slow = SLOW
        try:
            self.citizen.says(text)
            wait_for(lambda: self.stage.delivery.worker._working)
            begun = time.monotonic()
            seen = self.says("/dung")
            assert time.monotonic() - begun < SLOW / 2
        finally:
            self.stage.slow = 0.0
        assert "đã dừng" in seen.text
        return seen

    def officer(self, text: str) -> Seen:
        def act() -> None:
            assert self.stage.answer_as_officer(self.citizen.conversation, text)

        return self._do(act)


class Terminal:
    """``troly chat``."""

    def __init__(self, session: Session, stage: Stage, name: str) -> None:
        self.session, self.stage, self.name = session, stage, name
        self._buttons: tuple[str, ...] = ()

    def says(self, text: str) -> Seen:
        out = io.StringIO()
        self.session.console = Console(file=out, width=10_000)
        with contextlib.redirect_stdout(out):
            answer = self.session.show_events(self.session.reply(text, self.name, as_of=None))
        self._buttons = answer.suggestions
        return Seen(out.getvalue(), list(answer.suggestions), [answer])

    def presses(self, title: str) -> Seen:
        return self.says(str(self._buttons.index(title) + 1))

    def sends_picture(self) -> Seen | None:
        return None

    def stops(self, text: str) -> Seen:
        events = self.session.reply(text, self.name, as_of=None)
        next(events)
        events.close()  # type: ignore[attr-defined]
        return Seen("")

    def officer(self, text: str) -> Seen:
        assert self.stage.answer_as_officer(self.name, text)
        return Seen(self.says("cảm ơn").text)


class Http:
    """What the doors of the web have in common."""

    def __init__(self, stage: Stage, name: str) -> None:
        self.stage, self.name = stage, name
        self.http = httpx.Client(base_url=stage.address, timeout=PATIENCE, trust_env=False)
        self._buttons: list[tuple[str, str]] = []

    def _heard(self, ask: Callable[[], tuple[str, list[tuple[str, str]]]]) -> Seen:
        heard = len(self.stage.answers)
        text, self._buttons = ask()
        answers = [answer for _, answer in self.stage.answers[heard:]]
        return Seen(text, [title for title, _ in self._buttons], answers)

    def _body(self, text: str, payload: str = "") -> tuple[str, dict[str, Any]]:
        raise NotImplementedError

    def stops(self, text: str) -> Seen:
        """Whoever leaves, stops."""
        path, body = self._body(text)
        if path.startswith("/webhooks/"):
            path += "?stream=true"
        self.stage.slow = SLOW
        metrics = self.stage.desk.metrics
        try:
            with self.http.stream("POST", path, json={**body, "stream": True}) as response:
                wait_for(lambda: metrics.in_flight._value.get() > 0)
                response.close()
            wait_for(lambda: metrics.in_flight._value.get() == 0)
        finally:
            self.stage.slow = 0.0
        return Seen("")

    def sends_picture(self) -> Seen | None:
        return None


class Web(Http):
    """The page's own way."""

    def _body(self, text: str, payload: str = "") -> tuple[str, dict[str, Any]]:
        return "/api/chat", {"message": text, "session": self.name, "payload": payload}

    def _ask(self, text: str, payload: str = "") -> tuple[str, list[tuple[str, str]]]:
        path, body = self._body(text, payload)
        events = self.http.post(path, json=body).text.split("\n\n")
        final = next(each for each in events if "event: final" in each)
        told = json.loads(final.partition("data: ")[2])
        titles = [c["title"] for c in told["citations"]]
        buttons = [(each["title"], each["payload"]) for each in told["buttons"]]
        return "\n".join([told["text"], *titles]), buttons

    def says(self, text: str) -> Seen:
        return self._heard(lambda: self._ask(text))

    def presses(self, title: str) -> Seen:
        payload = dict(self._buttons)[title]
        return self._heard(lambda: self._ask(title, payload))

    def officer(self, text: str) -> Seen:
        assert self.stage.answer_as_officer(self.name, text)
        news = self.http.post("/api/news", json={"session": self.name}).json()["answers"]
        seen = [each["id"] for each in news]
        self.http.post("/api/news", json={"session": self.name, "seen": seen})
        return Seen("\n".join(each["text"] for each in news))


class V1(Http):
    """An OpenAI client: it sends all that was said."""

    def __init__(self, stage: Stage, name: str) -> None:
        super().__init__(stage, name)
        self.said: list[dict[str, Any]] = []

    def _body(self, text: str, payload: str = "") -> tuple[str, dict[str, Any]]:
        messages = [*self.said, {"role": "user", "content": text}]
        return "/v1/chat/completions", {"model": "troly-card", "messages": messages}

    def _ask(self, text: str) -> tuple[str, list[tuple[str, str]]]:
        path, body = self._body(text)
        told = self.http.post(path, json=body).json()
        content = told["choices"][0]["message"]["content"]
        self.said = [*body["messages"], {"role": "assistant", "content": content}]
        return content, [(title, "") for title in told["troly"]["suggestions"]]

    def says(self, text: str) -> Seen:
        return self._heard(lambda: self._ask(text))

    def presses(self, title: str) -> Seen:
        number = [each for each, _ in self._buttons].index(title) + 1
        return self.says(str(number))

    def sends_picture(self) -> Seen:
        path, body = self._body("")
        parts = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]
        body["messages"][-1]["content"] = parts
        refused = self.http.post(path, json=body)
        assert refused.status_code == 422
        return Seen(refused.json()["error"]["message"])

    def officer(self, text: str) -> Seen:
        pytest.skip("an OpenAI client has no name that an answer could wait for")


class Rest(Http):
    """A widget made for Rasa's REST channel."""

    def _body(self, text: str, payload: str = "") -> tuple[str, dict[str, Any]]:
        return "/webhooks/rest/webhook", {"sender": self.name, "message": payload or text}

    def _ask(self, text: str, payload: str = "") -> tuple[str, list[tuple[str, str]]]:
        path, body = self._body(text, payload)
        told = self.http.post(path, json=body).json()
        buttons = [(b["title"], b["payload"]) for each in told for b in each.get("buttons", ())]
        return "\n".join(each["text"] for each in told), buttons

    def says(self, text: str) -> Seen:
        return self._heard(lambda: self._ask(text))

    def presses(self, title: str) -> Seen:
        payload = dict(self._buttons)[title]
        return self._heard(lambda: self._ask("", payload))

    def officer(self, text: str) -> Seen:
        assert self.stage.answer_as_officer(f"rest:{self.name}", text)
        return Seen(self.says("cảm ơn").text)


def listed(text: str) -> list[str]:
    """Choices that stand in the text under their numbers."""
    rows = [line.partition(". ") for line in text.splitlines()]
    return [title for number, dot, title in rows if dot and number.isdecimal()]


@dataclass
class Doors:
    """All doors; each scenario is played by somebody new."""

    stage: Stage
    platforms: dict[str, Platform]
    session: Session
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def open(self, name: str) -> Door:
        number = next(self._numbers)
        if name in self.platforms:
            return Chat(self.stage, self.platforms[name].citizen(number))
        if name == "terminal":
            return Terminal(self.session, self.stage, f"terminal:{number}")
        kind: dict[str, Callable[[Stage, str], Door]] = {"web": Web, "v1": V1, "rest": Rest}
        return kind[name](self.stage, f"nguoi-thu-{number}-trong-kich-ban")


@pytest.fixture(scope="module")
def doors(bundled_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    config = Config(
        model=ModelSettings(kind="none"),
        dialogue=DialogueSettings(mode="direct"),
        receipts=Receipts(keep=False),
        limits=Limits(concurrent_answers=2),
    )
    folder: Path = tmp_path_factory.mktemp("scenarios") / "home"
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as opened:
        patch.setattr(service, "OFFICERS", 0.2)
        quiet = Console(file=io.StringIO())
        platforms = {name: opened.enter_context(make()) for name, make in PLATFORMS.items()}
        stage = opened.enter_context(
            Stage(
                bundled_home, config, tuple(platforms.values()), folder,
                console=quiet, together=0.0,
            )
        )  # fmt: skip
        setting = Setting(stage.home, stage.config, quiet)
        session = opened.enter_context(Session(setting, use_model=False))
        session.prepare()
        yield Doors(stage, platforms, session)
