"""What goes out: HTML, buttons, long answers, and every error by what to do about it."""

from __future__ import annotations

import html
import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue.decision import Choice
from assistant.vocabulary import Answer, Citation, Status
from bots.delivery import words
from bots.delivery.channel import (
    Auth,
    DeliveryError,
    Operator,
    Payload,
    Recipient,
    Reply,
    Transient,
)
from bots.fakes.telegram_html import parsed_html, utf16
from bots.fakes.telegram_server import FakeTelegram
from bots.telegram_bot.rendering import CAPABILITIES, render
from tests.bots.telegram_bot.conftest import Mount, Mounted

Wait = Callable[..., bool]


def citation(number: int, **changed: object) -> Citation:
    plain = Citation(
        document_id=f"d{number}", document_number="35/2026/TT-BCA", title="Hộ chiếu <phổ thông>",
        path=("Điều 4", "Khoản 2"), quote="q", start=0, end=1, sha256="s", quote_sha256="s",
        url=f"https://vbpl.example.vn/van-ban/{number}?a=1&b=2", number=number,
    )  # fmt: skip
    return replace(plain, **changed)  # type: ignore[arg-type]


def answer(text: str, *citations: Citation) -> Answer:
    return Answer(
        id="a", status=Status.ANSWERED, text=text, citations=citations, card=None,
        as_of=date(2026, 7, 1), ai_generated=False, model=None, corpus_version="c",
        suggestions=(), trace=(),
    )  # fmt: skip


@pytest.fixture
def door(telegram: FakeTelegram, mount: Mount, wait_for: Wait) -> Mounted:
    mounted = mount("polling")
    telegram.says(7, "xin chào")
    assert wait_for(lambda: mounted.inbox.taken)
    return mounted


def tell(door: Mounted, chat: int | str, reply: Reply) -> None:
    """As the outbox does: each part once, when it is time."""
    for part in door.door.channel.render(str(chat), reply):
        try:
            door.call(door.door.channel.send(str(chat), part))
        except Transient as error:
            time.sleep(error.after)
            door.call(door.door.channel.send(str(chat), part))


def test_an_answer_with_folded_sources(telegram: FakeTelegram, door: Mounted) -> None:
    text = "Lệ phí cấp hộ chiếu: 200.000 đồng [1].\n- A < B & C [2]\nCập nhật đến ngày 01/7/2026."
    reply = Reply(
        answer(text, citation(1), citation(2)),
        buttons=[Choice("Nộp ở đâu?", "chon:0123456789ab:0")],
        before=["Đây là AI."],
    )
    tell(door, 7, reply)
    notice, told = telegram.said(7)
    assert notice["text"] == "Đây là AI."
    assert "reply_markup" not in notice
    assert "• A < B & C [2]" in told["text"]
    (quote,) = [each for each in told["entities"] if each["type"] == "expandable_blockquote"]
    folded = told["text"][quote["offset"] : quote["offset"] + quote["length"]]
    assert folded.startswith("Nguồn:\n[1] Hộ chiếu <phổ thông> · 35/2026/TT-BCA")
    assert "\nhttps://troly.example.vn/nguon/d2?start=0&end=1&v=s" in folded
    assert told["text"].endswith("Cập nhật đến ngày 01/7/2026.")
    rows = told["reply_markup"]["inline_keyboard"]
    assert rows[0] == [{"text": "Nộp ở đâu?", "callback_data": "chon:0123456789ab:0"}]
    assert [each["text"] for each in rows[1]] == ["Mở nguồn [1]", "Mở nguồn [2]"]


def test_a_long_answer_in_parts(telegram: FakeTelegram, door: Mounted) -> None:
    line = "Công dân nộp hồ sơ tại Bộ phận một cửa của Ủy ban nhân dân cấp xã & nhận <kết quả>."
    text = "\n".join(f"- {line} Điểm {number} [1]" for number in range(110))
    text = unicodedata.normalize("NFD", text)
    assert len(text.encode()) > 9000
    reply = Reply(answer(text, citation(1)), buttons=[Choice("Tiếp", "chon:0123456789ab:0")])
    parts = render(reply)
    tell(door, 7, reply)
    told = telegram.said(7)
    assert len(told) == len(parts) >= 3
    assert all(utf16(each["text"]) <= 4096 for each in told)
    assert all(unicodedata.is_normalized("NFC", each["text"]) for each in told)
    assert [("reply_markup" in each) for each in told] == [*[False] * (len(told) - 1), True]
    whole = "\n".join(each["text"] for each in told)
    assert all(f"• {line} Điểm {n} [1]" in whole for n in range(110))


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet=st.sampled_from('aăâđêôơư\u0301\u0323<>&"[]12 \n-.👍🏽https:/'), max_size=9000)
)
def test_whatever_is_answered_telegram_takes(text: str) -> None:
    """Every part is read as HTML, within the limit, and says nothing but the words."""
    told = answer(text, citation(1))
    parts = render(Reply(told, before=[text[:50]]))
    for part in parts:
        read, _ = parsed_html(part.body["html"])
        assert read == part.text.strip()
        assert words.length(part.text) <= CAPABILITIES.max_length
    head, tail = words.parted(told)
    whole = (text[:50], head, words.sources(told), tail)
    expected = [words.normalised(re.sub(r"^- ", "• ", each, flags=re.M)) for each in whole]
    said = "".join("".join(part.text.split()) for part in parts)
    assert said == "".join("".join(each.split()) for each in expected)


