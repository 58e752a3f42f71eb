"""Provisions in words of their own: two short texts side by side, in whatever wording."""

from __future__ import annotations

import pytest

from assistant.conflicts.agents import agents
from assistant.conflicts.lists import extras
from assistant.conflicts.slots import Kind, slots_of
from assistant.conflicts.verdicts import ConflictKind
from tests.assistant.conflicts.test_compare import compared

DEADLINE, MONEY, FIGURE = ConflictKind.DEADLINE, ConflictKind.MONEY, ConflictKind.FIGURE


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (
            "Chủ hồ bơi phải thay nước trong thời hạn 10 ngày kể từ ngày có kết quả kiểm nghiệm.",
            "Khi có kết quả kiểm nghiệm, nước hồ bơi được chủ hồ bơi thay chậm nhất sau 03 ngày.",
            DEADLINE,
        ),
        (
            "Thẻ thư viện tỉnh không có thời hạn sử dụng.",
            "Thẻ thư viện tỉnh có giá trị 02 năm kể từ ngày cấp.",
            DEADLINE,
        ),
        (
            "Hội nghị xã viên được tiến hành khi có ít nhất hai phần ba số xã viên tham dự.",
            "Hội nghị xã viên hợp lệ nếu có trên 50% số xã viên tham dự.",
            FIGURE,
        ),
        (
            "Giá vé tham quan di tích tối đa là 20.000 đồng.",
            "Vé tham quan di tích có giá 50.000 đồng/lượt.",
            MONEY,
        ),
        (
            "Ban quản lý chợ quyết định việc sắp xếp quầy hàng trong chợ.",
            "Việc sắp xếp quầy hàng trong chợ do Ủy ban nhân dân cấp xã quyết định.",
            ConflictKind.AUTHORITY,
        ),
        (
            "Người nuôi chó phải đăng ký vật nuôi với trưởng thôn.",
            "Việc đăng ký vật nuôi của người nuôi chó với trưởng thôn là không bắt buộc.",
            ConflictKind.DUTY,
        ),
        (
            "Bản vẽ phải được duyệt trước khi phát hành hồ sơ mời thầu.",
            "Bản vẽ được duyệt sau khi phát hành hồ sơ mời thầu.",
            ConflictKind.MANNER,
        ),
        (
            "Người dân được vào đọc sách tại thư viện tỉnh.",
            "Chỉ người có hộ khẩu thường trú tại thành phố được vào đọc sách ở thư viện tỉnh.",
            ConflictKind.SCOPE,
        ),
        (
            "Hồ sơ cấp thẻ bơi gồm: đơn đề nghị; ảnh chân dung; giấy khám sức khỏe.",
            "Hồ sơ cấp thẻ bơi gồm: đơn đề nghị; ảnh chân dung; giấy khám sức khỏe; bản cam kết.",
            ConflictKind.DOSSIER,
        ),
    ],
)
def test_found_in_other_words(a: str, b: str, kind: ConflictKind) -> None:
    assert [f.kind for f in compared(a, b).findings] == [kind]
    assert compared(b, a).findings


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "Tàu dưới 20 tấn được neo đậu tối đa 05 ngày tại bến.",
            "Tàu từ 20 tấn trở lên được neo đậu tối đa 02 ngày tại bến.",
        ),
        (
            "Lệ phí duy trì tên miền quốc gia là 200.000 đồng.",
            "Lệ phí duy trì tên miền quốc tế là 350.000 đồng.",
        ),
        (
            "Chủ tịch Ủy ban nhân dân cấp xã phạt tiền đến 5.000.000 đồng.",
            "Chủ tịch Ủy ban nhân dân cấp tỉnh phạt tiền đến 50.000.000 đồng.",
        ),
        (
            "Người khám đúng tuyến được chi trả 100% chi phí khám bệnh.",
            "Người khám không đúng tuyến được chi trả 40% chi phí khám bệnh.",
        ),
        (
            "Ở xã biên giới, đơn được trả lời trong 20 ngày.",
            "Đơn được trả lời trong 10 ngày.",
        ),
        (
            "Hồ sơ cấp thẻ bơi gồm: đơn đề nghị; ảnh chân dung.",
            "Hồ sơ cấp thẻ bơi gồm: ảnh chân dung; đơn đề nghị.",
        ),
        ("Sở Tư pháp cấp phiếu.", "Phiếu do Giám đốc Sở Tư pháp cấp."),
        ("Việc họp cần ít nhất 03 người dự.", "Việc họp có không quá 10 người dự."),
        ("Mức đóng góp là một phần tư chi phí.", "Mức đóng góp là 25% chi phí."),
    ],
)
def test_left_alone_in_other_words(a: str, b: str) -> None:
    assert not compared(a, b).findings


