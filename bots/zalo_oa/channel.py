"""A Zalo Official Account as a channel."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from bots.delivery.channel import (
    Capabilities,
    DeliveryError,
    Incoming,
    Kind,
    Part,
    Recipient,
    Reply,
    Transient,
)
from bots.zalo_oa.client import ZaloOaClient
from bots.zalo_oa.rendering import CAPABILITIES, parts_of
from bots.zalo_oa.updates import NAME

logger = logging.getLogger(__name__)

#: Seconds after a person's last interaction that answers are free, and that there may be any.
FREE, OPEN = 48 * 3600.0, 7 * 86_400.0
#: So much before the end of either we ask Zalo, whose clock counts; chats remembered.
_CLOSE, _CHATS = 600.0, 20_000
_INTERACTIONS = frozenset({Kind.TEXT, Kind.BUTTON, Kind.OTHER, Kind.BEGIN})


class ZaloOa:
    """Plain messages with buttons; a reaction is the first sign that a message came."""

    def __init__(
        self,
        client: ZaloOaClient,
        *,
        public_url: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._public_url = public_url
        self._clock = clock
        self._last: OrderedDict[str, float] = OrderedDict()

    @property
    def name(self) -> str:
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def render(self, chat: str, reply: Reply) -> tuple[Part, ...]:  # noqa: ARG002
        return parts_of(reply, public_url=self._public_url)

    async def send(self, chat: str, part: Part) -> str:
        await self._in_time(chat)
        text = part.body.get("text")
        buttons: Any = part.body.get("buttons") or ()
        return await self._client.send(chat, text if isinstance(text, str) else part.text, buttons)

    async def seen(self, incoming: Incoming) -> None:
        """A thumb on the message; dropped where calls are getting scarce."""
        if not incoming.message or incoming.kind not in _INTERACTIONS or self._client.is_tight:
            return
        try:
            await self._client.react(incoming.chat, incoming.message)
        except DeliveryError as error:
            logger.info("zalo_oa: no reaction: %s", error)

    async def progress(self, chat: str, text: str) -> None:
        """Nothing: a message cannot be changed here, and each costs a call."""

    async def close(self) -> None:
        await self._client.close()

    def heard(self, incoming: Incoming) -> None:
        """Note when a person last did something: from then on answers are free for 48 hours."""
        if incoming.kind in _INTERACTIONS:
            self._note(incoming.chat, incoming.at)

    def _note(self, chat: str, at: float) -> None:
        self._last[chat] = max(at, self._last.pop(chat, 0.0))
        while len(self._last) > _CHATS:
            self._last.popitem(last=False)

    async def _in_time(self, chat: str) -> None:
        """Ask Zalo before an answer that may be late. Raises `Recipient` where it is too late."""
        now = self._clock()
        last = self._last.get(chat)
        if last is not None and now - last < FREE - _CLOSE:
            return
        try:
            said = await self._client.last_interaction(chat)
        except Transient:
            return  # then Zalo says it when it is sent
        if said is None:
            return
        self._note(chat, said)
        said = self._last[chat]  # a webhook may know of a later one
        if now - said > OPEN:
            raise Recipient("Zalo OA -230: no interaction for seven days", code="-230")
        if now - said > FREE:
            logger.warning("zalo_oa: an answer more than 48 hours late, which Zalo charges for")
