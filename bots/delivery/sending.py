"""Sends what is in the outbox of one channel, and does what each error asks for.

One part at a time is on its way, so that a death of the process leaves at most one in
doubt; only a provider that takes longer than `SLOW` seconds lets others go beside it.
The back-off is of the kind of ``stamina`` (exponential, with jitter, within a budget);
it is kept in the outbox, for it has to outlive the process.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from assistant.errors import StateError
from assistant.vocabulary import Answer, Status
from bots.delivery.channel import (
    Auth,
    Channel,
    DeliveryError,
    Operator,
    Payload,
    Recipient,
    Reply,
    Transient,
)
from bots.delivery.outbox import Outgoing, Outgoings
from bots.delivery.switches import Switch, Switches

log = logging.getLogger(__name__)

#: Seconds after which a send no longer keeps other chats waiting, and how many may be so slow.
SLOW, MOST_SLOW = 1.0, 16
#: Back-off in seconds: the first, the longest; and how long a part is tried at all.
FIRST, LONGEST, BUDGET = 0.5, 300.0, 48 * 3600.0
#: A part that may have arrived already is sent again at most so often.
MAYBES = 2
#: Seconds between two looks, and between two tries of a channel that is held.
LOOK, HELD = 0.5, 60.0


def plain_answer(text: str) -> Answer:
    """``text`` as an answer that is nothing else, for `Channel.render`."""
    return Answer(
        id="", status=Status.SMALL_TALK, text=text, citations=(), card=None, as_of=date.min,
        ai_generated=False, model=None, corpus_version="", suggestions=(), trace=(),
    )  # fmt: skip


@dataclass(slots=True)
class Sender:
    """The outbox of ``channel`` until cancelled. ``counted`` hears what became of each part."""

    channel: Channel
    outbox: Outgoings
    switches: Switches
    counted: Callable[[str], object] = lambda _: None
    say: Callable[[str], object] = lambda _: None
    random: random.Random = field(default_factory=random.Random)
    held_for: float = HELD
    slow: float = SLOW
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _held_until: float = 0.0
    _stopping: bool = False

    async def run(self) -> None:
        """Send until `stop`; what cannot be read or written is tried again."""
        failures = 0
        while not self._stopping:
            try:
                sent = await self._round()
                failures = 0
            except StateError as error:
                log.warning("%s: the outbox cannot be used: %s", self.channel.name, error)
                failures += 1
                sent = False
            if not sent:
                await self._sleep(min(30.0, LOOK * 2**failures))

    async def stop(self, seconds: float) -> None:
        """Begin nothing more; give what is on its way ``seconds`` to arrive."""
        self._stopping = True
        self.wake.set()
        if self._busy:
            await asyncio.wait(set(self._busy.values()), timeout=max(0.0, seconds))
        for task in tuple(self._busy.values()):
            task.cancel()

    async def _round(self) -> bool:
        """Send the first part of each chat; whether there was anything."""
        switch = await asyncio.to_thread(self.switches.of, self.channel.name)
        now = asyncio.get_running_loop().time()
        if switch.held_reason and now < self._held_until:
            return False
        heads = await asyncio.to_thread(
            self.outbox.heads, self.channel.name, off=bool(switch.off_reason)
        )
        heads = tuple(head for head in heads if head.chat not in self._busy)
        if switch.held_reason:
            heads = heads[:1]  # a trial
        for head in heads:
            if self._stopping or len(self._busy) >= MOST_SLOW:
                break
            task = asyncio.create_task(self._send(head, switch))
            self._busy[head.chat] = task
            task.add_done_callback(partial(self._ended, head.chat))
            await asyncio.wait({task}, timeout=self.slow)
            if self._held_until > now:
                break
        return bool(heads) and len(self._busy) < MOST_SLOW

    def _ended(self, chat: str, _: asyncio.Task[None]) -> None:
        self._busy.pop(chat, None)
        self.wake.set()

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        except TimeoutError:
            pass
        self.wake.clear()

    # --- one part -----------------------------------------------------------------------------

    async def _send(self, part: Outgoing, switch: Switch) -> None:
        try:
            if not await asyncio.to_thread(self.outbox.sending, part.seq):
                return
        except StateError as error:  # it cannot be kept that it is sent, so it is not
            log.warning("%s: the outbox cannot be used: %s", self.channel.name, error)
            await asyncio.sleep(FIRST)
            # A server may have kept it, and died before it said so.
            await self._keep(self.outbox.again, part.seq, 0.0)
            return
        try:
            await self._sent(part, switch)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # a fault of the adapter: its words are nobody's
            log.error("%s: %s in send", self.channel.name, type(error).__name__)
            await self._later(part, 0.0, maybe=True)

    async def _keep(self, write: Callable[..., object], *values: object) -> None:
        """Write down what became of a part, however long that takes: it is not forgotten."""
        failures = 0
        while True:
            try:
                await asyncio.to_thread(write, *values)
                return
            except StateError as error:
                log.warning("%s: the outbox cannot be used: %s", self.channel.name, error)
                failures += 1
                await asyncio.sleep(min(30.0, FIRST * 2**failures))

    async def _sent(self, part: Outgoing, switch: Switch) -> None:
        try:
            message = await (self._plain(part) if part.plain else self._as_is(part))
        except Transient as error:
            await self._later(part, error.after, maybe=error.maybe)
        except Payload as error:
            await self._refused(part, error)
        except Recipient as error:
            await self._keep(self.switches.left, part.channel, part.chat)
            await self._keep(self.outbox.drop, part.channel, part.chat)
            log.info("%s: nobody to write to (%s)", part.channel, error.code)
            self.counted("unreachable")
        except (Auth, Operator) as error:
            await self._hold(part, error, known=bool(switch.held_reason))
        except DeliveryError as error:
            await self._later(part, 0.0, maybe=False)
            log.warning("%s: %s", part.channel, error)
        else:
            await self._keep(self.outbox.sent, part.seq, message)
            self.counted("sent")
            if switch.held_reason:
                await self._keep(self.switches.release, part.channel)
                self.say(f"Kênh {part.channel} đã gửi lại được.")

    def _as_is(self, part: Outgoing) -> Awaitable[str]:
        return self.channel.send(part.chat, part.part)

    async def _plain(self, part: Outgoing) -> str:
        message = ""
        for each in self.channel.render(part.chat, Reply(plain_answer(part.words))):
            message = await self.channel.send(part.chat, each)
        return message

    async def _refused(self, part: Outgoing, error: Payload) -> None:
        if part.words and not part.plain:
            log.error("%s refuses a part (%s); it goes as plain words", part.channel, error.code)
            await self._keep(self.outbox.as_plain, part.seq)
            self.counted("plain")
            return
        log.error("%s refuses part %d (%s) for good", part.channel, part.seq, error.code)
        await self._keep(self.outbox.given_up, part.seq)
        self.counted("refused")

    async def _later(self, part: Outgoing, after: float, *, maybe: bool) -> None:
        """Back-off, as long as there is a budget."""
        age = self.outbox.age(part)
        if age > BUDGET or (maybe and part.maybe_sent >= MAYBES):
            log.error("%s: part %d given up after %.0f s", part.channel, part.seq, age)
            await self._keep(self.outbox.given_up, part.seq)
            self.counted("given_up")
            return
        wait = min(LONGEST, FIRST * 2.0 ** min(part.tries, 20)) * self.random.uniform(0.5, 1.5)
        wait = max(wait, after * self.random.uniform(1.0, 1.1))
        await self._keep(partial(self.outbox.again, maybe=maybe), part.seq, wait)
        self.counted("retried")

    async def _hold(self, part: Outgoing, error: DeliveryError, *, known: bool) -> None:
        self._held_until = asyncio.get_running_loop().time() + self.held_for
        await self._keep(partial(self.outbox.again, counts=False), part.seq, 0.0)
        if not known:
            reason = f"{type(error).__name__} {error.code}: {error}".strip()
            await self._keep(self.switches.hold, part.channel, reason)
            log.error("%s is held: %s", part.channel, reason)
            self.say(
                f"Kênh {part.channel} không gửi được tin và đang giữ lại mọi câu trả lời "
                f"({error}). Hãy kiểm tra mã truy cập, gói dịch vụ của kênh; "
                "tin sẽ tự gửi khi kênh dùng lại được."
            )
        self.counted("held")
