"""Telegram's updates as `Incoming`. In groups only what is meant for the bot; pictures are
never kept, only that there was one."""

from __future__ import annotations

from collections.abc import Iterator

from telegram import (
    CallbackQuery,
    ChatMember,
    ChatMemberUpdated,
    Message,
    MessageEntity,
    Update,
    User,
)
from telegram.constants import ChatType
from telegram.ext import filters

from bots.delivery.channel import Incoming, Kind

NAME = "telegram"

#: Attributes of a message that are no words, and what they are called to people.
_KINDS = {
    "photo": "image",
    "document": "file",
    "voice": "voice",
    "audio": "audio",
    "video": "video",
    "video_note": "video",
    "animation": "image",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
    "contact": "contact",
}


def of_message(update: Update, me: User) -> Incoming | None:
    """A message as the rest reads it; None for what is no word to us."""
    message = update.message
    if message is None or filters.StatusUpdate.ALL.check_update(update) or message.via_bot == me:
        return None
    author = message.sender_chat or message.from_user  # a group's anonymous administrator
    if author is None or (isinstance(author, User) and author.is_bot):
        return None
    if message.chat.type != ChatType.PRIVATE and not _for_us(message, me):
        return None
    words = _cleaned(message, me)
    if words is None:
        return None
    kind, what = Kind.TEXT, ""
    if message.text is None:
        kind, what = Kind.OTHER, _what(message)
    elif _is_start(words):
        kind = Kind.BEGIN
    name = str(update.update_id)
    if message.media_group_id and kind is Kind.OTHER:
        name = f"album:{message.media_group_id}"  # ten pictures at once are one thing sent
    return Incoming(
        channel=NAME,
        update=name,
        chat=_chat(message),
        person=str(author.id),
        kind=kind,
        at=message.date.timestamp(),
        text="" if kind is Kind.BEGIN else words,
        message=str(message.message_id),
        what=what,
    )


def of_button(query: CallbackQuery, update_id: int, payload: str, now: float) -> Incoming | None:
    """A pressed button; None where it was below no message of a chat. ``payload`` is what
    the button stands for."""
    message = query.message
    if message is None:
        return None
    chat = _chat(message) if isinstance(message, Message) else str(message.chat.id)
    return Incoming(
        channel=NAME,
        update=str(update_id),
        chat=chat,
        person=str(query.from_user.id),
        kind=Kind.BUTTON,
        at=now,  # Telegram does not say when it was pressed
        text=_title(query),
        payload=payload,
        message=str(message.message_id),
    )


def of_membership(change: ChatMemberUpdated, update_id: int) -> Incoming | None:
    """The bot was blocked or removed; None for every other change."""
    if change.new_chat_member.status not in (ChatMember.BANNED, ChatMember.LEFT):
        return None
    return Incoming(
        channel=NAME,
        update=str(update_id),
        chat=str(change.chat.id),
        person=str(change.from_user.id),
        kind=Kind.LEAVE,
        at=change.date.timestamp(),
    )


def address(chat: str) -> tuple[int, int | None]:
    """A chat's id, and that of the topic in it."""
    chat_id, _, topic = chat.partition("/")
    return int(chat_id), int(topic) if topic else None


def is_private(chat: str) -> bool:
    """Telegram gives groups negative ids."""
    return not chat.startswith("-")


def _chat(message: Message) -> str:
    if message.is_topic_message and message.message_thread_id:
        return f"{message.chat.id}/{message.message_thread_id}"
    return str(message.chat.id)


def _entities(message: Message) -> Iterator[tuple[MessageEntity, str]]:
    if message.text is not None:
        yield from message.parse_entities().items()
    elif message.caption is not None:
        yield from message.parse_caption_entities().items()


def _for_us(message: Message, me: User) -> bool:
    """A group's message is for the bot: a command, a mention, or an answer to it."""
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.id == me.id:
        return True
    for entity, words in _entities(message):
        match entity.type:
            case MessageEntity.BOT_COMMAND if entity.offset == 0:
                return True
            case MessageEntity.MENTION if words.lower() == f"@{(me.username or '').lower()}":
                return True
            case MessageEntity.TEXT_MENTION if entity.user and entity.user.id == me.id:
                return True
    return False


def _cleaned(message: Message, me: User) -> str | None:
    """The words without the bot's name in them; None where a command is another bot's."""
    words = message.text or message.caption or ""
    name = f"@{(me.username or '').lower()}"
    for entity, marked in _entities(message):
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            command, at, bot = marked.partition("@")
            if at and f"@{bot.lower()}" != name:
                return None
            words = words.replace(marked, command, 1)
        elif entity.type == MessageEntity.MENTION and marked.lower() == name:
            words = words.replace(marked, "", 1)
    return words.strip()


def _is_start(words: str) -> bool:
    """``/start``, also with what a link to the bot put behind it."""
    return words.partition(" ")[0].lower() == "/start"


def _what(message: Message) -> str:
    return next((kind for name, kind in _KINDS.items() if getattr(message, name)), "unknown")


def _title(query: CallbackQuery) -> str:
    """What the pressed button says, where Telegram still shows us its message."""
    if not isinstance(query.message, Message) or query.message.reply_markup is None:
        return ""
    for row in query.message.reply_markup.inline_keyboard:
        for button in row:
            if button.callback_data == query.data:
                return button.text
    return ""
