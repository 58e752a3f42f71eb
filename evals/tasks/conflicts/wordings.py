"""How one provision is said in other words, and what is put into it. Two halves that share none.

The tables are this benchmark's own: the detector's tables are not read here, so
that what it does not know stays unknown to it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wordings:
    """One half. ``rewording``: (pattern, other words); injections are (pattern, other words)."""

    rewording: tuple[tuple[str, str], ...]
    duty: tuple[tuple[str, str], ...]
    permission: tuple[tuple[str, str], ...]
    authority: tuple[tuple[str, str], ...]
    territory: tuple[tuple[str, str], ...]
    manner: tuple[tuple[str, str], ...]
    narrowing: tuple[str, ...]
    subjects: tuple[str, ...]
    exceptions: tuple[str, ...]
    factors: tuple[float, ...]


DEV = Wordings(
    rewording=(
        (r"\bTrong thời hạn\b", "Trong vòng"),
        (r"\bkể từ ngày\b", "tính từ ngày"),
        (r"\bỦy ban nhân dân\b", "UBND"),
        (r"\bbảo đảm\b", "đảm bảo"),
        (r"\bcó trách nhiệm\b", "phải"),
        (r"\bthực hiện\b", "tiến hành"),
        (r"\bhằng năm\b", "mỗi năm"),
        (r"\bkhông được phép\b", "không được"),
        (r"\bnộp hồ sơ\b", "gửi hồ sơ"),
        (r"\btrường hợp\b", "khi"),
        (r"\b0(\d) ngày\b", r"\1 ngày"),
        (r"\bpháp luật\b", "quy định pháp luật"),
        (r"\bkèm theo\b", "cùng với"),
    ),
    duty=(
        (r"(?<!không )(?<!Không )\bphải\b", "có thể"),
        (r"(?<!không )\bphải\b", "không phải"),
        (r"\bcó trách nhiệm\b", "không bắt buộc phải"),
        (r"\bcó nghĩa vụ\b", "có thể"),
    ),
    permission=(
        (r"\bkhông được\b(?! phép)", "được"),
        (r"\bcó quyền\b", "không được"),
        (r"\bđược phép\b", "không được"),
        (r"(?<!không )\bđược (?=hưởng|nhận|tham|sử|cấp|nghỉ|vay|mua)", "không được "),
        (r"\bNghiêm cấm\b", "Cho phép"),
    ),
    authority=(
        (r"\bBộ Tài chính\b", "Bộ Công Thương"),
        (r"\bBộ Tư pháp\b", "Bộ Nội vụ"),
        (r"\bỦy ban nhân dân cấp tỉnh\b", "Ủy ban nhân dân cấp xã"),
        (r"\bỦy ban nhân dân tỉnh\b", "Hội đồng nhân dân tỉnh"),
        (r"\bỦy ban nhân dân (?:cấp )?xã\b", "Sở Tư pháp"),
        (r"(?<!Thủ tướng )\bChính phủ\b(?! ban hành)", "Bộ Tài chính"),
        (r"\bTòa án nhân dân tối cao\b", "Viện kiểm sát nhân dân tối cao"),
        (r"\bTòa án\b", "Ủy ban nhân dân cấp tỉnh"),
        (r"\bcơ quan đăng ký kinh doanh\b", "cơ quan thuế"),
    ),
    territory=(
        (r"\btrong phạm vi cả nước\b", "trên địa bàn tỉnh Hà Nam"),
        (r"\bcả nước\b", "thành phố Hà Nội"),
        (r"\btoàn quốc\b", "tỉnh Nghệ An"),
    ),
    manner=(
        (r"\bbản sao\b", "bản chính"),
        (r"\btrực tiếp\b", "trực tuyến"),
        (r"\bbằng văn bản\b", "bằng lời nói"),
        (r"\btrước khi\b", "sau khi"),
        (r"\btự nguyện\b", "bắt buộc"),
    ),
    narrowing=("có hộ khẩu thường trú tại tỉnh", "từ đủ 21 tuổi trở lên", "là công dân Việt Nam"),
    subjects=("Đối với người nước ngoài, ", "Riêng hộ nghèo, ", "Trường hợp đăng ký lại, "),
    exceptions=(
        ", trừ trường hợp bất khả kháng",
        ", trừ trường hợp các bên có thỏa thuận bằng văn bản",
    ),
    factors=(2, 0.5, 3, 1.5),
)

TEST = Wordings(
    rewording=(
        (r"\btrong thời hạn\b", "chậm nhất là"),
        (r"\bTrong thời hạn\b", "Chậm nhất trong"),
        (r"\bkể từ ngày\b", "từ ngày"),
        (r"\bcó nghĩa vụ\b", "có trách nhiệm"),
        (r"\bhồ sơ hợp lệ\b", "hồ sơ đầy đủ, đúng quy định"),
        (r"\bnghiêm cấm\b", "không được phép"),
        (r"\bquy định tại\b", "nêu tại"),
        (r"\bcơ quan có thẩm quyền\b", "cơ quan nhà nước có thẩm quyền"),
        (r"\bhằng tháng\b", "mỗi tháng"),
        (r"\bphù hợp với\b", "đúng với"),
        (r"\bngười đứng đầu\b", "thủ trưởng"),
        (r"\bthông báo cho\b", "báo cho"),
        (r"\btrường hợp\b", "nếu"),
        (r"\btổ chức thực hiện\b", "triển khai"),
        (r"\b(\d\d) ngày\b", r"\1 (\1) ngày"),
        (r"\bít nhất\b", "tối thiểu"),
        (r"\bkhông quá\b", "tối đa"),
    ),
    duty=(
        (r"(?<!không )(?<!Không )\bphải\b", "không bắt buộc"),
        (r"(?<!không )\bphải\b", "được lựa chọn"),
        (r"\bcó trách nhiệm\b", "có quyền"),
        (r"\bcó nghĩa vụ\b", "không phải"),
        (r"\bbắt buộc\b", "không bắt buộc"),
    ),
    permission=(
        (r"\bkhông được\b(?! phép)", "có quyền"),
        (r"\bcó quyền\b", "không có quyền"),
        (r"\bcó thể\b", "không được"),
        (r"(?<!không )\bđược (?=hưởng|nhận|tham|sử|cấp|nghỉ|vay|mua|thành|làm)", "bị cấm "),
        (r"\bkhông được\b(?! phép)", "được phép"),
    ),
    authority=(
        (r"\bBộ trưởng Bộ (?:Tài chính|Tư pháp|Công an)\b", "Bộ trưởng Bộ Y tế"),
        (r"\bBộ (?:Công an|Quốc phòng|Tài chính)\b", "Bộ Nội vụ"),
        (r"\bỦy ban nhân dân cấp tỉnh\b", "Chủ tịch Ủy ban nhân dân cấp xã"),
        (r"\bỦy ban nhân dân (?:cấp )?(?:xã|huyện)\b", "Ủy ban nhân dân cấp tỉnh"),
        (r"\bHội đồng nhân dân\b", "Ủy ban nhân dân"),
        (r"\bThủ tướng Chính phủ\b", "Bộ trưởng Bộ Nội vụ"),
        (r"(?<!Thủ tướng )\bChính phủ\b(?! ban hành)", "Thủ tướng Chính phủ"),
        (r"\bViện kiểm sát\b", "Tòa án"),
        (r"\bTòa án\b", "Cơ quan công an"),
        (r"\bQuốc hội\b(?! ban hành)", "Chính phủ"),
    ),
    territory=(
        (r"\btrong phạm vi cả nước\b", "trong phạm vi tỉnh"),
        (r"\bcả nước\b", "tỉnh Bắc Ninh"),
        (r"\btoàn quốc\b", "khu vực nông thôn"),
    ),
    manner=(
        (r"\bbản chính\b", "bản sao"),
        (r"\bsau khi\b", "trước khi"),
        (r"\btoàn bộ\b", "một phần"),
        (r"\bcông khai\b", "bí mật"),
        (r"\btất cả\b", "một số"),
        (r"\bhằng năm\b", "hằng quý"),
    ),
    narrowing=("đang cư trú tại địa phương", "có từ 05 năm kinh nghiệm", "mang quốc tịch Việt Nam"),
    subjects=("Đối với trường hợp cấp lại, ", "Riêng doanh nghiệp nhỏ, ", "Đối với trẻ em, "),
    exceptions=(
        ", trừ trường hợp được cấp có thẩm quyền cho phép kéo dài",
        ", trừ khi có lý do chính đáng được chấp nhận",
    ),
    factors=(1.2, 4, 0.6, 2.5),
)
