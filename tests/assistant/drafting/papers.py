"""Forms of right papers, one of each kind, with nothing left blank."""

from __future__ import annotations

from datetime import date
from typing import Any

TODAY = date(2026, 11, 22)

_HEAD: dict[str, Any] = {
    "parent": "Ủy ban nhân dân tỉnh Lào Cai",
    "agency": "Sở Y tế",
    "unit": "VP",
    "number": 125,
    "place": "Lào Cai",
    "date": "22/11/2026",
    "signer": {"capacity": "KT. GIÁM ĐỐC", "position": "Phó Giám đốc", "name": "Nguyễn Văn An"},
}
#: One right paper of each kind, with nothing left blank.
FORMS: dict[str, dict[str, Any]] = {
    "quyet_dinh": {
        **_HEAD,
        "subject": "về việc thành lập Tổ công tác chuyển đổi số",
        "issuer": "Giám đốc Sở Y tế",
        "bases": [
            "Luật Tổ chức chính quyền địa phương số 72/2025/QH15 ngày 16 tháng 6 năm 2025",
            "Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư",
        ],
        "proposer": "Chánh Văn phòng Sở",
        "content": [
            "Thành lập Tổ công tác chuyển đổi số của Sở Y tế gồm các ông, bà có tên trong danh "
            "sách kèm theo Quyết định này, do Phó Giám đốc Sở phụ trách làm Tổ trưởng.",
            {
                "title": "Nhiệm vụ của Tổ công tác",
                "items": [
                    "Xây dựng kế hoạch chuyển đổi số giai đoạn 2026 - 2030 của ngành.",
                    {
                        "text": "Đề xuất giải pháp về:",
                        "items": ["Hạ tầng kỹ thuật;", "Nhân lực;", "Bảo đảm an toàn thông tin."],
                    },
                    "Báo cáo kết quả trước ngày 15 tháng 12 năm 2026.",
                ],
            },
            "Kinh phí hoạt động là {tiền 1.000.015.005}, lấy từ nguồn chi thường xuyên theo quy "
            "định tại điểm a khoản 2 Điều 5 Quy chế chi tiêu nội bộ của Sở Y tế.",
            "Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Sở, Trưởng các phòng và các "
            "ông, bà có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này.",
        ],
        "receivers": ["Như Điều 4", "UBND tỉnh (để b/c)"],
        "file": "VT, VP",
    },
    "cong_van": {
        **_HEAD,
        "number": 7,
        "date": "05/01/2026",
        "subject": "tăng cường phòng, chống dịch sốt xuất huyết",
        "to": ["Ủy ban nhân dân các xã, phường", "Trung tâm Y tế các khu vực"],
        "content": [
            "Từ đầu năm đến nay, tình hình dịch sốt xuất huyết trên địa bàn tỉnh Lào Cai diễn biến "
            "phức tạp. Sở Y tế đề nghị các cơ quan, đơn vị thực hiện những nội dung sau:",
            {"items": ["Tổ chức phun hóa chất diệt muỗi trước ngày 15/01/2026.",
                       "Báo cáo kết quả về Sở Y tế vào thứ Hai, ngày 19/01/2026."]},
            "Đề nghị các cơ quan, đơn vị triển khai thực hiện.",
        ],
        "receivers": ["Như trên", "Giám đốc Sở (để b/c)"],
    },
    "to_trinh": {
        **_HEAD,
        "subject": "phê duyệt dự toán mua sắm thiết bị y tế",
        "to": "Ủy ban nhân dân tỉnh Lào Cai",
        "content": [
            {"title": "Sự cần thiết", "items": ["Trang thiết bị của các trạm y tế đã xuống cấp."]},
            {"title": "Nội dung trình",
             "items": ["Tổng dự toán: {tiền 2500000000}.", "Thời gian thực hiện: Quý I năm 2027."]},
            "Kính trình Ủy ban nhân dân tỉnh xem xét, quyết định.",
        ],
        "receivers": ["Như trên"],
    },
    "bao_cao": {
        **_HEAD,
        "subject": "kết quả thực hiện nhiệm vụ năm 2026",
        "content": [
            {"title": "Kết quả thực hiện", "items": [
                {"title": "Công tác khám, chữa bệnh", "text": "Toàn ngành đã khám 125.000 lượt."},
                {"title": "Công tác cán bộ", "text": "Đã tuyển dụng 25 (hai mươi lăm) viên chức."},
            ]},
            {"title": "Tồn tại, hạn chế", "items": ["Nhân lực ở tuyến xã còn thiếu."]},
        ],
        "receivers": ["UBND tỉnh (để b/c)"],
    },
    "thong_bao": {
        **_HEAD,
        "subject": "về việc nghỉ Tết Dương lịch năm 2027",
        "content": ["Sở Y tế thông báo công chức, viên chức nghỉ 01 (một) ngày."],
        "receivers": ["Các phòng thuộc Sở"],
    },
    "giay_moi": {
        **_HEAD,
        "subject": "họp tổng kết công tác năm 2026",
        "to": "đại diện lãnh đạo Ủy ban nhân dân các xã, phường",
        "host": "Giám đốc Sở Y tế",
        "time": "08 giờ 00, thứ Sáu, ngày 25/12/2026",
        "venue": "Hội trường Sở Y tế",
        "receivers": ["Như thành phần mời"],
    },
    "ke_hoach": {
        **_HEAD,
        "subject": "chuyển đổi số năm 2027",
        "content": [
            {"title": "Mục đích, yêu cầu", "items": ["Nâng cao hiệu quả quản lý.", "Tiết kiệm."]},
            {"title": "Tổ chức thực hiện", "items": ["Văn phòng Sở chủ trì thực hiện."]},
        ],
        "receivers": ["Các phòng thuộc Sở"],
    },
    "bien_ban": {
        **_HEAD,
        "subject": "họp giao ban tháng 11 năm 2026",
        "time": "08 giờ 00, ngày 20/11/2026",
        "venue": "Phòng họp số 1",
        "attendees": "lãnh đạo Sở và Trưởng các phòng",
        "host": "Trần Thị Bình",
        "secretary": "Lê Văn Cường",
        "content": ["Thời gian bắt đầu: 08 giờ 00, ngày 20/11/2026.",
                    "Cuộc họp kết thúc lúc 10 giờ."],
        "receivers": ["Các phòng thuộc Sở"],
    },
}  # fmt: skip
