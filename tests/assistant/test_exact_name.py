"""A procedure called by its whole name is the one that is answered for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.exact_name import called_by_name, told_apart
from assistant.procedures import Procedures
from knowledge_base.corpus_files import procedures
from knowledge_base.documents import Level, ProcedureCard

MODEL = next(procedures())
NAMES = {
    "1": ("Thủ tục cấp giấy phép thả diều", Level.PROVINCE),
    "2": ("Cấp lại giấy phép thả diều", Level.PROVINCE),
    "3": ("Trả lại bãi diều (cấp tỉnh)", Level.PROVINCE),
    "4": ("Trả lại bãi diều (cấp xã)", Level.COMMUNE),
    "5": ("Nhập diều đối với trường hợp phải đánh giá", Level.CENTRAL),
    "6": ("Nhập diều đối với trường hợp không phải đánh giá", Level.CENTRAL),
}


def card(code: str) -> ProcedureCard:
    name, level = NAMES[code]
    return replace(MODEL, code=code, name=name, short_name=name, levels=(level,), english_name="")


class _Knowledge:
    corpus_version = "1"

    def cards(self) -> list[ProcedureCard]:
        return [card(code) for code in NAMES]


@pytest.fixture(scope="module")
def known() -> Procedures:
    return Procedures(_Knowledge())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("lệ phí cấp giấy phép thả diều", "1"),
        ("Thủ tục cấp lại giấy phép thả diều mất bao lâu?", "2"),
        ("le phi cap lai giay phep tha dieu", "2"),
        ("hồ sơ cấp lại giấy phép thả diều (bản mới) gồm những gì", "2"),
        ("thời hạn nhập diều đối với trường hợp không phải đánh giá", "6"),
        ("trả lại bãi diều nộp ở đâu", "34"),
        ("trả lại bãi diều ở cấp xã nộp ở đâu", "4"),
        ("trả lại bãi diều (cấp tỉnh)", "3"),
        ("cấp giấy phép thả diều cho người nước ngoài", ""),
        ("thả diều", ""),
    ],
)
def test_who_is_called(known: Procedures, text: str, codes: str) -> None:
    assert "".join(card.code for card in called_by_name(text, known)) == codes


def test_labels_can_be_asked_for_again(known: Procedures) -> None:
    labels = told_apart([card("1"), card("3"), card("4")])
    assert labels[0] == "Thủ tục cấp giấy phép thả diều"
    assert labels[1:] == ["Trả lại bãi diều (cấp tỉnh) (mã 3)", "Trả lại bãi diều (cấp xã) (mã 4)"]
