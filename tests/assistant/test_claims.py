"""What is put forward to be confirmed, and the plain question behind it."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.claims import claimed, wrong_offices
from assistant.vocabulary import Status


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("đổi bằng lái 300k đúng không", "đổi bằng lái bao nhiêu tiền đúng không"),
        ("sang tên xe đợi 20 ngày lận hả chị?", "sang tên xe đợi mấy ngày"),
        ("nghe nói thẻ tạm trú có hạn 5 năm", "nghe nói thẻ tạm trú có hạn mấy năm"),
        ("thu nhập dưới 3 tỷ thì miễn phải không", "thu nhập dưới bao nhiêu thì miễn phải không"),
        ("lam ho chieu 500 nghin phai khong", "lam ho chieu bao nhieu tien phai khong"),
        ("đủ 20 tuổi mới được cưới phải không", "đủ mấy tuổi mới được cưới phải không"),
        ("chị bạn em bảo là khai sinh 50k phải không", "chị khai sinh bao nhiêu tiền phải không"),
    ],
)  # fmt: skip
def test_the_plain_question(text: str, plain: str) -> None:
    assert " ".join(claimed(text, text).plain[0].split()) == plain


@pytest.mark.parametrize(
    "text",
    [
        "Con tôi 3 tháng tuổi, làm hộ chiếu cần gì?",
        "ở trọ 3 tháng có phải đăng ký tạm trú không",
        "bé mới sinh 2 tuần đúng không ạ",
        "vay 500 triệu thì thế chấp ở đâu ạ",
    ],
)
def test_figures_of_a_case_are_not_put_forward(text: str) -> None:
    assert claimed(text, text).plain == ()


def test_an_office_is_put_forward() -> None:
    put = claimed("làm hộ chiếu ở UBND phường phải không", "làm hộ chiếu ở UBND phường phải không")
    assert put.offices == ("UBND phường",)
    assert put.slot == "authority"


def test_an_office_is_wrong_only_where_the_source_never_speaks_of_it() -> None:
    offices = ("UBND phường", "công an xã")
    assert wrong_offices(offices, "Công an cấp tỉnh") == ("UBND phường",)
    assert wrong_offices(offices, "Ủy ban nhân dân cấp xã; Công an cấp xã") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("làm hộ chiếu 700 nghìn lận hả bạn", "Không đúng là 700.000 đồng."),
        ("hàng xóm đồn hộ chiếu 200 nghìn, phải hông", "Đúng là 200.000 đồng."),
        ("xin hộ chiếu ở UBND phường đúng không", "Không đúng là nộp ở"),
    ],
)
def test_what_is_put_forward_is_told_first(ask: Any, text: str, said: str) -> None:
    answer = ask(text)
    assert answer.status in {Status.ANSWERED, Status.ANSWERED_PARTLY}
    assert answer.text.startswith(said)


def test_how_long_a_paper_is_valid_is_no_time_the_office_takes(ask: Any) -> None:
    answer = ask("giấy xác nhận độc thân xài được 3 tháng thôi phải không")
    assert "Không đúng" not in answer.text
    assert "6 tháng" in answer.text or "06 tháng" in answer.text
