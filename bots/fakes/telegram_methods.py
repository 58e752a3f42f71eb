"""The methods of the fake Bot API, each with the limits and descriptions of the real one.

*Unverified* are the descriptions of refused drafts: nobody has written them down.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from bots.fakes.telegram_html import CannotParse, found_entities, parsed_html, utf16
from bots.fakes.telegram_limits import Flood
from bots.fakes.telegram_world import Chat, Json, Refused, World, bad

TEXT, CAPTION, DATA = 4096, 1024, 64
#: Bytes: what a bot may download, upload, send as a photo.
DOWNLOAD, UPLOAD, PHOTO = 20_000_000, 50_000_000, 10_000_000
#: Seconds that a draft lives, that an action is shown, and in which a button must be answered.
DRAFT, ACTION, QUERY = 30.0, 5.0, 900.0

_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
#: What is asked of the methods here; only a strict fake refuses what else is sent.
_FIELDS = frozenset(
    {
        "action", "allow_sending_without_reply", "allowed_updates", "callback_query_id", "caption",
        "chat_id", "commands", "description", "disable_notification", "document", "draft_id",
        "drop_pending_updates", "entities", "file_id", "language_code", "link_preview_options",
        "max_connections", "message_id", "message_thread_id", "parse_mode", "photo",
        "protect_content", "reaction", "reply_markup", "reply_parameters", "scope",
        "secret_token", "short_description", "show_alert", "text", "url", "voice",
    }
)  # fmt: skip
_REACTIONS = frozenset(["👍", "👎", "❤", "🔥", "🎉", "🤔", "👀", "🙏", "👌", "✍", "🤝"])
_LINK = re.compile(r"(?:https?://)[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?|tg://\S+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


class Methods:
    """``call`` answers one method. Parameters are what was sent, files as bytes."""

    def __init__(
        self, world: World, flood: Flood, *, any_webhook: bool = False, strict: bool = False
    ) -> None:
        self.world = world
        self.flood = flood
        self._any_webhook = any_webhook
        self._strict = strict
        self._known: dict[str, Callable[[Json], Any]] = {
            name.removeprefix("do_").lower(): getattr(self, name)
            for name in dir(self)
            if name.startswith("do_")
        }

    def knows(self, method: str) -> bool:
        return method.lower() in self._known

    def call(self, method: str, given: Json) -> Any:
        """The ``result``. Raises `Refused`."""
        if self._strict and (odd := given.keys() - _FIELDS):
            raise bad(f"unknown field {min(odd)}")
        with self.world.lock:
            return self._known[method.lower()](given)

    # --- messages ---------------------------------------------------------------------------

    def do_sendMessage(self, given: Json) -> Json:
        chat = self.world.chat(given.get("chat_id"))
        content = self._text(given, "text", TEXT)
        content |= _markup(given)
        return self._sent(chat, given, content)

    def do_editMessageText(self, given: Json) -> Json:
        chat = self.world.chat(given.get("chat_id"))
        message = chat.messages.get(_whole(given.get("message_id")))
        if message is None or message["from"]["id"] != self.world.bot_id:
            raise bad("message to edit not found")
        content = self._text(given, "text", TEXT) | _markup(given)
        same = ("text", "entities", "reply_markup")
        if all(message.get(key) == content.get(key) for key in same):
            raise bad(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        self._slow_down(chat, "message")
        for key in same:
            message.pop(key, None)
        message |= content | {"edit_date": int(self.world.clock())}
        return message

    def do_deleteMessage(self, given: Json) -> bool:
        chat = self.world.chat(given.get("chat_id"))
        if chat.messages.pop(_whole(given.get("message_id")), None) is None:
            raise bad("message to delete not found")
        return True

    def do_sendMessageDraft(self, given: Json) -> bool:
        chat = self.world.chat(given.get("chat_id"))
        if chat.type != "private":
            raise bad("message drafts can be sent only to private chats")
        number = _whole(given.get("draft_id"))
        if not number:
            raise bad("draft_id must be non-zero")
        text = ""
        if given.get("text"):
            text = self._text(given, "text", TEXT)["text"]
        self._slow_down(chat, "draft")
        chat.draft = (number, text, self.world.clock())
        chat.drafts.append(chat.draft)
        return True

    def do_sendChatAction(self, given: Json) -> bool:
        chat = self.world.chat(given.get("chat_id"))
        if given.get("action") not in _ACTIONS:
            raise bad("wrong parameter action in request")
        self._slow_down(chat, "other")
        chat.actions.append((given["action"], self.world.clock()))
        return True

    def do_sendDocument(self, given: Json) -> Json:
        return self._file(given, "document", UPLOAD)

    def do_sendPhoto(self, given: Json) -> Json:
        return self._file(given, "photo", PHOTO)

    def do_sendVoice(self, given: Json) -> Json:
        return self._file(given, "voice", UPLOAD)

    def do_setMessageReaction(self, given: Json) -> bool:
        chat = self.world.chat(given.get("chat_id"))
        number = _whole(given.get("message_id"))
        if number not in chat.messages:
            raise bad("message to react not found")
        reactions = _object(given.get("reaction"), [])
        if any(each.get("emoji") not in _REACTIONS for each in reactions):
            raise bad("REACTION_INVALID")
        self.world.reactions[chat.id, number] = reactions
        return True

    def do_answerCallbackQuery(self, given: Json) -> bool:
        query = str(given.get("callback_query_id"))
        asked = self.world.queries.get(query)
        if asked is None or self.world.clock() - asked > QUERY:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(str(given.get("text", ""))) > 200:
            raise bad("MESSAGE_TOO_LONG")
        del self.world.queries[query]
        self.world.answered[query] = str(given.get("text", ""))
        return True

    # --- what the bot is --------------------------------------------------------------------

    def do_getMe(self, _: Json) -> Json:
        rights = {"can_join_groups": True, "can_read_all_group_messages": False}
        return {**self.world.me, **rights, "supports_inline_queries": False}

    def do_getChat(self, given: Json) -> Json:
        chat = self.world.chat(given.get("chat_id"))
        return {**chat.to_json(), "accent_color_id": 0, "max_reaction_count": 11}

    def do_setMyCommands(self, given: Json) -> bool:
        commands = _object(given.get("commands"), [])
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for each in commands:
            if not _COMMAND.fullmatch(each.get("command", "")):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(each.get("description", "")) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.world.commands[_scope(given)] = commands
        return True

    def do_getMyCommands(self, given: Json) -> list[Json]:
        return self.world.commands.get(_scope(given), [])

    def do_setMyDescription(self, given: Json) -> bool:
        return self._describe(given, "description", 512)

    def do_setMyShortDescription(self, given: Json) -> bool:
        return self._describe(given, "short_description", 120)

    def do_getMyDescription(self, _: Json) -> Json:
        return {"description": self.world.descriptions.get("description", "")}

    def do_getMyShortDescription(self, _: Json) -> Json:
        return {"short_description": self.world.descriptions.get("short_description", "")}

    # --- updates and files ------------------------------------------------------------------

    def do_setWebhook(self, given: Json) -> bool:
        url, secret = str(given.get("url", "")), str(given.get("secret_token", ""))
        if not url:
            return self.do_deleteWebhook(given)
        if not url.startswith("https://") and not self._any_webhook:
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        if _true(given.get("drop_pending_updates")):
            self.world.updates.clear()
        self.world.webhook = {
            "url": url,
            "secret": secret,
            "max_connections": _whole(given.get("max_connections", 40)),
        }
        self.allow(given)
        return True

    def allow(self, given: Json) -> None:
        """What kinds of updates the bot wants from now on, where it says."""
        if given.get("allowed_updates") is not None:
            self.world.allowed = _object(given["allowed_updates"], [])

    def do_deleteWebhook(self, given: Json) -> bool:
        if _true(given.get("drop_pending_updates")):
            self.world.updates.clear()
        self.world.webhook = {}
        return True

    def do_getWebhookInfo(self, _: Json) -> Json:
        hook = {key: value for key, value in self.world.webhook.items() if key != "secret"}
        return {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.waiting()),
            "allowed_updates": self.world.allowed,
            **hook,
        }

    def do_getFile(self, given: Json) -> Json:
        name = str(given.get("file_id"))
        content = self.world.files.get(name)
        if content is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(content) > DOWNLOAD:
            raise bad("file is too big")
        return {**_described(name, content), "file_path": f"documents/{name}"}

    # --- what they share --------------------------------------------------------------------

    def _text(self, given: Json, name: str, limit: int) -> Json:
        source = str(given.get(name, ""))
        mode = str(given.get("parse_mode", "")).lower()
        if mode == "html":
            try:
                text, entities = parsed_html(source)
            except CannotParse as error:
                raise bad(f"can't parse entities: {error}") from None
        elif mode:
            raise (
                bad("unsupported parse_mode")
                if mode[:8] != "markdown"
                else bad("can't parse entities: this fake reads HTML alone")
            )
        else:
            text, entities = source.strip(), found_entities(source.strip())
        if not text and name == "text":
            raise bad("message text is empty")
        if utf16(text) > limit:
            raise bad("message is too long" if name == "text" else "message caption is too long")
        return {name: text, **({"entities": entities} if entities else {})}

    def _sent(self, chat: Chat, given: Json, content: Json) -> Json:
        self._slow_down(chat, "message")
        if given.get("message_thread_id"):
            content |= {
                "message_thread_id": _whole(given["message_thread_id"]),
                "is_topic_message": True,
            }
        chat.draft = None  # a message ends what was only its preview
        return self.world.new_message(chat, self.world.me, content)

    def _file(self, given: Json, kind: str, limit: int) -> Json:
        chat = self.world.chat(given.get("chat_id"))
        content = given.get(kind)
        if isinstance(content, str) and content in self.world.files:
            content = self.world.files[content]
        if not isinstance(content, bytes):
            raise bad("wrong remote file identifier specified: can't unserialize it")
        if len(content) > limit:
            if kind == "photo":
                raise bad("PHOTO_SAVE_FILE_INVALID")
            raise Refused(413, "Request Entity Too Large")
        name = f"{kind}-{next(self.world.numbers)}"
        self.world.files[name] = content
        described: Any = _described(name, content)
        if kind == "photo":
            described = [{**described, "width": 90, "height": 90}]
        elif kind == "voice":
            described |= {"duration": 1}
        caption = self._text(given, "caption", CAPTION) if given.get("caption") else {}
        return self._sent(chat, given, {kind: described, **caption, **_markup(given)})

    def _describe(self, given: Json, name: str, limit: int) -> bool:
        if len(str(given.get(name, ""))) > limit:
            raise bad("description is too long")
        self.world.descriptions[name] = str(given.get(name, ""))
        return True

    def _slow_down(self, chat: Chat, kind: str) -> None:
        if seconds := self.flood.wait(chat.id, kind=kind):
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def _markup(given: Json) -> Json:
    """The inline keyboard, if there is one that Telegram takes."""
    markup = _object(given.get("reply_markup"), {})
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    if sum(map(len, rows)) > 100:
        raise bad("REPLY_MARKUP_TOO_LONG")
    for button in (each for row in rows for each in row):
        if not str(button.get("text", "")).strip():
            raise bad(
                "can't parse inline keyboard button: Text buttons are unallowed in the inline "
                "keyboard"
            )
        if "callback_data" in button:
            if not 1 <= len(str(button["callback_data"]).encode()) <= DATA:
                raise bad("BUTTON_DATA_INVALID")
        elif not _LINK.fullmatch(str(button.get("url", ""))):
            raise bad(
                f"inline keyboard button URL '{button.get('url', '')}' is invalid: Wrong HTTP URL"
            )
    return {"reply_markup": markup} if rows else {}


def _object(value: Any, otherwise: Any) -> Any:
    """A value that forms carry as JSON."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            raise bad("can't parse JSON object") from None
    return otherwise if value is None else value


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _true(value: Any) -> bool:
    return str(value).lower() in ("true", "1")


def _scope(given: Json) -> tuple[str, str]:
    scope = _object(given.get("scope"), {}).get("type", "default")
    return str(scope), str(given.get("language_code", ""))


def _described(name: str, content: bytes) -> Json:
    unique = hashlib.sha256(content).hexdigest()[:16]
    return {"file_id": name, "file_unique_id": unique, "file_size": len(content)}
