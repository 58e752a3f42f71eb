"""The fake is what it stands for: the real python-telegram-bot lives with it as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReactionTypeEmoji,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import Application, ApplicationBuilder, CommandHandler, MessageHandler, filters

from bots.fakes.serving import Clock
from bots.fakes.telegram_by_hand import talk
from bots.fakes.telegram_html import CannotParse, parsed_html
from bots.fakes.telegram_limits import Flood
from bots.fakes.telegram_server import TOKEN, FakeTelegram

Does = Callable[[Bot], Awaitable[Any]]


def with_bot(telegram: FakeTelegram, does: Does, token: str = "") -> Any:
    async def run() -> Any:
        bot = Bot(
            token or telegram.token,
            base_url=f"{telegram.address}/bot",
            base_file_url=f"{telegram.address}/file/bot",
        )
        async with bot:
            return await does(bot)

    return asyncio.run(run())


def refusal(telegram: FakeTelegram, does: Does) -> TelegramError:
    with pytest.raises(TelegramError) as raised:
        with_bot(telegram, does)
    return raised.value


def test_an_application_with_the_library_s_own_polling(telegram: FakeTelegram) -> None:
    async def start(update: Update, _: Any) -> None:
        assert update.message
        await update.message.reply_text("Chào " + update.message.text)  # type: ignore[operator]

    async def run() -> None:
        app: Application[Any, Any, Any, Any, Any, Any] = (
            ApplicationBuilder().token(telegram.token).base_url(f"{telegram.address}/bot").build()
        )
        app.add_handler(CommandHandler("start", start))
        app.add_handler(MessageHandler(filters.TEXT, start))
        async with app:
            await app.start()
            assert app.updater
            await app.updater.start_polling(timeout=1)
            telegram.says(7, "/start")
            telegram.says(7, "bạn")
            for _ in range(200):
                if len(telegram.said(7)) == 2:
                    break
                await asyncio.sleep(0.02)
            await app.updater.stop()
            await app.stop()

    asyncio.run(run())
    assert [each["text"] for each in telegram.said(7)] == ["Chào /start", "Chào bạn"]
    assert not telegram.world.updates


def test_messages_as_objects(telegram: FakeTelegram) -> None:
    telegram.says(7, "x")

    async def does(bot: Bot) -> None:
        sent = await bot.send_message(7, "<b>Đậm</b> &amp; <i>nghiêng</i>", parse_mode="HTML")
        assert sent.text == "Đậm & nghiêng"
        assert [e.type for e in sent.entities] == ["bold", "italic"]
        assert sent.from_user
        assert sent.from_user.is_bot
        edited = await bot.edit_message_text("khác", 7, sent.message_id)
        assert not isinstance(edited, bool)
        assert edited.text == "khác"
        assert await bot.send_chat_action(7, "typing")
        assert await bot.set_message_reaction(7, sent.message_id, [ReactionTypeEmoji("👍")])
        document = await bot.send_document(
            7, b"%PDF-1.7 x", filename="to-khai.pdf", caption="Tờ khai"
        )
        assert document.caption == "Tờ khai"
        assert document.document
        file = await bot.get_file(document.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7 x"
        photo = await bot.send_photo(7, b"\x89PNG")
        assert photo.photo
        assert await bot.set_my_commands([BotCommand("trogiup", "Trợ giúp")], language_code="vi")
        assert [c.command for c in await bot.get_my_commands(language_code="vi")] == ["trogiup"]
        assert await bot.get_my_commands() == ()
        assert await bot.delete_message(7, sent.message_id)
        assert (await bot.get_webhook_info()).url == ""

    with_bot(telegram, does)


BUTTON = InlineKeyboardButton("A", callback_data="đ" * 33)  # 66 bytes
LINK = InlineKeyboardButton("A", url="http://localhost")
MANY = [[InlineKeyboardButton("A", callback_data="a")] * 8] * 13


@pytest.mark.parametrize(
    ("does", "kind", "said"),
    [
        (lambda b: b.send_message(99, "x"), BadRequest, "Chat not found"),
        (lambda b: b.send_message(7, "x" * 4097), BadRequest, "Message is too long"),
        (lambda b: b.send_message(7, " \n"), BadRequest, "Message text is empty"),
        (
            lambda b: b.send_message(7, "<b>x", parse_mode="HTML"),
            BadRequest,
            "Can't parse entities: can't find end tag corresponding to start tag \"b\"",
        ),
        (lambda b: b.send_document(7, b"x", caption="x" * 1025), BadRequest, "caption is too long"),
        (lambda b: b.send_photo(7, b"x" * 10_000_001), BadRequest, "PHOTO"),
        (lambda b: b.edit_message_text("x", 7, 999), BadRequest, "Message to edit not found"),
        (lambda b: b.delete_message(7, 999), BadRequest, "Message to delete not found"),
        (lambda b: b.answer_callback_query("q9"), BadRequest, "Query is too old"),
        (lambda b: b.send_chat_action(7, "dance"), BadRequest, "wrong parameter action"),
        (lambda b: b.send_message_draft(-1001, 1, "x"), BadRequest, "private"),
        (lambda b: b.send_message_draft(7, 0, "x"), BadRequest, "non-zero"),
        (
            lambda b: b.send_message(7, "x", reply_markup=InlineKeyboardMarkup([[BUTTON]])),
            BadRequest,
            "Button_data_invalid",
        ),
        (
            lambda b: b.send_message(7, "x", reply_markup=InlineKeyboardMarkup([[LINK]])),
            BadRequest,
            "Wrong HTTP URL",
        ),
        (
            lambda b: b.send_message(7, "x", reply_markup=InlineKeyboardMarkup(MANY)),
            BadRequest,
            "Reply_markup_too_long",
        ),
        (lambda b: b.set_my_commands([("Trợ_Giúp", "x")]), BadRequest, "Bot_command_invalid"),
        (lambda b: b.set_webhook("http://a.vn/x"), BadRequest, "HTTPS"),
        (
            lambda b: b.set_webhook("https://a.vn/x", secret_token="có dấu"),
            BadRequest,
            "unallowed characters",
        ),
        (lambda b: b.get_file("không-có"), BadRequest, "file_id"),
        (lambda b: b.send_message(-1002, "x"), Forbidden, "kicked"),
        (lambda b: b.send_message(-1003, "x"), ChatMigrated, "-1004"),
        (lambda b: b.do_api_request("noSuchMethod"), TelegramError, "not found"),
    ],
)
def test_refusals_have_the_real_words(
    telegram: FakeTelegram, does: Does, kind: type[TelegramError], said: str
) -> None:
    telegram.reach = "http://127.0.0.1:9"
    telegram.methods._any_webhook = False
    telegram.says(7, "x")
    for group in (-1001, -1002, -1003):
        telegram.says(7, "/start", chat=group)
    telegram.blocks(-1002, "kicked")
    telegram.migrates(-1003, -1004)
    raised = refusal(telegram, does)
    assert isinstance(raised, kind)
    assert said.lower() in str(raised).lower()


def test_an_edit_that_changes_nothing(telegram: FakeTelegram) -> None:
    telegram.says(7, "x")

    async def does(bot: Bot) -> None:
        sent = await bot.send_message(7, "một")
        await bot.edit_message_text("một", 7, sent.message_id)

    assert "not modified" in str(refusal(telegram, does))


def test_tokens(telegram: FakeTelegram) -> None:
    for token in ("4242424242:" + "B" * 35, "không-phải-token"):
        with pytest.raises(InvalidToken):
            with_bot(telegram, lambda bot: bot.get_me(), token)


def test_a_webhook_and_polling_exclude_each_other(telegram: FakeTelegram) -> None:
    async def does(bot: Bot) -> None:
        await bot.set_webhook("https://a.vn/x")
        await bot.get_updates()

    assert isinstance(refusal(telegram, does), Conflict)
    telegram.methods.call("deleteWebhook", {})

    async def two(bot: Bot) -> None:
        first = asyncio.create_task(bot.get_updates(timeout=1))
        await asyncio.sleep(0.1)
        async with Bot(telegram.token, base_url=f"{telegram.address}/bot") as other:
            await other.get_updates(timeout=0)
        await first

    assert "terminated by other" in str(refusal(telegram, two))


def test_offsets_confirm(telegram: FakeTelegram) -> None:
    numbers = [telegram.says(7, f"câu {n}") for n in range(5)]

    async def does(bot: Bot) -> list[list[int]]:
        asked: list[dict[str, Any]] = [
            {}, {"limit": 2}, {"offset": numbers[2]}, {"offset": -1}, {"timeout": 0},
        ]  # fmt: skip
        return [[u.update_id for u in await bot.get_updates(**each)] for each in asked]

    told = with_bot(telegram, does)
    assert told == [numbers, numbers[:2], numbers[2:], numbers[4:], numbers[4:]]


def test_too_fast_is_punished_and_hammering_more(telegram: FakeTelegram) -> None:
    telegram.says(7, "x")

    async def does(bot: Bot) -> list[int]:
        waits = []
        for number in range(10):
            try:
                await bot.send_message(7, f"{number}")
            except RetryAfter as error:
                waits.append(error.retry_after)
        return waits  # type: ignore[return-value]

    waits = with_bot(telegram, does)
    assert len(telegram.said(7)) == 5
    assert waits == sorted(waits)
    assert len(set(waits)) == len(waits) == 5
    telegram.clock.advance(300)
    with_bot(telegram, lambda bot: bot.send_message(7, "sau khi chờ"))


def test_limits_of_groups_and_of_all_chats() -> None:
    clock = Clock(at=1000.0)
    flood = Flood(clock)
    for _ in range(20):
        assert flood.wait(-5, kind="message") == 0
        clock.advance(1)
    assert flood.wait(-5, kind="message") > 0
    clock.advance(100)
    assert flood.wait(-5, kind="message") == 0
    clock.advance(5)
    assert [flood.wait(n, kind="message") for n in range(31)][29:] != [0, 0]


def test_drafts_end_by_themselves_and_by_a_message() -> None:
    clock = Clock(at=1_790_000_000.0)
    with FakeTelegram(clock=clock) as telegram:
        telegram.says(7, "x")
        with_bot(telegram, lambda bot: bot.send_message_draft(7, 5, "đang viết"))
        assert telegram.draft(7) == "đang viết"
        clock.advance(31)
        assert telegram.draft(7) is None
        with_bot(telegram, lambda bot: bot.send_message_draft(7, 5, "đang viết"))
        with_bot(telegram, lambda bot: bot.send_message(7, "xong"))
        assert telegram.draft(7) is None


def test_faults(telegram: FakeTelegram) -> None:
    telegram.says(7, "x")
    for fault in ({"status": 502}, {"close": "before"}, {"truncate": 5}):
        telegram.server.next(path="sendMessage", **fault)  # type: ignore[arg-type]
        assert isinstance(refusal(telegram, lambda b: b.send_message(7, "x")), NetworkError)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("ờ<b><i>x</b>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("<span>x</span>", 'Unsupported start tag "span" at byte offset 0'),
        ("a < b", "Unclosed start tag at byte offset 2"),
    ],
)
def test_html_that_is_refused(source: str, said: str) -> None:
    with pytest.raises(CannotParse) as raised:
        parsed_html(source)
    assert str(raised.value) == said


def test_html_that_is_read() -> None:
    text, entities = parsed_html(
        ' 👍<b>a &lt; b</b> <a href="https://a.vn/?x=1&amp;y=2">nối</a>'
        "<blockquote expandable>Nguồn &#39;1&#39; &nbsp;</blockquote>\n"
    )
    assert text == "👍a < b nốiNguồn '1' &nbsp;"
    assert entities == [
        {"type": "bold", "offset": 2, "length": 5},
        {"type": "text_link", "offset": 8, "length": 3, "url": "https://a.vn/?x=1&y=2"},
        {"type": "expandable_blockquote", "offset": 11, "length": 16},
    ]


def test_the_token_of_the_fake_is_of_the_real_form() -> None:
    assert TOKEN.partition(":")[0].isdecimal()


def test_by_hand(telegram: FakeTelegram) -> None:
    told: list[str] = []

    def lines() -> Any:
        yield "xin chào"
        keyboard = {"inline_keyboard": [[{"text": "Tiếp", "callback_data": "a"}]]}
        message = {"chat_id": 7, "text": "Dạ", "reply_markup": keyboard}
        telegram.methods.call("sendMessage", message)
        yield "!1"
        yield "!9"
        yield "!anh"
        yield "!chan"

    talk(telegram, lines(), told.append)
    assert "bot: Dạ" in told
    assert "  [1] Tiếp" in told
    assert "(không có nút này)" in told
    kinds = [
        next(key for key in each if key != "update_id") for each in telegram.world.updates.values()
    ]
    assert kinds == ["message", "callback_query", "message", "my_chat_member"]


def test_updates_wait_a_day_and_only_those_wanted() -> None:
    clock = Clock(at=1_790_000_000.0)
    with FakeTelegram(clock=clock, longest_poll=0.1) as telegram:
        telegram.says(7, "hôm qua")
        clock.advance(86_401)
        telegram.says(7, "hôm nay")

        async def does(bot: Bot) -> list[str | None]:
            told = [u.message and u.message.text for u in await bot.get_updates()]
            await bot.get_updates(offset=-1, allowed_updates=["message"])
            telegram.blocks(7)
            assert len(await bot.get_updates()) == 1
            return told

        assert with_bot(telegram, does) == ["hôm nay"]
