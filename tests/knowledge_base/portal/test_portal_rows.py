"""A flattened table is cut where its cells were."""

from __future__ import annotations

from knowledge_base.documents import How
from knowledge_base.portal.rows import HEADER, before_first, rows


def test_rows_begin_with_a_way_to_file_and_a_time() -> None:
    text = (
        f"{HEADER}Trực tuyến5 Ngày làm việcMiễn phíTrực tiếp hay qua mạng đều được."
        "Dịch vụ bưu chính3 Ngày50,000 VNĐ(lần)Gửi Trực tiếp: tại quầy"
        "Trực tiếpKhông có thông tinKhông có thông tin"
    )
    found = list(rows(text))
    assert [(row.how, row.time, row.fee, row.fee_note) for row in found] == [
        (How.ONLINE, "5 Ngày làm việc", "Miễn phí", ""),
        (How.POST, "3 Ngày", "50,000 VNĐ", "(lần)"),
        (How.IN_PERSON, "Không có thông tin", "Không có thông tin", ""),
    ]
    assert found[0].description == "Trực tiếp hay qua mạng đều được."
    assert found[1].description == "Gửi Trực tiếp: tại quầy"
    assert before_first(text) == ""


def test_time_without_unit_glued_to_the_fee_splits_in_one_way_or_is_not_sure() -> None:
    (row,) = rows(f"{HEADER}Trực tuyến120,000 VNĐ")
    assert (row.time, row.fee, row.sure) == ("1", "20,000 VNĐ", True)
    (row,) = rows(f"{HEADER}Trực tuyến1120,000 VNĐ")
    assert not row.sure
    (row,) = rows(f"{HEADER}Trực tuyến120 VNĐ")
    assert not row.sure


def test_words_for_a_time() -> None:
    (row,) = rows(f"{HEADER}Trực tuyếnKhông quy địnhMiễn phíQua mạng")
    assert (row.time, row.fee, row.description) == ("Không quy định", "Miễn phí", "Qua mạng")


def test_brackets_of_the_fee_end_before_the_description() -> None:
    (row,) = rows(
        f"{HEADER}Trực tiếp2 Giờ9,000 VNĐ(đồng (miễn đến 30/6/2026)20 ngày kể từ khi nhận"
    )
    assert row.description == "20 ngày kể từ khi nhận"
    (row,) = rows(f"{HEADER}Trực tiếp2 GiờMiễn phí(1) Trường hợp cấp mới: 2 giờ")
    assert (row.fee_note, row.description) == ("", "(1) Trường hợp cấp mới: 2 giờ")
