"""Figures in Vietnamese text: what a sum, a time, a date, a code is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import amounts
from knowledge_base.wording import money


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("200.000 đồng", [200_000]),
        ("200,000 VND", [200_000]),
        ("200000đ", [200_000]),
        ("500k", [500_000]),
        ("500 nghìn", [500_000]),
        ("500 ngàn đồng", [500_000]),
        ("1,5 triệu", [1_500_000]),
        ("2tr", [2_000_000]),
        ("1.200.000₫", [1_200_000]),
        ("3 tỷ đồng", [3_000_000_000]),
        ("từ 15.000 đồng đến 20.000 đồng", [15_000, 20_000]),
        # no sums of money
        ("8 ngày", []),
        ("mẫu số 3", []),
        ("30/2020/NĐ-CP", []),
        ("thủ tục 1.001456", []),
        ("gọi 18001096", []),
        ("5 kg", []),
        ("12 trang", []),
    ],
)
def test_money(text: str, values: list[float]) -> None:
    found = amounts.money(text)
    assert [amount.value for amount in found] == values
    assert all(amount.unit == "đồng" and amount.words in text for amount in found)


@given(st.integers(1, 10**10))
def test_money_is_read_back_as_it_is_written(value: int) -> None:
    assert [amount.value for amount in amounts.money(f"Lệ phí: {money(value)}/lần.")] == [value]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8 ngày làm việc", [(8, "ngày làm việc")]),
        ("8 ngày", [(8, "ngày")]),
        ("08 ngay lam viec", [(8, "ngày làm việc")]),
        ("2,5 giờ", [(2.5, "giờ")]),
        ("mấy hôm, 3 hôm", [(3, "ngày")]),
        ("4 bữa", [(4, "ngày")]),
        ("5 working days or 2 weeks", [(5, "ngày làm việc"), (2, "tuần")]),
        ("12 tháng", [(12, "tháng")]),
        ("1.000 ngày", [(1000, "ngày")]),
        ("15 phút", [(15, "phút")]),
        # a year or a date is no duration
        ("2025 năm", []),
        ("năm 2025", []),
        ("ngày 01/07/2025", []),
        ("tháng 7 năm 2025", []),
    ],
)
def test_durations(text: str, found: list[tuple[float, str]]) -> None:
    assert [(amount.value, amount.unit) for amount in amounts.durations(text)] == found


def test_a_working_day_is_not_a_day() -> None:
    """The law counts them differently, so that one never backs the other."""
    (working,), (calendar,) = amounts.durations("8 ngày làm việc"), amounts.durations("8 ngày")
    assert (working.value, working.unit) != (calendar.value, calendar.unit)


def test_dates_with_their_place() -> None:
    text = "từ 01/07/2025 đến 31-12-2026, không phải 45/13/2026"
    found = amounts.dates(text)
    assert [value for value, _, _ in found] == [date(2025, 7, 1), date(2026, 12, 31)]
    assert [text[start:end] for _, start, end in found] == ["01/07/2025", "31-12-2026"]


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_date_is_read_back(value: date) -> None:
    assert [day for day, _, _ in amounts.dates(f"ngày {value:%d/%m/%Y}.")] == [value]


def test_document_numbers_codes_and_articles() -> None:
    text = "Theo khoản 2 Điều 5 Nghị định 30/2020/NĐ-CP, Luật 26/2023/QH15, thủ tục 1.001456.H29"
    assert amounts.document_numbers(text) == ("30/2020/NĐ-CP", "26/2023/QH15")
    assert amounts.procedure_codes(text) == ("1.001456.H29",)
    assert amounts.articles(text) == ("khoản 2", "điều 5")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Điều 5", "điều 5"),
        ("30/2020/nđ-cp", "30/2020/NĐ-CP"),
        ("https://DICHVUCONG.gov.vn.", "https://dichvucong.gov.vn"),
    ],
)
def test_identifiers_have_one_spelling(one: str, other: str) -> None:
    assert amounts.identifiers(one) == amounts.identifiers(other) != frozenset()


@pytest.mark.parametrize(
    "text", ["www.abc.net", "hochieu.vn", "http://a.b/c?d", "dichvucong.gov.vn", "abc.com.vn"]
)
def test_links(text: str) -> None:
    assert amounts.identifiers(f"xem {text} nhé")


def test_numbers_are_ungrouped() -> None:
    assert amounts.numbers("200.000 đồng, 8 ngày, mẫu 05") == {"200000", "8", "05"}
