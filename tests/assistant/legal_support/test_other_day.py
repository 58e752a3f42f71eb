"""Any quoted law beside the one that held on the day something happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from assistant.vocabulary import Answer

Ask = Callable[..., Answer]
TODAY = date(2026, 11, 22)
ASKED = "quy định hòa giải tranh chấp đất thế nào, việc xảy ra ngày"


def _both(ask: Ask, text: str) -> Answer:
    answer = ask(text, as_of=TODAY)
    then, now = answer.text.index("Theo luật lúc đó"), answer.text.index("Hiện nay, ngày")
    assert then < answer.text.index("45 ngày") < now
    assert {"law:45/2013/QH13", "law:31/2024/QH15"} <= {c.document_id for c in answer.citations}
    return answer


def test_a_younger_law_is_told_beside_the_one_it_replaced(ask: Ask) -> None:
    answer = _both(ask, f"Luật 31/2024/QH15 {ASKED} 1/3/2024")
    assert "đang có hiệu lực vào lúc xảy ra sự việc" in answer.text


def test_an_older_law_is_told_beside_the_one_that_replaced_it(ask: Ask) -> None:
    _both(ask, f"Luật 45/2013/QH13 {ASKED} 1/3/2024")


def test_a_law_that_held_on_both_days_stands_alone(ask: Ask) -> None:
    answer = ask(f"Luật 31/2024/QH15 {ASKED} 1/3/2026", as_of=TODAY)
    assert "Theo luật lúc đó" not in answer.text


def test_what_is_not_stored_is_named_and_not_guessed(ask: Ask) -> None:
    answer = ask("Nghị định 168/2025/NĐ-CP quy định gì, tôi ký ngày 1/3/2024", as_of=TODAY)
    assert "01/2021/NĐ-CP" in answer.notices[-1]
    assert "chưa có nội dung" in answer.notices[-1]


def test_without_a_day_nothing_is_compared(ask: Ask) -> None:
    answer = ask("Luật 45/2013/QH13 quy định hòa giải tranh chấp đất thế nào", as_of=TODAY)
    assert "Theo luật lúc đó" not in answer.text
