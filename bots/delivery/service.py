"""Delivery in the process of the server: doors, inbox, worker, a sender for each channel.

One process delivers for a home (on PostgreSQL: for the database, on whichever machine);
another takes messages in, and takes over when the first has gone. So whatever is leased
or being sent when delivery starts was left behind by a process that died.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import APIRouter

from assistant.errors import StateError
from bots.delivery.answering import Answerer
from bots.delivery.channel import Door, Incoming
from bots.delivery.figures import DeliveryFigures
from bots.delivery.from_officers import FromOfficers
from bots.delivery.mailbox import Mailbox
from bots.delivery.only_one import TheOne
from bots.delivery.outbox import Outgoings
from bots.delivery.sending import Sender
from bots.delivery.switches import Switch, Switches
from bots.delivery.worker import Worker
from bots.web.desk import Desk
from knowledge_base.home import Home

log = logging.getLogger(__name__)

#: Seconds that running answers and sends get when the server stops.
GRACE = 20.0
#: … and what was answered last, to be sent.
DRAIN = 3.0
#: Seconds between tries to become the one that delivers, looks at officers, and sweeps.
TAKE_OVER, OFFICERS, SWEEP = 2.0, 10.0, 3600.0
#: Seconds before a door that broke is opened again: the first time, and at most.
REOPEN, REOPEN_LATEST = 1.0, 60.0


class Delivery:
    """Everything between doors and conversations. `start` and `stop` in the event loop."""

    def __init__(
        self,
        desk: Desk,
        home: Home,
        doors: Sequence[Door],
        *,
        say: Callable[[str], object] = lambda _: None,
        grace: float = GRACE,
    ) -> None:
        self._desk = desk
        self._doors = tuple(doors)
        self._say = say
        self._grace = grace
        self._one = TheOne(home.path / "delivery.lock", home.state_database)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._signs: set[asyncio.Task[None]] = set()
        self._delivering = False
        channels = {door.channel.name: door.channel for door in self._doors}
        self.mailbox = Mailbox(home.state_database, arrived=self._arrived)
        self.outbox = Outgoings(self.mailbox.tables)
        self.switches = Switches(self.mailbox.tables)
        self.figures = DeliveryFigures(desk.metrics.registry)
        self.answerer = Answerer(
            desk, channels, self.mailbox, self.outbox, self.switches,
            officer_hours=desk.config.channels.officer_hours,
        )  # fmt: skip
        self.worker = Worker(
            self.answerer, desk, sent=self._sent, shed=lambda r: self.figures.shed.labels(r).inc()
        )
        self.senders = {
            name: Sender(channel, self.outbox, self.switches, say=say, counted=self._counter(name))
            for name, channel in channels.items()
        }

    def _counter(self, channel: str) -> Callable[[str], object]:
        return lambda outcome: self.figures.parts.labels(channel, outcome).inc()

    # --- mounting -----------------------------------------------------------------------------

    def routes(self) -> list[APIRouter]:
        """The webhooks of all doors."""
        return [door.routes(self.mailbox) for door in self._doors]

    async def start(self) -> None:
        """Begin; returns at once."""
        self._loop = asyncio.get_running_loop()
        self._keep_running("delivery", self._deliver)

    async def stop(self) -> None:
        """Take nothing more, finish what is running within the grace, and give back the rest."""
        end = asyncio.get_running_loop().time() + self._grace
        for task in tuple(self._tasks):
            if not task.get_name().startswith("own:"):
                task.cancel()
        await self.worker.stop(self._grace)
        left = max(0.5, end - asyncio.get_running_loop().time())
        await self._drained(min(left, DRAIN))
        await asyncio.gather(*(sender.stop(left) for sender in self.senders.values()))
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for door in self._doors:
            with contextlib.suppress(Exception):
                await door.channel.close()
        self._one.close()

    async def _drained(self, seconds: float) -> None:
        """Let what was answered last be sent, too; what is not goes out at the next start."""
        end = asyncio.get_running_loop().time() + seconds
        while self._delivering and asyncio.get_running_loop().time() < end:
            try:
                heads = [await asyncio.to_thread(self.outbox.heads, n) for n in self.senders]
            except StateError:
                return
            if not any(heads):
                return
            await asyncio.sleep(0.05)

    def health(self) -> dict[str, object]:
        """Whether delivery works, and the state of each channel; sets the gauges, too."""
        try:
            known = self.switches.all()
            inbox, outbox = self.mailbox.figures(), self.outbox.depth()
        except StateError:
            return {"delivery": "broken"}
        switches = {name: known.get(name, Switch(name)) for name in self.senders}
        self.figures.show(switches, inbox, outbox)
        state = "ok" if self._delivering else "standby"
        return {
            "delivery": "broken" if self.worker.in_trouble else state,
            "channels": {name: switch.state for name, switch in switches.items()},
        }

    def erased(self, conversation: str) -> None:
        """The conversation was erased: so is what delivery kept of it, once the person is told."""
        self.answerer.erased(conversation)

    # --- running ------------------------------------------------------------------------------

    def _keep_running(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.get_running_loop().create_task(self._kept_running(name, work), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _kept_running(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """What ends or breaks begins again, later and later."""
        wait = REOPEN
        while True:
            begun = asyncio.get_running_loop().time()
            try:
                await work()
                return
            except StateError as error:
                log.error("%s broke: %s", name, error)
            except Exception as error:  # its words may hold a token
                log.error("%s broke: %s", name, type(error).__name__)
            lasted = asyncio.get_running_loop().time() - begun
            wait = REOPEN if lasted > REOPEN_LATEST else min(REOPEN_LATEST, wait * 2)
            await asyncio.sleep(wait)

    async def _deliver(self) -> None:
        """Become the one that delivers, put in order what was left behind, then work."""
        while not await asyncio.to_thread(self._one.taken):
            await asyncio.sleep(TAKE_OVER)
        await asyncio.to_thread(self.mailbox.give_all_back)
        if doubtful := await asyncio.to_thread(self.outbox.resume):
            log.warning("%d parts may have been sent before; they are sent once more", doubtful)
        self._delivering = True
        self._keep_running("own:worker", self.worker.run)
        for name, sender in self.senders.items():
            self._keep_running(f"own:{name}", sender.run)
        for door in self._doors:
            self._keep_running(f"door {door.channel.name}", lambda d=door: d.run(self.mailbox))  # type: ignore[misc]
        self._keep_running("officers", self._officers)
        self._keep_running("holding", self._holding)
        self._keep_running("sweeping", self._sweeping)

    async def _holding(self) -> None:
        """Where several machines share a database, another may have become the one."""
        while True:
            await asyncio.sleep(TAKE_OVER)
            if not await asyncio.to_thread(self._one.still):
                log.critical("another machine delivers now: this one stops, so that nothing "
                             "is sent twice; started again, it stands by")  # fmt: skip
                signal.raise_signal(signal.SIGTERM)
                return

    async def _officers(self) -> None:
        if self._desk.officers is None:
            return
        bringing = FromOfficers(self._desk.officers, self.answerer)
        while True:
            await asyncio.sleep(OFFICERS)
            for name, sender in self.senders.items():
                if await asyncio.to_thread(bringing.bring, name):
                    sender.wake.set()

    async def _sweeping(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.mailbox.sweep)
            except StateError as error:
                log.warning("nothing was swept: %s", error)
            await asyncio.sleep(SWEEP)

    # --- waking -------------------------------------------------------------------------------

    def _arrived(self, incoming: Incoming) -> None:
        """In the thread of a webhook: wake the worker, show a first sign."""
        loop = self._loop
        if loop is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended: the next start finds it
            loop.call_soon_threadsafe(self._wake_for, incoming)

    def _wake_for(self, incoming: Incoming) -> None:
        self.worker.wake.set()
        if self._delivering:
            task = asyncio.get_running_loop().create_task(self.answerer.seen(incoming))
            self._signs.add(task)
            task.add_done_callback(self._signs.discard)

    def _sent(self, channel: str) -> None:
        if sender := self.senders.get(channel):
            sender.wake.set()
