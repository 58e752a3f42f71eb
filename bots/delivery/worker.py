"""Takes turns from the inbox: in order within a chat, so many at once as can be answered.

Two lanes: ``limits.concurrent_answers`` turns with the model, and beside them those
that need none (commands, what is no text, and answers from the card alone when too
many wait).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.dialogue.slash import command_in
from assistant.errors import StateError
from bots.delivery.answering import Answerer, UnansweredError, Work
from bots.delivery.channel import Kind, Reply
from bots.delivery.mailbox import Head, LeaseLostError, Taken
from bots.delivery.sending import plain_answer
from bots.delivery.tables import key_of
from bots.delivery.turns import Plan, is_stop
from bots.delivery.waiting import LONG, SHORT, Waiting
from bots.delivery.words import sentence
from bots.web.desk import CARD_ONLY_PER_FULL, Desk
from bots.web.errors import Refused

log = logging.getLogger(__name__)

#: Seconds between two looks when nothing is heard of; the first and longest back-off.
LOOK, FIRST, LONGEST = 1.0, 0.5, 30.0

Place = tuple[str, str]


@dataclass(slots=True)
class Worker:
    """Settles turns until stopped. ``shed`` hears why one was answered with less."""

    answerer: Answerer
    desk: Desk
    sent: Callable[[str], object] = lambda _: None
    shed: Callable[[str], object] = lambda _: None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: Waiting = field(init=False)
    _working: dict[Place, tuple[Work, asyncio.Task[None]]] = field(default_factory=dict)
    _full: int = 0
    _not_before: dict[Place, float] = field(default_factory=dict)
    _failures: dict[Place, int] = field(default_factory=dict)
    _looked_at: dict[Place, int] = field(default_factory=dict)
    _off: set[str] = field(default_factory=set)
    _to_free: list[Taken] = field(default_factory=list)
    _stopping: bool = False
    _trouble_until: float = 0.0

    def __post_init__(self) -> None:
        self.waiting = Waiting(self.desk.config.limits.concurrent_answers)

    @property
    def _most_full(self) -> int:
        return self.waiting.places

    @property
    def _most_fast(self) -> int:
        return self.waiting.places * CARD_ONLY_PER_FULL

    @property
    def in_trouble(self) -> bool:
        """Whether something could not be kept lately."""
        return time.monotonic() < self._trouble_until

    def _troubled(self) -> None:
        self._trouble_until = time.monotonic() + LONGEST

    # --- running ------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until `stop`."""
        failures = 0
        while not self._stopping:
            try:
                pause = await self._round()
                failures = 0
            except StateError as error:
                failures += 1
                pause = min(LONGEST, FIRST * 2.0**failures)
                log.error("the inbox cannot be used: %s", error)
                self._troubled()
            await self._sleep(pause)

    async def stop(self, seconds: float) -> None:
        """Take nothing more; what is not answered within ``seconds`` is given back."""
        self._stopping = True
        self.wake.set()
        tasks = {task for _, task in self._working.values()}
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for work, task in tuple(self._working.values()):
            work.cancel()
            task.cancel()
            self._to_free.append(work.taken)
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await asyncio.to_thread(self._free)
        except StateError as error:  # after the next start all of them are
            log.warning("turns were not given back: %s", error)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(0.01, seconds)):
                await self.wake.wait()
        except TimeoutError:
            pass
        self.wake.clear()

    # --- taking -------------------------------------------------------------------------------

    async def _round(self) -> float:
        """Take what can be taken; seconds until there may be more."""
        await asyncio.to_thread(self._free)
        heads = await asyncio.to_thread(self.answerer.mailbox.heads)
        switches = await asyncio.to_thread(self.answerer.switches.all)
        self._off = {name for name, switch in switches.items() if switch.off_reason}
        now, pause, ahead = time.monotonic(), LOOK, self._full
        for head in heads:
            place = (head.channel, head.chat)
            if head.channel not in self.answerer.channels:
                continue
            if (later := self._not_before.get(place, 0.0)) > now:
                pause = min(pause, later - now)
                continue
            full = self._full >= self._most_full or not self.desk.has_place
            crowded = full and self._fast >= self._most_fast
            if full and not head.urgent and (crowded or self._looked_at.get(place) == head.last):
                if crowded and not head.told:
                    await self._tell(head, ahead)
                ahead += 1
                continue  # nothing new since it was found to have to wait
            taken = await asyncio.to_thread(self._take, head, full)
            if isinstance(taken, float):
                pause = min(pause, max(0.01, taken - self.answerer.mailbox.clock()))
            elif taken is not None:
                self._begin(taken, fast=not self._needs_model(head.channel, taken.plan))
            elif full:
                shed = await self._judged(head, ahead)
                ahead += 1
                if shed and self._fast < self._most_fast:
                    taken = await asyncio.to_thread(self.answerer.mailbox.take, *place)
                    if isinstance(taken, Taken):
                        self._begin(taken, fast=True, shed=ahead)
                elif not shed:
                    self._looked_at[place] = head.last
        if not self._full:
            self._looked_at.clear()
        return pause

    def _take(self, head: Head, full: bool) -> Taken | float | None:
        def admits(plan: Plan) -> bool:
            if self._needs_model(head.channel, plan):
                return not full
            return self._fast < self._most_fast

        return self.answerer.mailbox.take(head.channel, head.chat, admits)

    @property
    def _fast(self) -> int:
        return len(self._working) - self._full

    def _needs_model(self, channel: str, plan: Plan) -> bool:
        """Whether a turn may need the model; commands and what is no text never do."""
        if channel in self._off:
            return False
        if plan.last.kind is Kind.TEXT:
            return command_in(plan.text) is None
        return plan.last.kind is Kind.BUTTON

    async def _judged(self, head: Head, ahead: int) -> bool:
        """Whether a turn waits so long that the card alone has to do; else it is told to wait."""
        expected = self.waiting.expected(ahead)
        if expected > LONG:
            return True
        if expected > SHORT and not head.told:
            await self._tell(head, ahead)
        return False

    async def _tell(self, head: Head, ahead: int) -> None:
        if head.channel in self._off:
            return
        await asyncio.to_thread(self._tell_to_wait, head, ahead, self.waiting.expected(ahead))
        self.shed("told_to_wait")
        self.sent(head.channel)

    def _tell_to_wait(self, head: Head, ahead: int, expected: float) -> None:
        seconds = max(5, round(expected / 5) * 5)
        time_left = f"{seconds} giây" if seconds <= 90 else f"{round(seconds / 60)} phút"
        text = sentence("wait", ahead=ahead, time=time_left)
        answerer = self.answerer
        parts = answerer.rendered(head.channel, head.chat, Reply(plain_answer(text)))
        with answerer.mailbox.tables.writing() as db:
            name = key_of("wait", head.channel, head.chat, str(head.seq))
            answerer.outbox.put(db, (head.channel, head.chat), name, parts)
            answerer.mailbox.told_to_wait(db, head)

    # --- answering ----------------------------------------------------------------------------

    def _begin(self, taken: Taken, *, fast: bool, shed: int = 0) -> None:
        place = (taken.channel, taken.chat)
        if is_stop(taken.plan.last) and (running := self._working.get(place)):
            running[0].cancel()  # it has lost its lease already
            place = (taken.channel, f"{taken.chat}\0stop:{taken.lease}")
        work = Work(taken)
        self._full += not fast
        if shed:
            self.shed("wait")
        task = asyncio.get_running_loop().create_task(self._answer(place, work, fast, shed))
        self._working[place] = (work, task)

    async def _answer(self, place: Place, work: Work, fast: bool, shed: int) -> None:
        taken = work.taken
        try:
            await self.answerer.carry_out(work, use_model=not fast, shed=shed)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._put_back(taken, error)
        else:
            self._failures.pop((taken.channel, taken.chat), None)
            if not fast:
                self.waiting.took(time.monotonic() - work.begun)
        finally:
            self._working.pop(place, None)
            self._full -= not fast
            self.sent(taken.channel)
            self.wake.set()

    def _put_back(self, taken: Taken, error: Exception) -> None:
        """Not settled: again, later and later."""
        place = (taken.channel, taken.chat)
        failures = self._failures[place] = self._failures.get(place, 0) + 1
        longest = 2.0 if isinstance(error, Refused) else LONGEST
        self._not_before[place] = time.monotonic() + min(longest, FIRST * 2.0**failures)
        self._to_free.append(taken)
        if isinstance(error, LeaseLostError):
            self._not_before.pop(place)
        elif isinstance(error, Refused):
            log.info("%s: nobody answers yet (%s)", taken.channel, error.status)
        elif isinstance(error, UnansweredError):
            log.warning("%s: a turn has no answer yet", taken.channel)
        elif isinstance(error, StateError):
            log.warning("%s: %s", taken.channel, error)
            self._troubled()
        else:  # its words may hold what a person typed
            log.error("%s: %s in a turn", taken.channel, type(error).__name__)

    def _free(self) -> None:
        while self._to_free:
            self.answerer.mailbox.give_back(self._to_free[-1])
            self._to_free.pop()
