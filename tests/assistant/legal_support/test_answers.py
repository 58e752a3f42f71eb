"""What a citizen is told on a legal matter, from the bundled knowledge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from assistant.vocabulary import Answer, Status

Ask = Callable[..., Answer]
TODAY = date(2026, 11, 22)


@pytest.fixture
def told(ask: Ask) -> Callable[[str], Answer]:
    return lambda text: ask(text, as_of=TODAY)


def test_every_line_has_its_article_and_a_citation(told: Callable[[str], Answer]) -> None:
    answer = told("Công ty nợ lương tôi 2 tháng, tôi phải làm gì?")
    assert answer.status is Status.ANSWERED
    assert "Luật quy định (" in answer.text
    assert "Thời hạn, tính từ lúc nào:" in answer.text
    assert "Đến đâu:" in answer.text
    assert "không kết luận ai đúng" in answer.text
    lines = [line for line in answer.text.splitlines() if line.endswith("]")]
    assert len(lines) >= 6
    assert all(line.startswith("- Điều") for line in lines)
    quotes = {citation.number: citation.quote for citation in answer.citations}
    assert "06 tháng" in " ".join(quotes.values())


def test_no_district_office_is_named_as_where_to_go(told: Callable[[str], Answer]) -> None:
    text = told("Muốn ly hôn thì nộp đơn ở đâu?").text
    assert "Tòa án nhân dân khu vực" in text
    assert "huyện" not in text


def test_law_of_the_day_stands_beside_todays(told: Callable[[str], Answer]) -> None:
    text = told("Tôi bị phạt ngày 20/12/2024 vì vượt đèn đỏ bằng xe máy").text
    then, now = (
        text.index("Theo luật lúc đó, ngày 20/12/2024 ("),
        text.index("Hiện nay, ngày 22/11/2026 ("),
    )
    assert then < text.index("800.000 đồng") < now < text.index("4.000.000 đồng")
    assert "theo nghị định có hiệu lực vào lúc xảy ra" in text


def test_without_a_day_only_todays_law_is_told(told: Callable[[str], Answer]) -> None:
    text = told("xe may vuot den do bi phat bao nhieu tien").text
    assert "4.000.000 đồng" in text
    assert "800.000" not in text
    assert "Theo luật lúc đó" not in text


def test_a_law_that_did_not_change_is_said_to_be_the_same(told: Callable[[str], Answer]) -> None:
    assert "không khác nhau" in told("Chúng tôi cưới năm 2019, giờ ly hôn theo luật nào?").text


def test_a_change_within_the_time_named_is_said(told: Callable[[str], Answer]) -> None:
    text = told("năm 2024 lương tối thiểu vùng 1 là bao nhiêu").text
    assert "4.680.000 đồng" in text
    assert "4.960.000 đồng" in text
    assert "ngày cụ thể" in text


def test_two_matters_are_told_apart(told: Callable[[str], Answer]) -> None:
    text = told("Công ty đuổi việc em lúc đang mang thai, lại còn nợ 2 tháng lương").text
    assert text.count("Về việc:") == 2
    lines = [line.rsplit(" [", 1)[0] for line in text.splitlines() if line.startswith("- ")]
    assert len(lines) == len(set(lines))


def test_danger_comes_before_the_law(told: Callable[[str], Answer]) -> None:
    answer = told("Chồng đánh tôi, luật bảo vệ tôi thế nào?")
    assert answer.status is Status.CRISIS
    assert answer.text.index("113") < answer.text.index("Luật quy định (")
    assert any(c.document_id == "law:13/2022/QH15" for c in answer.citations)


def test_despair_gets_numbers_and_no_law(told: Callable[[str], Answer]) -> None:
    answer = told("tôi muốn chết, không muốn sống nữa")
    assert answer.status is Status.CRISIS
    assert not answer.citations


@pytest.mark.parametrize(
    "text",
    [
        "Đăng ký kết hôn cần giấy tờ gì?",
        "Hồ sơ hưởng chế độ thai sản gồm những gì",
        "Đăng ký khai sinh cho con ngoài giá thú",
        "Làm hộ chiếu cho con hết bao nhiêu",
        "đk tạm trú mấy ngày thì xong ạ",
    ],
)
def test_procedures_stay_procedures(told: Callable[[str], Answer], text: str) -> None:
    assert "Tôi chỉ nêu quy định" not in told(text).text


def test_a_law_asked_for_by_number_is_quoted_itself(told: Callable[[str], Answer]) -> None:
    answer = told("Điều 35 Bộ luật Lao động 45/2019/QH14 quy định gì?")
    assert "Tôi chỉ nêu quy định" not in answer.text


def test_what_is_asked_of_a_small_child_is_told_first(told: Callable[[str], Answer]) -> None:
    answer = told("hai vợ chồng ly dị, bé mới 1 tuổi thì ai được nuôi con")
    first = next(line for line in answer.text.splitlines() if line.startswith("- "))
    assert first.startswith("- Điều 81")
    assert "36 tháng" in first
    whole = told("ly hôn thì con 9 tuổi ai được nuôi")
    assert whole.text.count("Điều 81") <= answer.text.count("Điều 81")
