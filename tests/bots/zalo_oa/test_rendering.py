"""Replies as plain messages within the limits, whose buttons come back as what they are."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue.decision import Choice
from assistant.vocabulary import Answer, Status
from bots.delivery.channel import Kind, Part, Reply
from bots.fakes.serving import FakeServer
from bots.zalo_oa.rendering import CAPABILITIES, parts_of, plain
from bots.zalo_oa.updates import incoming

from .conftest import PERSON, Place


def answer(text: str) -> Answer:
    return Answer(
        id="a", status=Status.ANSWERED, text=text, citations=(), card=None, as_of=date(2026, 7, 1),
        ai_generated=False, model=None, corpus_version="c", suggestions=(), trace=(),
    )  # fmt: skip


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def choices(count: int, title: str = "Lệ phí") -> tuple[Choice, ...]:
    return tuple(Choice(f"{title} {n}", f"chon:1a:{n}") for n in range(count))


def test_plain_words() -> None:
    text = "## Hồ sơ\n- **Tờ khai** (mẫu TK01)\n* Ảnh\n  + 4x6 cm\nSố 2 - 3 ngày, a_b__c, 5*6*7"
    assert (
        plain(text) == "Hồ sơ\n• Tờ khai (mẫu TK01)\n• Ảnh\n• 4x6 cm\nSố 2 - 3 ngày, a_b__c, 5*6*7"
    )
    assert plain("https://a.vn/x__y__z?b=**c") == "https://a.vn/x__y__z?b=**c"


def test_notices_come_first_and_buttons_last() -> None:
    parts = parts_of(Reply(answer("Lệ phí 200.000 đồng."), choices(2), before=("Tôi là AI.",)))
    assert [dict(part.body) for part in parts] == [
        {"text": "Tôi là AI."},
        {
            "text": "Lệ phí 200.000 đồng.",
            "buttons": [
                {"title": "Lệ phí 0", "payload": "#chon:1a:0"},
                {"title": "Lệ phí 1", "payload": "#chon:1a:1"},
            ],
        },
    ]
    # Where buttons are refused the same is said in words, and a number can be typed.
    assert parts[-1].text == "Lệ phí 200.000 đồng.\n\n1. Lệ phí 0\n2. Lệ phí 1"


def test_more_choices_than_buttons_stand_in_the_text() -> None:
    (part,) = parts_of(Reply(answer("Việc nào?"), choices(7)))
    assert len(part.body["buttons"]) == 5
    assert part.body["text"] == part.text
    assert "7. Lệ phí 6" in part.text


def test_titles_and_payloads_fit() -> None:
    long = Choice("Đăng ký " * 30, "chon:1:0")
    (part,) = parts_of(Reply(answer("a"), (long, Choice("", "x"), Choice("b", "c" * 1000))))
    (button,) = part.body["buttons"]
    assert units(button["title"]) <= 100
    assert button["title"].endswith("…")


def test_a_full_last_message_keeps_its_buttons_apart() -> None:
    parts = parts_of(Reply(answer("a" * 1890), choices(3)))
    assert [units(part.text) <= 1900 for part in parts] == [True, True]
    assert parts[0].body == {"text": "a" * 1890}
    assert parts[1].body["text"] == "Anh/chị có thể chọn, hoặc gõ số:"
    assert len(parts[1].body["buttons"]) == 3


def test_a_long_list_of_long_titles_fits() -> None:
    for text in ("Việc nào?", "a" * 1890):
        parts = parts_of(Reply(answer(text), choices(40, "Đăng ký " * 12)))
        assert all(units(part.text) <= 1900 for part in parts)
        assert len(parts[-1].body["buttons"]) == 5


def test_nothing_to_say_says_nothing() -> None:
    assert parts_of(Reply(answer(" \n"))) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["- Tờ khai đề nghị cấp hộ chiếu", "Lệ phí là 200.000 đồng.", "😀" * 9, "",
                         "https://dichvucong.gov.vn/p/home?ma_thu_tuc=1.001&x=" + "y" * 40]),
        max_size=120,
    ),
    st.integers(0, 9),
)  # fmt: skip
def test_every_message_is_within_the_limits(lines: list[str], count: int) -> None:
    text = unicodedata.normalize("NFD", "\n".join(lines))
    parts = parts_of(Reply(answer(text), choices(count)))
    assert parts == parts_of(Reply(answer(text), choices(count)))
    for part in parts:
        shown = part.body["text"]
        assert shown == unicodedata.normalize("NFC", shown)
        assert 0 < units(shown) <= CAPABILITIES.max_length
        assert 0 < units(part.text) <= CAPABILITIES.max_length
        assert not unicodedata.combining(shown[0])
        assert len(part.body.get("buttons", ())) <= CAPABILITIES.buttons
    whole = "".join(part.body["text"] for part in parts)
    assert whole.count("https://dichvucong.gov.vn/p/home?ma_thu_tuc=1.001&x=" + "y" * 40) == (
        lines.count("https://dichvucong.gov.vn/p/home?ma_thu_tuc=1.001&x=" + "y" * 40)
    )


@pytest.mark.parametrize("payload", ["chon:1a:0", "chon:deadbeef-0123:12", "hoi:x_y.z"])
def test_a_payload_comes_back(place: Place, payload: str) -> None:
    (part,) = parts_of(Reply(answer("a"), (Choice("b", payload),)))
    text = part.body["buttons"][0]["payload"]
    event = place.fake.event("user_send_text", PERSON, message={"text": text, "msg_id": "1"})
    found = incoming(event)
    assert found is not None
    assert (found.kind, found.payload, found.text) == (Kind.BUTTON, payload, "")


def test_from_the_webhook_to_the_tap(place: Place, served: FakeServer) -> None:
    """A person asks, is answered with buttons, and presses one."""
    place.authorise()
    assert place.fake.says(PERSON, "Làm hộ chiếu hết bao nhiêu tiền?").status == 200
    asked = place.inbox.accepted[-1]

    async def reply() -> list[str]:
        door = place.door()
        await door.channel.seen(asked)
        parts: tuple[Part, ...] = door.channel.render(
            asked.chat, Reply(answer("Lệ phí 200.000 đồng."), choices(3))
        )
        sent = [await door.channel.send(asked.chat, part) for part in parts]
        await door.channel.close()
        return sent

    (number,) = place.run(reply())
    assert place.account.sent[-1].id == number
    assert place.account.reactions == [(PERSON, asked.message, "/-strong")]
    assert [each.status for each in place.fake.settle()] == [200]  # the echo
    assert place.fake.taps(PERSON, 2).status == 200
    assert len(place.inbox.accepted) == 2
    tapped = place.inbox.accepted[-1]
    assert (tapped.kind, tapped.payload) == (Kind.BUTTON, "chon:1a:1")
