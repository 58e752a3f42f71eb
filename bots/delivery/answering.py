"""One turn, from what was asked to parts in the outbox: committed together, or not at all."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.dialogue.decision import Choice
from assistant.dialogue.state import Heard
from assistant.errors import StateError
from assistant.personal_data import mask
from assistant.vocabulary import Answer, EventKind
from bots.delivery.channel import Channel, Incoming, Kind, Part, Reply
from bots.delivery.mailbox import Mailbox, Taken
from bots.delivery.outbox import Outgoings
from bots.delivery.sending import plain_answer
from bots.delivery.switches import Chat, Switch, Switches
from bots.delivery.turns import is_stop
from bots.delivery.words import answer_text, sentence, shortened
from bots.web.desk import ConversationPort, Desk
from bots.web.running import Running
from knowledge_base.scope import citizen

log = logging.getLogger(__name__)

#: Seconds after which a person is told what is being done, and between two drafts of an answer.
STATUS_AFTER, DRAFT_EVERY = 3.0, 1.0
#: Seconds that a sign (typing, a reaction, a draft) may take; nothing waits for it.
SIGN = 10.0
#: So often a turn is tried that breaks the conversation; then the person is told.
TRIES = 3
_WORDS_FOR = {
    "image": "other_image", "photo": "other_image", "gif": "other_image", "video": "other_image",
    "voice": "other_voice", "audio": "other_voice", "file": "other_file",
    "document": "other_file", "location": "other_location", "sticker": "other_sticker",
}  # fmt: skip
#: What an officer types in the provider's console to let the bot speak again.
BOT_AGAIN = "#bot"


class UnansweredError(Exception):
    """The conversation came to no answer."""


def conversation_of(channel: str, chat: str) -> str:
    """The name of a chat's conversation, as `Heard.conversation`."""
    return f"{channel}:{chat}"


@dataclass(slots=True)
class Work:
    """A turn being answered; ``cancel`` stops it."""

    taken: Taken
    cancel: Callable[[], object] = lambda: None
    begun: float = field(default_factory=time.monotonic)


