"""Updates, in every form they have been seen in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.delivery.channel import Kind
from bots.zalo_bot.reading import Unreadable, incoming, message_id, parsed

NOW = 1_800_000_000.0
#: The example of the documentation.
DOCUMENTED = {
    "event_name": "message.text.received",
    "message": {
        "from": {"id": "6ede9afa66b88fe6d6a9", "display_name": "Ted", "is_bot": False},
        "chat": {"id": "6ede9afa66b88fe6d6a9", "chat_type": "PRIVATE"},
        "text": "Xin chào",
        "message_id": "2d758cb5e222177a4e35",
        "date": 1750316131602,
    },
}


def changed(**message: Any) -> dict[str, Any]:
    return {**DOCUMENTED, "message": {**DOCUMENTED["message"], **message}}  # type: ignore[dict-item]


@pytest.mark.parametrize("update", [DOCUMENTED, {"ok": True, "result": DOCUMENTED}])
def test_an_update_is_read_bare_and_in_its_envelope(update: Any) -> None:
    found = incoming(update, now=NOW)
    assert found
    assert (found.channel, found.kind, found.text) == ("zalo_bot", Kind.TEXT, "Xin chào")
    assert found.update == found.message == message_id(update) == "2d758cb5e222177a4e35"
    assert found.chat == found.person == "6ede9afa66b88fe6d6a9"
    assert found.at == 1750316131.602


@pytest.mark.parametrize(
    ("event", "fields", "what"),
    [
        ("image", {"photo": "https://a.vn/1.jpg", "caption": "căn cước của tôi"}, "image"),
        ("image", {"photo_url": "https://a.vn/1.jpg"}, "image"),
        ("unsupported", {"photo_url": "https://a.vn/1.jpg"}, "image"),
        ("sticker", {"sticker": "s", "url": "https://a.vn/s"}, "sticker"),
        ("voice", {"voice_url": "https://a.vn/v.aac"}, "voice"),
        ("unsupported", {}, "unsupported"),
        ("link", {"url": "https://a.vn"}, "link"),
        ("text", {"text": "  "}, "empty"),
        ("text", {"text": None}, "empty"),
    ],
)
def test_what_is_no_text_is_told_by_its_kind_and_nothing_of_it_is_kept(
    event: str, fields: dict[str, Any], what: str
) -> None:
    update = changed(**{"text": None, **fields})
    found = incoming({**update, "event_name": f"message.{event}.received"}, now=NOW)
    assert found
    assert (found.kind, found.what, found.text) == (Kind.OTHER, what, "")
    assert "a.vn" not in repr(found)


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"event_name": "webhook.test"},
        {"event_name": "message.unsupported.received"},
        {"event_name": "message.text.received", "message": []},
        {"event_name": ["message.text.received"], "message": DOCUMENTED["message"]},
        {**DOCUMENTED, "event_name": "message.reaction.received"},
        changed(chat={"id": "g", "chat_type": "GROUP"}),
        changed(**{"from": {"id": "bot", "is_bot": True}}),
        changed(**{"from": {"id": "1459232241454765289", "is_bot": False}}),
        changed(**{"from": {"id": 1459232241454765289}}),
    ],
)
def test_what_nobody_waits_for_is_left_aside(update: Any) -> None:
    assert incoming(update, now=NOW, own="1459232241454765289") is None


@pytest.mark.parametrize("told", [None, [], "x", 5, [DOCUMENTED]])
def test_what_is_no_object_is_unreadable(told: Any) -> None:
    with pytest.raises(Unreadable):
        incoming(told, now=NOW)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"{", b"[" * 60_000, b"\x00"])
def test_what_is_no_json_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parsed(raw)


@pytest.mark.parametrize(
    ("date", "at"),
    [
        (1750316131602, 1750316131.602),
        ("1750316131602", 1750316131.602),
        (1750316131, 1750316131.0),
        (None, NOW),
        (True, NOW),
        (-5, NOW),
        (10**40, NOW),
        ("hôm qua", NOW),
    ],
)
def test_a_time_is_in_milliseconds_and_never_nonsense(date: Any, at: float) -> None:
    found = incoming(changed(date=date), now=NOW)
    assert found
    assert found.at == at


def test_ids_may_be_numbers_and_a_missing_one_is_made_from_the_update() -> None:
    found = incoming(changed(message_id=5, chat={"id": 7}, **{"from": {"id": 8}}), now=NOW)
    assert found
    assert (found.update, found.chat, found.person) == ("5", "7", "8")
    first, again = (incoming(changed(message_id=None), now=NOW) for _ in range(2))
    other = incoming(changed(message_id=None, text="khác"), now=NOW)
    assert first
    assert again
    assert other
    assert first.update == again.update != other.update
    assert first.update.startswith("sha256:")
    assert first.message == ""


def test_half_a_character_cannot_break_what_keeps_it() -> None:
    raw = json.dumps(changed(text="a\ud800b", message_id="\udfff")).encode()
    found = incoming(parsed(raw), now=NOW)
    assert found
    found.text.encode("utf-8")
    found.update.encode("utf-8")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["event_name", "message", "result", "ok", "from", "chat", "id", "date"])
            | st.text(max_size=4),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(anything, anything)
def test_no_json_breaks_the_reading(told: Any, message: Any) -> None:
    for update in (told, {"event_name": "message.text.received", "message": message}):
        try:
            found = incoming(update, now=NOW)
        except Unreadable:
            continue
        assert found is None or (found.update and found.chat)
