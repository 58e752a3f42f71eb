"""Papers come back with their quantities, forms and cases."""

from __future__ import annotations

import pytest

from knowledge_base.documents import DossierItem
from knowledge_base.portal.dossier import HEADER, papers_of


def items(text: str) -> tuple[DossierItem, ...]:
    return papers_of(text).items


def test_papers_end_with_their_quantity() -> None:
    text = (
        f"--{HEADER}- Đơn đề nghị;Mẫu số 02.docx1 bản chính"
        "Bản sao giấy phép0 bản chính,1 bản saoẢnh chân dung2 bản chính"
    )
    assert items(text) == (
        DossierItem("Đơn đề nghị", "Mẫu số 02", 1),
        DossierItem("Bản sao giấy phép", "", 0, 1),
        DossierItem("Ảnh chân dung", "", 2),
    )


def test_headings_are_the_cases_of_their_tables() -> None:
    text = (
        f"a) Trường hợp cấp mới:{HEADER}Đơn1 bản chính"
        f"Giấy tờ phải xuất trình:{HEADER}Căn cước1 bản chính"
    )
    first, second = items(text)
    assert first.condition == "a) Trường hợp cấp mới"
    assert second.show_only
    assert second.condition == ""


@pytest.mark.parametrize(
    ("text", "name", "originals"),
    [
        ("theo Mẫu số 011 bản chính", "theo Mẫu số 01", 1),
        ("năm 20161 bản chính", "năm 2016", 1),
        ("ngày 01/01/20261 bản chính", "ngày 01/01/2026", 1),
        ("gồm: 01 bản chính1 bản chính", "gồm: 01 bản chính", 1),
        ("Hồ sơ mời thầu10 bản chính", "Hồ sơ mời thầu", 10),
        ("theo phụ lục số 101 bản chính", "theo phụ lục số 101", None),
    ],
)
def test_digits_that_touch_are_told_apart_or_left_open(
    text: str, name: str, originals: int | None
) -> None:
    (item,) = items(f"--{HEADER}{text}")
    assert (item.name, item.originals) == (name, originals)


def test_quantities_inside_a_name_do_not_cut_it() -> None:
    (item,) = items(f"--{HEADER}Nộp 02 bản chính tờ khai (01 bản chính lưu lại)1 bản chính")
    assert item.name == "Nộp 02 bản chính tờ khai (01 bản chính lưu lại)"


def test_forms_are_codes_not_file_names() -> None:
    (item,) = items(f"--{HEADER}Tờ khai theo mẫu ĐKX10/79;MauKX1079.docx1 bản chính")
    assert item.form == "Mẫu số ĐKX10/79"
    (item,) = items(f"--{HEADER}Đơn xin cấp lại;1.004682_ban cuoi.docx1 bản chính")
    assert (item.name, item.form) == ("Đơn xin cấp lại", "")


def test_what_is_no_table_is_unreadable_and_nothing_is_nothing() -> None:
    assert not papers_of("phải được kê khai trên mạng.").readable
    assert papers_of("--").readable
    assert not papers_of(f"--{HEADER}Đơn1 bản chínhgiấy tờ bị cắt").readable
