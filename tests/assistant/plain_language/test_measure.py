"""Plain sentences score high, an office's low, and what makes them hard is named."""

from __future__ import annotations

import pytest

from assistant.plain_language.measure import TARGET, measure
from assistant.plain_language.told import as_json, lines

OFFICE = (
    "Căn cứ vào quy định nêu trên, trong trường hợp đương sự không đồng ý với quyết định hành "
    "chính được ban hành bởi cơ quan nhà nước có thẩm quyền (bao gồm UBND cấp xã (nếu có)) thì "
    "đương sự có trách nhiệm tiến hành việc khiếu nại trong thời hạn theo quy định của pháp luật "
    "hiện hành."
)
PLAIN = "Anh/chị không đồng ý thì gửi đơn khiếu nại đến người đã ra quyết định."


def _kinds(text: str) -> set[str]:
    return {fault.kind for one in measure(text).sentences for fault in one.sentence.faults}


def test_an_office_scores_low_and_plain_words_high() -> None:
    assert measure(OFFICE).score < 35
    assert measure(PLAIN).score >= 90
    assert measure(OFFICE).grade == "rất khó"


def test_what_makes_it_hard_is_named_with_what_to_write_instead() -> None:
    assert {"phrase", "word", "abbreviation", "passive", "brackets"} <= _kinds(OFFICE)
    told = "\n".join(lines(measure(OFFICE), 5))
    for words in ("“căn cứ vào” → theo", "UBND", "Ủy ban nhân dân", "người trong vụ việc", "tách"):
        assert words in told
    assert as_json(measure(OFFICE))["sentences"][0]["advice"]


def test_an_explained_short_form_is_none() -> None:
    assert "abbreviation" not in _kinds("Ủy ban nhân dân (UBND) xã nhận đơn. UBND trả lời sau.")
    assert "abbreviation" in _kinds("UBND xã nhận đơn.")
    assert "abbreviation" not in _kinds("Theo 12/2020/NĐ-CP thì nộp ở xã.")


def test_longer_is_never_plainer() -> None:
    words = "tôi nộp đơn ở xã rồi chờ giấy báo về nhà "
    scores = [measure(words * n).score for n in range(1, 8)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 100.0
    assert scores[-1] < TARGET


def test_lines_broken_by_the_page_are_one_sentence() -> None:
    assert len(measure("Người nộp đơn phải ghi họ tên\nvà địa chỉ của mình.").sentences) == 1
    assert len(measure("1. Ghi họ tên\n2. Ghi địa chỉ").sentences) == 2


@pytest.mark.parametrize("text", ["", "  \n ", "123 456 - 7/8", "https://dichvucong.gov.vn", "!!!"])
def test_nothing_to_measure(text: str) -> None:
    assert measure(text).sentences == ()
    assert measure(text).score == 0.0


def test_long_brackets_and_stray_ones_do_no_harm() -> None:
    assert measure(")))((( " * 500 + "xin chào").score <= 100
    assert measure("a " * 20_000).sentences[0].sentence.syllables == 20_000
