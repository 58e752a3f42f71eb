"""A web door on a real socket, with an assistant that plays what a test tells it to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

import httpx
import pytest

from assistant.config import Config, Limits
from assistant.vocabulary import (
    Answer,
    AnswerEvent,
    Citation,
    EventKind,
    Question,
    Status,
    StepTrace,
)
from bots.web.desk import Desk
from bots.web.server import address_of, listen, make_server
from knowledge_base.card_text import card_lines, document_of_card
from knowledge_base.corpus_files import CORPUS, read_procedure
from knowledge_base.documents import Document, ProcedureCard
from knowledge_base.scope import Scope

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

    def health(self) -> Mapping[str, object]:
        return self.state

    def close(self) -> None:
        self.is_closed = True


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
    desk.open(assistant)
    running = Site(desk, assistant)
    yield running
    running.stop()
