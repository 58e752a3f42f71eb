"""A server as ``troly up`` runs it, between providers that are played, in one process.

It shares the knowledge base of a home and nothing else: what is said here leaves no
trace in the home of an installation, and is gone with its folder.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console

from assistant.answering import Assistant
from assistant.config import Config
from assistant.desk.opening import open_desk
from assistant.dialogue.decision import Choice
from assistant.dialogue.state import Heard
from assistant.errors import StateError, TrolyError
from assistant.vocabulary import Answer, AnswerEvent, EventKind
from bots.delivery.opening import open_doors
from bots.delivery.service import Delivery
from bots.demo.people import Platform
from bots.getting_ready import GettingReady, conversing
from bots.web.desk import ConversationPort, Desk
from bots.web.errors import Refused
from bots.web.server import address_of, listen, make_server
from knowledge_base.home import Home

#: Seconds: a first index, delivery beginning, stopping; between two looks.
_READY, _STOP, _LOOK = 1800.0, 30.0, 0.02


class StageError(TrolyError):
    """What is to be tried did not come up."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What `SessionState` asks for."""

    home: Home
    config: Config
    console: Console = field(default_factory=lambda: Console(stderr=True))


class Overheard:
    """A conversation that notes its answers; slower, or on another day, if ``stage`` says so."""

    def __init__(self, inner: ConversationPort, stage: Stage) -> None:
        self._inner = inner
        self._stage = stage
        self.answers: list[tuple[str, Answer]] = []

    def reply(self, heard: Heard) -> Iterator[AnswerEvent]:
        end = time.monotonic() + self._stage.slow
        while time.monotonic() < end:
            if heard.cancel is not None and heard.cancel.is_set():
                return
            time.sleep(_LOOK)
            yield AnswerEvent(EventKind.STATUS, "")
        day = heard.as_of or self._stage.as_of
        for event in self._inner.reply(replace(heard, as_of=day)):
            if event.kind is EventKind.FINAL:
                self.answers.append((heard.conversation, event.data))
            yield event

    def buttons(self, conversation: str) -> tuple[Choice, ...]:
        return self._inner.buttons(conversation)

    def branch(self, source: str, target: str) -> None:
        self._inner.branch(source, target)

    def notice(self, conversation: str) -> str:
        return self._inner.notice(conversation)

    def noticed(self, conversation: str, within: object = None) -> None:
        self._inner.noticed(conversation, within)  # type: ignore[arg-type]

    def forget(self, conversation: str) -> None:
        self._inner.forget(conversation)

    def active(self, seconds: float) -> int:
        return self._inner.active(seconds)

    def health(self) -> Mapping[str, object]:
        return self._inner.health()


class Stage:
    """The server with ``platforms`` on. Use as a context manager; ``folder`` becomes its home.

    ``together``: seconds within which pieces are one turn, where it is not to be as it is.
    """

    def __init__(
        self,
        home: Home,
        config: Config,
        platforms: Sequence[Platform],
        folder: Path,
        *,
        console: Console | None = None,
        together: float | None = None,
    ) -> None:
        self.home = Home(folder)
        self.slow = 0.0
        self.as_of: date | None = None
        self.platforms = tuple(platforms)
        self._listening = listen("127.0.0.1", 0)
        self.address = address_of(self._listening)
        shared = home.store()
        shared.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.home.store().symlink_to(shared, target_is_directory=True)
        self.home.models.symlink_to(home.models)
        channels = config.channels.model_copy(update={"public_url": self.address})
        secrets: dict[str, str] = {}
        for platform in self.platforms:
            platform.meet(self.address, self.home)
            channels = platform.settings(channels)
            secrets |= platform.secrets()
        self.config = config.model_copy(update={"channels": channels})
        self.desk = Desk(self.config)
        self.desk.officers = self.officers = open_desk(self.home.state_database, self.config)
        doors = open_doors(self.config, self.home, secrets)
        self.delivery = self.desk.delivery = Delivery(self.desk, self.home, doors, grace=1.0)
        if together is not None:
            self.delivery.mailbox.together = together
        self.overheard: Overheard | None = None
        setting = Setting(self.home, self.config, console or Console(stderr=True))
        self._readying = GettingReady(setting, self.desk, converse=self._conversing)
        self.server = make_server(self.desk, self._readying.start)
        self._thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [self._listening]}, daemon=True
        )

    def _conversing(self, home: Home, assistant: Assistant, desk: Desk) -> ConversationPort:
        self.overheard = Overheard(conversing(home, assistant, desk), self)
        return self.overheard

    def __enter__(self) -> Self:
        self._thread.start()
        end = time.monotonic() + _READY
        while not self._is_ready():
            if self._is_broken() or time.monotonic() > end or not self._thread.is_alive():
                self.__exit__(None, None, None)
                raise StageError("Máy chủ thử không khởi động được; chạy với -v để xem nhật ký.")
            time.sleep(_LOOK)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._readying.stopped.set()
        self.server.should_exit = True
        if self._thread.ident:
            self._thread.join(_STOP)

    def _is_ready(self) -> bool:
        try:
            self.desk.conversation()
        except Refused:
            return False
        return self.delivery.health()["delivery"] == "ok"

    def _is_broken(self) -> bool:
        return self.desk.health().get("index") == "broken"

    # --- looking ------------------------------------------------------------------------------

    @property
    def answers(self) -> list[tuple[str, Answer]]:
        """Each answer that a conversation has come to, with its name."""
        return self.overheard.answers if self.overheard else []

    def is_idle(self) -> bool:
        """Whether nothing waits to be answered or to be sent."""
        try:
            waiting, _ = self.delivery.mailbox.figures()
            return not waiting and not any(self.delivery.outbox.depth().values())
        except StateError:
            return False

    def answer_as_officer(self, conversation: str, text: str, officer: str = "Lan") -> str:
        """An officer answers the ticket of a conversation; its code, "" where there is none."""
        standing = self.officers.queue.standing(conversation)
        if standing is None or standing.ticket is None:
            return ""
        code = standing.ticket.code
        self.officers.officers.take(code, officer)
        self.officers.officers.answer(code, officer, text)
        return code
