"""The table's figure, the note beside it, and which of the two is believed."""

from __future__ import annotations

import pytest

from knowledge_base.documents import Fee, FeeState
from knowledge_base.portal.fees import fees_of


def said(header: str, note: str = "", description: str = "") -> list[tuple[str, int | None, str]]:
    found = fees_of(header, note, description)
    return [(fee.state.value, fee.amount, fee.condition) for fee in found.values]


def test_a_figure_alone() -> None:
    assert fees_of("200,000 VNĐ", "").values == (Fee(FeeState.KNOWN, 200_000),)
    assert fees_of("200,000 Việt Nam Đồng", "(/hồ sơ)").values[0].per == "hồ sơ"
    assert fees_of("200,000 VNĐ", "(đồng/lần cấp)").values[0].per == "lần cấp"


def test_the_note_explains_the_figure() -> None:
    assert said("400,000 VNĐ", "(Cấp mới: 400.000 đồng/giấy; cấp lại: 200.000 đồng/giấy.)") == [
        ("known", 400_000, "Cấp mới"),
        ("known", 200_000, "cấp lại"),
    ]


def test_headings_go_before_their_cases() -> None:
    note = (
        "(- Thi lý thuyết: + Lần đầu: 600.000 đồng. + Thi lại: 400.000 đồng. - Thực hành: 250.000đ)"
    )
    assert said("Miễn phí", note) == [
        ("known", 600_000, "Thi lý thuyết, Lần đầu"),
        ("known", 400_000, "Thi lý thuyết, Thi lại"),
        ("known", 250_000, "Thực hành"),
    ]


def test_free_is_believed_where_nothing_speaks_against_it() -> None:
    for note in ("", "(Không)", "(Không có.)", "(Không quy định)", "(Không thu phí)"):
        found = fees_of("Miễn phí", note)
        assert found.values == (Fee(FeeState.FREE),)
        assert found.readable
        assert not found.overruled


def test_the_note_is_believed_beside_free() -> None:
    found = fees_of("Miễn phí", "(150.000 đồng/giấy)")
    assert found.values == (Fee(FeeState.KNOWN, 150_000, "giấy"),)
    assert found.overruled
    note = "(Mức thu do HĐND cấp tỉnh quyết định. Miễn lệ phí cho hộ nghèo; người khuyết tật)"
    assert said("Miễn phí", note) == [
        ("by_province", None, ""),
        ("free", None, "hộ nghèo; người khuyết tật"),
    ]
    assert said("Miễn phí", "(Theo biểu phí tại Thông tư số 1/2020/TT-BTC quy định mức thu)") == [
        ("formula", None, "")
    ]


def test_a_fee_that_is_only_named_cannot_be_read() -> None:
    found = fees_of("Miễn phí", "(Phí thẩm định hồ sơ)")
    assert not found.readable
    assert found.values == (Fee(FeeState.UNKNOWN, text="Phí thẩm định hồ sơ"),)


def test_a_slip_of_the_keyboard_is_mended_by_the_note_or_not_at_all() -> None:
    assert said("40 VNĐ", "(Lệ phí: 40.000 đồng/giấy)") == [("known", 40_000, "")]
    assert not fees_of("45 VNĐ", "").readable
    assert fees_of("45 VNĐ", "").values == ()
    assert not fees_of("40 VNĐ", "(4.000 đồng/giấy)").readable


def test_two_figures_that_contradict_each_other_are_not_read() -> None:
    found = fees_of("1,500,000 VNĐ", "(150.000 đồng/1 giấy)")
    assert not found.readable
    assert [fee.state for fee in found.values] == [FeeState.UNKNOWN]
    assert "1.500.000 đồng" in found.values[0].text
    assert "150.000 đồng" in found.values[0].text


def test_a_reduction_until_a_day_stands_beside_the_figure() -> None:
    note = "(áp dụng mức phí 25.000 đồng/hồ sơ kể từ ngày 01/7/2025 đến hết ngày 31/12/2026)"
    found = fees_of("50,000 VNĐ", note)
    assert [fee.amount for fee in found.values] == [50_000, 25_000]
    assert "31/12/2026" in found.values[1].text


def test_free_for_some_months_is_a_case_of_its_own() -> None:
    note = "(đồng/lần (Miễn phí từ ngày 07/4/2026 đến 30/6/2026 theo Thông tư 1/2026/TT-BTC)"
    found = fees_of("2,000,000 VNĐ", note)
    assert found.values[0] == Fee(FeeState.KNOWN, 2_000_000, "lần")
    assert found.values[1].state is FeeState.FREE
    assert found.values[1].condition.startswith("từ ngày 07/4/2026")


@pytest.mark.parametrize(
    "note",
    [
        "(20% của 11.000.000 đồng)",
        "(Nộp 150.000 đồng + (số tấn x 15.000 đồng/tấn))",
        "(bằng 50% mức thu tại biểu phí)",
        "(10 USD/lần)",
    ],
)
def test_what_has_to_be_computed_is_no_amount(note: str) -> None:
    found = fees_of("Miễn phí", note)
    assert {fee.state for fee in found.values} == {FeeState.FORMULA}
    assert all(fee.amount is None for fee in found.values)


def test_limits_are_conditions_and_caps_are_named() -> None:
    assert said("10,000,000 VNĐ", "(+ Dưới 50 tỷ: 10 triệu đồng/giấy)") == [
        ("known", 10_000_000, "Dưới 50 tỷ")
    ]
    note = (
        "(2.000 đồng/trang; từ trang thứ 3 thu 1.000 đồng/trang, tối đa không quá 200.000 đồng/bản)"
    )
    assert said("2,000 VNĐ", note)[-1] == ("known", 200_000, "tối đa không quá")


def test_a_description_counts_only_where_it_speaks_of_fees() -> None:
    assert said("Không có thông tin", "", "Nộp tại bộ phận một cửa.") == []
    assert said("Không có thông tin", "", "Lệ phí: 20.000 đồng/bản.") == [("known", 20_000, "")]
    assert not fees_of("Không có thông tin", "", "Đặt cọc 500.000 đồng/chỗ.").readable


def test_digits_of_two_cells_are_not_a_fee() -> None:
    assert fees_of("1100 VNĐ", "", sure=False).values == ()
    assert not fees_of("1100 VNĐ", "", sure=False).readable
