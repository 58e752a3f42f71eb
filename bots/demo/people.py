"""People who write to us on a provider that is played here, and what they see of us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from assistant.channels import ChannelsSettings, TelegramSettings, ZaloBotSettings, ZaloOaSettings
from bots.delivery.answering import conversation_of
from bots.fakes.serving import Delivery
from bots.fakes.telegram_server import FakeTelegram
from bots.fakes.zalo_bot import FakeZaloBot
from bots.fakes.zalo_oa import FakeZaloOA
from bots.zalo_bot.opening import TOKEN as ZALO_BOT_TOKEN
from bots.zalo_oa import consent
from bots.zalo_oa.grant import GrantFile
from bots.zalo_oa.oauth import OAuth
from bots.zalo_oa.opening import APP_SECRET, SECRET_KEY
from bots.zalo_oa.rendering import CAPABILITIES
from knowledge_base.home import Home

#: So many people, and messages of ours in a month, are enough for any trial.
_MANY = 1_000_000
#: Seconds that a poll lasts: stopping waits for it.
_POLL = 1.0


class UndeliveredError(Exception):
    """Our side did not take what a person sent."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that a person sees: a message with its buttons, or a passing ``sign``."""

    text: str
    buttons: tuple[str, ...] = ()
    sign: bool = False


class Citizen(Protocol):
    """One person in a chat with us."""

    @property
    def conversation(self) -> str:
        """As `Heard.conversation` names it."""
        ...

    def says(self, text: str) -> None: ...

    def presses(self, number: int) -> None:
        """Press the button with this number (from 1) of the last message that has any, or type
        the number where there is none. Raises `LookupError`."""
        ...

    def sends_picture(self) -> None: ...

    def seen(self) -> tuple[Shown, ...]:
        """Everything so far: messages in their order, signs in theirs."""
        ...


class Platform(Protocol):
    """A provider that is played. Use as a context manager."""

    name: str  # as people write it in a command
    channel: str  # as `Incoming.channel`

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def settings(self, channels: ChannelsSettings) -> ChannelsSettings:
        """``channels`` with this one on."""
        ...

    def secrets(self) -> Mapping[str, str]:
        """What stands in the environment for it."""
        ...

    def meet(self, address: str, home: Home) -> None:
        """Learn that we are served at ``address``, before we open the door."""
        ...

    def citizen(self, number: int = 1) -> Citizen: ...


class _Entered:
    """Enters and leaves ``fake``."""

    fake: Any

    def __enter__(self) -> Self:
        self.fake.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.fake.__exit__(kind, error, trace)


# --- Zalo Official Account ----------------------------------------------------------------------


class OnZaloOa(_Entered):
    """An Official Account, which has given us its consent."""

    name, channel = "zalo-oa", "zalo_oa"

    def __init__(self) -> None:
        self.fake = FakeZaloOA()

    def settings(self, channels: ChannelsSettings) -> ChannelsSettings:
        account = self.fake.account
        mine = ZaloOaSettings(
            on=True, app_id=account.app_id, oa_id=account.oa_id,
            api_url=self.fake.api.address, oauth_url=self.fake.oauth.address,
        )  # fmt: skip
        return channels.model_copy(update={"zalo_oa": mine})

    def secrets(self) -> Mapping[str, str]:
        account = self.fake.account
        return {APP_SECRET: account.app_secret, SECRET_KEY: account.secret_key}

    def meet(self, address: str, home: Home) -> None:
        account = self.fake.account
        self.fake.webhook = f"{address}/webhooks/zalo-oa"
        file = GrantFile(home.path)
        oauth = OAuth(self.fake.oauth.address, account.app_id, account.app_secret)
        link = consent.begin(file, oauth, f"{self.fake.webhook}/callback")
        code, state, oa_id = consent.read_answer(self.fake.consent(link))
        consent.finish(file, oauth, code, state, oa_id=oa_id)

    def citizen(self, number: int = 1) -> Citizen:
        return _OnZaloOa(self, str(246845883529197921 + number))


