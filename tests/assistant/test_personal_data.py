"""Personal data is masked before anything is stored, embedded or prompted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.language_model.scripted import ScriptedModel
from assistant.personal_data import has_personal_data, mask, without_signs

MASKED = {
    "CCCD của tôi là 001085012345": "[số định danh]",
    "cccd 001 085 012345 mất rồi": "[số định danh]",
    "căn cước 079-201-000123": "[số định danh]",
    "gọi em 0912345678": "[số điện thoại]",
    "sđt 0912 345 678": "[số điện thoại]",
    "+84 912 345 678 nhé": "[số điện thoại]",
    "84912345678": "[số điện thoại]",
    "mail an.nguyen+1@gmail.com": "[email]",
    "CMND 123456789": "[số giấy tờ]",
    "cmnd cũ 024 681 359": "[số giấy tờ]",
    "chứng minh nhân dân số 123456789": "[số giấy tờ]",
    "stk 0123456789 vietcombank": "[số",
    "mã số thuế 0101234567": "[mã số thuế]",
    "hộ chiếu C1234567 hết hạn": "[số hộ chiếu]",
    "Tôi tên là Nguyễn Văn An, làm hộ chiếu": "[họ tên]",
    "họ tên: Trần Thị Bích Ngọc": "[họ tên]",
    "em là ... tên em là Lê Hoàng": "[họ tên]",
}


@pytest.mark.parametrize(("text", "sign"), MASKED.items(), ids=MASKED)
def test_personal_data_is_masked(text: str, sign: str) -> None:
    masked = mask(text)
    assert sign in masked
    assert has_personal_data(text)
    assert not any(
        len(run) >= 7 for run in "".join(c if c.isdigit() else " " for c in masked).split()
    )


KEPT = [
    "thủ tục 1.001456 lệ phí 200.000 đồng",
    "Nghị định 30/2020/NĐ-CP ngày 05/03/2020",
    "tổng đài 18001096, gọi 113, 115",
    "vốn 1.200.000.000 đồng",
    "500000000 đồng thì lập công ty được không",
    "từ 01/07/2025 đến 31/12/2026",
    "tên tôi là gì",
    "tôi là sinh viên năm 2",
    "Tôi là Việt kiều",
    "mẫu CT07, mẫu TK01",
    "đất 123456 m2",
    "bằng lái A1, B2",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_looks_like_it_stays(text: str) -> None:
    assert mask(text) == text
    assert not has_personal_data(text)


@pytest.mark.parametrize("text", MASKED)
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize("text", MASKED)
def test_signs_can_be_taken_away_again(text: str) -> None:
    """What was masked must not be searched for: "số định danh" is a procedure's name too."""
    assert not has_personal_data(text) or "[" not in without_signs(mask(text))


def test_words_in_brackets_are_not_signs() -> None:
    assert without_signs("hộ chiếu [cấp lại] [số định danh]") == "hộ chiếu [cấp lại]"


def test_a_question_with_personal_data_is_answered_all_the_same(ask: Any) -> None:
    question = "Tôi tên là Nguyễn Văn An, số 0912345678, làm hộ chiếu hết bao nhiêu tiền?"
    answer = ask(question)
    assert answer.card is not None
    assert answer.card.code == "1.001456"
    assert "0912345678" not in answer.text


def test_a_model_never_sees_personal_data(with_model: Callable[..., Any]) -> None:
    model = ScriptedModel([""])
    with_model(model)("CCCD 001085012345, sđt 0912345678: làm hộ chiếu hết bao nhiêu tiền?")
    told = f"{model.prompts[0].system}{model.prompts[0].user}{model.prompts[0].grammar}"
    assert "001085012345" not in told
    assert "0912345678" not in told
    assert "[số định danh]" in told
