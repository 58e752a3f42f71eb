"""What a sentence says of a paper, in ways people write it."""

from __future__ import annotations

import pytest

from assistant.drafting.form import made_form
from assistant.drafting.from_sentence import form_of
from assistant.errors import InputError
from tests.assistant.drafting.papers import TODAY


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        (
            "báo cáo của UBND xã Bản Lầu về công tác phòng chống rét cho trâu bò",
            "agency",
            "Ủy ban nhân dân xã Bản Lầu",
        ),
        (
            "báo cáo của UBND xã Bản Lầu về công tác phòng chống rét cho trâu bò",
            "subject",
            "công tác phòng chống rét cho trâu bò",
        ),
        (
            "tờ trình của Trường Tiểu học Số 1 gửi Sở Giáo dục và Đào tạo xin kinh phí sửa mái",
            "subject",
            "xin kinh phí sửa mái",
        ),
        (
            "giấy mời họp của Sở Y tế vào lúc 8 giờ ngày 20/12/2026 tại phòng 2, do bà Lê Thị C "
            "chủ trì",
            "host",
            "bà Lê Thị C",
        ),
        (
            "quyết định của Chủ tịch UBND xã Tả Van về việc công nhận hòa giải viên",
            "issuer",
            "Chủ tịch Ủy ban nhân dân xã Tả Van",
        ),
        (
            "công văn gửi Sở Tài chính, Kho bạc Nhà nước khu vực II và Trung tâm Y tế về việc nộp "
            "báo cáo",
            "to",
            ("Sở Tài chính", "Kho bạc Nhà nước khu vực II", "Trung tâm Y tế"),
        ),
    ],
)
def test_what_is_taken(sentence: str, field: str, value: object) -> None:
    assert getattr(form_of(sentence, TODAY), field) == value


def test_a_paper_that_is_secret_is_refused() -> None:
    with pytest.raises(InputError, match="độ mật"):
        form_of("công văn mật gửi Sở Tài chính về việc quyết toán", TODAY)
    form_of("công văn về việc tập huấn bảo vệ bí mật nhà nước và bảo mật thông tin", TODAY)


def test_a_table_in_the_content_is_answered_with_what_to_do() -> None:
    content = [{"title": "A", "items": [{"text": "b", "items": ["c"]}, {"table": [["1"]]}]}]
    with pytest.raises(InputError, match=r"“table” mà máy không biết.*Word"):
        made_form({"kind": "công văn", "content": content})
