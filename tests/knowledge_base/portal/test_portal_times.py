"""The table's time; cases only where the description lists them all; no unit, no time."""

from __future__ import annotations

import pytest

from knowledge_base.documents import Duration, TimeUnit
from knowledge_base.portal.times import Times, case_of, times_of

DAY, WORKING = TimeUnit.DAY, TimeUnit.WORKING_DAY


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("5 Ngày làm việc", Duration(WORKING, 5)),
        ("05 Ngày", Duration(DAY, 5)),
        ("0.5 Giờ", Duration(TimeUnit.HOUR, 0.5)),
        ("4 Tháng", Duration(TimeUnit.MONTH, 4)),
        ("1 Năm", Duration(TimeUnit.YEAR, 1)),
        ("30 Phút", Duration(TimeUnit.MINUTE, 30)),
    ],
)
def test_a_cell(cell: str, expected: Duration) -> None:
    assert times_of(cell, "") == Times((expected,))


@pytest.mark.parametrize("cell", ["1", "20", "2 Tuần", "0 Giờ", "trước khi tàu rời cảng"])
def test_without_a_sure_unit_there_is_no_time(cell: str) -> None:
    assert times_of(cell, "") == Times(readable=False)


def test_the_description_gives_the_unit_of_the_same_figure_only() -> None:
    assert times_of("5", "05 ngày làm việc kể từ ngày nhận").values == (Duration(WORKING, 5),)
    assert not times_of("20", "thẩm định 18 ngày, trả kết quả 2 ngày").readable


def test_cases_of_the_description() -> None:
    text = "35 ngày đối với chi nhánh; 28 ngày đối với phòng giao dịch"
    assert times_of("35 Ngày", text).values == (
        Duration(DAY, 35, "đối với chi nhánh"),
        Duration(DAY, 28, "đối với phòng giao dịch"),
    )


def test_stages_are_no_cases() -> None:
    text = "- Kiểm tra hồ sơ: 3 ngày đối với hồ sơ giấy;\n- Thẩm định: 7 ngày; trả kết quả: 10 ngày"
    assert times_of("10 Ngày", text).values == (Duration(DAY, 10),)


def test_days_and_working_days_that_contradict_are_said() -> None:
    (value,) = times_of("7 Ngày", "07 ngày làm việc, kể từ ngày nhận đủ hồ sơ").values
    assert (value.unit, value.amount) == (DAY, 7)
    assert "7 ngày làm việc" in value.condition


def test_without_a_cell_one_figure_for_the_whole_counts() -> None:
    none = "Không có thông tin"
    assert times_of(none, "Trong thời hạn 05 ngày làm việc kể từ ngày nhận").values == (
        Duration(WORKING, 5),
    )
    assert times_of(none, "Nộp tại quầy") == Times()
    assert times_of(none, "Chuyển hồ sơ 2 ngày, lấy ý kiến 15 ngày") == Times(readable=False)
    assert times_of("", "10-25 ngày kể từ ngày nhận").values == (
        Duration(DAY, 10, "ít nhất"),
        Duration(DAY, 25, "nhiều nhất"),
    )
    assert times_of("Không quy định", "").none


def test_dates_are_no_times() -> None:
    assert times_of("Không có thông tin", "trước ngày 30 tháng 11 năm 2026") == Times()


def test_what_tells_two_rows_apart() -> None:
    text = "Trường hợp đột xuất: 01 giờ, sau khi nhận được văn bản"
    assert case_of(text, Duration(TimeUnit.HOUR, 1)) == (
        "Trường hợp đột xuất, sau khi nhận được văn bản"
    )
    two = "30 ngày (40 ngày đối với huân chương) kể từ ngày nhận"
    assert "40 ngày" in case_of(two, Duration(DAY, 30))  # not taken apart: nothing is mixed up