def test_sources_that_fill_a_message_of_their_own(telegram: FakeTelegram, door: Mounted) -> None:
    cited = [citation(n, title=f"Văn bản dài số {n} " + "x" * 300) for n in range(1, 30)]
    tell(door, 7, Reply(answer("Có nhiều nguồn [1]", *cited)))
    told = telegram.said(7)
    assert len(told) > 2
    assert all(any(e["type"] == "expandable_blockquote" for e in m["entities"]) for m in told[1:])


def test_a_source_without_an_address_has_no_button() -> None:
    for url in ("", "http://localhost/x", "ftp://a.vn/x", "https://khong co.vn/x", "javascript:1"):
        (part,) = render(Reply(answer("Lệ phí [1]", citation(1, url=url))))
        assert part.body["links"] == []


def test_sources_lead_to_our_own_page() -> None:
    reply = Reply(answer("Lệ phí [1]", citation(1)))
    (part,) = render(reply, "https://troly.example.vn")
    assert part.body["links"][0][1].startswith("https://troly.example.vn/nguon/d1?start=0")
    assert html.escape(part.body["links"][0][1]) in part.body["html"]
    assert render(reply) == render(reply)


def test_html_that_telegram_cannot_read_goes_as_words(
    telegram: FakeTelegram, door: Mounted
) -> None:
    door.send(7, "Lệ phí < 5", html="<b>Lệ phí", buttons=[["Tiếp", "chon:0123456789ab:0"]])
    (told,) = telegram.said(7)
    assert told["text"] == "Lệ phí < 5"
    assert told["reply_markup"]


def test_a_button_that_telegram_refuses_does_not_cost_the_answer(
    telegram: FakeTelegram, door: Mounted
) -> None:
    door.send(7, "Xong", html="<b>Xong</b>", links=[["Mở", "http://may-cua-toi"]])
    (told,) = telegram.said(7)
    assert told["text"] == "Xong"


def test_a_part_of_words_alone(telegram: FakeTelegram, door: Mounted) -> None:
    door.send(7, "Chữ thường <không> HTML")
    assert telegram.said(7)[0]["text"] == "Chữ thường <không> HTML"


def test_a_topic_of_a_group(telegram: FakeTelegram, door: Mounted) -> None:
    telegram.says(8, "/start", chat=-1001)
    door.send("-1001/31", "Dạ")
    assert telegram.said(-1001)[0]["message_thread_id"] == 31


def test_a_group_that_moved_is_followed(telegram: FakeTelegram, door: Mounted) -> None:
    telegram.says(8, "/start", chat=-1001)
    telegram.migrates(-1001, -100200)
    door.send(-1001, "một")
    door.send(-1001, "hai")
    assert [each["text"] for each in telegram.said(-100200)] == ["một", "hai"]
    assert len(telegram.server.to("sendMessage")) == 3  # the second knew the way


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ({"error": (401, "Unauthorized")}, Auth, "401"),
        ({"error": (404, "Not Found")}, Auth, "401"),
        ({"error": (403, "Forbidden: bot was blocked by the user")}, Recipient, "403"),
        ({"error": (403, "Forbidden: user is deactivated")}, Recipient, "403"),
        ({"error": (400, "Bad Request: chat not found")}, Recipient, "400"),
        ({"error": (400, "Bad Request: PEER_ID_INVALID")}, Recipient, "400"),
        (
            {"error": (400, "Bad Request: not enough rights to send text messages to the chat")},
            Recipient,
            "400",
        ),
        ({"error": (400, "Bad Request: message is too long")}, Payload, "400"),
        ({"error": (400, "Bad Request: message text is empty")}, Payload, "400"),
        ({"error": (409, "Conflict: x")}, Operator, "409"),
        ({"status": 502}, Transient, "5xx"),
        ({"error": (500, "Internal Server Error")}, Transient, "5xx"),
        ({"truncate": 20}, Transient, "network"),
        ({"close": "before"}, Transient, "network"),
        ({"close": "after"}, Transient, "network"),
    ],
)
def test_errors_by_what_to_do(
    telegram: FakeTelegram,
    door: Mounted,
    fault: dict[str, object],
    error: type[DeliveryError],
    code: str,
) -> None:
    telegram.server.next(path="sendMessage", **fault)  # type: ignore[arg-type]
    with pytest.raises(error) as raised:
        door.send(7, "Xin chào")
    assert type(raised.value) is error
    assert raised.value.code == code
    assert telegram.token.partition(":")[2] not in f"{raised.value!r} {raised.value}"
    assert raised.value.__cause__ is None
    if isinstance(raised.value, Transient):
        assert raised.value.maybe == (code == "network")
        door.send(7, "lại lần nữa")


def test_nothing_was_sent_where_there_is_no_connection(
    telegram: FakeTelegram, door: Mounted
) -> None:
    telegram.server.stop()
    with pytest.raises(Transient) as raised:
        door.send(7, "Xin chào")
    assert not raised.value.maybe


def test_who_blocks_the_bot_is_not_written_to(telegram: FakeTelegram, door: Mounted) -> None:
    telegram.blocks(7)
    with pytest.raises(Recipient):
        door.send(7, "Xin chào")
    with pytest.raises(Recipient):
        door.send(99, "chưa từng gặp")


def test_too_many_requests_name_the_wait(telegram: FakeTelegram, door: Mounted) -> None:
    telegram.flood.halt(7, 100)
    with pytest.raises(Transient) as raised:
        door.send(7, "Xin chào")
    assert raised.value.after >= 99
    asked = len(telegram.server.to("sendMessage"))
    with pytest.raises(Transient) as raised:
        door.send(7, "Xin chào")
    assert 95 <= raised.value.after <= 240
    assert len(telegram.server.to("sendMessage")) == asked  # Telegram was left alone
    telegram.says(8, "tôi khác")
    door.send(8, "chỉ chờ một mình")
