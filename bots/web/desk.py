"""The desk all web doors share: who may be answered now, by whom, and what is counted."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.config import Config
from assistant.desk.figures import QueueFigures, queue_figures
from assistant.desk.opening import OfficerDesk
from assistant.dialogue.decision import Choice, Decision
from assistant.dialogue.state import Heard
from assistant.errors import StateError
from assistant.profiles.profile import CITIZEN
from assistant.vocabulary import Answer, AnswerEvent, EventKind
from bots.web.errors import Refused
from bots.web.metrics import Metrics
from bots.web.replies import sentence
from bots.web.running import Running
from knowledge_base.documents import Document
from knowledge_base.law.library import Library
from knowledge_base.scope import Scope

if TYPE_CHECKING:
    from assistant.access.access import Access
    from assistant.dialogue.runtime.service import RasaService
    from assistant.uploads.workbench import Workbench
    from bots.delivery.service import Delivery

logger = logging.getLogger(__name__)

#: Answers without the model that may run beside the full ones, for each full one.
#: They cost some 100 ms of processor each, so this many still end within seconds.
CARD_ONLY_PER_FULL = 4
#: Seconds after which a conversation is no longer counted as going on.
_LATELY = 1800.0
#: Seconds that closing waits for cancelled answers before it closes the assistant under them.
_LAST_BREATH = 2.0


class AssistantPort(Protocol):
    """What the web needs of an assistant (`assistant.build.Assistant` is one)."""

    @property
    def corpus_version(self) -> str: ...
    @property
    def model_name(self) -> str | None: ...
    def source(self, document_id: str, scope: Scope) -> Document | None: ...
    def library(self, scope: Scope) -> Library | None: ...
    def health(self) -> Mapping[str, object]: ...
    def close(self) -> None: ...


class ConversationPort(Protocol):
    """What the web needs of conversations (`assistant.dialogue.conversation.Conversation`)."""

    def reply(self, heard: Heard) -> Iterator[AnswerEvent]: ...
    def buttons(self, conversation: str) -> tuple[Choice, ...]: ...
    def branch(self, source: str, target: str) -> None: ...
    def notice(self, conversation: str) -> str: ...
    def noticed(self, conversation: str, within: sqlite3.Connection | None = None) -> None: ...
    def forget(self, conversation: str) -> None: ...
    def active(self, seconds: float) -> int: ...
    def health(self) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class Ticket:
    """An admission: with the model, or ``busy`` and therefore from the card alone."""

    busy: bool
    release: Callable[[], None]


class Desk:
    """Takes questions in, for every door of the web.

    It can stand before its assistant is there (`open` brings it), so that the
    server is up while the first index is being built.
    """

    def __init__(self, config: Config, *, heartbeat: float = 15.0) -> None:
        self.config = config
        self.heartbeat = heartbeat
        self.metrics = Metrics()
        self._full = config.limits.concurrent_answers
        self._most = self._full * (1 + CARD_ONLY_PER_FULL)
        self._running: dict[Running, str] = {}  # and the conversation of each
        self._busy_full = 0
        self._busy_all = 0
        self._lock = threading.Lock()
        self._assistant: AssistantPort | None = None
        self._conversation: ConversationPort | None = None
        self._broken = False
        self._stopping = False
        #: Why there is no model yet ("preparing", "missing", "broken"); "" once there is.
        self.model_state = ""
        #: "broken" while a trial question finds nothing to search in.
        self.index_state = ""
        #: Where people hand over to, and what they say of answers; None: not here.
        self.officers: OfficerDesk | None = None
        #: Rasa's server, which decides about turns; None: plain rules alone.
        self.rasa: RasaService | None = None
        #: The record in which bases of drafted papers are looked up; None: they are not.
        self.record: Path | None = None
        #: The profile that answers where a message names none.
        self.profile = CITIZEN
        #: Officers' sign-in; None: this is the citizens' server, and nobody signs in.
        self.access: Access | None = None
        #: What officers do with documents they upload; None where nobody signs in.
        self.workbench: Workbench | None = None
        #: What brings messages of chat channels here, and answers back; None: no channel is on.
        self.delivery: Delivery | None = None

    # -- the assistant ----------------------------------------------------

    def open(self, assistant: AssistantPort, conversation: ConversationPort) -> None:
        """From now on ``conversation`` replies, over ``assistant``.

        When the desk has closed, so is the assistant.
        """
        with self._lock:
            if not self._stopping:
                self._assistant, self._conversation = assistant, conversation
                return
        assistant.close()

    def break_down(self) -> None:
        """The assistant could not be built: say so instead of 'one moment'."""
        self._broken = True

    def assistant(self) -> AssistantPort:
        """The assistant; `Refused` (503) while there is none."""
        if self._assistant is None:
            raise Refused(503, "broken" if self._broken else "preparing")
        return self._assistant

    def conversation(self) -> ConversationPort:
        """The conversations; `Refused` (503) while there are none."""
        self.assistant()
        if self._conversation is None:
            raise Refused(503, "stopping")
        return self._conversation

    def active(self) -> int:
        """Conversations that had a word within the last half hour."""
        return self._conversation.active(_LATELY) if self._conversation else 0

    def queue(self) -> QueueFigures:
        """How the officers' queue stands; empty where there is none or it cannot be read."""
        if self.officers is None:
            return QueueFigures()
        try:
            return queue_figures(self.officers.queue)
        except StateError as error:
            logger.warning("no figures of the desk: %s", error)
            return QueueFigures()

    def health(self) -> dict[str, object]:
        """The assistant's health, or why there is none; and Rasa's and the channels', where
        they are to run."""
        delivery = self.delivery.health() if self.delivery else {}
        own = self._own_health()
        return {**own, **self._dialogue_health(), **self._rasa_health(), **delivery}

    def _dialogue_health(self) -> dict[str, object]:
        """Who decides about turns now: "rasa", or "direct", which is plain rules."""
        if self._conversation is None:
            return {}
        if self.rasa is not None and not self.rasa.health.usable:
            return {"dialogue": "direct"}
        return {"dialogue": self._conversation.health().get("dialogue", "unknown")}

    def _rasa_health(self) -> dict[str, object]:
        if self.rasa is None:
            return {}
        health = self.rasa.health
        said: dict[str, object] = {"rasa": health.state}
        if health.breaker != "closed":
            said["rasa_breaker"] = health.breaker
        if health.restarts:
            said["rasa_restarts"] = health.restarts
        return said

    def _own_health(self) -> dict[str, object]:
        if self._assistant is None:
            state = "broken" if self._broken else "preparing"
            return {"index": state, "record": state, "model": state}
        said = {"model": self.model_state, "index": self.index_state}
        known = {part: state for part, state in said.items() if state}
        return {"model": "unknown", **self._assistant.health(), **known}

    def stop_answers(self) -> None:
        """Cancel every running answer; their readers are told that the server stops."""
        with self._lock:
            self._stopping = True
            running = tuple(self._running)
        for answer in running:
            answer.cancel()

    def close(self) -> None:
        """Cancel what runs, give it a moment to end, and close the assistant."""
        self.stop_answers()
        with self._lock:
            running = tuple(self._running)
        last = time.monotonic() + _LAST_BREATH
        for answer in running:
            answer.join(max(0.0, last - time.monotonic()))
        with self._lock:
            assistant, self._assistant = self._assistant, None
        if assistant is not None:
            assistant.close()

    # -- answering --------------------------------------------------------

    def admit(self, *, use_model: bool) -> Ticket:
        """A place, with the model while one is free and else without.

        Raises:
            Refused: 503, when even answers without the model are too many.
        """
        with self._lock:
            if self._stopping:
                raise Refused(503, "stopping")
            if self._busy_all >= self._most:
                contacts = self.config.contacts
                raise Refused(
                    503, "overloaded", human_route=contacts.human_route, hotline=contacts.hotline
                )
            full = use_model and self._busy_full < self._full
            self._count(1, full)

        def release() -> None:
            with self._lock:
                self._count(-1, full)

        return Ticket(busy=use_model and not full, release=release)

    @property
    def has_place(self) -> bool:
        """Whether an answer with the model could begin now."""
        return self._busy_full < self._full

    def decided(self, decision: Decision) -> None:
        """Count a decision, by who made it and what is done about it."""
        self.metrics.decisions.labels(decision.by, decision.kind.value).inc()

    def forgotten(self, conversation: str) -> None:
        """A conversation was deleted: so is what its door keeps of it."""
        if self.delivery is not None:
            self.delivery.erased(conversation)

    def _count(self, change: int, full: bool) -> None:
        self._busy_all += change
        self._busy_full += change * full
        self.metrics.in_flight.set(self._busy_all)

    def reply(self, heard: Heard, *, door: str) -> Answering:
        """Begin to reply to what was ``heard``.

        Admission is decided and the work begun now, so that a refusal can still
        be an HTTP status (`Refused`, 503).
        """
        conversation = self.conversation()
        ticket = self.admit(use_model=heard.use_model)
        cancelled = threading.Event()
        asked = replace(
            heard,
            door=door,
            cancel=cancelled,
            use_model=heard.use_model and not ticket.busy,
        )

        def done() -> None:
            ticket.release()
            with self._lock:
                self._running.pop(running, None)

        running = Running(lambda: conversation.reply(asked), done, cancelled)
        with self._lock:
            self._running[running] = heard.conversation
        running.start()
        return Answering(self, running, busy=ticket.busy, door=door)

    def erase(self, session: str) -> None:
        """Cancel what is being answered in a session, and forget all of it. Blocks for a moment.

        Raises:
            Refused: 503, where something of it is or may still be there.
        """
        conversation = self.conversation()
        with self._lock:
            running = [each for each, name in self._running.items() if name == session]
        for answer in running:
            answer.cancel()
        for answer in running:
            answer.join(_LAST_BREATH)
        with self._lock:
            busy = any(each in self._running for each in running)
        try:
            conversation.forget(session)
        except Exception as error:
            logger.warning("a session could not be erased: %s", type(error).__name__)
            raise Refused(503, "not_erased") from None
        if busy:  # it may yet write down what it was asked
            raise Refused(503, "not_erased")

    async def final(self, heard: Heard, *, door: str) -> Answer | str:
        """The answer alone, or the sentence that says why there is none."""
        error = self.apology()
        with closing(self.reply(heard, door=door)) as answering:
            async for event in answering.events():
                if event is not None and event.kind is EventKind.FINAL:
                    final: Answer = event.data
                    return final
                if event is not None and event.kind is EventKind.ERROR:
                    error = str(event.data)
        return error

    def apology(self) -> str:
        """What is said when an answer broke: never without a human route."""
        if self._stopping:
            return sentence("stopping")
        contacts = self.config.contacts
        return sentence("failed", human_route=contacts.human_route, hotline=contacts.hotline)