def test_figures_in_words_and_without_end() -> None:
    said = (
        "Không quá hai phần ba số người; không có thời hạn; ở tuổi 55; 5.000 đồng/lượt; 2/3 phiếu."
    )
    found = {s.value for s in slots_of(said) if s.kind is Kind.FIGURE}
    assert {"66.7 %", "endless", "55 tuổi", "5000 đồng"} <= found
    assert not [s for s in slots_of("Hẹn ngày 2/3.") if s.unit == "%"]


def test_who_decides() -> None:
    (one,) = agents("Khu vui chơi được thành lập theo quyết định của Ủy ban nhân dân cấp tỉnh.")
    assert one.value == "ủy ban nhân dân tỉnh"
    assert not agents("Hồ sơ được nộp trong 05 ngày.")


def test_lists_in_lines_end_where_the_labels_change() -> None:
    a = "Điều 1. Hồ sơ cấp thẻ bơi gồm:\n\na) Đơn;\n\nb) Ảnh chân dung;\n\nc) Cam kết.\n\n2. Phí."
    (extra,) = extras(a, a.replace("\n\nc) Cam kết.", ""), 0.97)
    assert a[slice(*extra.span)] == "Cam kết"


def _planted(provision: str, of: str) -> str:
    articles = "\n".join(
        f"Điều {n}. Việc {n} của {of}\n\n1. {of} số {n} lập sổ theo dõi {what}.\n"
        for n, what in enumerate(("kho lúa", "bến phà", "giếng nước", "rừng tràm", "chợ cá"), 1)
    )
    return f"{articles}\nĐiều 6. Quy định riêng\n\n{provision}\n\nĐiều 7. Khác\n\n{of} giữ sổ.\n"


def test_found_in_documents_that_share_nothing_else() -> None:
    a = "Chủ hồ bơi phải thay nước trong thời hạn 10 ngày kể từ ngày có kết quả kiểm nghiệm."
    b = "Khi có kết quả kiểm nghiệm, nước hồ bơi được chủ hồ bơi thay chậm nhất sau 03 ngày."
    made = compared(_planted(a, "Trạm trưởng"), _planted(b, "Đội trưởng tuần tra"))
    assert [f.kind for f in made.findings] == [DEADLINE]
    assert made.findings[0].a.quote == a


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (
            "Chủ bãi xe phải lắp camera trước khi mở cửa đón khách gửi xe.",
            "Chủ bãi xe được mở cửa đón khách gửi xe trước khi lắp camera.",
            ConflictKind.MANNER,
        ),
        (
            "Trại hè là nơi nuôi dạy thanh thiếu niên trong kỳ nghỉ do đoàn thể mở.",
            "Trại hè là cuộc thi bơi lội dành riêng vận động viên chuyên nghiệp quốc tế.",
            ConflictKind.DEFINITION,
        ),
        (
            "Điều 5. Hành vi bị nghiêm cấm\n1. Thả diều gần đường dây điện cao thế;\n2. Đốt rác.",
            "Người dân được thả diều gần đường dây điện cao thế vào ban ngày.",
            ConflictKind.PERMISSION,
        ),
    ],
)
def test_order_meaning_and_lists_of_what_is_forbidden(a: str, b: str, kind: ConflictKind) -> None:
    assert [f.kind for f in compared(a, b).findings] == [kind]
