"""Wards and districts of before the reform, and where they are today."""

from __future__ import annotations

import pytest

from knowledge_base.old_addresses import old_addresses


@pytest.mark.parametrize(
    ("typed", "now", "province"),
    [
        ("Phường Bến Nghé, Quận 1", "Phường Sài Gòn", "Hồ Chí Minh"),
        ("nhà em ở phuong ben nghe quan 1", "Phường Sài Gòn", "Hồ Chí Minh"),
        ("phường Bến Nghé", "Phường Sài Gòn", "Hồ Chí Minh"),
        ("P5 Q3", "Phường Bàn Cờ", "Hồ Chí Minh"),
        ("p.05, q.3, tphcm", "Phường Bàn Cờ", "Hồ Chí Minh"),
        ("xã Tân Hiệp, huyện Hóc Môn, TP HCM", "Xã Hóc Môn", "Hồ Chí Minh"),
        ("phường 12 quận Bình Thạnh", "Phường Bình Thạnh", "Hồ Chí Minh"),
        ("Phường V, thành phố Vị Thanh", "Phường Vị Tân", "Cần Thơ"),
        ("huyện Côn Đảo", "Đặc khu Côn Đảo", "Hồ Chí Minh"),
    ],
)
def test_one_ward_of_today(typed: str, now: str, province: str) -> None:
    (found,) = old_addresses(typed)
    assert found.certain
    assert found.now == (now,)
    assert found.province.name == province


@pytest.mark.parametrize(
    ("typed", "among", "province"),
    [
        ("Quận 1", "Phường Bến Thành", "Hồ Chí Minh"),
        ("tôi ở huyen Cu Chi", "Xã Củ Chi", "Hồ Chí Minh"),
        ("Thị xã Phú Mỹ", "Phường Tân Hải", "Hồ Chí Minh"),  # a city in its last months
        ("TP Thủ Đức", "Phường Cát Lái", "Hồ Chí Minh"),
        ("phường Dịch Vọng, quận Cầu Giấy", "Phường Nghĩa Đô", "Hà Nội"),  # divided
        ("huyện Châu Thành tỉnh Long An", "Xã Tầm Vu", "Tây Ninh"),
        ("huyện Châu Thành, Tiền Giang", "Xã Kim Sơn", "Đồng Tháp"),
    ],
)
def test_several_wards_of_today_are_not_one(typed: str, among: str, province: str) -> None:
    (found,) = old_addresses(typed)
    assert not found.certain
    assert among in found.now
    assert found.province.name == province


@pytest.mark.parametrize(
    "typed",
    [
        "huyện Châu Thành",  # ten had the name
        "phường 5",
        "phường Cầu Giấy",  # there is one today
        "phường Bến Nghé, quận 7",  # not there
        "công an phường",
        "quận cam",
        "cái quần 1 ống này",
        "lên công an phường v",  # "vậy", not the ward V of one town
        "xã hội, huyện đoàn",
        "Sở Tư pháp Thành phố Hồ Chí Minh",
        "",
    ],
)
def test_what_is_not_sure_is_unknown(typed: str) -> None:
    assert not old_addresses(typed)


def test_an_incomplete_table_says_the_province_only() -> None:
    (found,) = old_addresses("xã Cẩm Hưng, huyện Cẩm Giàng")
    assert found.now == ()
    assert found.province.name == "Hải Phòng"