class Answering:
    """One answer on its way to one reader. `close` cancels the work unless it has ended."""

    def __init__(self, desk: Desk, running: Running, *, busy: bool, door: str) -> None:
        self._desk = desk
        self._running = running
        self._busy = busy
        self._door = door
        self._started = time.perf_counter()
        self._ended = False
        self._closed = False

    async def events(self) -> AsyncIterator[AnswerEvent | None]:
        """The events, None for each heartbeat without one. The last is ``final``, or
        ``error`` where there is none. Nothing that the work raised is raised here."""
        metrics = self._desk.metrics
        if self._busy:
            metrics.degraded.labels("busy").inc()
            yield AnswerEvent(EventKind.STATUS, sentence("busy"))
        explained = False
        quiet_since = time.monotonic()
        while not self._ended:
            try:
                left = quiet_since + self._desk.heartbeat - time.monotonic()
                event = await self._running.next(left)
            except TimeoutError:
                yield None
                quiet_since = time.monotonic()
                continue
            except StopAsyncIteration:
                break
            except Exception:  # logged where it was raised
                metrics.degraded.labels("failed").inc()
                break
            if event.kind is EventKind.STATUS and not event.data:
                continue  # a breath of the generator, nothing to say
            self._ended = event.kind is EventKind.FINAL
            explained = event.kind is EventKind.ERROR
            metrics.seen(event, self._door, time.perf_counter() - self._started)
            yield event
            quiet_since = time.monotonic()
        if not self._ended and not explained:
            yield AnswerEvent(EventKind.ERROR, self._desk.apology())

    def close(self) -> None:
        """Cancel the work; after its end it is left to write its receipt."""
        if self._ended or self._closed:
            return
        self._closed = True
        self._desk.metrics.cut_short.labels(self._door).inc()
        self._running.cancel()
