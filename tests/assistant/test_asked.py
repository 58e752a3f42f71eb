"""What a question asks for, read longest phrase first; two matters in one message."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.asked import slots_asked
from assistant.matters import matters
from assistant.vocabulary import Status
from knowledge_base.vietnamese import tokens

ASKED = {
    "Đổi thẻ này xong cầm về được những gì?": {"result"},
    "Nộp xong thì nhận được giấy tờ gì?": {"result"},
    "Nộp buổi sáng có lấy liền không?": {"times"},
    "Phiếu này có giá trị bao lâu?": {"validity"},
    "Thẻ tạm trú dùng được mấy năm?": {"validity"},
    "Muốn nghỉ thì phải báo trước mấy ngày?": {"validity"},
    "Công ty phải hoạt động bao lâu thì được cấp?": {"conditions"},
    "Cần mấy người góp vốn?": {"eligibility"},
    "Đang nợ thuế có chuyển nhượng được không?": {"eligibility"},
    "Quê ở tỉnh khác nộp được không?": {"where"},
    "Gửi qua mạng thì bao nhiêu?": {"online", "fees"},
    "Mỗi tháng được hưởng bao nhiêu?": {"result"},
}


@pytest.mark.parametrize(("text", "slots"), ASKED.items(), ids=ASKED)
def test_the_longest_phrase_says_what_is_asked(text: str, slots: set[str]) -> None:
    assert set(slots_asked(tokens(text))) == slots


@pytest.mark.parametrize("text", ["Làm cái này 500 nghìn, đúng không?", "hộ chiếu"])
def test_a_tag_and_a_bare_name_ask_for_nothing_in_particular(text: str) -> None:
    assert slots_asked(tokens(text)) == ()


def test_parts_that_ask_by_themselves_are_matters() -> None:
    found = matters("Tách hộ nộp ở đâu, còn nhập hộ khẩu cho con thì mất mấy ngày?")
    assert [matter.slots for matter in found] == [("where",), ("times",)]


@pytest.mark.parametrize("text", ["Tách hộ nộp ở đâu, mấy ngày xong?", "Tách hộ ở đâu và khi nào"])
def test_slots_of_one_thing_are_one_matter(text: str) -> None:
    assert matters(text) == ()


def test_two_procedures_in_one_message_are_both_answered(ask: Any) -> None:
    answer = ask("Đăng ký khai tử nộp ở đâu, còn làm hộ chiếu thì bao nhiêu tiền?")
    assert answer.status is Status.ANSWERED
    cited = [citation.document_id for citation in answer.citations]
    assert answer.card.code == "1.000656"
    assert cited[-1] in ("procedure:1.001456", "procedure:1.001471")
    assert "200.000 đồng" in answer.text
