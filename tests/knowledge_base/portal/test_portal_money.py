"""What is a fee in a text, and what only looks like one."""

from __future__ import annotations

import pytest

from knowledge_base.portal.money import Role, amounts


def read(text: str) -> list[tuple[int, str, str]]:
    return [(a.value, a.role.value, a.per) for a in amounts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lệ phí: 200.000 đồng/lần", [(200_000, "fee", "lần")]),
        ("200,000 VNĐ", [(200_000, "fee", "")]),
        ("50.000đ/giấy phép (bản giấy)", [(50_000, "fee", "giấy phép")]),
        ("mức 230.000/lần.", [(230_000, "fee", "lần")]),
        ("5000 đồng/tờ", [(5_000, "fee", "tờ")]),
        ("02 triệu đồng/giấy chứng nhận", [(2_000_000, "fee", "giấy chứng nhận")]),
        ("1,5 triệu đồng", [(1_500_000, "fee", "")]),
        ("Phí: 400000 Đồng", [(400_000, "fee", "")]),
        ("70.000 đồng (bảy mươi nghìn đồng)/sổ", [(70_000, "fee", "sổ")]),
        ("3.000 đồng/GT - lần", [(3_000, "fee", "GT - lần")]),
        ("Lệ phí: 1,500,000 (cấp mới)", [(1_500_000, "fee", "")]),
    ],
)
def test_a_fee_has_a_currency_a_unit_or_a_label(
    text: str, expected: list[tuple[int, str, str]]
) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("vốn dưới 50 tỷ đồng", Role.LIMIT),
        ("tài sản trị giá đến 500 triệu đồng", Role.LIMIT),
        ("tối đa không quá 200.000 đồng/bản", Role.CAP),
        ("20% của 11.000.000 đồng", Role.SHARE),
        ("25 USD/thẻ", Role.FOREIGN),
        ("1.5 USD", Role.FOREIGN),
        ("10.000.0000 đồng", Role.UNCLEAR),
        ("3000.000 đồng", Role.UNCLEAR),
        ("0.000đ/giấy", Role.UNCLEAR),
        ("còn 1.500.000 khoản khác", Role.UNCLEAR),
    ],
)
def test_other_money_is_no_fee(text: str, role: Role) -> None:
    assert [amount.role for amount in amounts(text)] == [role]


@pytest.mark.parametrize(
    "text",
    [
        "theo Thông tư số 25/2021/TT-BTC ngày 07/4/2021",
        "ban hành ngày 11 tháng 11 năm 2016 Đồng",
        "tàu bay từ 5.700 kg trở lên",
        "tàu trên 3.000 GT",
        "giảm 50% mức thu",
        "khoản 2 Điều 14",
    ],
)
def test_numbers_of_documents_years_and_weights_are_no_money(text: str) -> None:
    assert read(text) == []