class Answerer:
    """Carries turns out. Raises `StateError` where nothing could be kept, `Refused` where
    nobody answers now; the turn is then as it was."""

    def __init__(
        self,
        desk: Desk,
        channels: Mapping[str, Channel],
        mailbox: Mailbox,
        outbox: Outgoings,
        switches: Switches,
        *,
        officer_hours: float = 12.0,
        status_after: float = STATUS_AFTER,
    ) -> None:
        self.desk = desk
        self.channels = channels
        self.mailbox = mailbox
        self.outbox = outbox
        self.switches = switches
        self._officer_seconds = officer_hours * 3600
        self._status_after = status_after
        self._failures: dict[str, int] = {}
        self._erased: set[str] = set()
        self._signs: set[asyncio.Task[None]] = set()

    # --- what a turn is -----------------------------------------------------------------------

    async def carry_out(self, work: Work, *, use_model: bool, shed: int = 0) -> None:
        """Settle the turn: by an answer, by a sentence, by silence where that is right.

        ``shed``: so many wait that the card alone answers; 0: as usual.
        """
        taken = work.taken
        incoming = taken.plan.last
        match incoming.kind:
            case Kind.WITHDRAW:
                await asyncio.to_thread(self._withdraw, taken)
                return
            case Kind.LEAVE | Kind.OFFICER | Kind.RECEIPT:
                await asyncio.to_thread(self._mark, taken, incoming)
                return
        switch, chat = await asyncio.to_thread(self._looked_up, taken)
        if chat.paused_until > self.mailbox.clock():
            await asyncio.to_thread(self._say, taken, "")  # the officer reads it, and answers
        elif switch.off_reason:
            text = self._with_contacts("switched_off", reason=switch.off_reason.rstrip(". "))
            await asyncio.to_thread(self._say, taken, text, though_off=True)
        elif is_stop(incoming):
            stopped = len(taken.plan.rows) > 1
            text = sentence("stopped" if stopped else "nothing_to_stop")
            await asyncio.to_thread(self._say, taken, text)
        elif incoming.kind is Kind.OTHER:
            text = sentence(_WORDS_FOR.get(incoming.what.lower(), "other"))
            await asyncio.to_thread(self._say, taken, text, introduced=True)
        elif self._failures.get(taken.name, 0) >= TRIES:
            await asyncio.to_thread(self._say, taken, self._with_contacts("broken"))
            self._failures.pop(taken.name, None)
        else:
            await self._converse(work, use_model=use_model, shed=shed)

    def _looked_up(self, taken: Taken) -> tuple[Switch, Chat]:
        return self.switches.of(taken.channel), self.switches.chat(taken.channel, taken.chat)

    def _withdraw(self, taken: Taken) -> None:
        """Erase everything; the row of the request goes last, so that a failure is tried again."""
        self.desk.conversation().forget(conversation_of(taken.channel, taken.chat))
        self.mailbox.forget(taken.channel, taken.chat)
        self._erased.discard(conversation_of(taken.channel, taken.chat))

    def _mark(self, taken: Taken, incoming: Incoming) -> None:
        with self.mailbox.tables.writing() as db:
            self.mailbox.settle(db, taken)
            place = (taken.channel, taken.chat)
            if incoming.kind is Kind.LEAVE:
                self.switches.gone(db, *place)
                self.outbox.dropped(db, *place)
            elif incoming.kind is Kind.OFFICER:
                ends = incoming.text.strip().lower() == BOT_AGAIN
                until = 0.0 if ends else self.mailbox.clock() + self._officer_seconds
                self.switches.pause(db, *place, until)

    def _with_contacts(self, key: str, **values: object) -> str:
        contacts = self.desk.config.contacts
        return sentence(key, human_route=contacts.human_route, hotline=contacts.hotline, **values)

    # --- committing ---------------------------------------------------------------------------

    def _say(
        self, taken: Taken, text: str, *, though_off: bool = False, introduced: bool = False
    ) -> None:
        """Settle the turn by a sentence; ``introduced``: after the notice, on first contact."""
        name = conversation_of(taken.channel, taken.chat)
        notice = _notice(self.desk.conversation(), name) if introduced else ""
        reply = Reply(plain_answer(text), before=[notice] if notice else []) if text else None
        with self.mailbox.tables.writing() as db:
            self.commit(db, taken, reply, though_off)
            if notice:
                self.desk.conversation().noticed(name, db)

    def commit(
        self, db: sqlite3.Connection, taken: Taken, reply: Reply | None, though_off: bool = False
    ) -> None:
        """In a transaction of the caller's: the turn is done, and its parts are on their way."""
        self.mailbox.settle(db, taken)
        place = (taken.channel, taken.chat)
        if reply is not None:
            parts = self.rendered(*place, reply)
            self.outbox.put(db, place, taken.name, parts, though_off=though_off)
        self.switches.is_back(db, *place)

    def rendered(self, channel: str, chat: str, reply: Reply) -> tuple[Part, ...]:
        """The parts of a reply; what a channel cannot render goes as plain words."""
        door = self.channels[channel]
        try:
            return tuple(door.render(chat, reply))
        except Exception as error:  # its words are nobody's
            log.error("%s cannot render an answer: %s", channel, type(error).__name__)
            public = self.desk.config.channels.public_url
            text = "\n\n".join((*reply.before, answer_text(reply.answer, public_url=public)))
            return tuple(door.render(chat, Reply(plain_answer(text))))

    # --- conversing ---------------------------------------------------------------------------

    async def _converse(self, work: Work, *, use_model: bool, shed: int) -> None:
        taken = work.taken
        name = conversation_of(taken.channel, taken.chat)
        conversation = self.desk.conversation()
        notice = await asyncio.to_thread(_notice, conversation, name)
        before = [*([notice] if notice else []), *self._before(taken, shed=shed)]
        told: list[Answer] = []

        def also(db: sqlite3.Connection, answer: Answer, choices: tuple[Choice, ...]) -> None:
            told.append(answer)
            self.commit(db, taken, Reply(answer, choices, before))
            if notice:
                conversation.noticed(name, db)

        ticket = self.desk.admit(use_model=use_model)
        cancelled = threading.Event()
        heard = Heard(
            text=taken.plan.text if taken.plan.last.kind is not Kind.BEGIN else "/start",
            conversation=name, scope=citizen(), payload=taken.plan.last.payload,
            message=f"{taken.channel}:{taken.plan.last.update}", door=taken.channel,
            use_model=use_model and not ticket.busy, cancel=cancelled,
            address=taken.chat, also=also, profile=self.desk.profile,
        )  # fmt: skip
        running = Running(lambda: conversation.reply(heard), ticket.release, cancelled)
        work.cancel = running.cancel
        running.start()
        final = await self._listened(work, running)
        await asyncio.to_thread(
            self._ended, taken, conversation, final, before, bool(told), bool(notice)
        )
        self._failures.pop(taken.name, None)

    async def _listened(self, work: Work, running: Running) -> Answer | None:
        """The final answer; meanwhile the person sees that something is done."""
        taken, status, words, shown = work.taken, sentence("progress"), "", ""
        door = self.channels[taken.channel]
        drafts = door.capabilities.draft or door.capabilities.edit
        next_sign = work.begun + self._status_after
        while True:
            try:
                event = await running.next(max(0.05, next_sign - time.monotonic()))
            except TimeoutError:
                event = None
            except StopAsyncIteration:
                return None
            except Exception:  # logged where it was raised
                self._failures[taken.name] = self._failures.get(taken.name, 0) + 1
                return None
            if event is not None:
                self.desk.metrics.seen(event, taken.channel, time.monotonic() - work.begun)
                if event.kind is EventKind.FINAL:
                    final: Answer = event.data
                    return final
                if event.kind is EventKind.STATUS and event.data:
                    status = str(event.data)
                elif event.kind is EventKind.TOKEN:
                    words += str(event.data)
            if time.monotonic() >= next_sign:
                text = words if drafts and words else status
                if text != shown:
                    self.sign(door.progress(taken.chat, text))
                    shown = text
                next_sign = time.monotonic() + (DRAFT_EVERY if drafts else 3600.0)

    def _ended(
        self,
        taken: Taken,
        conversation: ConversationPort,
        final: Answer | None,
        before: list[str],
        was_told: bool,
        noticed: bool,
    ) -> None:
        """Make sure that the turn is settled, or say that it is not."""
        name = conversation_of(taken.channel, taken.chat)
        if self.mailbox.is_open(taken):
            if was_told:
                raise StateError("the turn could not be kept, and is tried again")
            if final is None:
                raise UnansweredError("it broke, or was cancelled, and is tried again")
            with self.mailbox.tables.writing() as db:  # busy, erased, or answered before
                reply = Reply(final, conversation.buttons(name), before)
                self.commit(db, taken, reply)
                if noticed and name not in self._erased:
                    conversation.noticed(name, db)
        if name in self._erased:
            self.outbox.erase_but(taken.channel, taken.chat, taken.name)
            self.mailbox.scrub()
            self._erased.discard(name)

    def erased(self, conversation: str) -> None:
        """The person had this conversation erased: what was still to be sent goes, too."""
        self._erased.add(conversation)

    def _before(self, taken: Taken, *, shed: int) -> list[str]:
        """Sentences before the answer: what is not answered, and why it is short."""
        before = []
        if taken.plan.replaced:
            shown = ", ".join(f"“{shortened(mask(each), 80)}”" for each in taken.plan.replaced)
            before.append(sentence("replaced", questions=shown))
        if shed:
            before.append(self._with_contacts("wait_long", ahead=shed))
        return before

    # --- signs --------------------------------------------------------------------------------

    def sign(self, sign: Coroutine[Any, Any, None]) -> None:
        """Show something that may be lost; nothing waits for it."""
        task = asyncio.get_running_loop().create_task(_bounded(sign))
        self._signs.add(task)
        task.add_done_callback(self._signs.discard)

    async def seen(self, incoming: Incoming) -> None:
        """The first visible sign, where the bot is to answer."""
        door = self.channels.get(incoming.channel)
        if door is None or incoming.kind not in (Kind.TEXT, Kind.BUTTON, Kind.BEGIN):
            return
        try:
            switch = await asyncio.to_thread(self.switches.of, incoming.channel)
            chat = await asyncio.to_thread(self.switches.chat, incoming.channel, incoming.chat)
        except StateError:
            return
        if not switch.off_reason and chat.paused_until <= self.mailbox.clock():
            self.sign(door.seen(incoming))


def _notice(conversation: ConversationPort, name: str) -> str:
    try:
        return conversation.notice(name)
    except StateError as error:
        log.warning("no notice: %s", error)
        return ""


async def _bounded(sign: Coroutine[Any, Any, None]) -> None:
    try:
        async with asyncio.timeout(SIGN):
            await sign
    except Exception as error:
        log.debug("a sign was lost: %s", type(error).__name__)
