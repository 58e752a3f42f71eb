"""The text of a card: what a person reads, and what a citation points into."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge_base.card_text import HEADINGS, card_lines, document_of_card
from knowledge_base.corpus_files import CORPUS, procedures, read_procedure
from knowledge_base.documents import (
    Duration,
    Fee,
    FeeState,
    FilingChannel,
    How,
    OnlineLevel,
    ProcedureCard,
    TimeUnit,
)
from knowledge_base.passages import passages_of


@pytest.fixture(scope="module")
def passport() -> ProcedureCard:
    return read_procedure(CORPUS / "procedures" / "ho-chieu-cap-tinh.yml")


def lines(card: ProcedureCard, slot: str) -> list[str]:
    return [line.text for line in card_lines(card) if line.slot == slot]


def test_channels_that_agree_share_one_line(passport: ProcedureCard) -> None:
    assert lines(passport, "times") == [
        "Thời hạn giải quyết (trực tiếp, trực tuyến, bưu chính): 8 ngày làm việc."
    ]


def test_a_fee_line_is_about_one_channel_where_channels_differ(passport: ProcedureCard) -> None:
    again = "cấp lại do bị hỏng hoặc bị mất"
    two = (
        Fee(FeeState.KNOWN, 200_000, "hộ chiếu"),
        Fee(FeeState.KNOWN, 400_000, "hộ chiếu", again),
    )
    unsure = (Fee(FeeState.UNKNOWN, text="hỏi lại nơi nộp"),)
    channels = (FilingChannel(How.IN_PERSON, fees=two), FilingChannel(How.POST, fees=unsure))
    passport = replace(passport, channels=channels)
    in_person = next(
        line
        for line in card_lines(passport)
        if line.slot == "fees" and How.IN_PERSON in line.channels
    )
    assert in_person.channel is How.IN_PERSON
    assert in_person.text == (
        "Phí, lệ phí (trực tiếp): 200.000 đồng/hộ chiếu; "
        "cấp lại do bị hỏng hoặc bị mất: 400.000 đồng/hộ chiếu."
    )


def test_known_to_be_empty_differs_from_unknown(passport: ProcedureCard) -> None:
    assert lines(passport, "conditions") == ["Yêu cầu, điều kiện: không quy định."]
    unknown = replace(passport, none_required=(), unknown=("conditions", "where"), where="")
    assert lines(unknown, "conditions") == ["Yêu cầu, điều kiện: chưa có thông tin trong nguồn."]
    assert lines(unknown, "where") == ["Nơi nộp hồ sơ: chưa có thông tin trong nguồn."]


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        (Fee(FeeState.FREE), "Miễn phí"),
        (Fee(FeeState.BY_PROVINCE), "do HĐND cấp tỉnh quy định"),
        (
            Fee(FeeState.FORMULA, text="0,5% giá tính lệ phí trước bạ"),
            "0,5% giá tính lệ phí trước bạ",
        ),
        (Fee(FeeState.UNKNOWN), "chưa có thông tin trong nguồn"),
        (Fee(FeeState.KNOWN, 1250000, per="lần"), "1.250.000 đồng/lần"),
        (Fee(FeeState.FREE, condition="trẻ em"), "trẻ em: Miễn phí"),
    ],
)
def test_fees_in_words(passport: ProcedureCard, fee: Fee, words: str) -> None:
    card = replace(passport, channels=(FilingChannel(How.IN_PERSON, fees=(fee,)),))
    assert lines(card, "fees") == [f"Phí, lệ phí (trực tiếp): {words}."]


def test_times_in_words(passport: ProcedureCard) -> None:
    times = (
        Duration(TimeUnit.SAME_DAY),
        Duration(TimeUnit.DAY, 15, "phải xác minh"),
        Duration(TimeUnit.HOUR, 0.5),
    )
    card = replace(passport, channels=(FilingChannel(How.ONLINE, OnlineLevel.FULL, times=times),))
    assert lines(card, "times") == [
        "Thời hạn giải quyết (trực tuyến): giải quyết ngay trong ngày làm việc; "
        "phải xác minh: 15 ngày; 0,5 giờ."
    ]
    assert "Nộp trực tuyến: có, là dịch vụ công trực tuyến toàn trình." in lines(card, "online")


def test_the_source_line_names_the_decision_and_the_day_of_checking(
    passport: ProcedureCard,
) -> None:
    line = lines(passport, "sources")[0]
    assert "5568/QĐ-BCA" in line
    assert "đối chiếu ngày 21/11/2026" in line


def test_every_card_of_the_corpus() -> None:
    cards = list(procedures())
    assert cards
    for card in cards:
        document = document_of_card(card)
        placed = card_lines(card)
        assert document.text == document_of_card(card).text
        found = {section.slot for section in document.sections}
        missing = set(HEADINGS) - {"notes"} - found
        assert "summary" in found
        for line in placed:  # only what says nothing has no section, and is not searched
            assert line.slot not in missing or line.text.endswith("chưa có thông tin trong nguồn.")
        for line in placed:
            assert document.text[line.start : line.end] == line.text
            assert "\n" not in line.text
            assert "  " not in line.text
            assert ".." not in line.text
            assert line.text not in HEADINGS.values()
        for passage in passages_of(document):
            assert any(line.slot == passage.slot for line in placed)
            assert document.text[passage.start : passage.end] == passage.text
