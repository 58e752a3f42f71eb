"""What officers answered, on its way to the chats where it was asked."""

from __future__ import annotations

from assistant.desk.opening import OfficerDesk
from bots.delivery.answering import Answerer, conversation_of
from bots.delivery.channel import Reply
from bots.delivery.sending import plain_answer
from bots.delivery.tables import key_of


class FromOfficers:
    """Puts officers' answers into the outbox, each once. May raise `StateError`."""

    def __init__(self, desk: OfficerDesk, answerer: Answerer) -> None:
        self._desk = desk
        self._answerer = answerer

    def bring(self, channel: str) -> int:
        """How many answers are on their way now. In chats that cannot be written to they wait."""
        switches = self._answerer.switches
        if switches.of(channel).off_reason:
            return 0
        return sum(
            self._to(channel, chat)
            for chat in self._desk.outbox.addresses(channel)
            if not switches.chat(channel, chat).gone
        )

    def _to(self, channel: str, chat: str) -> int:
        name = conversation_of(channel, chat)
        answerer = self._answerer
        pending = self._desk.outbox.pending(name)
        for each in pending:
            text = self._desk.queue.speaking(each.language).say(
                "officer_says", officer=each.officer, code=each.code, text=each.text
            )
            parts = answerer.rendered(channel, chat, Reply(plain_answer(text)))
            with answerer.mailbox.tables.writing() as db:  # once, also when we die right here
                turn = key_of("officer", channel, chat, str(each.id))
                answerer.outbox.put(db, (channel, chat), turn, parts)
        self._desk.outbox.delivered(name, [each.id for each in pending])
        return len(pending)
