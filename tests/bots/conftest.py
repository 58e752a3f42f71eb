"""A web door on a real socket, an assistant that plays what a test tells it to, a browser."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import websocket

from assistant.config import Config, Limits
from assistant.dialogue.decision import Choice
from assistant.dialogue.state import Heard
from assistant.vocabulary import (
    Answer,
    AnswerEvent,
    Citation,
    EventKind,
    Question,
    Status,
    StepTrace,
    Turn,
)
from bots.web.desk import Desk
from bots.web.server import address_of, listen, make_server
from knowledge_base.card_text import card_lines, document_of_card
from knowledge_base.corpus_files import CORPUS, read_procedure
from knowledge_base.documents import Document, ProcedureCard
from knowledge_base.law.library import Library
from knowledge_base.law.shelves import Shelves
from knowledge_base.scope import Scope
from knowledge_base.store import Record

RESTRICTED = "noi-bo/1"


def _wait_for(happened: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether ``happened`` became true within ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.01)
    return happened()


class PlayedAssistant:
    """Answers about one card; ``script`` may replace what it does for a question."""

    corpus_version = "c0ffee"
    model_name: str | None = "played"
    laws: Record | None = None

    def __init__(self, card: ProcedureCard) -> None:
        self.card = card
        self.document = document_of_card(card)
        odd = replace(self.document, id="doc:a/b c.pdf", title="Tên <lạ> & dài")
        hidden = replace(self.document, id=RESTRICTED, labels=("restricted",))
        self.documents = {each.id: each for each in (self.document, odd, hidden)}
        self.questions: list[Question] = []
        self.closed = 0  # generators that were closed before their end
        self.is_closed = False
        self.state: dict[str, object] = {"index": "ready", "record": "ready", "model": "ready"}
        self.script: Callable[[Question], Iterator[AnswerEvent]] | None = None

    def answer(self, question: Question) -> Iterator[AnswerEvent]:
        self.questions.append(question)
        ended = False
        try:
            yield from (self.script or self.play)(question)
            ended = True
        finally:
            self.closed += not ended

    def play(self, question: Question) -> Iterator[AnswerEvent]:
        answer = self.answer_to(question)
        yield AnswerEvent(EventKind.STATUS, "Đang tra cứu…")
        yield AnswerEvent(EventKind.CARD, replace(answer, ai_generated=False, model=None))
        if question.use_model:
            for token in ("Lệ phí ", "là ", "200.000 đồng."):
                yield AnswerEvent(EventKind.TOKEN, token)
        yield AnswerEvent(EventKind.SOURCES, answer.citations)
        yield AnswerEvent(EventKind.SUGGESTIONS, answer.suggestions)
        yield AnswerEvent(EventKind.FINAL, answer)

    def answer_to(self, question: Question) -> Answer:
        lines = [line for line in card_lines(self.card) if line.slot in ("fees", "times")]
        citations = tuple(
            Citation(
                document_id=self.document.id,
                document_number=self.document.number,
                title=self.document.title,
                path=("Phí, lệ phí",),
                quote=line.text,
                start=line.start,
                end=line.end,
                sha256=self.document.sha256,
                quote_sha256="",
                url=self.document.url,
                number=number,
            )
            for number, line in enumerate(lines, 1)
        )
        text = "\n".join(f"- {c.quote} [{c.number}]" for c in citations)
        return Answer(
            id="a-1",
            status=Status.ANSWERED,
            text=f"{text}\nHỏi: {question.text}",
            citations=citations,
            card=self.card,
            as_of=question.as_of or date(2026, 7, 1),
            ai_generated=question.use_model,
            model="played" if question.use_model else None,
            corpus_version=self.corpus_version,
            suggestions=("Nộp ở đâu?", "Cần giấy tờ gì?"),
            trace=(StepTrace("play", 1.0),),
            slots=("fees", "times"),
        )

    def source(self, document_id: str, scope: Scope) -> Document | None:
        found = self.documents.get(document_id)
        return found if found and scope.may_see(found.labels) else None

    def library(self, scope: Scope) -> Library | None:
        """No legal documents, unless a test puts a record here."""
        return Library(Shelves(self.laws, scope=scope)) if self.laws else None

    def health(self) -> Mapping[str, object]:
        return self.state

    def close(self) -> None:
        self.is_closed = True


class PlayedConversation:
    """Asks a played assistant; each conversation has its turns, and buttons for suggestions."""

    def __init__(self, assistant: PlayedAssistant) -> None:
        self.assistant = assistant
        self.heard: list[Heard] = []
        self.turns: dict[str, tuple[Turn, ...]] = {}
        self.offered: dict[str, tuple[str, ...]] = {}

    def reply(self, heard: Heard) -> Iterator[AnswerEvent]:
        self.heard.append(heard)
        question = Question(
            heard.text,
            heard.scope,
            as_of=heard.as_of,
            profile=heard.profile,
            within=heard.within,
            history=self.turns.get(heard.conversation, heard.history),
            use_model=heard.use_model,
            cancel=heard.cancel,
        )
        with closing(self.assistant.answer(question)) as events:  # type: ignore[type-var]
            for event in events:
                if event.kind is EventKind.FINAL:
                    turn = Turn.of(heard.text, event.data)
                    self.turns[heard.conversation] = (*question.history, turn)
                    self.offered[heard.conversation] = event.data.suggestions
                yield event

    def buttons(self, conversation: str) -> tuple[Choice, ...]:
        offered = self.offered.get(conversation, ())
        return tuple(Choice(title, f"chon:1:{n}") for n, title in enumerate(offered))

    def branch(self, source: str, target: str) -> None:
        if source in self.turns:
            self.turns[target] = self.turns[source]

    def notice(self, conversation: str) -> str:
        return ""

    def noticed(self, conversation: str, within: Any = None) -> None:
        pass

    def forget(self, conversation: str) -> None:
        self.turns.pop(conversation, None)

    def active(self, _: float) -> int:
        return len(self.turns)

    def health(self) -> Mapping[str, object]:
        return {"dialogue": "direct"}


class Site:
    """A running server: its address, its desk, its assistant."""

    def __init__(self, desk: Desk, assistant: PlayedAssistant) -> None:
        self.desk = desk
        self.assistant = assistant
        listening = listen("127.0.0.1", 0)
        self.address = address_of(listening)
        self.server = make_server(desk)
        self._thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()
        assert _wait_for(lambda: self.server.started, 20)
        self.http = httpx.Client(base_url=self.address, timeout=20, trust_env=False)

    def stop(self) -> None:
        self.http.close()
        self.server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()
        assert self.assistant.is_closed


CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--remote-debugging-port=0",
)


class Chromium:
    """One tab. ``requests`` holds every address it asked for; ``faults`` what went wrong in it."""

    def __init__(self, profile: Path) -> None:
        assert CHROMIUM
        self._process = subprocess.Popen(
            [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port = self._port(profile / "DevToolsActivePort")
        tabs = httpx.get(f"http://127.0.0.1:{port}/json/list", trust_env=False).json()
        address = next(tab for tab in tabs if tab["type"] == "page")["webSocketDebuggerUrl"]
        self._socket = websocket.create_connection(
            address, suppress_origin=True, timeout=30, http_no_proxy=["127.0.0.1"]
        )
        self._numbers = itertools.count(1)
        self.requests: list[str] = []
        self.faults: list[str] = []
        for domain in ("Page", "Network", "Runtime", "Log", "Accessibility"):
            self.call(f"{domain}.enable")

    def _port(self, file: Path) -> str:
        for _ in range(600):
            if file.exists() and (lines := file.read_text().splitlines()):
                return lines[0]
            time.sleep(0.05)
        self._process.kill()
        raise RuntimeError("Chromium did not start")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol and its result; events that pass are noted."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            self._note(message)
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result

    def _note(self, message: dict[str, Any]) -> None:
        parameters = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(parameters["request"]["url"])
            case "Runtime.exceptionThrown":
                self.faults.append(str(parameters["exceptionDetails"]))
            case "Log.entryAdded" if parameters["entry"]["level"] == "error":
                self.faults.append(parameters["entry"]["text"])

    def open(self, address: str, *, width: int = 1280, height: int = 800) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        result = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait(self, condition: str, seconds: float = 15.0) -> None:
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + seconds
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < end, f"never true: {condition}"
            time.sleep(0.03)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.call("Input.insertText", text=text)

    def press(self, key: str, code: int, *, shift: bool = False) -> None:
        """Press a key by its name and Windows code ("Enter", 13)."""
        for kind in ("rawKeyDown", "char", "keyUp"):
            if kind == "char" and key != "Enter":
                continue
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                modifiers=8 if shift else 0,
                **({"text": "\r"} if key == "Enter" and kind != "keyUp" else {}),
            )

    def picture(self, file: Path) -> None:
        """What is on the screen, as PNG."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        file.write_bytes(base64.b64decode(data))

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(10)


@pytest.fixture(scope="session")
def wait_for() -> Callable[..., bool]:
    return _wait_for


@pytest.fixture(scope="session")
def card() -> ProcedureCard:
    return read_procedure(CORPUS / "procedures" / "ho-chieu-cap-tinh.yml")


@pytest.fixture
def assistant(card: ProcedureCard) -> PlayedAssistant:
    return PlayedAssistant(card)


@pytest.fixture
def site(assistant: PlayedAssistant) -> Iterator[Site]:
    config = Config(limits=Limits(concurrent_answers=2))
    desk = Desk(config, heartbeat=0.2)
    desk.open(assistant, PlayedConversation(assistant))
    running = Site(desk, assistant)
    yield running
    running.stop()


@pytest.fixture
def new_site(assistant: PlayedAssistant) -> Callable[[Desk], Site]:
    """Opens a server over a desk of the test's own, for the test to stop."""

    def opened(desk: Desk) -> Site:
        desk.open(assistant, PlayedConversation(assistant))
        return Site(desk, assistant)

    return opened


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt: chromium)")
    browser = Chromium(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()
