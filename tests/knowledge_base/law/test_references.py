"""Articles, clauses and points as people and laws write them."""

from __future__ import annotations

import pytest

from knowledge_base.law.references import Place, places_in


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("khoản 2 điều 15 luật cư trú", ["khoản 2 Điều 15"]),
        ("Điều 5 khoản 2 điểm b", ["điểm b khoản 2 Điều 5"]),
        ("Điều 5, khoản 2", ["khoản 2 Điều 5"]),
        ("dieu 5 khoan 2 luat ho tich", ["khoản 2 Điều 5"]),
        (
            "điểm c khoản 2 và điểm a khoản 3 Điều 6",
            ["điểm c khoản 2 Điều 6", "điểm a khoản 3 Điều 6"],
        ),
        ("điểm a, b khoản 2 Điều 3", ["điểm a khoản 2 Điều 3", "điểm b khoản 2 Điều 3"]),
        ("khoản 4, 5 Điều 35", ["khoản 4 Điều 35", "khoản 5 Điều 35"]),
        ("Điều 5 khoản 2 và Điều 6 khoản 3", ["khoản 2 Điều 5", "khoản 3 Điều 6"]),
        ("Điều 5 đến Điều 7", ["Điều 5", "Điều 6", "Điều 7"]),
        ("các Điều 5, 6a và 7", ["Điều 5", "Điều 6a", "Điều 7"]),
        (
            "Điều 3, khoản 4 Điều 18, khoản 8 Điều 19, Điều 23, khoản 6 Điều 24",
            ["Điều 3", "khoản 4 Điều 18", "khoản 8 Điều 19", "Điều 23", "khoản 6 Điều 24"],
        ),
        ("Điều 12 NĐ 30/2020 nói gì", ["Điều 12"]),
        ("Nghị định 30/2020/NĐ-CP", []),
        ("khoản 2 của luật này", []),
    ],
)
def test_places(text: str, places: list[str]) -> None:
    assert [str(place) for place in places_in(text)] == places


def test_what_is_left_out_is_taken_from_above() -> None:
    assert places_in("Sửa đổi khoản 2 như sau", Place("8")) == (Place("8", "2"),)
    assert places_in("Sửa đổi điểm b", Place("8", "2")) == (Place("8", "2", "b"),)
    assert places_in("khoản 2 Điều 9", Place("8")) == (Place("9", "2"),)
