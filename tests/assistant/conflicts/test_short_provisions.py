"""One provision beside another, each in the line of its article, as people paste them."""

from __future__ import annotations

import pytest

from assistant.conflicts.agents import agents
from assistant.conflicts.norms import norms_of
from assistant.conflicts.slots import Kind, slots_of
from assistant.conflicts.sources import from_text
from assistant.conflicts.verdicts import ConflictKind
from tests.assistant.conflicts.test_compare import compared

PERMISSION, MANNER = ConflictKind.PERMISSION, ConflictKind.MANNER


def test_the_line_of_an_article_is_its_rule() -> None:
    (norm,) = norms_of(from_text("Điều 5. Chủ thuyền nộp bản chính sổ lái.", "a").document)
    assert norm.text == "Chủ thuyền nộp bản chính sổ lái."
    named = "Điều 5. Giấy tờ của chủ thuyền\nChủ thuyền nộp bản chính sổ lái."
    (norm,) = norms_of(from_text(named, "a").document)
    assert norm.heading == "Giấy tờ của chủ thuyền"
    both = "Điều 5. Chủ thuyền nộp bản chính sổ lái.\nBến thuyền giữ bản sao sổ lái."
    assert len(norms_of(from_text(both, "a").document)) == 2


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (
            "Điều 2. Thuyền nhỏ là thuyền dài dưới 06 mét.",
            "Điều 9. Thuyền nhỏ là thuyền dài chưa đủ 09 mét.",
            ConflictKind.FIGURE,
        ),
        (
            "Điều 4. Ngư dân được neo thuyền qua đêm ở bến chợ.",
            "Điều 6. Không cho phép ngư dân neo thuyền qua đêm ở bến chợ.",
            PERMISSION,
        ),
        (
            "Điều 4. Ngư dân được phơi lưới trên bờ kè trong giờ hành chính.",
            "Điều 8. Nghiêm cấm ngư dân phơi lưới trên bờ kè.",
            PERMISSION,
        ),
        (
            "Điều 3. Thời hiệu đòi bồi thường lưới hỏng là 40 ngày, kể từ ngày lưới hỏng.",
            "Điều 7. Ngư dân có quyền đòi bồi thường lưới hỏng trong vòng 20 ngày tính từ ngày đó.",
            ConflictKind.DEADLINE,
        ),
        (
            "Điều 5. Chủ thuyền nộp bản chính sổ lái.",
            "Điều 1. Chủ thuyền nộp bản sao sổ lái có chứng thực.",
            MANNER,
        ),
        (
            "Điều 6. Lãi vay mua lưới không quá 8%/năm của số tiền vay.",
            "Điều 6. Lãi vay mua lưới không quá 11%/năm.",
            ConflictKind.FIGURE,
        ),
        (
            "Điều 8. Chủ thuyền không phải mua áo phao cho khách.",
            "Điều 8. Chủ thuyền có nghĩa vụ mua áo phao cho khách.",
            ConflictKind.DUTY,
        ),
        (
            "Điều 9. Thẻ lái thuyền được gia hạn nhiều lần.",
            "Điều 9. Thẻ lái thuyền chỉ được gia hạn một lần.",
            ConflictKind.FIGURE,
        ),
        (
            "Điều 9. Việc gia hạn thẻ lái thuyền không hạn chế số lần.",
            "Điều 9. Thẻ lái thuyền được gia hạn tối đa 02 lần.",
            ConflictKind.FIGURE,
        ),
        (
            "Điều 7. Thẩm quyền cấp thẻ lái thuyền\nỦy ban nhân dân cấp tỉnh cấp thẻ lái thuyền.",
            "Điều 3. Thẻ lái thuyền do Ủy ban nhân dân cấp xã nơi có bến thuyền cấp.",
            ConflictKind.AUTHORITY,
        ),
        (
            "Điều 11. Bãi phơi cá được giao cho hợp tác xã sử dụng ổn định lâu dài.",
            "Điều 11. Thời hạn giao bãi phơi cá cho hợp tác xã là 10 năm.",
            ConflictKind.DEADLINE,
        ),
        (
            "Điều 2. Học sinh được miễn tiền đò ngang.",
            "Điều 5. Học sinh trả tiền đò ngang bằng 30% giá vé đò.",
            ConflictKind.DUTY,
        ),
        (
            "Điều 2. Chủ thuyền không phải đóng phí neo đậu.",
            "Điều 2. Chủ thuyền đóng phí neo đậu theo quý.",
            ConflictKind.DUTY,
        ),
    ],
)
def test_found_in_short_provisions(a: str, b: str, kind: ConflictKind) -> None:
    assert kind in [f.kind for f in compared(a, b).findings]
    assert kind in [f.kind for f in compared(b, a).findings]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "Điều 3. Thời hạn xin xét lại lần đầu là 40 ngày kể từ ngày nhận kết quả thi lái.",
            "Điều 4. Thời hạn xin xét lại lần thứ hai là 15 ngày kể từ ngày có kết quả lần đầu.",
        ),
        (
            "Điều 9. Thẻ lần đầu có thời hạn 02 năm.",
            "Điều 9. Thẻ lần tiếp theo có thời hạn 04 năm.",
        ),
        ("Điều 1. Tổ cứu hộ có ít nhất 05 người.", "Điều 1. Tổ cứu hộ gồm 06 người ở bến."),
        (
            "Điều 4. Chủ quán được bán bia sau khi có thẻ.",
            "Điều 5. Không được bán bia cho người chưa đủ 18 tuổi.",
        ),
        (
            "Điều 4. Ngư dân được neo thuyền qua đêm.",
            "Điều 5. Ngư dân không được neo thuyền qua đêm trong vùng nuôi tôm giống.",
        ),
        (
            "Điều 2. Không được bán cá chưa ướp lạnh cho trường học.",
            "Điều 3. Được bán cá đã ướp lạnh cho trường học.",
        ),
        (
            "Điều 2. Học sinh nghèo vùng lũ được miễn tiền đò ngang.",
            "Điều 5. Học sinh trả tiền đò ngang bằng 30% giá vé đò.",
        ),
        (
            "Điều 3. Thẻ lái thuyền bị tước thì không được cấp lại trong 06 tháng.",
            "Điều 4. Thẻ lái thuyền được cấp lại.",
        ),
        (
            "Điều 6. Phạt tiền đến 500.000 đồng đối với người xả rác xuống bến.",
            "Điều 6. Phạt tiền đến 900.000 đồng đối với chủ thuyền chở khách quá số chỗ ngồi.",
        ),
        (
            "Điều 7. Thời gian học lái không quá 60 ngày đối với thuyền máy chở khách.",
            "Điều 7. Thời gian học lái không quá 20 ngày đối với thuyền khác.",
        ),
        (
            "Điều 8. Người lao động góp 2% tiền công vào quỹ cứu hộ.",
            "Điều 9. Người sử dụng lao động góp 5% tiền công vào quỹ cứu hộ.",
        ),
        (
            "Điều 4. Hộ dân được nuôi cá lồng ngoài luồng lạch.",
            "Điều 5. Hộ dân không được nuôi cá lồng trong luồng lạch.",
        ),
        (
            "Điều 6. Bến thuyền loại III không phải lắp phao tiêu.",
            "Điều 6. Bến thuyền loại I phải lắp phao tiêu.",
        ),
        (
            "Điều 1. Hội đồng nhân dân cấp tỉnh quyết định chủ trương đầu tư bến thuyền.",
            "Điều 2. Chủ tịch Ủy ban nhân dân cấp tỉnh quyết định đầu tư bến thuyền.",
        ),
    ],
)
def test_left_alone_in_short_provisions(a: str, b: str) -> None:
    assert not compared(a, b).findings
    assert not compared(b, a).findings


def test_how_often_and_whose_place_is_said_at_length() -> None:
    (often,) = [s for s in slots_of("Thẻ được gia hạn nhiều lần.") if s.kind is Kind.FIGURE]
    assert (often.unit, often.text) == ("lần", "nhiều lần")
    assert not [s for s in slots_of("Người vi phạm nhiều lần bị phạt.") if s.kind is Kind.FIGURE]
    (one,) = agents("Ủy ban nhân dân cấp xã nơi người cha hoặc người mẹ ở thực hiện đăng ký.")
    assert one.value == "ủy ban nhân dân xã"
