"""An án lệ is no judgment of its own, and is read all the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.judging.told import judgment_json, judgment_lines
from knowledge_base.home import Home
from knowledge_base.judgments.importing import from_text
from knowledge_base.judgments.precedent import precedent
from knowledge_base.judgments.reading import NotAJudgment
from knowledge_base.judgments.store import Judgments

SHORT = """# ÁN LỆ SỐ 91/2031/AL
về nghĩa vụ hoàn trả tiền đặt cọc khi bên nhận cọc không có quyền bán

**Nguồn án lệ:** Bản án dân sự phúc thẩm số 77/2016/DS-PT ngày 04-8-2016 của Tòa án nhân dân tỉnh \
Phú Thọ về vụ án "Tranh chấp hợp đồng đặt cọc" giữa nguyên đơn là bà Lò Thị Xoan với bị đơn là \
ông Vũ Khắc Lương.

**Khái quát nội dung án lệ:** Bên nhận cọc không phải là chủ sở hữu nhà.

**Nội dung án lệ:** Bên nhận cọc phải trả lại tiền cọc và chịu phạt cọc theo thỏa thuận.

**Quy định của pháp luật liên quan:** Khoản 2 Điều 358 Bộ luật Dân sự năm 2005; Điều 122, 137 Bộ \
luật Dân sự.
"""
LONG = """ÁN LỆ SỐ 92/2032/AL
Về thời hiệu yêu cầu chia di sản
Được Hội đồng Thẩm phán Tòa án nhân dân tối cao thông qua ngày 03 tháng 02 năm 2032

Nguồn án lệ:
Quyết định giám đốc thẩm số 31/2030/DS-GĐT ngày 11/5/2030 của Tòa án nhân dân tối cao.
Khái quát nội dung của án lệ:
- Tình huống án lệ: Một người thừa kế quản lý di sản.
- Giải pháp pháp lý: Thời hiệu được áp dụng theo luật mới.
Quy định của pháp luật liên quan đến án lệ:
Điều 623 Bộ luật Dân sự năm 2015.
Từ khóa của án lệ:
“Thời hiệu”; “Di sản”.
NỘI DUNG VỤ ÁN:
Ông Đàm Văn Quý để lại một thửa đất.
NHẬN ĐỊNH CỦA TÒA ÁN:
[1] Thời hiệu đã bắt đầu lại.
QUYẾT ĐỊNH:
Hủy bản án phúc thẩm.
NỘI DUNG ÁN LỆ
“[1] Thời hiệu đã bắt đầu lại.”
"""


def test_the_parts_of_a_short_one() -> None:
    one = from_text(SHORT)
    assert (one.kind, one.number.value) == ("án lệ", "91/2031/AL")
    assert one.source.value == "77/2016/DS-PT"
    assert one.text[one.source.start : one.source.end] == one.source.value
    assert one.rule.of(one.text).startswith("Bên nhận cọc phải trả lại")
    assert one.facts.of(one.text).startswith("Bên nhận cọc không phải là chủ")
    assert (one.branch.value, one.level.value) == ("dân sự", "phúc thẩm")
    assert [(a.number, a.article, a.clause) for a in one.applied] == [
        ("33/2005/QH11", "358", "2"),
        # A bare name is the text in force when the case was decided.
        ("33/2005/QH11", "122", ""),
        ("33/2005/QH11", "137", ""),
    ]
    assert not one.remarks
    assert "Xoan" not in one.text
    assert "Khắc Lương" not in one.text


def test_the_parts_of_one_with_its_case() -> None:
    one = from_text(LONG)
    assert (one.kind, one.number.value, one.source.value) == (
        "án lệ", "92/2032/AL", "31/2030/DS-GĐT",
    )  # fmt: skip
    assert one.day == date(2032, 2, 3)
    assert "để lại một thửa đất" in one.facts.of(one.text)
    assert one.rule.of(one.text) == "“[1] Thời hiệu đã bắt đầu lại.”"
    assert one.decision.of(one.text) == "Hủy bản án phúc thẩm."
    assert ("91/2015/QH13", "623") in {(a.number, a.article) for a in one.applied}


def test_it_is_kept_and_told(tmp_path: Path) -> None:
    one = from_text(SHORT)
    with Judgments(Home(tmp_path)) as kept:
        kept.put(one)
        (held,) = kept.find("91/2031/AL")
    assert held == one
    told = "\n".join(judgment_lines(held))
    assert "nguồn án lệ: 77/2016/DS-PT" in told
    assert "chịu phạt cọc" in told
    assert judgment_json(held)["source"]["value"] == "77/2016/DS-PT"


def test_a_text_about_an_an_le_is_none() -> None:
    text = "Bài viết bàn về Án lệ số 91/2031/AL và cách áp dụng trong thực tiễn xét xử. " * 5
    with pytest.raises(NotAJudgment):
        from_text(text)
    assert not precedent(text).is_one
