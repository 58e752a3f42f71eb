"""Documents asked for by number: stored under a dotted one, or ended and no longer here."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.amounts import document_numbers
from assistant.vocabulary import Status


def test_a_dotted_number_is_one_number() -> None:
    assert document_numbers("theo Nghị quyết 66.16/2026/NQ-CP") == ("66.16/2026/NQ-CP",)


def test_a_dotted_number_is_found(ask: Any) -> None:
    answer = ask("Nghị quyết 66.22/2026/NQ-CP có hiệu lực đến khi nào?", as_of=date(2026, 9, 1))
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].document_id == "law:66.22/2026/NQ-CP"
    assert "28/02/2027" in answer.text


@pytest.mark.parametrize(
    ("text", "number", "by"),
    [
        ("Nghị định 123/2020/NĐ-CP đã hết hiệu lực chưa?", "123/2020/NĐ-CP", "254/2026/NĐ-CP"),
        ("Luật 59/2014/QH13 bị thay thế bởi luật nào", "59/2014/QH13", "26/2023/QH15"),
        ("nghi dinh 13/2023/NĐ-CP con hieu luc khong", "13/2023/NĐ-CP", "356/2025/NĐ-CP"),
    ],
)
def test_who_ended_a_text_that_is_not_here(ask: Any, text: str, number: str, by: str) -> None:
    answer = ask(text)
    assert answer.status is Status.ANSWERED
    assert f"không có nội dung của văn bản {number}" in answer.text
    assert by in answer.text
    assert answer.citations[0].document_number == by


def test_what_an_absent_text_says_is_not_told(ask: Any) -> None:
    answer = ask("Nghị định 123/2020/NĐ-CP quy định lập hóa đơn khi nào?")
    assert answer.status in (Status.NO_SOURCE, Status.OUT_OF_SCOPE)


def test_a_number_nobody_knows_is_refused(ask: Any) -> None:
    answer = ask("Nghị định 777/2019/NĐ-CP còn hiệu lực không?")
    assert answer.status in (Status.NO_SOURCE, Status.OUT_OF_SCOPE)
