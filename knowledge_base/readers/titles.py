"""What a text without a title of its own is about, by the first lines of it."""

from __future__ import annotations

import re

# What stands above every official paper says who wrote it, not what it is.
_LETTERHEAD = re.compile(
    r"c\S{1,2}ng\s+h\S{2,3}[.]?\s*x\S{1,2}\s+h\S{1,2}i|độc\s*lập\s*[-–—]|\bhạnh phúc\b"
    r"|^(chính phủ|quốc hội|chủ tịch nước|thủ tướng chính phủ)\W*$"
    r"|^(bộ|sở|cục|tổng cục|ủy ban|uỷ ban|ubnd|hđnd|hội đồng nhân dân|công an|trung tâm phục vụ"
    r"|văn phòng|ban quản lý|tòa án|toà án|viện kiểm sát)\b"
    r"|^(số|luật số|mẫu số|ký hiệu)\s*:|ngày\s.{0,12}tháng|công báo|^đến\b|người ký|trang \d",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^(DANH MỤC|DANH SÁCH|PHIẾU|MẪU|TỜ KHAI|TỜ TRÌNH|BÁO CÁO|BIÊN BẢN|BẢNG|KẾ HOẠCH|THÔNG BÁO"
    r"|HƯỚNG DẪN|QUY CHUẨN|TIÊU CHUẨN|QUY TRÌNH|QUY CHẾ|QUY ĐỊNH|ĐỀ ÁN|ĐƠN|GIẤY|CÔNG ĐIỆN|CHỈ THỊ"
    r"|QUYẾT ĐỊNH|NGHỊ QUYẾT|NGHỊ ĐỊNH|THÔNG TƯ|LUẬT|SỔ TAY|CẨM NANG)\b(?!\s*[:/]|\s+CHUNG)"
)
_SUBJECT = re.compile(r"^(?:V/v|Về việc)\s*:?\s*(.{8,})", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST = 200
_LINES = 25  # in which a title may stand


def title_of_text(text: str) -> str:
    """The name of a form, list or letter; else the first line that says something; or ""."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    lines = [line for line in lines if len(_WORD.findall(line)) >= 2][:_LINES]
    for place, line in enumerate(lines):
        if _NAMED.match(line) and line.isupper():
            after = lines[place + 1] if place + 1 < len(lines) else ""
            goes_on = after.isupper() and not _LETTERHEAD.search(after) and len(after) > 8
            return _short(f"{line} {after}" if goes_on else line)
    for line in lines:
        subject = _SUBJECT.match(line)
        if subject:
            return _short(subject[1])
    told = [line for line in lines if not _LETTERHEAD.search(line) and len(line) >= 8]
    loud = [line for line in told[:8] if line.isupper() and len(_WORD.findall(line)) > 3]
    told = loud or told
    return _short(told[0]) if told and len(told[0]) <= 2 * _LONGEST else ""


def _short(line: str) -> str:
    line = line.strip(" .,;:|-–—_*`'\"")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
