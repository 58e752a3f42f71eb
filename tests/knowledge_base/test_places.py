"""The table of provinces, and names as people type them."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from knowledge_base.places import (
    current_province,
    mentioned,
    names_district,
    no_district_note,
    places_text,
    provinces,
)

#: The 63 units before 1 July 2025 and where they are now.
BEFORE = {
    "An Giang": ["An Giang", "Kiên Giang"],
    "Bắc Ninh": ["Bắc Ninh", "Bắc Giang"],
    "Cà Mau": ["Cà Mau", "Bạc Liêu"],
    "Cao Bằng": ["Cao Bằng"],
    "Cần Thơ": ["Cần Thơ", "Sóc Trăng", "Hậu Giang"],
    "Đà Nẵng": ["Đà Nẵng", "Quảng Nam"],
    "Đắk Lắk": ["Đắk Lắk", "Phú Yên"],
    "Điện Biên": ["Điện Biên"],
    "Đồng Nai": ["Đồng Nai", "Bình Phước"],
    "Đồng Tháp": ["Đồng Tháp", "Tiền Giang"],
    "Gia Lai": ["Gia Lai", "Bình Định"],
    "Hà Nội": ["Hà Nội"],
    "Hà Tĩnh": ["Hà Tĩnh"],
    "Hải Phòng": ["Hải Phòng", "Hải Dương"],
    "Hồ Chí Minh": ["Hồ Chí Minh", "Bình Dương", "Bà Rịa - Vũng Tàu"],
    "Huế": ["Thừa Thiên Huế"],
    "Hưng Yên": ["Hưng Yên", "Thái Bình"],
    "Khánh Hòa": ["Khánh Hòa", "Ninh Thuận"],
    "Lai Châu": ["Lai Châu"],
    "Lạng Sơn": ["Lạng Sơn"],
    "Lào Cai": ["Lào Cai", "Yên Bái"],
    "Lâm Đồng": ["Lâm Đồng", "Đắk Nông", "Bình Thuận"],
    "Nghệ An": ["Nghệ An"],
    "Ninh Bình": ["Ninh Bình", "Hà Nam", "Nam Định"],
    "Phú Thọ": ["Phú Thọ", "Vĩnh Phúc", "Hòa Bình"],
    "Quảng Ngãi": ["Quảng Ngãi", "Kon Tum"],
    "Quảng Ninh": ["Quảng Ninh"],
    "Quảng Trị": ["Quảng Trị", "Quảng Bình"],
    "Sơn La": ["Sơn La"],
    "Tây Ninh": ["Tây Ninh", "Long An"],
    "Thái Nguyên": ["Thái Nguyên", "Bắc Kạn"],
    "Thanh Hóa": ["Thanh Hóa"],
    "Tuyên Quang": ["Tuyên Quang", "Hà Giang"],
    "Vĩnh Long": ["Vĩnh Long", "Bến Tre", "Trà Vinh"],
}
OLD_AND_NEW = [(old, new) for new, olds in BEFORE.items() for old in olds]


def bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def names_in(text: str) -> list[str]:
    return [mention.province.name for mention in mentioned(text)]


def test_there_are_34_provinces_made_of_63() -> None:
    assert {province.name for province in provinces()} == set(BEFORE)
    assert len(provinces()) == 34
    assert sum(len(province.merged_from) or 1 for province in provinces()) == 63
    assert len(OLD_AND_NEW) == 63


def test_25_are_provinces_and_9_are_cities_in_november_2026() -> None:
    cities = {province.name for province in provinces() if province.kind == "thành phố"}
    assert len(cities) == 9
    at_the_reform = {p.name for p in provinces() if p.kind_on(date(2025, 7, 1)) == "thành phố"}
    assert cities - at_the_reform == {"Đồng Nai", "Quảng Ninh", "Bắc Ninh"}


def test_eleven_provinces_were_not_merged() -> None:
    assert sum(not province.former_names for province in provinces()) == 11
    assert all(p.centre_in in p.merged_from for p in provinces() if p.former_names)


@pytest.mark.parametrize(("old", "new"), OLD_AND_NEW)
def test_each_of_the_63_names_resolves_however_it_is_typed(old: str, new: str) -> None:
    for typed in (old, old.lower(), old.upper(), bare(old), unicodedata.normalize("NFD", old)):
        for prefix in ("", "tỉnh ", "Tinh ", "TP. ", "thành phố "):
            province = current_province(prefix + typed)
            assert province is not None, prefix + typed
            assert province.name == new


@pytest.mark.parametrize(("old", "new"), OLD_AND_NEW)
def test_each_of_the_63_names_is_found_in_a_sentence(old: str, new: str) -> None:
    for typed in (f"Tôi sống ở {old}, muốn làm hộ chiếu", f"toi song o {bare(old).lower()} day"):
        (mention,) = mentioned(typed)
        assert mention.province.name == new
        assert typed[mention.start : mention.end] == mention.text
        assert mention.former == (old if old not in (new, "Thừa Thiên Huế") else "")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("sài gòn", "Hồ Chí Minh"),
        ("tphcm", "Hồ Chí Minh"),
        ("TP.HCM", "Hồ Chí Minh"),
        ("hn", "Hà Nội"),
        ("Hà Tây", "Hà Nội"),
        ("brvt", "Hồ Chí Minh"),
        ("vũng tàu", "Hồ Chí Minh"),
        ("Đăk Lăk", "Đắk Lắk"),
        ("daklak", "Đắk Lắk"),
        ("Khánh Hoà", "Khánh Hòa"),
        ("Thừa Thiên - Huế", "Huế"),
        ("tỉnh Hà Giang cũ", "Tuyên Quang"),
    ],
)
def test_what_people_call_them(typed: str, name: str) -> None:
    province = current_province(typed)
    assert province is not None
    assert province.name == name


@pytest.mark.parametrize("typed", ["", "  ", "Tokyo", "Hà", "tỉnh", "xyz 123"])
def test_other_names_are_nobody(typed: str) -> None:
    assert current_province(typed) is None


@pytest.mark.parametrize(
    "text",
    [
        "may in da nang gia re",
        "thue hai phong tro",
        "thuê hai phòng",
        "nói về hai phòng trọ",
        "dien bien phuc tap",
        "cao bằng nhau",
        "hòa bình thế giới",
        "đại học hải dương học",
        "hn lam gi",
        "Điện Biên Phủ",
        "đường Điện Biên Phủ",
        "UBND phường Sài Gòn",
        "Chủ tịch Hồ Chí Minh",
        "anh Nguyễn Thái Bình",
        "chị Thanh Hoa hỏi",
        "thanhhoa, hanoian",
        "",
    ],
)
def test_words_that_are_not_a_province(text: str) -> None:
    assert names_in(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("o da nang lam ho chieu o dau", ["Đà Nẵng"]),
        ("tinh hai duong", ["Hải Phòng"]),
        ("LÀM HỘ CHIẾU Ở ĐÀ NẴNG", ["Đà Nẵng"]),
        ("Quảng Nam và Đà Nẵng", ["Đà Nẵng", "Đà Nẵng"]),
        ("do Hà Nội cấp, cách xa Hà Nội", ["Hà Nội", "Hà Nội"]),
        ("làm ở hn", ["Hà Nội"]),
        ("ở hà nam", ["Ninh Bình"]),
        ("hà noi", ["Hà Nội"]),
    ],
)
def test_provinces_in_free_text(text: str, found: list[str]) -> None:
    assert names_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "nộp ở UBND huyện",
        "ubnd huyen dong anh",
        "Công an quận 7",
        "cong an quan 1 lam cccd",
        "Ủy ban nhân dân cấp huyện",
        "công an thị xã",
        "lên huyện làm sổ đỏ",
        "bộ phận một cửa quận",
        "Không còn cấp huyện. Hãy nộp ở UBND quận 7.",
    ],
)
def test_a_district_authority_is_noticed(text: str) -> None:
    assert names_district(text)


@pytest.mark.parametrize(
    "text",
    [
        "Công an quản lý cư trú ở cấp xã",
        "cong an quan ly xuat nhap canh",
        "cơ quan quản lý nhà nước",
        "Tòa án quân sự",
        "ra quán cà phê",
        "nay không còn UBND cấp huyện",
        'Cổng còn ghi "BHXH cấp huyện"; từ 01/7/2025 không còn cấp huyện.',
        "tôi ở huyện Đông Anh cũ",
        "UBND xã, phường, đặc khu",
    ],
)
def test_what_is_not_a_district_authority(text: str) -> None:
    assert not names_district(text)


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 5, 1), date(2026, 11, 21)])
def test_one_text_a_province_holds_on_a_day(day: date) -> None:
    held = [
        text
        for text in places_text()
        if text.effective_from <= day and (text.effective_to is None or day <= text.effective_to)
    ]
    assert len(held) == 34
    assert len({text.id for text in places_text()}) == len(places_text())


def test_texts_name_the_old_units_and_no_district_office() -> None:
    joined = " ".join(text.text for text in places_text())
    for old, new in OLD_AND_NEW:
        assert old in joined or new == "Huế"
    assert not any(names_district(text.text) for text in places_text())
    assert "cấp huyện đã kết thúc" in no_district_note()
