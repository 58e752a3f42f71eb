"""Numbers of the listed documents, not of the documents their names speak of."""

from __future__ import annotations

import pytest

from knowledge_base.portal.basis import HEADER, basis_of, number_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Luật 54/2014/QH1354/2014/QH13", ["54/2014/QH13"]),
        ("Nghị định 5/2021/NĐ-CP5/2021/NĐ-CPLuật 61/2014/QH1361/2014/QH13",
         ["5/2021/NĐ-CP", "61/2014/QH13"]),
        ("sửa đổi Thông tư số 19/2021/TT-BTC ngày 18/3/202146/2024/TT-BTC", ["46/2024/TT-BTC"]),
        ("về thuếNghị định số 92/2018/NĐ-CP", ["92/2018/NĐ-CP"]),
        ("sửa Luật 23/2004/QH11 200448/2014/QH13", ["48/2014/QH13"]),
        ("cắt giảm66.7/2025/NQ-CPLuật đầu tư143/2025/QH15", ["66.7/2025/NQ-CP", "143/2025/QH15"]),
        ("ban hành05/2026/TT-BNNMT38/2025/TT-BNNMT38/2025/TT-BNNMT",
         ["05/2026/TT-BNNMT", "38/2025/TT-BNNMT"]),
        ("tín dụngLuật số 32/2024/QH1550/2025/TT-NHNNsố 50/2025/TT-NHNN",
         ["32/2024/QH15", "50/2025/TT-NHNN"]),
        ("Bộ luật Hàng hải", []),
    ],
)  # fmt: skip
def test_rows(text: str, numbers: list[str]) -> None:
    assert list(basis_of(HEADER + text).numbers) == numbers


def test_nothing_listed_and_no_list() -> None:
    assert basis_of("Không có thông tin").readable
    assert not basis_of(")Dịch vụ bưu chính3 Ngày").readable
    assert not basis_of(f"{HEADER}Bộ luật Hàng hải").readable


def test_a_single_cell() -> None:
    assert number_in("Thông tư số 67/2024/TT-BQP") == "67/2024/TT-BQP"
    assert number_in("191/2005/TTLT/BQP-BLĐTBXH-BTC").startswith("191/2005/TTLT")
    assert number_in("Bộ luật") == ""
