"""The day something happened is read from the message; other days are left alone."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.legal_support.event_day import event_day

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("tôi bị phạt ngày 20/12/2024 vì vượt đèn đỏ", "2024-12-20", "2024-12-20"),
        ("bị phạt ngày 20 tháng 12 năm 2024", "2024-12-20", "2024-12-20"),
        ("chúng tôi cưới năm 2019", "2019-01-01", "2019-12-31"),
        ("ký hợp đồng trước 1/8/2024", "2024-07-31", "2024-07-31"),
        ("tháng 5/2024 tôi nộp đơn", "2024-05-01", "2024-05-31"),
        ("thang 5 nam 2024 toi nop don", "2024-05-01", "2024-05-31"),
        ("năm ngoái bị cho nghỉ việc", "2025-01-01", "2025-12-31"),
        ("trước năm 2021 thì tính sao", "2020-12-31", "2020-12-31"),
        ("năm 2026 bị cho nghỉ", "2026-01-01", "2026-11-22"),
    ],
)
def test_read(text: str, first: str, last: str) -> None:
    found = event_day(text, TODAY)
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "vượt đèn đỏ phạt bao nhiêu",
        "Luật Đất đai năm 2013 quy định gì",
        "nghị định 100 năm 2019",
        "con tôi sinh năm 2019",
        "hợp đồng hết hạn 31/12/2024 thì sao",
        "ngày 31/2/2024",
        "từ 1/1/2027 luật đổi gì",
        "",
    ],
)
def test_no_day_of_an_event(text: str) -> None:
    assert event_day(text, TODAY) is None
