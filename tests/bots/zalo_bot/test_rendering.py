"""Answers as messages: within the limit, nothing cut that belongs together, choices as numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.choices import by_number
from assistant.dialogue.decision import Choice
from assistant.vocabulary import Answer, Citation, Status
from bots.delivery import words
from bots.delivery.channel import Part, Reply
from bots.fakes.zalo_bot_rules import checked
from bots.zalo_bot.rendering import CAPABILITIES, choices_text, parts_of

LIMIT = CAPABILITIES.max_length


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def made(text: str, citations: tuple[Citation, ...] = ()) -> Answer:
    return Answer(
        id="a", status=Status.ANSWERED, text=text, citations=citations, card=None,
        as_of=date(2026, 7, 1), ai_generated=False, model=None, corpus_version="c",
        suggestions=(), trace=(),
    )  # fmt: skip


def shown(parts: tuple[Part, ...]) -> list[str]:
    return [str(part.body["text"]) for part in parts]


def cited(number: int, url: str = "https://dichvucong.gov.vn/p/home?ma=1.001456") -> Citation:
    return Citation(
        document_id="d", document_number="25/2021/TT-BTC", title="Thông tư về lệ phí",
        path=("Điều 4",), quote="200.000 đồng", start=0, end=12, sha256="s", quote_sha256="q",
        url=url, number=number,
    )  # fmt: skip


def check(parts: tuple[Part, ...]) -> None:
    """What holds of every message, whatever it says."""
    for part in parts:
        text = str(part.body["text"])
        assert 1 <= utf16(text) <= LIMIT
        assert utf16(part.text) <= LIMIT
        assert text == part.text.rstrip()
        assert unicodedata.normalize("NFC", text) == text
        assert not unicodedata.category(text[0]).startswith("M")
        checked("sendMessage", {"chat_id": "c", **part.body}, strict=True)


def test_a_short_answer_is_one_message_with_its_sources_and_choices() -> None:
    answer = made("Lệ phí là 200.000 đồng [1].", (cited(1),))
    buttons = (Choice("Nộp ở đâu?", "p:1"), Choice("Cần giấy tờ gì?", "p:2"))
    (part,) = parts_of(Reply(answer, buttons))
    check((part,))
    text = part.body["text"]
    assert text.startswith("Lệ phí là 200.000 đồng [1].")
    assert "\n\nNguồn:\n[1] Thông tư về lệ phí · 25/2021/TT-BTC · Điều 4\nhttps://" in text
    assert text.endswith("Anh/chị có thể nhắn số để chọn:\n1. Nộp ở đâu?\n2. Cần giấy tờ gì?")
    units = text.encode("utf-16-le")
    bold = [
        units[2 * style["start"] : 2 * (style["start"] + style["len"])].decode("utf-16-le")
        for style in part.body["text_styles"]
    ]
    assert bold == ["Nguồn:", "Anh/chị có thể nhắn số để chọn:"]


def test_a_message_without_headings_is_plain() -> None:
    (part,) = parts_of(Reply(made("Chào anh/chị 👋")))
    assert part.body == {"text": "Chào anh/chị 👋"}


def test_offsets_count_utf16() -> None:
    (part,) = parts_of(Reply(made("👋👋 Phí [1].", (cited(1, ""),))))
    (style,) = part.body["text_styles"]
    assert style["start"] == utf16("👋👋 Phí [1].\n\n")


def test_the_number_typed_is_the_one_shown() -> None:
    titles = ("Bị mất hoặc hỏng", "Hết hạn", "Đổi thông tin")
    text = choices_text([Choice(title, f"p:{n}") for n, title in enumerate(titles)])
    for number, title in re.findall(r"^(\d)\. (.+)$", text, re.M):
        place = by_number([number], len(titles))
        assert place
        assert titles[place - 1] == title


def test_choices_that_the_answer_lists_are_not_listed_twice() -> None:
    buttons = (Choice("Hết hạn", "p:0"), Choice("Bị mất", "p:1"))
    (part,) = parts_of(Reply(made("Anh/chị làm lại vì sao?\n1. Hết hạn\n2. Bị mất"), buttons))
    assert part.body == {"text": "Anh/chị làm lại vì sao?\n1. Hết hạn\n2. Bị mất"}
    (part,) = parts_of(Reply(made("Chọn nhé?\n1. Hết hạn"), buttons))
    assert part.body["text"].count("Hết hạn") == 2


def test_notices_are_messages_of_their_own_and_come_first() -> None:
    long = "Trợ lý là AI. " * 300
    parts = parts_of(
        Reply(made("Trả lời."), (Choice("Nộp ở đâu?", "p"),), before=("Đây là AI.", long))
    )
    check(parts)
    texts = shown(parts)
    assert texts[0] == "Đây là AI."
    assert len(texts) == 1 + len(words.split(long, LIMIT)) + 1
    assert texts[-1].startswith("Trả lời.")
    assert texts[-1].endswith("1. Nộp ở đâu?")


def test_choices_that_do_not_fit_are_a_message_of_their_own() -> None:
    buttons = tuple(Choice(f"Lựa chọn {n} " + "x" * 180, f"p:{n}") for n in range(5))
    parts = parts_of(Reply(made("Câu trả lời. " * 120), buttons))
    check(parts)
    assert shown(parts)[-1].startswith("Anh/chị có thể nhắn số")
    assert [line[:2] for line in shown(parts)[-1].splitlines()[1:]] == [
        "1.",
        "2.",
        "3.",
        "4.",
        "5.",
    ]


def test_an_answer_of_nothing_sends_no_empty_message() -> None:
    assert parts_of(Reply(made(""))) == ()
    assert parts_of(Reply(made(" \n "), before=("",))) == ()
    (part,) = parts_of(Reply(made(""), (Choice("Nộp ở đâu?", "p"),)))
    assert part.body["text"].endswith("1. Nộp ở đâu?")


# --- nine kilobytes in NFD ------------------------------------------------------------------

SYLLABLES = (
    *"thủ tục đăng ký hộ chiếu lệ phí nộp ở xã phường giấy tờ".split(),  # noqa: SIM905
    *"khai sinh người được cấp ngày ổ ữ 👍🏽".split(),  # noqa: SIM905
)
URLS = st.integers(1, 10**9).map(
    lambda n: f"https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc.html?ma_thu_tuc={n}"
)
sentences = st.lists(st.sampled_from(SYLLABLES), min_size=3, max_size=30).map(
    lambda s: " ".join(s).capitalize() + "."
)
items = st.one_of(
    sentences.map(lambda s: f"- {s}"),
    st.tuples(sentences, URLS).map(lambda both: f"- {both[0]} {both[1]}"),
)
blocks = st.one_of(
    sentences,
    st.lists(sentences, min_size=2, max_size=8).map(" ".join),
    st.lists(items, min_size=2, max_size=12).map(lambda lines: "Hồ sơ gồm:\n" + "\n".join(lines)),
    URLS,
)
#: Some nine kilobytes of letters with their marks apart.
answers = st.lists(blocks, min_size=5, max_size=25).map(
    lambda some: unicodedata.normalize("NFD", "\n\n".join((some * 40)[: 40 + len(some)]))[:7500]
)


@settings(max_examples=60, deadline=None)
@given(answers)
def test_nine_kilobytes_are_split_without_cutting_a_mark_a_link_or_an_item(text: str) -> None:
    parts = parts_of(Reply(made(text)))
    check(parts)
    whole = words.normalised(text)
    assert "".join(part.text for part in parts) == whole
    links = {link for link in re.findall(r"https://\S+", whole) if utf16(link) <= LIMIT}
    found = {link for part in shown(parts) for link in re.findall(r"https://\S+", part)}
    assert links == found
    fits = all(utf16(line) < LIMIT / 3 for line in whole.splitlines())
    if fits:  # then no line need be cut
        for part in parts[:-1]:
            assert part.text.endswith("\n")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=6000), st.lists(st.text(max_size=300), max_size=5))
def test_any_words_stay_within_the_limit(text: str, titles: list[str]) -> None:
    buttons = [Choice(title, f"p:{n}") for n, title in enumerate(titles)]
    parts = parts_of(Reply(made(text), buttons))
    for part in parts:
        assert 1 <= utf16(str(part.body["text"])) <= LIMIT
    if not titles:
        assert "".join(part.text for part in parts) == words.normalised(text)


@pytest.mark.parametrize("mark", ["\u0301", "\u0323"])
def test_a_letter_keeps_its_marks_at_the_border(mark: str) -> None:
    for before in range(LIMIT - 3, LIMIT + 2):
        text = "a" * before + "q" + mark * 2 + "b" * 50
        parts = parts_of(Reply(made(text)))
        assert "".join(part.text for part in parts) == words.normalised(text)
        check(parts)