class _Zalo(Protocol):
    @property
    def channel(self) -> str: ...
    @property
    def fake(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class _OnZalo:
    """A person of either of Zalo's platforms."""

    platform: _Zalo
    user: str

    @property
    def conversation(self) -> str:
        return conversation_of(self.platform.channel, self.user)

    def says(self, text: str) -> None:
        _taken(self.platform.fake.says(self.user, text))


class _OnZaloOa(_OnZalo):
    def presses(self, number: int) -> None:
        messages = [each for each in self.platform.fake.account.sent if each.user == self.user]
        shown = next((each for each in reversed(messages) if each.buttons), None)
        buttons = shown.buttons if shown else []
        if 1 <= number <= len(buttons):
            _taken(self.platform.fake.taps(self.user, number))
        elif number > len(buttons) == CAPABILITIES.buttons:  # the others stand in the text
            self.says(str(number))
        else:
            raise LookupError(number)

    def sends_picture(self) -> None:
        _taken(self.platform.fake.attaches(self.user, "image"))

    def seen(self) -> tuple[Shown, ...]:
        account = self.platform.fake.account
        signs = [Shown(icon, sign=True) for user, _, icon in [*account.reactions]
                 if user == self.user]  # fmt: skip
        sent = [
            Shown(each.text, tuple(str(button["title"]) for button in each.buttons))
            for each in [*account.sent]
            if each.user == self.user
        ]
        return (*signs, *sent)


# --- Zalo Bot Platform --------------------------------------------------------------------------


class OnZaloBot(_Entered):
    """A bot that asks for its updates."""

    name, channel = "zalo-bot", "zalo_bot"

    def __init__(self) -> None:
        self.fake = FakeZaloBot(quota=_MANY, people=_MANY, longest_poll=_POLL)

    def settings(self, channels: ChannelsSettings) -> ChannelsSettings:
        mine = ZaloBotSettings(on=True, mode="polling", api_url=self.fake.address)
        return channels.model_copy(update={"zalo_bot": mine})

    def secrets(self) -> Mapping[str, str]:
        return {ZALO_BOT_TOKEN: self.fake.token}

    def meet(self, address: str, home: Home) -> None:
        """It is we who ask."""

    def citizen(self, number: int = 1) -> Citizen:
        return _OnZaloBot(self, f"6ede9afa66b8{number:08x}")


class _OnZaloBot(_OnZalo):
    def presses(self, number: int) -> None:
        if number < 1:
            raise LookupError(number)
        self.says(str(number))

    def sends_picture(self) -> None:
        _taken(self.platform.fake.sends(self.user, "image"))

    def seen(self) -> tuple[Shown, ...]:
        fake = self.platform.fake
        signs = [Shown("typing", sign=True) for chat, _ in [*fake.typing] if chat == self.user]
        return (*signs, *map(Shown, fake.to(self.user)))


# --- Telegram -----------------------------------------------------------------------------------


class OnTelegram(_Entered):
    """A bot that asks for its updates."""

    name, channel = "telegram", "telegram"

    def __init__(self) -> None:
        self.fake = FakeTelegram(longest_poll=_POLL)

    def settings(self, channels: ChannelsSettings) -> ChannelsSettings:
        mine = TelegramSettings(on=True, mode="polling", api_url=self.fake.address)
        return channels.model_copy(update={"telegram": mine})

    def secrets(self) -> Mapping[str, str]:
        return {"TROLY_TELEGRAM_TOKEN": self.fake.token}

    def meet(self, address: str, home: Home) -> None:
        """It is we who ask."""

    def citizen(self, number: int = 1) -> Citizen:
        return _OnTelegram(self, 1_000_000 + number)


@dataclass(frozen=True, slots=True)
class _OnTelegram:
    platform: OnTelegram
    user: int

    @property
    def conversation(self) -> str:
        return conversation_of(self.platform.channel, str(self.user))

    def says(self, text: str) -> None:
        self.platform.fake.says(self.user, text)

    def presses(self, number: int) -> None:
        fake = self.platform.fake
        for message in reversed(fake.said(self.user)):
            pressed = [each for each in _buttons(message) if "callback_data" in each]
            if pressed:
                if not 1 <= number <= len(pressed):
                    raise LookupError(number)
                fake.presses_data(self.user, message, pressed[number - 1]["callback_data"])
                return
        raise LookupError(number)

    def sends_picture(self) -> None:
        photo = {"file_id": "f", "file_unique_id": "f", "width": 90, "height": 90}
        self.platform.fake.sends(self.user, photo=[photo])

    def seen(self) -> tuple[Shown, ...]:
        fake = self.platform.fake
        chat = fake.world.chats.get(self.user)
        if chat is None:
            return ()
        signs = [Shown(action, sign=True) for action, _ in [*chat.actions]]
        signs += [Shown(text, sign=True) for _, text, _ in [*chat.drafts] if text]
        said = [
            Shown(
                str(each.get("text") or each.get("caption") or ""),
                tuple(b["text"] for b in _buttons(each) if "callback_data" in b),
            )
            for each in fake.said(self.user)
        ]
        return (*signs, *said)


def _buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def _taken(delivery: Delivery | None) -> None:
    """Where there is a webhook it has to be answered with 200."""
    if delivery is not None and delivery.status != 200:
        raise UndeliveredError(delivery.error or f"HTTP {delivery.status}")


#: The providers there are, by the name that people write.
PLATFORMS: Mapping[str, Callable[[], Platform]] = {
    OnZaloOa.name: OnZaloOa,
    OnZaloBot.name: OnZaloBot,
    OnTelegram.name: OnTelegram,
}
