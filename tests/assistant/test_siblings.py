"""Procedures of like names: what is said decides between them, or a choice is offered."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.vocabulary import Status

MEANT = {
    "Làm thẻ căn cước cho cháu 10 tuổi nộp ở đâu?": "1.014062",
    "Làm thẻ căn cước lần đầu cho con 15 tuổi nộp ở đâu?": "1.014061",
    "Hủy hợp đồng mua xe đã chứng thực mất bao nhiêu tiền?": "2.000913",
    "Ông Tây ở nhà tôi muốn gia hạn tạm trú thì lệ phí bao nhiêu?": "1.001146",
    "Chỉ có một mình, mở công ty TNHH cần giấy tờ gì?": "2.001583",
    "Ai quyết định công nhận hộ nghèo?": "1.011607",
    "Ai quyết định công nhận hộ thoát nghèo?": "1.011608",
}


@pytest.mark.parametrize(("text", "code"), MEANT.items(), ids=MEANT)
def test_what_was_said_tells_like_procedures_apart(ask: Any, text: str, code: str) -> None:
    answer = ask(text)
    assert answer.card is not None
    assert answer.card.code == code


def test_a_kind_of_procedures_is_a_choice(ask: Any) -> None:
    answer = ask("trợ cấp xin ở chỗ nào")
    assert answer.status is Status.CLARIFY
    assert len(answer.suggestions) > 1


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("Vay tiền bạn bè thì lãi suất cho vay cao nhất là mấy phần trăm?", "law:91/2015/QH13"),
        ("Hà Tây cũ giờ thuộc thành phố nào", "place:ha-noi"),
    ],
)
def test_a_law_or_place_that_is_named_and_near_answers(ask: Any, text: str, document: str) -> None:
    answer = ask(text)
    assert answer.citations[0].document_id == document


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Em làm ở Đà Nẵng, hôm trước đi tàu bị móc túi rớt mất căn cước. "
            "Giờ làm lại mất mấy ngày ạ?",
            "1.014064",
        ),
        (
            "Chú em ở quê yếu lắm, đi lại không được, muốn xin trợ cấp xã hội hàng tháng "
            "thì nộp giấy tờ ở đâu?",
            "1.001776",
        ),
    ],
)
def test_a_story_is_about_what_its_asking_part_names(ask: Any, text: str, code: str) -> None:
    answer = ask(text)
    assert answer.card is not None
    assert answer.card.code == code


def test_where_one_lives_is_asked_for_the_place_to_file(ask: Any) -> None:
    assert "where" in ask("Quê em ở Huế, xin giấy độc thân ở Cần Thơ được không?").slots
