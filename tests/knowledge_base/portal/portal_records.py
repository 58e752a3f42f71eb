"""Records made up for tests, in the three schemas the portal's data comes in."""

from __future__ import annotations

from typing import Any

from knowledge_base.portal.dossier import HEADER as PAPERS
from knowledge_base.portal.rows import HEADER as ROWS


def portal(code: str = "1.900001", **changes: Any) -> dict[str, Any]:
    """A record of the portal's crawl; ``changes`` by the crawl's own keys."""
    return {
        "agency_slug": "bo-thu",
        "ma_thu_tuc": code,
        "detail_url": f"https://example.vn/{code}",
        "ten_thu_tuc": "Thủ tục cấp giấy phép thả diều (cấp tỉnh)",
        "so_quyet_dinh": "12/QĐ-BTT",
        "cap_thuc_hien": "Cấp tỉnh, Cấp xã",
        "linh_vuc": "Trò chơi",
        "doi_tuong_thuc_hien": "Công dân Việt Nam, Công dân Việt Nam",
        "co_quan_co_tham_quyen": "Sở Trò chơi",
        "co_quan_thuc_hien": "Phòng Diều",
        "dia_chi_tiep_nhan": "",
        "trinh_tu_thuc_hien": "Bước 1: Nộp hồ sơ.\nBước 2: Nhận giấy phép.",
        "cach_thuc_thuc_hien": (
            f"{ROWS}Trực tuyến3 Ngày làm việc40,000 VNĐ(40.000 đồng/giấy phép)Qua Cổng."
            "Trực tiếp5 Ngày làm việcMiễn phí"
        ),
        "thanh_phan_ho_so": f"--{PAPERS}Đơn theo Mẫu số 01 bản in;Mẫu số 01.docx1 bản chính",
        "can_cu_phap_ly": "Tên văn bản pháp lýMã văn bảnNghị định về diều1/2024/NĐ-CP",
        "yeu_cau_dieu_kien": "Không",
        "ket_qua_xu_ly": "Giấy phép thả diềuMã: KQ.G99.000001Từ khóaKhông có thông tinMô tảKhông",
        **changes,
    }


def ministry(code: str = "1.900002") -> dict[str, Any]:
    """A record of a ministry's own files."""
    return {
        "thu_tuc_id": code,
        "metadata": {
            "mã_thủ_tục": code,
            "tên_thủ_tục": "Thủ tục đăng ký cờ hiệu",
            "số_quyết_định": "Quyết định số 7 /QĐ-BTT",
            "cấp_thực_hiện": "Cấp Bộ",
            "lĩnh_vực": "Cờ",
        },
        "content": {
            "trình_tự_thực_hiện": "Bước 1: Nộp. Bước 2: Nhận.",
            "cơ_quan_thực_hiện": "Cục Cờ",
            "cơ_quan_có_thẩm_quyền": "Không có thông tin",
            "kết_quả_thực_hiện": "Giấy đăng ký",
            "yêu_cầu_điều_kiện_thực_hiện": "Cờ phải còn mới",
        },
        "tables": {
            "hinh_thuc_nop": [
                {
                    "hinh_thuc": "Trực tiếp",
                    "thoi_han_giai_quyet": "07 Ngày",
                    "phi_le_phi": "Phí : 0 Đồng",
                    "mo_ta": "",
                },
                {
                    "hinh_thuc": "Trực tiếp",
                    "thoi_han_giai_quyet": "14 Ngày",
                    "phi_le_phi": "Phí : 0 Đồng",
                    "mo_ta": "Trường hợp phức tạp thì không quá 14 ngày",
                },
            ],
            "thanh_phan_ho_so": [
                {
                    "ten_giay_to": "Đơn",
                    "so_luong": "Mẫu số 3.docx",
                    "ghi_chu": "Bản chính: 1\nBản sao: 0",
                }
            ],
            "can_cu_phap_ly": [{"so_ky_hieu": "Thông tư số 9/2024/TT-BQP", "trich_yeu": ""}],
        },
    }


def catalogue(code: str = "1.900003") -> dict[str, Any]:
    """A line of the catalogue of April 2025."""
    return {
        "ma_so": code,
        "ten": "Đăng ký chơi ô ăn quan",
        "co_quan_ban_hanh": "Bộ Thử",
        "co_quan_thuc_hien": "Ủy ban nhân dân cấp huyện",
        "linh_vuc": "Trò chơi",
        "url": "https://example.vn/cu",
    }
