"""What the fake Telegram holds: people, chats, messages, updates that wait, files."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

#: The bot's name; its id is what its token begins with.
USERNAME = "TroLyThuBot"
#: Seconds for which updates wait.
DAY = 86_400.0


class Refused(Exception):
    """A call that Telegram refuses: the HTTP status, the description, the parameters."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad(description: str, **parameters: Any) -> Refused:
    return Refused(400, f"Bad Request: {description}", **parameters)


@dataclass(slots=True)
class Chat:
    """A chat with the bot. ``blocked``: "", "blocked", "deactivated", "kicked"."""

    id: int
    type: str
    name: str
    messages: dict[int, Json] = field(default_factory=dict)
    actions: list[tuple[str, float]] = field(default_factory=list)
    drafts: list[tuple[int, str, float]] = field(default_factory=list)
    draft: tuple[int, str, float] | None = None
    blocked: str = ""
    migrated_to: int = 0

    def to_json(self) -> Json:
        name = "first_name" if self.type == "private" else "title"
        return {"id": self.id, "type": self.type, name: self.name}


@dataclass
class World:
    """Shared by the API, which runs in a thread of its own, and by who controls the fake."""

    clock: Callable[[], float]
    bot_id: int
    users: dict[int, Json] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    updates: dict[int, Json] = field(default_factory=dict)
    queries: dict[str, float] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    reactions: dict[tuple[int, int], list[Any]] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    allowed: list[str] = field(default_factory=list)  # kinds of updates; none: all

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self._made: dict[int, float] = {}
        self._updates = itertools.count(700_000_001)
        self._messages = itertools.count(1)
        self.numbers = itertools.count(1)
        self.me: Json = {
            "id": self.bot_id,
            "is_bot": True,
            "first_name": "Trợ lý thử",
            "username": USERNAME,
        }

    def user(self, user_id: int, name: str = "Lan") -> Json:
        return self.users.setdefault(
            user_id,
            {"id": user_id, "is_bot": False, "first_name": name, "language_code": "vi"},
        )

    def chat(self, chat_id: Any) -> Chat:
        """The chat; `Refused` where the bot may not write to it."""
        try:
            chat = self.chats[int(chat_id)]
        except (KeyError, ValueError, TypeError):
            raise bad("chat not found") from None
        if chat.migrated_to:
            raise bad(
                "group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.migrated_to,
            )
        match chat.blocked:
            case "blocked":
                raise Refused(403, "Forbidden: bot was blocked by the user")
            case "deactivated":
                raise Refused(403, "Forbidden: user is deactivated")
            case "kicked":
                raise Refused(403, f"Forbidden: bot was kicked from the {chat.type} chat")
        return chat

    def new_message(self, chat: Chat, author: Json, content: Json) -> Json:
        message = {
            "message_id": next(self._messages),
            "date": int(self.clock()),
            "chat": chat.to_json(),
            "from": author,
            **content,
        }
        chat.messages[message["message_id"]] = message
        return message

    def update(self, kind: str, content: Json) -> int:
        """Queue an update for the bot, if it wants this kind."""
        with self.lock:
            number = next(self._updates)
            if not self.allowed or kind in self.allowed:
                self.updates[number] = {"update_id": number, kind: content}
                self._made[number] = self.clock()
            return number

    def waiting(self) -> dict[int, Json]:
        """The updates nobody has taken; those of more than a day are lost."""
        with self.lock:
            since = self.clock() - DAY
            for number in [each for each in self.updates if self._made.get(each, since) < since]:
                del self.updates[number]
            return dict(self.updates)

    def said(self, chat_id: int) -> list[Json]:
        """The bot's messages in a chat, oldest first."""
        with self.lock:
            messages = self.chats[chat_id].messages if chat_id in self.chats else {}
            return [each for each in messages.values() if each["from"]["id"] == self.bot_id]
