"""Words in chats: counted as providers count, split where people would, nothing lost."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.vocabulary import Answer, Citation, Status
from bots.delivery.words import (
    Unit,
    answer_text,
    length,
    link_of,
    normalised,
    shortened,
    split,
)

_PIECES = st.sampled_from(
    [
        "Hồ sơ gồm tờ khai và giấy chứng sinh. ",
        "- Lệ phí: 200.000 đồng [1]\n",
        "\n\n",
        "Xem https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc.html?ma=1.001456 ",
        "<b>Thời hạn</b>",
        "ngày làm việc ",
        "😀👍🏽🇻🇳",
        "ạ\u0323\u0301",
        "x" * 30,
        " ",
        "\n",
        ":\n",
    ]
)
TEXTS = st.lists(_PIECES, max_size=60).map("".join) | st.text(max_size=400)


@example("0" * 29 + " \u0300", 30, "utf16")
@given(TEXTS, st.integers(min_value=20, max_value=300), st.sampled_from(["utf16", "characters"]))
@settings(max_examples=400, deadline=None)
def test_parts_fit_and_lose_nothing(text: str, limit: int, unit: Unit) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    parts = split(decomposed, limit, unit)
    assert "".join(parts) == normalised(text)
    for part in parts:
        assert 0 < length(part, unit) <= limit
        assert part.strip()
        assert not unicodedata.category(part[0]).startswith("M") or limit < 30 or part == parts[0]


@given(st.lists(st.text("aăâđêôơư ", min_size=1, max_size=38), min_size=1, max_size=40))
@settings(deadline=None)
def test_a_line_that_fits_is_never_cut(lines: list[str]) -> None:
    text = normalised("\n".join(f"- {line}" for line in lines))
    whole = set(text.split("\n"))
    for part in split(text, 60):
        assert set(part.strip("\n").split("\n")) <= whole


def test_a_link_a_tag_and_a_number_stay_whole() -> None:
    link = "https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc.html?ma_thu_tuc=1.001456"
    text = f"Anh chị nộp trực tuyến tại {link} <a href='x y'>đây</a> rồi đóng 200.000 đồng [12] nhé"
    for limit in range(len(link) + 1, len(text) + 1):
        parts = split(text, limit)
        for whole in (link, "<a href='x y'>", "200.000", "[12]"):
            assert any(whole in part for part in parts), (limit, parts)


def test_a_list_does_not_begin_at_the_end_of_a_part() -> None:
    text = "Một câu mở đầu khá dài ở đây.\nHồ sơ gồm:\n- Tờ khai\n- Giấy chứng sinh"
    first, second = split(text, 45)
    assert first == "Một câu mở đầu khá dài ở đây.\n"
    assert second.startswith("Hồ sơ gồm:\n- Tờ khai")


def test_nine_kilobytes_in_nfd() -> None:
    paragraph = "Người yêu cầu nộp hồ sơ tại Trung tâm Phục vụ hành chính công cấp xã. " * 6
    text = unicodedata.normalize("NFD", "\n\n".join(f"{n}. {paragraph}" for n in range(30)))
    assert len(text.encode()) > 9_000
    parts = split(text, 1_900)
    assert "".join(parts) == normalised(text)
    assert all(length(part) <= 1_900 and unicodedata.is_normalized("NFC", part) for part in parts)


def test_counting() -> None:
    assert length("ạ😀") == 3
    assert length("ạ😀", "characters") == 2
    assert split("  \n ", 10) == ()
    with pytest.raises(ValueError, match="at least"):
        split("a", 1)


def test_shortened() -> None:
    assert shortened("Nộp ở đâu?", 20) == "Nộp ở đâu?"
    cut = shortened("Thủ tục cấp hộ chiếu phổ thông ở trong nước", 20)
    assert cut.endswith("…")
    assert length(cut) <= 20


def cited(number: int, path: str, **changes: object) -> Citation:
    citation = Citation(
        "procedure:1.001456", "1.001456", "Cấp hộ chiếu phổ thông", (path,), "quote",
        number * 10, number * 10 + 5, "ab" * 32, "", "https://dichvucong.gov.vn/x", number=number,
    )  # fmt: skip
    return replace(citation, **changes)  # type: ignore[arg-type]


ANSWER = Answer(
    id="1", status=Status.ANSWERED,
    text="Cấp hộ chiếu [1]\n- Lệ phí: 200.000 đồng [2]\nTheo dữ liệu đến ngày 01/07/2026.\nDo máy.",
    citations=(cited(1, "Tên"), cited(2, "Phí, lệ phí")), card=None, as_of=date(2026, 7, 1),
    ai_generated=True, model=None, corpus_version="1", suggestions=(), trace=(),
)  # fmt: skip


def test_an_answer_as_text() -> None:
    assert answer_text(ANSWER) == (
        "Cấp hộ chiếu [1]\n- Lệ phí: 200.000 đồng [2]\n\n"
        "Nguồn:\n[1][2] Cấp hộ chiếu phổ thông · 1.001456 · Tên; Phí, lệ phí\n"
        "https://dichvucong.gov.vn/x\n\n"
        "Theo dữ liệu đến ngày 01/07/2026.\nDo máy."
    )


def test_links_to_the_exact_quote() -> None:
    text = answer_text(ANSWER, public_url="https://troly.example/")
    assert "https://troly.example/nguon/procedure:1.001456?start=10&end=15&v=" in text
    assert "start=20&end=25" in text
    assert link_of(ANSWER.citations[0]) == "https://dichvucong.gov.vn/x"


def test_a_document_is_named_once() -> None:
    lines = answer_text(ANSWER, public_url="https://troly.example/").splitlines()
    assert "[1] Cấp hộ chiếu phổ thông · 1.001456 · Tên" in lines
    assert "[2] Như trên · Phí, lệ phí" in lines


def test_sources_that_are_said_already_are_not_said_again() -> None:
    listed = replace(ANSWER, text="Nguồn của câu trả lời:\n[1] Cấp hộ chiếu phổ thông\n[2] …")
    assert answer_text(listed) == listed.text
    bare = replace(ANSWER, citations=(), text="Xin chào.")
    assert answer_text(bare) == "Xin chào."
