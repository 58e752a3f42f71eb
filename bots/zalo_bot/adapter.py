"""The Zalo Bot Platform as a `Channel`: what is sent, and the sign that somebody is at work."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from bots.delivery.channel import (
    Capabilities,
    DeliveryError,
    Incoming,
    Part,
    Reply,
    Transient,
)
from bots.zalo_bot.client import ZaloBotClient
from bots.zalo_bot.reading import NAME
from bots.zalo_bot.rendering import CAPABILITIES, parts_of

logger = logging.getLogger(__name__)

#: "Typing" is shown for some five seconds, so it is said again after so many …
AGAIN = 4.0
#: … and at most so often: after two minutes nobody believes it.
_TIMES = 30
#: Ids of our own last messages, to know them when they come back.
_REMEMBERED = 2000


class ZaloBotChannel:
    """Sends to one bot's chats. There is no edit and no button: words, and "typing"."""

    def __init__(
        self,
        client: ZaloBotClient,
        *,
        public_url: str = "",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.client = client
        self._public_url = public_url
        self._sleep = sleep
        self._typing: dict[str, asyncio.Task[None]] = {}
        self._sent: deque[str] = deque(maxlen=_REMEMBERED)

    @property
    def name(self) -> str:
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def render(self, chat: str, reply: Reply) -> tuple[Part, ...]:  # noqa: ARG002
        """Parts of at most 2,000 UTF-16 units, choices as numbers."""
        return parts_of(reply, public_url=self._public_url)

    async def send(self, chat: str, part: Part) -> str:
        """Send one message; "typing" ends with the first. Raises a `DeliveryError`.

        What may have arrived is taken to have arrived ("" is its id): the platform has no
        key by which it could tell that it was sent before, and has not said no.
        """
        self._stop(chat)
        text = str(part.body.get("text") or part.text)
        styles = part.body.get("text_styles") or ()
        try:
            message = await self.client.send_message(chat, text, styles)
        except Transient as error:
            if not error.maybe:
                raise
            logger.warning("a message may not have arrived and is not sent again: %s", error)
            return ""
        if message:
            self._sent.append(message)
        return message

    def is_own(self, message: str) -> bool:
        """Whether the message of this id was sent from here."""
        return bool(message) and message in self._sent

    async def seen(self, incoming: Incoming) -> None:
        """Show "typing" until the first output."""
        self._type(incoming.chat)

    async def progress(self, chat: str, text: str) -> None:  # noqa: ARG002
        """Go on showing "typing": nothing can be edited, and each message counts for the quota."""
        self._type(chat)

    async def close(self) -> None:
        """End what is shown, and the connections."""
        running = tuple(self._typing.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self.client.close()

    def _type(self, chat: str) -> None:
        if chat not in self._typing:
            task = asyncio.create_task(self._keep_typing(chat), name="zalo-bot-typing")
            self._typing[chat] = task
            task.add_done_callback(lambda done: self._ended(chat, done))

    def _ended(self, chat: str, task: asyncio.Task[None]) -> None:
        if self._typing.get(chat) is task:
            del self._typing[chat]

    def _stop(self, chat: str) -> None:
        if task := self._typing.pop(chat, None):
            task.cancel()

    async def _keep_typing(self, chat: str) -> None:
        for _ in range(_TIMES):
            try:
                await self.client.typing(chat)
            except Transient:
                pass
            except DeliveryError as error:  # the answer itself will meet it, and say so
                logger.debug("typing is not shown: %s", error.code)
                return
            await self._sleep(AGAIN)
